"""What a ticket is about is put right."""

from datetime import timedelta

import pytest

from accounts.models import Team
from catalog.models import Category, Module, Product
from common.errors import InvalidInput, NotAllowed
from tests.factories import NOON, act, join, make_desk, make_ticket
from tests.sla.rules import make_policy
from tickets.filters import parse
from tickets.models import Ticket
from tickets.selectors import ticket_list
from tickets.services.describing import describe
from tickets.services.errors import StaleVersion
from tickets.triage import Impact

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=30)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk():
    desk = make_desk()
    for person in desk.people().values():
        person.language = "en"
        person.save()
    return desk


@pytest.fixture
def ticket(desk):
    return make_ticket(desk.customer)


def put_right(ticket, actor, *, at=LATER, version=None, **changes):
    return describe(ticket_id=ticket.pk, changes=changes, actor=actor, at=at, version=version)


def test_each_field_that_changed_stands_in_the_history_and_the_rest_does_not(desk, ticket):
    tax = Module.objects.get(code="tax")
    changed = put_right(
        ticket, desk.engineer, version=1, module=tax, edition="集团版", product=ticket.product
    )
    assert (changed.module, changed.edition, changed.version, changed.team) == (tax, "集团版", 2, ticket.team)
    rows = list(ticket.history.filter(event="described").values_list("field", "old", "new"))
    assert rows == [("edition", None, "集团版"), ("module", ticket.module_id, tax.pk)]


def test_what_is_as_it_was_changes_nothing(desk, ticket):
    assert put_right(ticket, desk.engineer, module=ticket.module).version == 1
    assert not ticket.history.filter(event="described").exists()


def test_a_ticket_is_found_by_its_new_subject(desk, ticket):
    put_right(ticket, desk.engineer, subject=" 增值税申报表 打不开 ")
    found = ticket_list(desk.engineer, parse({"q": "增值税"}, user=desk.engineer)).tickets
    assert [one.subject for one in found] == ["增值税申报表 打不开"]


def test_a_tier_that_came_of_the_answers_follows_the_category_and_so_does_the_promise(desk, ticket):
    before = ticket.clocks.get(metric="first_response").due_at
    changed = put_right(ticket, desk.engineer, category=Category.objects.filter(is_consultation=True).first())
    assert (changed.tier, changed.tier_reasons) == ("consultation", ["consultation"])
    assert ticket.clocks.get(metric="first_response").due_at == before + timedelta(hours=24)
    assert ticket.history.get(event="weighed").new == "consultation"


def test_a_tier_that_a_person_set_or_that_came_from_elsewhere_stays(desk):
    how_to = Category.objects.filter(is_consultation=True).first()
    by_hand = act(make_ticket(desk.customer), "set_tier", desk.engineer, tier="urgent")
    assert put_right(by_hand, desk.engineer, category=how_to).tier == "urgent"
    imported = make_ticket(desk.customer, impact=Impact(production_down="full"))
    Ticket.objects.filter(pk=imported.pk).update(production_down="none")
    assert put_right(imported, desk.engineer, category=how_to).tier == "urgent"


def test_a_policy_for_the_product_is_followed(desk, ticket):
    sap = Product.objects.get(code="sap-s4hana")
    make_policy("sap", {("first_response", "general"): 2}, product=sap, at=NOON)
    changed = put_right(ticket, desk.engineer, product=sap)
    assert (
        changed.next_due_at == ticket.clocks.get(metric="first_response").due_at == NOON + timedelta(hours=2)
    )


@pytest.mark.parametrize(
    "wrong",
    [{"subject": "  "}, {"subject": "x" * 201}, {"edition": "x" * 61}, {"product_version": "x" * 41}],
    ids=str,
)
def test_what_does_not_do_is_refused_with_its_field(desk, ticket, wrong):
    with pytest.raises(InvalidInput) as refused:
        put_right(ticket, desk.engineer, **wrong)
    assert set(refused.value.fields) == set(wrong)


def test_what_is_out_of_use_is_not_chosen_anew_and_may_stay(desk, ticket):
    Module.objects.update(is_active=False)
    with pytest.raises(InvalidInput):
        put_right(ticket, desk.engineer, module=Module.objects.get(code="tax"))
    assert put_right(ticket, desk.engineer, module=Module.objects.get(pk=ticket.module_id)).version == 1


def test_customers_and_other_teams_may_not_and_a_stale_version_is_refused(desk, ticket):
    for somebody in (desk.customer, desk.engineer2):
        with pytest.raises(NotAllowed):
            put_right(ticket, somebody, subject="x")
    with pytest.raises(StaleVersion):
        put_right(ticket, desk.engineer, version=9, subject="x")


def test_the_page_offers_a_form_in_place_and_takes_it(client, desk, ticket):
    client.force_login(desk.engineer)
    address = f"/tickets/{ticket.number}/properties/module/"
    assert 'class="inplace"' in client.get(address, headers=HTMX).text
    taken = client.post(address, {"module": "platform", "version": "1"}, headers=HTMX)
    assert (taken.status_code, taken["HX-Reswap"]) == (200, "none")
    assert "ticket-acted" in taken["HX-Trigger"]
    assert 'id="side"' in taken.text
    ticket.refresh_from_db()
    assert ticket.module.code == "platform"
    team = Team.objects.get(modules__code="platform")
    assert f"Belongs to {team.name_en}: hand over" in client.get(f"/tickets/{ticket.number}/").text


def test_what_somebody_handed_over_is_not_said_to_belong_elsewhere(client, desk, ticket):
    join(desk.engineer, "platform")
    act(ticket, "hand_over", desk.engineer, team=Team.objects.get(code="platform"))
    client.force_login(desk.engineer)
    assert ": hand over" not in client.get(f"/tickets/{ticket.number}/").text


def test_a_refused_property_comes_back_with_what_was_typed(client, desk, ticket):
    client.force_login(desk.engineer)
    address = f"/tickets/{ticket.number}/properties/product/"
    long = client.post(address, {"edition": "x" * 61, "version": "1"}, headers=HTMX)
    assert (long.status_code, "x" * 61 in long.text) == (422, True)
    put_right(ticket, desk.engineer, edition="标准版")
    stale = client.post(address, {"edition": "集团版", "version": "1"}, headers=HTMX)
    assert (stale.status_code, 'value="集团版"' in stale.text) == (409, True)
    assert f"Now: {ticket.product.name_en} 标准版." in stale.text


def test_who_holds_it_and_its_tier_are_changed_in_place_too(client, desk, ticket):
    client.force_login(desk.engineer)
    address = f"/tickets/{ticket.number}/transitions/"
    for action, field in (("assign", "assignee"), ("hand_over", "team"), ("set_tier", "tier")):
        form = client.get(address, {"action": action, "in": "place"}, headers=HTMX).text
        assert ('class="inplace"' in form, f'name="{field}"' in form) == (True, True)
    sent = {"action": "assign", "in": "place", "version": "1", "assignee": desk.engineer.pk}
    taken = client.post(address, sent, headers=HTMX)
    assert (taken.status_code, taken["HX-Reswap"], "ticket-acted" in taken["HX-Trigger"]) == (
        200,
        "none",
        True,
    )
    stale = client.post(address, {**sent, "action": "set_tier", "tier": "urgent"}, headers=HTMX)
    assert (stale.status_code, 'class="inplace"' in stale.text) == (409, True)
    assert f"assignee {desk.engineer.name}" in stale.text
    refused = client.post(address, {**sent, "action": "hand_over", "version": "2", "team": ""}, headers=HTMX)
    assert (refused.status_code, 'class="inplace"' in refused.text) == (422, True)


def test_without_scripts_it_is_a_page_and_leads_back(client, desk, ticket):
    client.force_login(desk.engineer)
    address = f"/tickets/{ticket.number}/properties/subject/"
    assert "Change the subject" in client.get(address).text
    sent = client.post(address, {"subject": "报表打不开", "version": "1"})
    assert sent.headers["Location"] == ticket.get_absolute_url()
    assert client.get(f"/tickets/{ticket.number}/properties/nothing/").status_code == 404


def test_tags_are_set_as_a_list(client, desk, ticket):
    client.force_login(desk.engineer)
    address = f"/tickets/{ticket.number}/properties/tags/"
    client.post(address, {"tags": "月结，审计, 月结、VIP", "version": "1"}, headers=HTMX)
    client.post(address, {"tags": "vip, 审计", "version": "2"}, headers=HTMX)
    ticket.refresh_from_db()
    assert ticket.tags == ["审计", "VIP"]
    assert client.post(address, {"tags": "x" * 31, "version": "3"}, headers=HTMX).status_code == 422


def test_customers_read_what_was_put_right_in_their_history(client, desk, ticket):
    put_right(ticket, desk.engineer, module=Module.objects.get(code="tax"), category=None)
    client.force_login(desk.customer)
    told = client.get(f"/tickets/{ticket.number}/history/").text
    assert "put right what the ticket is about" in told
    assert "Category" not in told

"""A ticket filed under the wrong organisation is put right."""

import pytest

from accounts.models import Organisation
from common import events
from common.errors import InvalidInput, NotAllowed
from tests.factories import NOON, make_desk, make_ticket
from tickets.events import OrganisationChanged
from tickets.models import Ticket
from tickets.services.errors import StaleVersion
from tickets.services.rehoming import change_organisation

pytestmark = pytest.mark.django_db
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


@pytest.fixture
def boyuan(desk):
    return Organisation.objects.get(code="boyuan")


def rehome(ticket, organisation, actor, **more) -> Ticket:
    return change_organisation(ticket_id=ticket.pk, organisation=organisation, actor=actor, at=NOON, **more)


def test_it_is_told_once_and_stands_in_the_history_of_staff(desk, ticket, boyuan, monkeypatch):
    heard: list[OrganisationChanged] = []
    monkeypatch.setitem(events._subscribers, OrganisationChanged, [heard.append])
    changed = rehome(ticket, boyuan, desk.manager, version=1)
    old = desk.customer.organisation_id
    assert heard == [OrganisationChanged(ticket.pk, NOON, desk.manager.pk, old, boyuan.pk)]
    assert (changed.organisation, changed.version) == (boyuan, 2)
    row = ticket.history.get(event="rehomed")
    assert (row.field, row.old, row.new, row.is_public) == ("organisation", old, boyuan.pk, False)


def test_contact_managers_see_the_tickets_of_their_organisation_now(desk, ticket, boyuan):
    desk.stranger.is_contact_manager = True
    desk.stranger.save()
    rehome(ticket, boyuan, desk.admin)
    assert ticket not in Ticket.objects.visible_to(desk.colleague)
    assert ticket in Ticket.objects.visible_to(desk.stranger)
    assert ticket in Ticket.objects.visible_to(desk.customer)


@pytest.mark.parametrize("who", ["customer", "engineer"])
def test_it_takes_somebody_who_leads_the_team(desk, ticket, boyuan, who):
    with pytest.raises(NotAllowed):
        rehome(ticket, boyuan, getattr(desk, who))


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(desk, ticket, boyuan):
    rehome(ticket, None, desk.manager, version=1)
    with pytest.raises(StaleVersion):
        rehome(ticket, boyuan, desk.manager, version=1)


def test_where_it_belongs_already_and_what_is_out_of_use_are_refused(desk, ticket, boyuan):
    boyuan.is_active = False
    boyuan.save()
    for wrong in (boyuan, desk.customer.organisation):
        with pytest.raises(InvalidInput) as refused:
            rehome(ticket, wrong, desk.manager)
        assert set(refused.value.fields) == {"organisation"}


def test_a_manager_puts_it_right_on_the_page(client, desk, ticket):
    client.force_login(desk.manager)
    url = f"/tickets/{ticket.number}/organisation/"
    assert url in client.get(f"/tickets/{ticket.number}/").text
    assert 'value="hengxin" selected' in client.get(url).text
    same = client.post(url, {"organisation": "hengxin", "version": "1"}, headers=HTMX)
    assert (same.status_code, "It belongs there already." in same.text) == (422, True)
    stale = client.post(url, {"organisation": "boyuan", "version": "9"}, headers=HTMX)
    assert (stale.status_code, 'value="boyuan" selected' in stale.text) == (409, True)
    done = client.post(url, {"organisation": "boyuan", "version": "1"}, headers=HTMX)
    assert "Boyuan Education" in done.text
    told = client.get(f"/tickets/{ticket.number}/history/").text
    assert "moved the ticket to another organisation: Boyuan Education" in told


def test_the_history_a_customer_reads_names_no_other_company(client, desk, ticket, boyuan):
    rehome(ticket, boyuan, desk.manager)
    client.force_login(desk.customer)
    assert "Boyuan" not in client.get(f"/tickets/{ticket.number}/history/").text


def test_programs_say_the_organisation_by_its_code(client, desk, ticket):
    client.force_login(desk.manager)
    url, kind = f"/api/v1/tickets/{ticket.number}/organisation", "application/json"
    unknown = client.post(url, {"organisation": "nobody", "version": 1}, content_type=kind)
    assert (unknown.status_code, set(unknown.json()["fields"])) == (422, {"organisation"})
    moved = client.post(url, {"organisation": "boyuan", "version": 1}, content_type=kind)
    assert (moved.status_code, moved.json()["organisation"]) == (200, "boyuan")
    stale = client.post(url, {"organisation": None, "version": 1}, content_type=kind)
    assert (stale.status_code, stale.json()["error"]) == (409, "stale_version")
    rows = client.get(f"/api/v1/tickets/{ticket.number}/history").json()["results"]
    assert (rows[-1]["old"], rows[-1]["new"]) == ("hengxin", "boyuan")

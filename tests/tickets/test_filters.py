"""What the parameters of board, list and API stand for."""

import pytest

from common.errors import InvalidInput
from tests.factories import act, make_desk, make_ticket
from tickets.filters import parse
from tickets.models import Ticket
from tickets.triage import Impact

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


def found(user, **params):
    filters = parse(params, user=user).checked()
    return [t.subject for t in Ticket.objects.visible_to(user).filter(filters.condition).order_by("pk")]


def test_status_takes_several_codes_and_open_for_all_that_are(desk):
    make_ticket(desk.customer, subject="新")
    act(make_ticket(desk.customer, subject="在办"), "take", desk.engineer)
    act(make_ticket(desk.customer, subject="撤了"), "cancel", desk.engineer)
    assert found(desk.engineer, status="new,cancelled") == ["新", "撤了"]
    assert found(desk.engineer, status="open") == ["新", "在办"]


def test_tier_team_product_and_organisation_go_by_code(desk):
    make_ticket(desk.customer, subject="急", impact=Impact(production_down="full"))
    make_ticket(desk.stranger, subject="税", module="tax")
    make_ticket(desk.customer, subject="账", module="gl")
    assert found(desk.admin, tier="urgent") == ["急"]
    assert found(desk.admin, team="gl") == ["账"]
    assert found(desk.admin, organisation="boyuan") == ["税"]
    assert found(desk.admin, product="yonyou-nc-cloud") == ["急", "税", "账"]
    assert found(desk.admin, product="sap-s4hana") == []


def test_the_assignee_is_me_none_or_an_id(desk):
    act(make_ticket(desk.customer, subject="我的"), "take", desk.engineer)
    act(make_ticket(desk.customer, subject="经理的"), "take", desk.manager)
    make_ticket(desk.customer, subject="没人的")
    assert found(desk.engineer, assignee="me") == ["我的"]
    assert found(desk.engineer, assignee="none") == ["没人的"]
    assert found(desk.engineer, assignee=str(desk.manager.pk)) == ["经理的"]


@pytest.mark.parametrize("words", ["凭证", "证断", "断", "ORA-00060", "ora-00060", "恒信", "Hengxin"])
def test_words_are_found_in_the_text_and_in_the_name_of_the_organisation(desk, words):
    make_ticket(desk.customer, subject="10 月凭证断号", description="提示 ORA-00060")
    make_ticket(desk.stranger, subject="余额不平", description="差一分")
    assert found(desk.admin, q=words) == ["10 月凭证断号"]


def test_a_tag_is_asked_for_as_it_is_written_and_by_staff_alone(desk):
    make_ticket(desk.customer, subject="有", tags=("月结, 合并",))
    make_ticket(desk.customer, subject="无", tags=("月结",))
    assert found(desk.engineer, tag="月结, 合并") == ["有"]
    assert found(desk.engineer, tag="nothing") == []
    with pytest.raises(InvalidInput):
        found(desk.customer, tag="月结")


def test_a_number_is_found_however_it_is_typed(desk):
    ticket = make_ticket(desk.customer, subject="要找的")
    make_ticket(desk.customer, subject="别的")
    full_width = ticket.number.translate({ord(c): ord(c) + 0xFEE0 for c in ticket.number})
    for text in (ticket.number, f"ld{ticket.pk}", str(ticket.pk), f" {ticket.number.lower()} ", full_width):
        assert found(desk.engineer, q=text) == ["要找的"]


def test_no_filter_reaches_what_is_not_visible(desk):
    ticket = make_ticket(desk.customer, module="platform")
    assert found(desk.engineer, q=ticket.number) == []
    assert found(desk.engineer, team="platform", status="open", assignee="none") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "gone"},
        {"tier": "urgent,vip"},
        {"assignee": "someone"},
        {"assignee": "１２"},
        {"assignee": "9" * 19},
    ],
)
def test_what_cannot_be_read_is_passed_over_by_screens_and_refused_by_the_api(desk, wrong):
    filters = parse({**wrong, "team": "gl"}, user=desk.engineer)
    assert dict(filters.given) == {"team": "gl"}
    with pytest.raises(InvalidInput) as refusal:
        filters.checked()
    assert list(refusal.value.fields) == list(wrong)


def test_parameters_of_other_names_mean_nothing(desk):
    make_ticket(desk.customer, subject="在")
    assert found(desk.engineer, requester="1", status__in="closed", q="  ") == ["在"]

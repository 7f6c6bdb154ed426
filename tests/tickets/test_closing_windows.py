"""Inside a customer's closing window a ticket weighs one tier more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import Organisation
from catalog.models import Module, StatutoryDay
from sla.base import load_targets
from sla.models import Clock
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.closing_windows import window_at
from tickets.models import ClosingWindow, Ticket
from tickets.services.rehoming import change_organisation
from tickets.triage import Impact

pytestmark = pytest.mark.django_db
# NOON is noon of 4 March 2026 in Shanghai: within 25–5.
OUTSIDE = NOON + timedelta(days=3)


@pytest.fixture
def desk():
    with time_machine.travel(NOON, tick=False), translation.override("en"):
        load_targets()
        desk = make_desk()
        for person in desk.people().values():
            person.language = "en"
            person.save()
        yield desk


@pytest.fixture
def window(desk) -> ClosingWindow:
    return open_window(desk.customer.organisation)


def open_window(organisation, *modules, **fields) -> ClosingWindow:
    values = {
        "name_zh": "月末关账",
        "name_en": "Month-end close",
        "rule": "monthly",
        "day_from": 25,
        "day_to": 5,
    }
    window = ClosingWindow(organisation=organisation, **{**values, **fields})
    window.full_clean()
    window.save()
    window.modules.set(Module.objects.filter(code__in=modules or ("reports", "gl")))
    return window


# --- filing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "tier", "reasons"),
    [
        ({"category": "how-to"}, "general", ["closing_window", "consultation"]),
        ({}, "urgent", ["closing_window", "function"]),
        ({"impact": Impact(production_down="full")}, "urgent", ["production_down"]),
    ],
)
def test_a_ticket_filed_inside_goes_up_one_tier_and_no_further(desk, window, fields, tier, reasons):
    ticket = make_ticket(desk.customer, **fields)
    assert (ticket.tier, ticket.tier_reasons) == (tier, reasons)


def test_the_reason_names_the_window_in_the_readers_language_and_as_it_was_called_then(desk, window):
    ticket = make_ticket(desk.customer)
    assert ticket.history.get(event="opened").data["window"]["id"] == window.pk
    ClosingWindow.objects.update(name_en="Renamed", name_zh="改名")
    ticket = Ticket.objects.get()
    assert ticket.tier_reason_texts[0] == "It falls into the closing window “Month-end close”"
    with translation.override("zh-hans"):
        assert "月末关账" in ticket.tier_reason_texts[0]


def test_what_is_promised_is_that_of_the_higher_tier(desk, window):
    ticket = make_ticket(desk.customer)
    assert Clock.objects.get(ticket=ticket, metric="first_response").due_at == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    "case", ["another module", "no module", "another organisation", "outside", "out of use"]
)
def test_all_other_tickets_weigh_what_they_weigh(desk, window, case):
    at, who, fields = NOON, desk.customer, {}
    if case == "another module":
        fields = {"module": "platform"}
    elif case == "another organisation":
        who = desk.stranger
    elif case == "outside":
        at = OUTSIDE
    elif case == "out of use":
        ClosingWindow.objects.update(is_active=False)
    else:
        window.modules.clear()
    ticket = make_ticket(who, at=at, **fields)
    assert (ticket.tier, ticket.tier_reasons, ticket.tier_window) == ("general", ["function"], None)


def test_the_date_is_that_of_the_organisation(desk, window):
    organisation, module = desk.customer.organisation, Module.objects.get(code="reports")
    at = datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)
    assert window_at(organisation, module, at) == window
    assert window_at(organisation, module, at + timedelta(seconds=1)) is None
    organisation.time_zone = "Europe/Berlin"
    assert window_at(organisation, module, at + timedelta(seconds=1)) == window


def test_the_tax_filing_follows_the_stored_statutory_days(desk):
    organisation, module = desk.customer.organisation, Module.objects.get(code="tax")
    window = open_window(organisation, "tax", rule="tax_filing")
    at = datetime(2026, 10, 16, 4, 0, tzinfo=UTC)
    assert window_at(organisation, module, at) is None
    for number in range(1, 8):
        StatutoryDay.objects.create(
            date=datetime(2026, 10, number, tzinfo=UTC).date(),
            kind="off",
            name_zh="国庆节",
            name_en="National Day",
        )
    assert window_at(organisation, module, at) == window


# --- what changes later ---------------------------------------------------------------------------------


def rehome(ticket, organisation, actor, at=NOON) -> Ticket:
    return change_organisation(ticket_id=ticket.pk, organisation=organisation, actor=actor, at=at)


def test_a_ticket_given_to_an_organisation_inside_its_window_goes_up_and_its_promise_with_it(
    client, desk, window
):
    ticket = make_ticket(desk.stranger)
    moved = rehome(ticket, desk.customer.organisation, desk.manager)
    assert (moved.tier, moved.tier_reasons[0]) == ("urgent", "closing_window")
    assert Ticket.objects.get().tier == "urgent"
    assert Clock.objects.get(metric="first_response").due_at == NOON + timedelta(hours=1)
    client.force_login(desk.manager)
    told = client.get(f"/tickets/{ticket.number}/history/").text
    assert "One tier up, to Urgent: it falls into the closing window “Month-end close”" in told


def test_one_taken_out_of_it_comes_down_again(desk, window):
    ticket = make_ticket(desk.customer)
    moved = rehome(ticket, Organisation.objects.get(code="boyuan"), desk.manager)
    assert (moved.tier, moved.tier_reasons, moved.tier_window) == ("general", ["function"], None)
    row = ticket.history.get(event="window_left")
    assert (row.old, row.new) == ("urgent", "general")


def test_from_one_window_into_another_it_goes_up_once(desk, window):
    other = Organisation.objects.get(code="boyuan")
    open_window(other, name_en="Year end")
    moved = rehome(make_ticket(desk.customer), other, desk.manager)
    assert (moved.tier, moved.tier_reasons) == ("urgent", ["closing_window", "function"])
    assert moved.tier_window["name_en"] == "Year end"


def test_a_tier_that_a_person_has_set_stays(desk, window):
    ticket = act(make_ticket(desk.stranger), "set_tier", desk.engineer, tier="consultation")
    assert rehome(ticket, desk.customer.organisation, desk.manager).tier == "consultation"


# --- screens and programs -------------------------------------------------------------------------------


def test_the_filing_page_says_the_same_beforehand(client, desk, window):
    client.force_login(desk.customer)
    said = client.get("/tickets/new/proposal/", {"module": "reports"}).text
    assert "Urgent" in said
    assert "closing window “Month-end close”" in said
    assert "closing window" not in client.get("/tickets/new/proposal/", {"module": "platform"}).text
    client.force_login(desk.engineer)
    asked = {"module": "reports", "requester": str(desk.customer.pk)}
    assert "Month-end close" in client.get("/tickets/new/proposal/", asked).text
    asked["requester"] = str(desk.stranger.pk)
    assert "Month-end close" not in client.get("/tickets/new/proposal/", asked).text


@pytest.mark.parametrize("who", ["customer", "engineer"])
def test_customers_and_staff_read_the_reason_on_the_ticket(client, desk, window, who):
    ticket = make_ticket(desk.customer)
    client.force_login(getattr(desk, who))
    assert "closing window “Month-end close”" in client.get(f"/tickets/{ticket.number}/").text
    assert (
        "closing window “Month-end close”"
        in client.get(f"/api/v1/tickets/{ticket.number}").json()["tier_reason"]
    )


def test_managers_see_what_is_ahead_by_organisation(client, desk, window, django_assert_max_num_queries):
    open_window(
        Organisation.objects.get(code="boyuan"), rule="tax_filing", name_en="Tax filing", name_zh="报税"
    )
    client.force_login(desk.manager)
    with django_assert_max_num_queries(12):
        page = client.get("/windows/").text
    assert page.index("Boyuan") < page.index("Hengxin")
    assert page.count("Month-end close") == 3
    assert "open now" in page
    assert "in 21 days" in page
    assert 'href="/windows/"' in client.get("/board/").text


def test_programs_list_windows_of_given_days(client, desk, window):
    client.force_login(desk.manager)
    found = client.get("/api/v1/windows", {"from": "2026-03-06", "to": "2026-03-25"}).json()["results"]
    assert found == [
        {
            "organisation": "hengxin",
            "name": "Month-end close",
            "rule": "monthly",
            "modules": ["gl", "reports"],
            "first": "2026-03-25",
            "last": "2026-04-05",
            "provisional": False,
        }
    ]
    assert len(client.get("/api/v1/windows").json()["results"]) == 3


def test_a_filing_day_is_provisional_until_the_years_days_off_are_entered(client, desk):
    open_window(desk.customer.organisation, "tax", rule="tax_filing")
    client.force_login(desk.manager)
    asked = {"from": "2027-01-04", "to": "2027-01-08"}
    assert client.get("/api/v1/windows", asked).json()["results"][0]["provisional"] is True
    assert "days of 2026 are not entered yet" in client.get("/windows/").text
    for year in (2026, 2027):
        day = datetime(year, 1, 1, tzinfo=UTC).date()
        StatutoryDay.objects.create(date=day, kind="off", name_zh="元旦", name_en="New Year's Day")
    assert client.get("/api/v1/windows", asked).json()["results"][0]["provisional"] is False
    assert "not entered yet" not in client.get("/windows/").text


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "yesterday"}, "from"),
        ({"from": "0001-01-01"}, "from"),
        ({"from": "2026-03-06", "to": "2026-03-05"}, "to"),
        ({"from": "2026-03-06", "to": "2028-03-05"}, "to"),
    ],
)
def test_programs_are_told_what_days_cannot_be(client, desk, asked, field):
    client.force_login(desk.admin)
    answer = client.get("/api/v1/windows", asked)
    assert (answer.status_code, set(answer.json()["fields"])) == (422, {field})


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"day_from": 0}, {"day_from"}),
        ({"day_to": 32}, {"day_to"}),
        ({"day_to": None}, {"day_to"}),
        ({"rule": "yearly", "month_from": 13}, {"month_from", "month_to"}),
        ({"rule": "dates"}, {"date_from", "date_to"}),
        ({"rule": "dates", "date_from": "2026-05-02", "date_to": "2026-05-01"}, {"date_to"}),
    ],
)
def test_a_rule_without_what_it_needs_is_refused(desk, fields, wrong):
    with pytest.raises(ValidationError) as refused:
        open_window(desk.customer.organisation, **fields)
    assert wrong <= set(refused.value.message_dict)


def test_administrators_enter_windows(client, desk):
    client.force_login(desk.admin)
    fields = {
        "organisation": desk.customer.organisation_id,
        "name_zh": "年结",
        "name_en": "Year end",
        "rule": "yearly",
        "month_from": "12",
        "day_from": "20",
        "month_to": "1",
        "day_to": "15",
        "is_active": "on",
    }
    url = "/admin/tickets/closingwindow/add/"
    assert client.post(url, fields).status_code == 200
    modules = list(Module.objects.filter(code="gl").values_list("pk", flat=True))
    assert client.post(url, {**fields, "modules": modules}).status_code == 302
    assert ClosingWindow.objects.get().name_en == "Year end"

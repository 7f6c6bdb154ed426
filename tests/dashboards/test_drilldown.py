"""The tickets behind a figure."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards import drilldown
from dashboards.cohorts import Scope
from dashboards.drilldown import FIGURES, Narrowing, NoSuchList, chosen_rows, listing
from dashboards.formulae import AGES, WAITS, Verdict, judge_clock, judge_first_contact
from tests.dashboards.making import DAY, mixed_desk, read, solved_at_once
from tests.factories import NOON, join, make_ticket
from tickets.vocabulary import Tier

pytestmark = pytest.mark.django_db
AT = NOON + 60 * DAY
SCOPE = Scope(NOON - DAY, NOON + 58 * DAY)


@pytest.fixture
def mixed(desk):
    mixed_desk(desk)
    return desk


def count(figure, part="all", **narrowing):
    return chosen_rows(figure, SCOPE, Narrowing(part=part, **narrowing), at=AT).count()


def test_every_list_has_as_many_rows_as_the_figure_counts(mixed):
    found = read(start=SCOPE.start, end=SCOPE.end, at=AT)
    rate, one_team = found.response_rate, found.one_team
    assert {(figure, part): count(figure, part) for figure in FIGURES for part in FIGURES[figure].parts} == {
        ("fcr", "all"): found.fcr.denominator,
        ("fcr", "sufficed"): found.fcr.numerator,
        ("fcr", "misses"): found.fcr.misses,
        ("fcr", "provisional"): found.fcr.provisional,
        ("nps", "all"): found.nps.n,
        ("nps", "promoters"): found.nps.promoters,
        ("nps", "passives"): found.nps.passives,
        ("nps", "detractors"): found.nps.detractors,
        ("csat", "all"): found.csat.n,
        ("csat", "satisfied"): found.csat.numerator,
        ("csat", "unsatisfied"): found.csat.n - found.csat.numerator,
        ("response-rate", "all"): rate.denominator,
        ("response-rate", "answered"): rate.numerator,
        ("response-rate", "unanswered"): rate.misses,
        ("first-response", "all"): found.attainment("first_response").n,
        ("first-response", "met"): found.attainment("first_response").met,
        ("first-response", "breached"): found.attainment("first_response").breached,
        ("next-response", "all"): found.attainment("next_response").n,
        ("next-response", "met"): found.attainment("next_response").met,
        ("next-response", "breached"): found.attainment("next_response").breached,
        ("resolution", "all"): found.attainment("resolution").n,
        ("resolution", "met"): found.attainment("resolution").met,
        ("resolution", "breached"): found.attainment("resolution").breached,
        ("first-response-time", "all"): found.first_response_time.n,
        ("resolution-time", "all"): found.resolution_time.n,
        ("opened", "all"): found.opened,
        ("resolved", "all"): found.resolved,
        ("backlog", "all"): found.backlog,
        ("one-team", "all"): one_team.denominator,
        ("one-team", "stayed"): one_team.numerator,
        ("one-team", "handed-over"): one_team.misses,
    }


def test_the_desk_of_these_tests_has_some_of_everything(mixed):
    empty = {part for figure in FIGURES for part in FIGURES[figure].parts if not count(figure, part)}
    assert not empty


def test_what_is_counted_in_the_database_is_what_the_formulae_say_of_each_row(mixed):
    rows = drilldown.FIGURES["fcr"].rows(SCOPE, AT)
    verdicts = {
        row.pk: judge_first_contact(
            first_contact=row.first_contact,
            resolved_at=row.resolved_at,
            reopened_at=row.reopened_at,
            followed_up_at=row.followed_up_at,
            survey_no=row.survey_no,
            at=AT,
        )
        for row in rows
    }
    assert set(verdicts.values()) == set(Verdict) - {Verdict.UNKNOWN}
    sufficed = set(chosen_rows("fcr", SCOPE, Narrowing(part="sufficed"), at=AT).values_list("pk", flat=True))
    assert {pk for pk, verdict in verdicts.items() if verdict == Verdict.SUFFICED} == sufficed
    for figure in ("first-response", "resolution"):
        kept = {
            clock.pk: judge_clock(
                state=clock.state, due_at=clock.due_at, breached_at=clock.breached_at, at=AT
            )
            for clock in drilldown.FIGURES[figure].rows(SCOPE, AT)
        }
        for part, outcome in (("met", True), ("breached", False)):
            counted = chosen_rows(figure, SCOPE, Narrowing(part=part), at=AT).values_list("pk", flat=True)
            assert {pk for pk, found in kept.items() if found is outcome} == set(counted)


def test_narrowed_by_anything_the_pieces_are_the_whole(mixed):
    everything = count("first-response")
    assert sum(count("first-response", tier=tier) for tier in Tier.values) == everything > 0
    assert sum(count("backlog", age=age.code) for age in AGES) == count("backlog")
    assert sum(count("first-response-time", wait=wait.code) for wait in WAITS) == count("first-response-time")
    held = count("backlog", person=str(mixed.engineer.pk)) + count("backlog", person="none")
    assert held == count("backlog")
    assert count("opened", module="gl", category="how-to") == 1
    assert count("opened", about="none") == 0
    assert count("opened", about="yonyou-nc-cloud") == count("opened")


@pytest.mark.parametrize(
    ("figure", "narrowing"),
    [
        ("fcr", Narrowing(part="met")),
        ("opened", Narrowing(tier="gold")),
        ("backlog", Narrowing(person="me; drop")),
        ("backlog", Narrowing(age="5")),
        ("fcr", Narrowing(age="24")),
        ("fcr", Narrowing(wait="1")),
    ],
)
def test_a_list_there_is_none_of(desk, figure, narrowing):
    with pytest.raises(NoSuchList):
        listing(figure, SCOPE, narrowing, reader=desk.admin, at=AT)


@pytest.mark.parametrize("cursor", ["x", "1", "1.", ".1", "1.x", "-1.1", "1" * 30 + ".1", "²5.1"])
def test_a_cursor_that_is_none_of_ours(desk, cursor):
    with pytest.raises(NoSuchList):
        listing("opened", SCOPE, Narrowing(), reader=desk.admin, at=AT, cursor=cursor)


def test_pages_hold_every_row_once_newest_first(desk, monkeypatch):
    monkeypatch.setattr(drilldown, "PAGE", 3)
    for minute in (0, 0, 0, 0, 1, 2, 3):
        make_ticket(desk.customer, at=NOON + minute * DAY)
    seen, cursor = [], ""
    while True:
        page = listing("opened", SCOPE, Narrowing(), reader=desk.admin, at=AT, cursor=cursor)
        seen += page.rows
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len({row.pk for row in seen}) == 7
    assert [row.created_at for row in seen] == sorted((row.created_at for row in seen), reverse=True)


def test_tickets_of_other_teams_are_counted_and_not_shown(mixed):
    mixed.manager.memberships.all().delete()
    join(mixed.manager, "gl", leads=True)
    found = listing("opened", SCOPE, Narrowing(), reader=mixed.manager, at=AT)
    assert found.total == count("opened")
    assert {row.behind.team.code for row in found.rows} == {"gl"}
    assert found.visible == len(found.rows) == 2
    assert found.hidden == found.total - 2


@pytest.mark.parametrize("figure", list(FIGURES))
def test_a_page_takes_as_many_queries_for_twenty_rows_as_for_one(desk, figure):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            found = listing(figure, SCOPE, Narrowing(), reader=desk.manager, at=AT)
            for row in found.rows:
                ticket = row.behind
                _shown = (ticket.requester, ticket.organisation, ticket.product, ticket.team, ticket.assignee)
        return len(captured)

    mixed_desk(desk)
    before = queries()
    for _number in range(3):
        solved_at_once(desk)
    mixed_desk(desk)
    assert queries() == before == 2

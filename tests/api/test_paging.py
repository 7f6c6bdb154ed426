"""Keyset paging."""

from datetime import timedelta

from tests.factories import NOON, make_ticket
from tickets.models import Ticket

TICKETS = "/api/v1/tickets"
DAY = timedelta(days=1)


def _file(desk, count: int) -> None:
    """Rows alone: what paging sees of a ticket is its id and whose it is."""
    model = make_ticket(desk.customer)
    fields = {f.attname: getattr(model, f.attname) for f in Ticket._meta.fields if not f.primary_key}
    Ticket.objects.bulk_create(Ticket(**fields) for _ in range(count - 1))


def _walk(program, url):
    while url:
        answer = program.get(url).json()
        yield [row["number"] for row in answer["results"]]
        url = answer["next"]


def test_every_ticket_comes_once_newest_first_fifty_a_page(desk, api):
    _file(desk, 120)
    pages = list(_walk(api(desk.customer), TICKETS))
    assert [len(page) for page in pages] == [50, 50, 20]
    seen = [number for page in pages for number in page]
    assert seen == [f"LD-{pk}" for pk in Ticket.objects.order_by("-pk").values_list("pk", flat=True)]


def test_a_full_last_page_has_no_next(desk, api):
    _file(desk, 50)
    answer = api(desk.customer).get(TICKETS).json()
    assert (len(answer["results"]), answer["next"]) == (50, None)


def test_what_comes_meanwhile_neither_repeats_nor_hides_others(desk, api):
    _file(desk, 70)
    program = api(desk.customer)
    first = program.get(TICKETS).json()
    before = {f"LD-{pk}" for pk in Ticket.objects.values_list("pk", flat=True)}
    make_ticket(desk.customer, at=NOON + DAY)
    rest = [number for page in _walk(program, first["next"]) for number in page]
    seen = [row["number"] for row in first["results"]] + rest
    assert len(seen) == len(set(seen))
    assert set(seen) == before


def test_the_next_page_keeps_the_filters(desk, api):
    _file(desk, 60)
    make_ticket(desk.customer, at=NOON + DAY, module="platform")
    pages = list(_walk(api(desk.admin), f"{TICKETS}?team=reports&status=new"))
    assert [len(page) for page in pages] == [50, 10]


def test_somebody_elses_cursor_shows_nothing_more(desk, api):
    _file(desk, 60)
    following = api(desk.customer).get(TICKETS).json()["next"]
    assert api(desk.stranger).get(following).json() == {"results": [], "next": None}

"""The page of one ticket as its customers see it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from sla.base import load_targets
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import Message, Ticket
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def desk():
    with time_machine.travel(NOON + HOUR, tick=False):
        load_targets()
        desk = make_desk()
        for person in desk.people().values():
            person.language = "en"
            person.save()
        yield desk


@pytest.fixture
def ticket(desk):
    return act(make_ticket(desk.customer), "take", desk.engineer)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(ticket, part="") -> str:
    return f"/tickets/LD-{ticket.pk}/{part}"


def resolved(desk, ticket) -> Ticket:
    return act(ticket, "resolve", desk.engineer, NOON, resolution="取数公式已改回。")


def closed(desk, ticket) -> Ticket:
    return act(resolved(desk, ticket), "confirm", desk.customer)


def send(client, ticket, body="又不行了", headers=None, **more):
    return client.post(url(ticket, "replies/"), {"body": body, "key": uuid4(), **more}, headers=headers or {})


def do(client, ticket, action, headers=None, **more):
    given = {"action": action, "version": ticket.version, **more}
    return client.post(url(ticket, "transitions/"), given, headers=headers or {})


@pytest.mark.parametrize("who", ["customer", "colleague"])
def test_a_customer_sees_the_stage_and_the_promised_moment(desk, ticket, who):
    page = signed_in(getattr(desk, who)).get(url(ticket))
    assert page.status_code == 200
    assert 'class="roomy"' in page.text
    assert re.search(r'<li class="is-now" aria-current="step">.*?In progress', page.text)
    assert "We answer you by <b><time" in page.text
    assert "tomorrow 12:00" in page.text


def test_an_agent_who_asks_another_team_is_its_customer(desk):
    ticket = make_ticket(desk.engineer, module="platform")
    reply(ticket_id=ticket.pk, author=desk.engineer2, body="别告诉他", at=NOON, public=False)
    page = signed_in(desk.engineer).get(url(ticket)).text
    assert 'class="roomy"' in page
    assert "别告诉他" not in page


def test_no_part_of_a_customers_page_holds_anything_internal(desk, ticket):
    client = signed_in(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="内部甲", at=NOON, public=False)
    act(ticket, "hand_over", desk.engineer, team=desk.engineer2.teams.get(), note="内部乙")
    act(ticket, "assign", desk.engineer2, assignee=desk.engineer2, note="内部丙")
    act(ticket, "start", desk.engineer2)
    act(ticket, "wait_vendor", desk.engineer2, note="内部丁")
    answers = [
        client.get(url(ticket)),
        client.get(url(ticket, "history/")),
        client.get(url(ticket, "?part=live&change=1"), headers=HTMX),
        client.get(url(ticket, "transitions/?action=cancel")),
        send(client, ticket, headers=HTMX),
        send(client, ticket, "", HTMX),
        do(client, Ticket.objects.get(), "cancel", HTMX),
    ]
    assert [answer.status_code for answer in answers] == [200] * 5 + [422, 200]
    for answer in answers:
        assert "内部" not in answer.text


def test_an_internal_note_does_not_even_wake_a_customers_page(desk, ticket):
    client = signed_in(desk.customer)
    page = client.get(url(ticket)).text
    change = re.search(r'name="change" value="(\d+)"', page).group(1)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="内部", at=NOON, public=False)
    assert client.get(url(ticket, f"?part=live&change={change}"), headers=HTMX).status_code == 204


def test_the_stretch_before_an_internal_note_is_not_a_customers(desk, ticket):
    note = reply(ticket_id=ticket.pk, author=desk.engineer, body="内部", at=NOON, public=False).message
    assert signed_in(desk.customer).get(url(ticket, f"?before={note.pk}")).status_code == 404


def test_the_history_before_an_internal_row_is_not_a_customers(desk, ticket):
    reply(ticket_id=ticket.pk, author=desk.engineer, body="内部", at=NOON, public=False)
    row = ticket.history.get(event="noted")
    assert signed_in(desk.customer).get(url(ticket, f"history/?before={row.pk}")).status_code == 404
    assert signed_in(desk.engineer).get(url(ticket, f"history/?before={row.pk}")).status_code == 200


def test_a_customer_watches_each_stage_change(desk, ticket):
    client = signed_in(desk.customer)
    page = client.get(url(ticket)).text
    change = re.search(r'name="change" value="(\d+)"', page).group(1)
    resolved(desk, ticket)
    fresh = client.get(url(ticket, f"?part=live&change={change}"), headers=HTMX)
    assert 'id="progress" hx-swap-oob' in fresh.text
    assert "Yours to confirm" in fresh.text
    assert "取数公式已改回。" in fresh.text
    assert 'id="do-confirm"' in fresh.text
    assert 'id="ticket-head"' not in fresh.text


def test_a_customer_confirms(desk, ticket):
    ticket = resolved(desk, ticket)
    assert do(signed_in(desk.customer), ticket, "confirm").status_code == 302
    assert Ticket.objects.get().status == "closed"


def test_a_customer_says_what_does_not_work_yet(desk, ticket):
    ticket, client = resolved(desk, ticket), signed_in(desk.customer)
    answer = do(client, ticket, "reject", HTMX, reason=" ")
    assert answer.status_code == 422
    answer = do(client, ticket, "reject", HTMX, reason="第 7 行还是 0")
    assert "第 7 行还是 0" in answer.text
    assert Ticket.objects.get().status == "in_progress"


def test_a_colleague_without_the_role_of_contact_does_not_see_it(desk, ticket):
    desk.colleague.is_contact_manager = False
    desk.colleague.save()
    assert signed_in(desk.colleague).get(url(ticket)).status_code == 404


def test_within_the_window_a_word_reopens_as_was_said_beforehand(desk, ticket):
    closed(desk, ticket)
    client = signed_in(desk.customer)
    assert "it is opened again" in client.get(url(ticket)).text
    answer = send(client, ticket)
    assert answer.headers["Location"].startswith(url(ticket))
    assert Ticket.objects.get().status == "in_progress"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_later_a_word_opens_a_follow_up_and_leads_there(desk, ticket, headers):
    closed(desk, ticket)
    with time_machine.travel(NOON + 15 * DAY, tick=False):
        client = signed_in(desk.customer)
        assert "begins a new one" in client.get(url(ticket)).text
        answer = send(client, ticket, headers=headers)
        follow_up = Ticket.objects.get(follow_up_of=ticket)
        assert answer.headers["HX-Redirect" if headers else "Location"] == url(follow_up)
        page = client.get(url(follow_up)).text
        assert f"LD-{ticket.pk} had ended" in page
        assert f'href="{url(ticket)}"' in page
        assert f'href="{url(follow_up)}"' in client.get(url(ticket)).text


def test_a_follow_up_is_opened_once_however_often_it_is_sent(desk, ticket):
    closed(desk, ticket)
    with time_machine.travel(NOON + 15 * DAY, tick=False):
        client, key = signed_in(desk.customer), uuid4()
        answers = [send(client, ticket, key=key) for _time in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Ticket.objects.count() == 2


def test_a_customers_box_never_waits_for_the_customer_nor_takes_notes(desk, ticket):
    client = signed_in(desk.customer)
    page = client.get(url(ticket)).text
    assert 'name="kind"' not in page
    assert 'name="wait"' not in page
    assert send(client, ticket, kind="internal").status_code == 403
    assert send(client, ticket, wait="on").status_code in {403, 409}
    assert not Message.objects.exists()


def test_a_customer_is_not_held_up_by_an_answer_that_came_meanwhile(desk, ticket):
    reply(ticket_id=ticket.pk, author=desk.engineer, body="请重试", at=NOON)
    assert send(signed_in(desk.customer), ticket, seen="0").status_code == 302


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("step", ["cancel", "resolve"])
def test_the_page_is_there_at_the_end_too(desk, ticket, step, language):
    act(ticket, step, desk.engineer, resolution="好了")
    desk.customer.language = language
    desk.customer.save()
    for part in ("", "history/"):
        assert signed_in(desk.customer).get(url(ticket, part)).status_code == 200


def test_the_history_reads_in_the_customers_words(desk, ticket):
    act(ticket, "set_tier", desk.engineer, tier="urgent", note="月结")
    resolved(desk, ticket)
    page = signed_in(desk.customer).get(url(ticket, "history/")).text
    for words in (
        "<b>You</b> filed the ticket",
        "works on it",
        "finished it; please have a look",
        "Yours to confirm",
    ):
        assert words in page
    assert "took the ticket" not in page


def test_a_long_history_is_paged_without_a_gap(desk, ticket):
    for number in range(70):
        reply(
            ticket_id=ticket.pk,
            author=desk.customer,
            body=f"{number}",
            at=NOON + number * timedelta(minutes=1),
        )
    client = signed_in(desk.customer)
    newest = client.get(url(ticket, "history/")).text
    older = client.get(url(ticket, "history/" + re.search(r'href="(\?before=\d+)"', newest).group(1))).text
    shown = [re.findall(r'id="h-(\d+)"', page) for page in (newest, older)]
    rows = list(ticket.history.filter(event="replied").values_list("pk", flat=True))
    assert {str(pk) for pk in rows} <= {*shown[0], *shown[1]}
    assert not set(shown[0]) & set(shown[1])
    assert client.get(url(ticket, "history/?before=999999999")).status_code == 404

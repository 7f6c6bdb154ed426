"""Tickets that belong together, and parts split off."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from catalog.models import Category
from common.errors import InvalidInput, NotAllowed
from tests.factories import NOON, act, join, make_desk, make_ticket
from tickets.models import Ticket, TicketLink
from tickets.services.attaching import store_upload
from tickets.services.linking import link, unlink
from tickets.services.replying import reply
from tickets.services.splitting import Part, split

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
def tickets(desk):
    return [make_ticket(person) for person in (desk.customer, desk.customer, desk.stranger)]


def tie(ticket, other, kind="related", actor=None):
    return link(ticket_id=ticket.pk, other_id=other.pk, kind=kind, actor=actor, at=NOON)


def test_a_link_is_read_from_both_sides_and_stands_in_both_histories(client, desk, tickets):
    whole, part, same = tickets
    tie(part, whole, "parent", desk.engineer)
    tie(whole, same, "duplicate", desk.engineer)
    client.force_login(desk.engineer)
    page = client.get(f"/tickets/{whole.number}/").text
    assert "Parts" in page
    assert "The same problem" in page
    assert page.count(part.number) >= 1
    assert "Part of" in client.get(f"/tickets/{part.number}/").text
    assert [row.event for row in whole.history.filter(field="link")] == ["linked_whole", "linked_same"]
    assert [row.event for row in part.history.filter(field="link", is_public=False)] == ["linked_part"]


def test_no_ring_and_no_second_link_can_come_about(desk, tickets):
    a, b, c = tickets
    tie(b, a, "parent", desk.engineer)
    for ticket, other, kind in ((a, b, "parent"), (a, a, "related"), (a, b, "related"), (c, b, "parent"),
                                (a, c, "parent"), (b, c, "parent"), (a, c, "split"), (a, c, "no such")):  # fmt: skip
        with pytest.raises(InvalidInput):
            tie(ticket, other, kind, desk.engineer)
    unlink(ticket_id=a.pk, other_id=b.pk, actor=desk.engineer, at=NOON)
    tie(a, b, "parent", desk.engineer)
    assert TicketLink.objects.count() == 1


def test_what_one_may_not_see_is_no_ticket_and_is_not_shown(client, desk, tickets):
    hidden = make_ticket(desk.customer, module="platform")
    with pytest.raises(InvalidInput):
        tie(tickets[0], hidden, actor=desk.engineer)
    with pytest.raises(NotAllowed):
        tie(tickets[0], tickets[1], actor=desk.customer)
    tie(tickets[0], hidden, actor=desk.manager)
    client.force_login(desk.engineer)
    assert f"/tickets/{hidden.number}/" not in client.get(f"/tickets/{tickets[0].number}/").text
    client.force_login(desk.customer)
    assert "Related" not in client.get(f"/tickets/{tickets[0].number}/").text


def test_the_page_links_and_takes_a_link_away(client, desk, tickets):
    first, second, _third = tickets
    client.force_login(desk.engineer)
    address = f"/tickets/{first.number}/links/"
    assert "Link another ticket" in client.get(f"{address}?other={second.number}", headers=HTMX).text
    assert client.post(address, {"kind": "related", "other": "LD-1"}, headers=HTMX).status_code == 422
    assert client.post(address, {"kind": "related", "other": ""}, headers=HTMX).status_code == 422
    client.post(address, {"kind": "parent", "other": second.number}, headers=HTMX)
    assert TicketLink.objects.get().kind == "parent"
    client.post(address, {"do": "remove", "other": second.number}, headers=HTMX)
    assert not TicketLink.objects.exists()
    assert client.post(address, {"do": "remove", "other": second.number}, headers=HTMX).status_code == 422


def test_similar_tickets_are_found_by_the_words_of_the_subject(client, desk, tickets):
    other = make_ticket(desk.stranger, subject="发票认证失败")
    client.force_login(desk.engineer)
    found = client.get(f"/tickets/{tickets[0].number}/alike/", headers=HTMX).text
    assert tickets[2].number in found
    assert other.number not in found


def test_the_merge_form_says_beforehand_what_would_happen_or_why_not(client, desk, tickets):
    first, second, strangers = tickets
    client.force_login(desk.engineer)
    address = f"/tickets/{first.number}/merging/"
    assert "running promises end here" in client.get(address, {"into": second.number}, headers=HTMX).text
    assert "another customer" in client.get(address, {"into": strangers.number}, headers=HTMX).text
    assert "into itself" in client.get(address, {"into": first.number}, headers=HTMX).text
    assert "There is no such ticket" in client.get(address, {"into": "LD-1"}, headers=HTMX).text
    assert client.get(address, {"into": ""}, headers=HTMX).text.strip() == ""


# --- splitting ------------------------------------------------------------------------------------------


@pytest.fixture
def asked(desk):
    """A ticket on which the customer asked something else in passing, with a file."""
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    upload = SimpleUploadedFile("screen.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    file = store_upload(uploader=desk.customer, upload=upload, at=NOON)
    reply(ticket_id=ticket.pk, author=desk.customer, body="另外，发票怎么冲红？", at=NOON, attachments=[file])
    return ticket


def off(ticket, actor, *, subject="发票怎么冲红", messages=None, **more):
    ids = messages if messages is not None else [ticket.messages.get(by_staff=False).pk]
    key = more.pop("key", None)
    part = Part(subject=subject, messages=ids, **more)
    return split(ticket_id=ticket.pk, part=part, actor=actor, at=NOON, key=key)


def test_a_part_is_a_ticket_with_promises_of_its_own_and_no_follow_up(desk, asked):
    how_to = Category.objects.filter(is_consultation=True).first()
    made = off(asked, desk.engineer, product=asked.product, module=asked.module, category=how_to)
    assert (made.requester, made.tier, made.follow_up_of) == (desk.customer, "consultation", None)
    assert made.description == "另外，发票怎么冲红？"
    assert made.clocks.count() == 2
    assert asked.messages.filter(by_staff=False).count() == 1
    of_first = asked.messages.get(by_staff=False).attachments.get()
    copied = made.attachments.get()
    assert (copied.name, copied.file.name) == (of_first.name, of_first.file.name)
    assert copied.key != of_first.key
    assert TicketLink.objects.get().kind == "split"
    assert made.history.get(event="split_from").is_public
    assert not Ticket.objects.filter(follow_up_of=asked).exists()


def test_the_same_key_splits_once(desk, asked):
    key = uuid4()
    assert off(asked, desk.engineer, key=key) == off(asked, desk.engineer, key=key)
    assert Ticket.objects.count() == 2


def test_only_words_of_the_customer_on_that_ticket_are_split_off(desk, asked):
    note = reply(ticket_id=asked.pk, author=desk.engineer, body="看日志", at=NOON, public=False).message
    for wrong in ([], [note.pk], [10**9], list(range(1, 30))):
        with pytest.raises(InvalidInput) as refused:
            off(asked, desk.engineer, messages=wrong)
        assert "messages" in refused.value.fields
    with pytest.raises(NotAllowed):
        off(asked, desk.customer)


def test_the_page_shows_what_comes_of_it_and_opens_it(client, desk, asked):
    message = asked.messages.get(by_staff=False)
    client.force_login(desk.engineer)
    address = f"/tickets/{asked.number}/split/"
    page = client.get(f"{address}?message={message.pk}")
    assert "checked" in page.text
    key = page.context["form"]["key"].value()
    said = {"messages": [message.pk], "subject": "发票怎么冲红", "module": "reports", "key": key}
    shown = client.post(f"{address}preview/", said, headers=HTMX).text
    assert "发票怎么冲红" in shown
    assert "另外" in shown
    empty = client.post(address, {**said, "subject": ""})
    assert (empty.status_code, "checked" in empty.text) == (422, True)
    opened = client.post(address, said)
    made = Ticket.objects.latest("pk")
    assert opened.headers["Location"] == made.get_absolute_url()


def test_a_part_that_goes_to_another_team_is_linked_all_the_same(client, desk, asked):
    client.force_login(desk.engineer)
    message = asked.messages.get(by_staff=False)
    said = {"messages": [message.pk], "subject": "客户端连不上", "module": "platform", "key": str(uuid4())}
    answer = client.post(f"/tickets/{asked.number}/split/", said)
    assert answer.headers["Location"] == asked.get_absolute_url()
    join(desk.engineer, "platform")
    assert "Split off into" in client.get(f"/tickets/{asked.number}/").text


@pytest.mark.django_db(transaction=True)
def test_the_form_sent_six_times_at_once_splits_once(desk, asked):
    clients = [Client() for _number in range(6)]
    for client in clients:
        client.force_login(desk.engineer)
    message, key = asked.messages.get(by_staff=False), str(uuid4())
    said = {"messages": [message.pk], "subject": "发票怎么冲红", "module": "reports", "key": key}

    def send(client):
        try:
            return client.post(f"/tickets/{asked.number}/split/", said).headers.get("Location")
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        led_to = set(pool.map(send, clients))
    made = Ticket.objects.exclude(pk=asked.pk).get()
    assert led_to == {made.get_absolute_url()}
    assert made.attachments.count() == 1
    assert TicketLink.objects.count() == 1

"""What is typed and not sent is kept, for its author alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.factories import NOON, make_desk, make_ticket
from tickets.models import HeldReply, Message, ReplyDraft
from tickets.services.drafting import KEPT_FOR, Typed, drop_old, save_draft

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


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(ticket, part="") -> str:
    return f"/tickets/{ticket.number}/{part}"


def keep(client, ticket, body="写了一半", **more):
    return client.post(url(ticket, "draft/"), {"body": body, "kind": "internal", **more})


def test_the_box_begins_with_what_its_reader_had_typed_and_nobody_elses(desk, ticket):
    client = signed_in(desk.engineer)
    assert keep(client, ticket).json()["kept"] > 0
    page = client.get(url(ticket)).text
    assert "写了一半</textarea>" in page
    assert 'value="internal" checked' in page
    for other in (desk.manager, desk.customer):
        assert "写了一半" not in signed_in(other).get(url(ticket)).text


def test_an_empty_box_and_a_sent_one_leave_no_draft(desk, ticket):
    client = signed_in(desk.engineer)
    keep(client, ticket)
    assert keep(client, ticket, " ").json() == {"kept": 0}
    assert not ReplyDraft.objects.exists()
    key = uuid4()
    keep(client, ticket, key=key)
    client.post(url(ticket, "replies/"), {"body": "写完了", "kind": "internal", "key": key})
    # The page's last saving was slower than its sending.
    assert keep(client, ticket, key=key).json() == {"kept": 0}
    assert not ReplyDraft.objects.exists()


def test_what_is_too_long_to_be_sent_is_not_kept(desk, ticket):
    assert keep(signed_in(desk.engineer), ticket, "长" * 20_001).status_code == 422


def test_a_line_end_is_one_character_as_the_box_counts_it_though_a_browser_sends_two(desk, ticket):
    client, lines = signed_in(desk.engineer), "科目\r\n" * 6_666 + "完了"
    assert keep(client, ticket, lines).json()["kept"] > 0
    sent = {"body": lines, "kind": "public", "key": uuid4()}
    assert client.post(url(ticket, "replies/"), sent).status_code == 302
    assert len(Message.objects.get(author=desk.engineer).body) == 20_000
    told = client.post(url(ticket, "replies/"), {**sent, "body": lines + "长", "key": uuid4()})
    assert told.status_code == 422
    assert "At most 20000 characters, please." in told.text


def test_the_page_of_notices_lists_what_was_not_sent_and_lets_it_be_thrown_away(desk, ticket):
    client = signed_in(desk.engineer)
    keep(client, ticket)
    page = client.get("/notifications/").text
    assert ticket.number in page
    assert "写了一半" in page
    draft = ReplyDraft.objects.get()
    assert signed_in(desk.manager).post(f"/drafts/{draft.pk}/discard/").status_code == 404
    assert client.post(f"/drafts/{draft.pk}/discard/").status_code == 302
    assert not ReplyDraft.objects.exists()


def test_those_nobody_came_back_to_are_swept(desk, ticket):
    save_draft(ticket=ticket, author=desk.engineer, typed=Typed("旧"), at=NOON)
    save_draft(ticket=ticket, author=desk.manager, typed=Typed("新"), at=NOON + timedelta(seconds=1))
    assert drop_old(at=NOON + KEPT_FOR + timedelta(seconds=1)) == 1
    assert ReplyDraft.objects.get().body == "新"


# --- the page of one who sends ----------------------------------------------------------------------------


def send(client, ticket, body="请重试", headers=HTMX, **more):
    given = {"body": body, "kind": "public", "seen": 10**9, "key": uuid4(), **more}
    return client.post(url(ticket, "replies/"), given, headers=headers)


def test_a_reply_of_staff_from_the_open_page_is_held_and_shown_to_its_author_alone(desk, ticket):
    client = signed_in(desk.engineer)
    keep(client, ticket)
    answer = send(client, ticket)
    assert "ticket-sent" in answer.headers["HX-Trigger"]
    assert "data-leaves" in answer.text
    assert HeldReply.objects.get().body == "请重试"
    assert not ReplyDraft.objects.exists()
    assert "data-leaves" in client.get(url(ticket)).text
    for other in (desk.manager, desk.customer):
        assert "请重试" not in signed_in(other).get(url(ticket)).text


def test_notes_calls_customers_plain_forms_and_a_desk_that_wants_none_hold_nothing(desk, ticket, settings):
    client = signed_in(desk.engineer)
    send(client, ticket, kind="internal")
    send(client, ticket, kind="call")
    send(client, ticket, headers={})
    send(signed_in(desk.customer), ticket)
    settings.REPLY_UNDO = timedelta(0)
    send(client, ticket)
    assert Message.objects.count() == 5
    assert not HeldReply.objects.exists()


def test_undone_it_is_in_the_box_under_its_key_and_sent_at_once_it_stands_in_the_conversation(desk, ticket):
    client = signed_in(desk.engineer)
    send(client, ticket)
    key = HeldReply.objects.get().key
    answer = client.post(url(ticket, "replies/take-back/"), {"held": key}, headers=HTMX)
    assert answer.status_code == 200
    assert "请重试</textarea>" in answer.text
    assert f'name="key" value="{key}"' in answer.text
    send(client, ticket, key=key)
    answer = client.post(url(ticket, "replies/let-go/"), {"held": key}, headers=HTMX)
    assert Message.objects.get().body == "请重试"
    # What is being typed meanwhile stays: no box comes along.
    assert "<textarea" not in answer.text
    late = client.post(url(ticket, "replies/take-back/"), {"held": key}, headers=HTMX)
    assert late.status_code == 409


def test_refused_at_its_moment_it_comes_back_into_the_box_with_the_reason(desk, ticket):
    client = signed_in(desk.engineer)
    send(client, ticket, seen=0)
    send(signed_in(desk.customer), ticket, "又行了")
    key = HeldReply.objects.get().key
    answer = client.post(
        url(ticket, "replies/let-go/"), {"held": key, "body": "第二段", "kind": "public"}, headers=HTMX
    )
    assert answer.status_code == 409
    assert "请重试\n\n第二段</textarea>" in answer.text
    assert "somebody else wrote meanwhile" in answer.text
    assert "somebody else wrote meanwhile" in client.get(url(ticket)).text


@pytest.mark.parametrize("held", ["", "nonsense", "7b0c5a3e-52e6-4c0d-9a53-0a4b1f7f6a11"])
@pytest.mark.parametrize("verb", ["take-back", "let-go"])
def test_what_is_not_held_is_not_sent(desk, ticket, held, verb):
    send(signed_in(desk.engineer), ticket)
    for person in (desk.engineer, desk.manager):
        answer = signed_in(person).post(url(ticket, f"replies/{verb}/"), {"held": held}, headers=HTMX)
        assert answer.status_code == (409 if verb == "take-back" else 200)
    assert signed_in(desk.customer).post(url(ticket, f"replies/{verb}/")).status_code == 404
    assert HeldReply.objects.count() == 1

"""A reply that can be taken back for a moment: it leaves once, or comes back with everything that was in it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import TeamMembership
from common.errors import InvalidInput, NotAllowed
from notifications.models import Delivery, Notification
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import Attachment, HeldReply, HistoryEntry, Message, ReplyDraft, Ticket
from tickets.services.attaching import store_upload, unclaimed
from tickets.services.drafting import Typed
from tickets.services.dropping import drop_unclaimed
from tickets.services.due import set_next_due
from tickets.services.errors import ActionNotPossible, AnsweredMeanwhile, ReplyInTheWay
from tickets.services.holding import hold, let_go, let_go_due, take_back
from tickets.services.replying import reply

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
DUE = NOON + 10 * SECOND


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def ticket(desk):
    return act(make_ticket(desk.customer, at=NOON - timedelta(hours=1)), "take", desk.engineer)


def held(ticket, author, body="请重新登录", at=NOON, **more):
    return hold(ticket_id=ticket.pk, author=author, body=body, at=at, **{"key": uuid4(), **more})


def test_it_becomes_the_message_at_the_instant_it_leaves(desk, ticket):
    key = held(ticket, desk.engineer).held.key
    assert let_go_due(at=DUE - SECOND) == 0
    assert not Message.objects.exists()
    assert Ticket.objects.get().first_responded_at is None
    assert let_go_due(at=DUE) == 1
    message = Message.objects.get()
    assert (message.body, message.at, message.key) == ("请重新登录", DUE, key)
    assert Ticket.objects.get().first_responded_at == DUE
    assert not HeldReply.objects.exists()


@pytest.mark.parametrize(("due", "leaves"), [(60, 10), (12, 7), (4, 0), (-1, 10)])
def test_taking_time_to_think_breaks_no_promise(desk, ticket, due, leaves):
    set_next_due(ticket_id=ticket.pk, due_at=NOON + due * SECOND)
    assert held(ticket, desk.engineer).held.leaves_at == NOON + leaves * SECOND


def test_it_leaves_once_whoever_asks(desk, ticket):
    key = held(ticket, desk.engineer).held.key
    asked = {"ticket_id": ticket.pk, "author": desk.engineer, "key": key}
    assert let_go(**asked, at=NOON + SECOND).written.message.body == "请重新登录"
    assert let_go(**asked, at=DUE) is None
    assert take_back(**asked, at=DUE) is None
    assert let_go_due(at=DUE) == 0
    assert held(ticket, desk.engineer, key=key).repeated
    assert Message.objects.count() == 1


def test_waiting_for_the_customer_begins_when_it_leaves(desk, ticket):
    held(ticket, desk.engineer, waits=True)
    assert Ticket.objects.get().status == "in_progress"
    let_go_due(at=DUE)
    assert Ticket.objects.get().status == "waiting_customer"


def test_taken_back_nothing_ever_was(desk, ticket):
    key = held(ticket, desk.engineer).held.key
    rows, letters = HistoryEntry.objects.count(), Delivery.objects.count()
    draft = take_back(ticket_id=ticket.pk, author=desk.engineer, key=key, at=NOON + SECOND)
    assert (draft.body, draft.kind, draft.not_left) == ("请重新登录", "public", "")
    assert let_go_due(at=DUE) == 0
    assert (HistoryEntry.objects.count(), Delivery.objects.count()) == (rows, letters)
    # It may be sent again out of the same box.
    assert not held(ticket, desk.engineer, "改过的", key=key).repeated


@pytest.mark.parametrize("kind", ["public", "internal"])
def test_what_was_typed_meanwhile_is_joined_and_a_note_stays_one(desk, ticket, kind):
    key = held(ticket, desk.engineer, "第一段").held.key
    typed = Typed(body="第二段", kind=kind)
    draft = take_back(ticket_id=ticket.pk, author=desk.engineer, key=key, at=NOON, typed=typed)
    assert (draft.body, draft.kind) == ("第一段\n\n第二段", kind)


def test_its_files_go_with_it_and_are_neither_dropped_nor_sent_with_anything_else(desk, ticket):
    upload = SimpleUploadedFile("截图.png", b"x")
    file = store_upload(uploader=desk.engineer, upload=upload, at=NOON - timedelta(days=2))
    key = held(ticket, desk.engineer, attachments=[file]).held.key
    assert drop_unclaimed(at=NOON) == 0
    assert unclaimed(uploader=desk.engineer, keys=[str(file.key)]) == []
    draft = take_back(ticket_id=ticket.pk, author=desk.engineer, key=key, at=NOON)
    assert draft.files == [file.key]
    held(ticket, desk.engineer, attachments=unclaimed(uploader=desk.engineer, keys=[str(file.key)]))
    let_go_due(at=DUE)
    assert Attachment.objects.get().message == Message.objects.get()


def test_what_a_reply_is_refused_for_it_is_refused_for_at_once(desk, ticket):
    with pytest.raises(InvalidInput):
        held(ticket, desk.engineer, " \n")
    with pytest.raises(NotAllowed):
        held(ticket, desk.customer)
    reply(ticket_id=ticket.pk, author=desk.customer, body="还有一件事", at=NOON)
    with pytest.raises(AnsweredMeanwhile):
        held(ticket, desk.engineer, seen=0)
    act(ticket, "resolve", desk.manager, resolution="好了")
    with pytest.raises(ActionNotPossible):
        held(ticket, desk.engineer, waits=True)
    assert not HeldReply.objects.exists()


def _customer_writes(desk, ticket):
    reply(ticket_id=ticket.pk, author=desk.customer, body="好像又行了", at=NOON + SECOND)


def _manager_resolves(desk, ticket):
    act(ticket, "resolve", desk.manager, NOON + SECOND, resolution="好了")


def _manager_cancels(desk, ticket):
    act(ticket, "cancel", desk.manager, NOON + SECOND, reason="重复")


def _engineer_moves_on(desk, _ticket):
    TeamMembership.objects.filter(user=desk.engineer).delete()


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        (_customer_writes, "answered"),
        (_manager_resolves, "settled"),
        (_manager_cancels, "settled"),
        (_engineer_moves_on, "not_yours"),
    ],
)
def test_refused_when_its_moment_comes_it_is_a_draft_and_its_author_is_told(desk, ticket, meanwhile, why):
    held(ticket, desk.engineer, seen=0)
    meanwhile(desk, ticket)
    before = Message.objects.count()
    assert let_go_due(at=DUE) == 1
    draft = ReplyDraft.objects.get()
    assert (draft.author, draft.body, draft.not_left) == (desk.engineer, "请重新登录", why)
    notice = Notification.objects.get(kind="reply_not_left")
    assert (notice.user, notice.data) == (desk.engineer, {"reason": why})
    assert (Message.objects.count(), HeldReply.objects.count()) == (before, 0)


def test_no_step_of_its_author_overtakes_it(desk, ticket):
    held(ticket, desk.engineer)
    act(ticket, "resolve", desk.engineer, NOON + SECOND, resolution="重新登录即可")
    told = list(HistoryEntry.objects.filter(event__in=["replied", "resolve"]).values_list("event", flat=True))
    assert told[0] == "replied"
    assert (Message.objects.get().at, Ticket.objects.get().status) == (NOON + SECOND, "resolved")


def test_a_step_is_refused_with_the_reply_before_it(desk, ticket):
    held(ticket, desk.engineer, seen=0)
    _customer_writes(desk, ticket)
    with pytest.raises(ReplyInTheWay, match="期间有人先写了"):
        act(ticket, "resolve", desk.engineer, NOON + 2 * SECOND, resolution="好了")
    assert Ticket.objects.get().status == "in_progress"
    let_go_due(at=DUE)
    assert ReplyDraft.objects.get().not_left == "answered"
    act(ticket, "resolve", desk.engineer, DUE + SECOND, resolution="好了")


def test_steps_of_others_do_not_send_it(desk, ticket):
    held(ticket, desk.engineer)
    act(ticket, "set_tier", desk.manager, NOON + SECOND, tier="urgent")
    assert HeldReply.objects.exists()


def test_a_second_word_lets_the_first_leave(desk, ticket):
    held(ticket, desk.engineer, "第一条")
    held(ticket, desk.engineer, "第二条", at=NOON + SECOND)
    assert [message.body for message in Message.objects.all()] == ["第一条"]
    reply(ticket_id=ticket.pk, author=desk.engineer, body="第三条", at=NOON + 2 * SECOND)
    assert [message.body for message in Message.objects.all()] == ["第一条", "第二条", "第三条"]


def test_its_author_alone_is_told_at_once_of_what_is_held(
    desk, ticket, heard, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        key = held(ticket, desk.engineer).held.key
        take_back(ticket_id=ticket.pk, author=desk.engineer, key=key, at=NOON + SECOND)
    told = {"to": [f"user:{desk.engineer.pk}"], "message": {"event": "held", "number": ticket.number}}
    assert [heard(), heard(), heard(0.2)] == [told, told, None]


def test_of_two_who_send_at_once_the_first_to_leave_is_sent_and_the_other_is_told(desk, ticket):
    held(ticket, desk.engineer, "周航的答复", seen=0)
    held(ticket, desk.manager, "王倩的答复", at=NOON + SECOND, seen=0)
    assert let_go_due(at=DUE + SECOND) == 2
    assert [message.body for message in Message.objects.all()] == ["周航的答复"]
    draft = ReplyDraft.objects.get()
    assert (draft.author, draft.body, draft.not_left) == (desk.manager, "王倩的答复", "answered")


@pytest.mark.django_db(transaction=True)
def test_of_those_who_come_for_it_at_once_one_gets_it(desk, ticket):
    def come(job):
        try:
            return bool(job())
        finally:
            connection.close()

    for number in range(6):
        key = held(ticket, desk.engineer, f"第{number}条").held.key
        asked = {"ticket_id": ticket.pk, "author": desk.engineer, "key": key, "at": DUE}
        jobs = [
            lambda asked=asked: let_go(**asked),
            lambda asked=asked: take_back(**asked),
            lambda asked=asked: let_go(**asked),
            lambda: let_go_due(at=DUE),
        ]
        with ThreadPoolExecutor(len(jobs)) as pool:
            assert sum(pool.map(come, jobs)) == 1
        sent = Message.objects.filter(key=key).count()
        drafts, _by_model = ReplyDraft.objects.all().delete()
        assert (sent + drafts, HeldReply.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_one_whose_ticket_somebody_has_in_hand_is_passed_over(desk, ticket):
    held(ticket, desk.engineer)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM tickets_ticket WHERE id = %s FOR UPDATE", [ticket.pk])
            assert let_go_due(at=DUE) == 0
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert let_go_due(at=DUE) == 1

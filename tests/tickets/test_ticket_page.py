"""The page of one ticket as its agents see it, and what they do from it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Team, TeamMembership
from sla.base import load_targets
from tests.factories import NOON, act, change_between_reads, make_desk, make_ticket
from tickets.conversation import SHOWN
from tickets.models import Attachment, HistoryEntry, Message, Ticket
from tickets.services.replying import reply
from tickets.vocabulary import Status
from tickets.workflow import ACTIONS, Party, available

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk():
    with time_machine.travel(NOON + 10 * MINUTE, tick=False):
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


def hidden(page, name: str) -> str:
    """What the page itself carries; the bell of the layout, which stands before it, has a count of its own."""
    return re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', page.text)[-1]


def say(ticket, author, body="好的", **more) -> Message:
    return reply(ticket_id=ticket.pk, author=author, body=body, at=NOON, **more).message


# --- who sees it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["engineer", "manager", "admin"])
def test_agents_of_the_ticket_see_the_conversation_with_its_notes(desk, ticket, who):
    note = say(ticket, desk.engineer, "查了库，两个会话互锁", public=False)
    page = signed_in(getattr(desk, who)).get(url(ticket))
    assert page.status_code == 200
    assert f'<li class="msg msg--note" id="m-{note.pk}">' in page.text
    assert "查了库" in page.text
    assert 'class="rail-nav"' in page.text


@pytest.mark.parametrize("who", ["stranger", "engineer2"])
@pytest.mark.parametrize("part", ["", "?part=live", "history/", "transitions/?action=take"])
def test_somebody_elses_ticket_is_not_there(desk, ticket, who, part):
    client = signed_in(getattr(desk, who))
    assert client.get(url(ticket, part)).status_code == 404
    assert client.get(url(ticket, part), headers=HTMX).status_code == 404


@pytest.mark.parametrize("part", ["replies/", "transitions/", "preview/"])
def test_nothing_can_be_sent_to_somebody_elses_ticket(desk, ticket, part):
    given = {"body": "hi", "kind": "public", "action": "cancel", "version": ticket.version}
    assert signed_in(desk.stranger).post(url(ticket, part), given).status_code == 404
    assert signed_in(desk.engineer2).post(url(ticket, part), given, headers=HTMX).status_code == 404
    assert not Message.objects.exists()


@pytest.mark.parametrize("part", ["", "history/", "transitions/?action=take"])
def test_who_is_not_signed_in_is_asked_to(client, ticket, part):
    assert client.get(url(ticket, part)).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("number", ["LD-0", "LD-99999999", "x", "LD-1e3", "9" * 30, "٣"])
def test_a_number_nobody_has_is_not_found(desk, number):
    assert signed_in(desk.admin).get(f"/tickets/{number}/").status_code == 404


@pytest.mark.parametrize("form", ["ld-{}", "{}"])
def test_a_number_may_be_typed_without_its_dress(desk, ticket, form):
    assert signed_in(desk.engineer).get(f"/tickets/{form.format(ticket.pk)}/").status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("status", [s for s in Status if s != Status.MERGED])
def test_the_page_is_there_in_every_status_and_both_languages(desk, status, language):
    ticket = in_status(desk, status)
    desk.engineer.language = language
    desk.engineer.save()
    assert signed_in(desk.engineer).get(url(ticket)).status_code == 200


# --- what it shows --------------------------------------------------------------------------------------


def test_what_happened_between_messages_is_folded_between_them(desk, ticket):
    reply(ticket_id=ticket.pk, author=desk.customer, body="第一条", at=NOON + MINUTE / 2)
    act(ticket, "set_tier", desk.engineer, NOON + MINUTE, tier="urgent")
    act(ticket, "wait_customer", desk.engineer, NOON + MINUTE)
    reply(ticket_id=ticket.pk, author=desk.customer, body="第二条", at=NOON + 2 * MINUTE)
    page = signed_in(desk.engineer).get(url(ticket)).text
    order = ["took the ticket", "第一条", "changed the tier to Urgent", "第二条", "Back to work"]
    places = [page.index(text) for text in order]
    assert places == sorted(places)


def test_a_resolution_stands_in_the_conversation_with_its_words(desk, ticket):
    act(ticket, "resolve", desk.engineer, resolution="重新执行**合并任务**。")
    page = signed_in(desk.engineer).get(url(ticket)).text
    assert "said--resolve" in page
    assert "<strong>合并任务</strong>" in page


def test_each_promise_fetches_its_timeline_when_it_is_unfolded(desk, ticket):
    page = signed_in(desk.engineer).get(url(ticket)).text
    assert f'hx-get="{url(ticket, "clocks/resolution/1/")}" hx-trigger="toggle once"' in page
    assert f'<a class="link" href="{url(ticket, "clocks/resolution/1/")}">' in page


def test_a_paused_and_a_broken_promise_are_told(desk, ticket):
    act(ticket, "wait_customer", desk.engineer)
    client = signed_in(desk.engineer)
    assert "tclock--still" in client.get(url(ticket)).text
    with time_machine.travel(NOON + timedelta(days=9), tick=False):
        page = signed_in(desk.engineer).get(url(ticket)).text
    assert "tclock--breach" in page
    assert "broken" not in page[page.index('id="why-resolution"') :]


def test_other_tickets_of_the_organisation_are_those_the_reader_may_see(desk, ticket):
    near = make_ticket(desk.colleague, subject="同组的一张")
    make_ticket(desk.colleague, subject="别组的一张", module="platform")
    page = signed_in(desk.engineer).get(url(ticket)).text
    assert near.number in page
    assert "别组的一张" not in page


def test_older_messages_are_a_click_away_and_stay_once_shown(desk, ticket):
    messages = [say(ticket, desk.engineer, f"第{n}条") for n in range(SHOWN + 3)]
    client = signed_in(desk.engineer)
    page = client.get(url(ticket))
    assert "第2条" not in page.text
    assert "第3条" in page.text
    earlier = client.get(url(ticket, f"?part=earlier&before={messages[3].pk}"), headers=HTMX)
    assert ["第2条" in earlier.text, "第3条" in earlier.text, "<html" in earlier.text] == [True, False, False]
    assert "第2条" in client.get(url(ticket, f"?before={messages[3].pk}")).text
    say(ticket, desk.manager, "新的")
    shown = client.get(url(ticket, f"?part=live&change=1&since={hidden(page, 'since')}"), headers=HTMX)
    assert "第3条" in shown.text
    assert "新的" in shown.text


def test_a_stretch_before_somebody_elses_message_is_not_there(desk, ticket):
    other = say(make_ticket(desk.customer), desk.engineer)
    assert signed_in(desk.engineer).get(url(ticket, f"?before={other.pk}")).status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](x onerror=alert(1))",
        "<img src=x onerror=alert(1)>",
        "[x](vbscript:msgbox)",
    ],
)
def test_nothing_of_a_text_runs(desk, text):
    ticket = act(make_ticket(desk.customer, subject=text, description=text), "take", desk.engineer)
    say(ticket, desk.customer, text)
    say(ticket, desk.engineer, text, public=False)
    act(ticket, "set_tier", desk.engineer, tier="urgent", note=text)
    act(ticket, "resolve", desk.engineer, resolution=text)
    preview = signed_in(desk.engineer).post(url(ticket, "preview/"), {"body": text}, headers=HTMX).text
    pages = [preview]
    for part in ("", "history/"):
        pages += [signed_in(who).get(url(ticket, part)).text for who in (desk.engineer, desk.customer)]
    for page in pages:
        inside = re.sub(
            r'<script type="module" src="[^"]*"></script>|<script src="[^"]*" defer></script>', "", page
        )
        assert "<script" not in inside
        assert not re.search(r'href="(?:javascript|data|vbscript):', page)
        assert "<img src=x" not in page


# --- every action, by its form --------------------------------------------------------------------------


def in_status(desk, status) -> Ticket:
    steps = {
        Status.NEW: (),
        Status.ASSIGNED: ("assign",),
        Status.IN_PROGRESS: ("take",),
        Status.WAITING_CUSTOMER: ("take", "wait_customer"),
        Status.WAITING_VENDOR: ("take", "wait_vendor"),
        Status.RESOLVED: ("take", "resolve"),
        Status.CLOSED: ("take", "resolve", "close"),
        Status.CANCELLED: ("cancel",),
    }
    given = {"assign": {"assignee": desk.engineer}, "resolve": {"resolution": "好了"}}
    ticket = make_ticket(desk.customer)
    for step in steps[status]:
        ticket = act(ticket, step, None if step == "close" else desk.engineer, **given.get(step, {}))
    return ticket


def cases() -> list[tuple[Status, str, str]]:
    by_party = {"manager": [Party.AGENT, Party.LEAD], "customer": [Party.REQUESTER]}
    return [
        (status, who, action.code)
        for status in Status
        if status != Status.MERGED
        for who, parties in by_party.items()
        for action in available(status, parties)
    ]


@pytest.mark.parametrize(("status", "who", "code"), cases())
def test_every_action_the_table_allows_can_be_taken_by_its_form(desk, status, who, code):
    ticket, client = in_status(desk, status), signed_in(getattr(desk, who))
    page = client.get(url(ticket))
    assert f'id="do-{code}"' in page.text
    form = client.get(url(ticket, f"transitions/?action={code}"))
    assert form.status_code == 200
    inputs = {
        "assignee": desk.manager.pk,
        "team": "platform",
        "resolution": "好了",
        "reason": "因为",
        "tier": "urgent",
        "note": "备注",
        "into": make_ticket(desk.customer).number,
    }
    asked = {name: inputs[name] for name in (*ACTIONS[code].requires, *ACTIONS[code].accepts)}
    assert all(f'name="{name}"' in form.text for name in asked)
    sent = {"action": code, "version": hidden(form, "version"), **asked}
    answer = client.post(url(ticket, "transitions/"), sent)
    assert answer.status_code == 302
    after = Ticket.objects.get(pk=ticket.pk)
    assert after.version == ticket.version + 1
    assert after.status == ACTIONS[code].moves[status]


def test_no_button_is_offered_that_the_table_does_not_allow(desk):
    for status in (Status.NEW, Status.RESOLVED, Status.CANCELLED):
        ticket = in_status(desk, status)
        page = signed_in(desk.engineer).get(url(ticket)).text
        offered = set(re.findall(r'id="do-(\w+)"', page))
        assert offered == {action.code for action in available(status, [Party.AGENT])} - mine(ticket, desk)


def mine(ticket, desk) -> set[str]:
    return {"take"} if ticket.assignee_id == desk.engineer.pk else set()


def test_a_stale_form_is_told_the_present_state_and_keeps_what_was_typed(desk, ticket):
    act(ticket, "set_tier", desk.manager, tier="urgent")
    sent = {"action": "resolve", "version": ticket.version, "resolution": "<b>重新执行</b>"}
    for headers in ({}, HTMX):
        answer = signed_in(desk.engineer).post(url(ticket, "transitions/"), sent, headers=headers)
        assert answer.status_code == 409
        assert "was changed by someone else" in answer.text
        assert "Now: In progress, assignee 周航, tier Urgent." in answer.text
        assert "&lt;b&gt;重新执行&lt;/b&gt;</textarea>" in answer.text
        assert hidden(answer, "version") == str(ticket.version + 1)
    again = sent | {"version": hidden(answer, "version")}
    assert signed_in(desk.engineer).post(url(ticket, "transitions/"), again).status_code == 302


def test_of_two_who_act_at_once_the_second_is_told(desk):
    ticket = make_ticket(desk.customer)
    sent = {"action": "take", "version": ticket.version}
    answers = [
        signed_in(who).post(url(ticket, "transitions/"), sent, headers=HTMX)
        for who in (desk.engineer, desk.manager)
    ]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert "assignee 周航" in answers[1].text
    assert Ticket.objects.get().assignee == desk.engineer


def test_an_action_that_is_over_keeps_what_was_typed_and_offers_no_repetition(desk, ticket):
    act(ticket, "resolve", desk.engineer, resolution="好了")
    sent = {"action": "resolve", "version": ticket.version + 1, "resolution": "另一种说法"}
    answer = signed_in(desk.manager).post(url(ticket, "transitions/"), sent, headers=HTMX)
    assert answer.status_code == 409
    assert "另一种说法" in answer.text
    assert 'type="submit"' not in answer.text


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "9" * 40])
def test_a_form_without_a_version_changes_nothing(desk, ticket, version):
    sent = {"action": "wait_customer", "version": version}
    assert signed_in(desk.engineer).post(url(ticket, "transitions/"), sent).status_code == 409
    assert Ticket.objects.get().status == "in_progress"


def test_what_an_action_needs_is_asked_for_in_place(desk, ticket):
    sent = {"action": "resolve", "version": ticket.version, "resolution": "  "}
    answer = signed_in(desk.engineer).post(url(ticket, "transitions/"), sent, headers=HTMX)
    assert answer.status_code == 422
    assert "Say how it was solved" in answer.text
    assert "<html" not in answer.text


def test_an_action_of_another_party_is_refused(desk, ticket):
    sent = {"action": "take", "version": ticket.version}
    assert signed_in(desk.customer).post(url(ticket, "transitions/"), sent).status_code == 403


@pytest.mark.parametrize("action", ["", "explode", "__class__"])
def test_an_action_nobody_knows_is_not_found(desk, ticket, action):
    client = signed_in(desk.engineer)
    assert client.get(url(ticket, f"transitions/?action={action}")).status_code == 404
    assert client.post(url(ticket, "transitions/"), {"action": action}).status_code == 404


def test_an_action_taken_by_htmx_brings_the_parts_that_changed(desk, ticket):
    sent = {"action": "wait_customer", "version": ticket.version}
    answer = signed_in(desk.engineer).post(url(ticket, "transitions/"), sent, headers=HTMX)
    assert answer.status_code == 200
    assert "ticket-acted" in answer.headers["HX-Trigger"]
    for part in ("ticket-head", "side", "stream", "live-state"):
        assert f'id="{part}" hx-swap-oob' in answer.text
    assert "Waiting for customer" in answer.text
    assert 'id="reply-form"' not in answer.text


def test_who_hands_a_ticket_out_of_sight_is_taken_home(desk, ticket):
    sent = {"action": "hand_over", "version": ticket.version, "team": "platform"}
    client = signed_in(desk.engineer)
    answer = client.post(url(ticket, "transitions/"), sent, headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/"
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    answer = client.post(url(ticket, "transitions/"), sent | {"version": ticket.version})
    assert answer.headers["Location"] == "/"


# --- the reply box --------------------------------------------------------------------------------------


def sent(client, ticket, body="请重试", headers=None, **more):
    given = {"body": body, "kind": "public", "seen": 10**9, "key": uuid4(), **more}
    return client.post(url(ticket, "replies/"), given, headers=headers or {})


def test_a_reply_is_sent_and_the_page_shown_at_it(desk, ticket):
    answer = sent(signed_in(desk.engineer), ticket)
    message = Message.objects.get()
    assert answer.headers["Location"] == f"/tickets/{ticket.number}/#m-{message.pk}"
    assert (message.body, message.kind, message.by_staff) == ("请重试", "public", True)


def test_a_reply_by_htmx_brings_an_empty_box_and_the_parts_that_changed(desk, ticket, settings):
    settings.REPLY_UNDO = timedelta(0)
    answer = sent(signed_in(desk.engineer), ticket, headers=HTMX)
    assert answer.status_code == 200
    assert "ticket-sent" in answer.headers["HX-Trigger"]
    assert "请重试" in answer.text[answer.text.index('id="stream"') :]
    assert "请重试" not in answer.text[: answer.text.index('id="ticket-head"')]
    assert "<html" not in answer.text


def test_a_note_is_kept_from_the_customer(desk, ticket):
    sent(signed_in(desk.engineer), ticket, "别告诉客户", kind="internal", wait="on")
    assert Message.objects.get().kind == "internal"
    assert Ticket.objects.get().status == "in_progress"
    for part in ("", "history/"):
        assert "别告诉客户" not in signed_in(desk.customer).get(url(ticket, part)).text


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("body", ["", "  \n", "a\0b", "长" * 20_001])
def test_what_cannot_be_sent_comes_back_with_what_was_typed(desk, ticket, body, headers):
    answer = sent(signed_in(desk.engineer), ticket, body, headers, kind="internal")
    assert answer.status_code == 422
    assert 'class="errors"' in answer.text
    assert 'value="internal" checked' in answer.text
    assert body.replace("\0", "").strip()[:20] in answer.text
    assert not Message.objects.exists()


def test_a_box_that_does_not_say_who_reads_it_is_not_published(desk, ticket):
    client = signed_in(desk.engineer)
    assert client.post(url(ticket, "replies/"), {"body": "内部的话"}).status_code == 422
    assert client.post(url(ticket, "replies/"), {"body": "内部的话", "kind": "secret"}).status_code == 422
    assert not Message.objects.exists()


def test_a_note_of_somebody_who_is_no_agent_any_more_is_refused_not_published(desk):
    ticket = make_ticket(desk.engineer, module="platform")
    answer = sent(signed_in(desk.engineer), ticket, "内部的话", kind="internal")
    assert answer.status_code == 403
    assert "内部的话" in answer.text
    assert not Message.objects.exists()


def test_replying_and_waiting_is_one_change(desk, ticket):
    sent(signed_in(desk.engineer), ticket, wait="on")
    assert Ticket.objects.get().status == "waiting_customer"
    assert Message.objects.count() == 1


def test_where_waiting_is_not_possible_nothing_is_sent_either(desk, ticket):
    act(ticket, "resolve", desk.manager, resolution="好了")
    answer = sent(signed_in(desk.engineer), ticket, "请看这里", HTMX, wait="on")
    assert answer.status_code == 409
    assert "请看这里" in answer.text
    assert not Message.objects.exists()
    assert not HistoryEntry.objects.filter(event="replied").exists()


@pytest.mark.parametrize("wait", ["", "on"])
def test_a_repeated_post_sends_once(desk, ticket, wait):
    client, key = signed_in(desk.engineer), uuid4()
    first = sent(client, ticket, key=key, wait=wait)
    again = sent(client, ticket, key=key, wait=wait)
    assert first.headers["Location"] == again.headers["Location"]
    assert Message.objects.count() == 1


def test_a_repeated_post_with_its_files_sends_once(desk, ticket):
    client, key = signed_in(desk.engineer), uuid4()
    client.post("/uploads/", {"files": SimpleUploadedFile("a.txt", b"x")})
    given = {"key": key, "attachments": Attachment.objects.get().key}
    assert [sent(client, ticket, **given).status_code for _time in range(2)] == [302, 302]
    assert Message.objects.get().attachments.count() == 1


def test_a_text_changed_after_it_had_arrived_is_not_lost(desk, ticket):
    client, key = signed_in(desk.engineer), uuid4()
    sent(client, ticket, key=key)
    answer = sent(client, ticket, "请重试两次", HTMX, key=key)
    assert answer.status_code == 409
    assert "请重试两次" in answer.text[: answer.text.index('id="ticket-head"')]
    assert Message.objects.count() == 1
    assert sent(client, ticket, "请重试两次", key=hidden(answer, "key")).status_code == 302
    assert Message.objects.count() == 2


def test_who_was_overtaken_reads_that_first_and_then_sends(desk, ticket):
    client = signed_in(desk.engineer)
    page = client.get(url(ticket))
    say(ticket, desk.manager, "我来答复吧")
    say(ticket, desk.manager, "内部插一句", public=False)
    key, seen = hidden(page, "key"), hidden(page, "seen")
    answer = sent(client, ticket, "我写了很久的答复", HTMX, key=key, seen=seen)
    assert answer.status_code == 409
    box = answer.text[: answer.text.index('id="ticket-head"')]
    assert "我来答复吧" in box
    assert "内部插一句" not in box
    assert "我写了很久的答复</textarea>" in box
    plain = sent(client, ticket, "我写了很久的答复", key=key, seen=seen)
    assert plain.status_code == 409
    assert "我写了很久的答复</textarea>" in plain.text
    assert hidden(plain, "key") == key
    assert sent(client, ticket, "我写了很久的答复", key=key, seen=hidden(plain, "seen")).status_code == 302


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_wrote_while_somebody_else_resolved_it_is_told_and_then_sends(desk, ticket, headers):
    client = signed_in(desk.engineer)
    page = client.get(url(ticket))
    act(ticket, "resolve", desk.manager, resolution="好了")
    answer = sent(client, ticket, "我的答复", headers=headers, going_on=hidden(page, "going_on"))
    assert answer.status_code == 409
    assert "was resolved or ended meanwhile" in answer.text
    assert "我的答复</textarea>" in answer.text
    again = {"going_on": hidden(answer, "going_on"), "key": hidden(answer, "key")}
    assert sent(client, ticket, "我的答复", headers=headers, **again).status_code in {200, 302}


def test_who_resolved_it_themselves_is_told_nothing(desk, ticket):
    client = signed_in(desk.engineer)
    going_on = hidden(client.get(url(ticket)), "going_on")
    act(ticket, "resolve", desk.engineer, resolution="好了")
    assert sent(client, ticket, going_on=going_on).status_code == 302


def test_another_mistake_does_not_hide_that_somebody_wrote(desk, ticket):
    client = signed_in(desk.engineer)
    seen = hidden(client.get(url(ticket)), "seen")
    say(ticket, desk.manager, "我来答复吧")
    answer = sent(client, ticket, " ", seen=seen)
    assert hidden(answer, "seen") == seen


def test_files_are_sent_along_with_and_without_scripts(desk, ticket):
    client = signed_in(desk.engineer)
    sent(client, ticket, files=SimpleUploadedFile("步骤.txt", b"x"))
    assert [f.name for f in Message.objects.get().attachments.all()] == ["步骤.txt"]
    page = client.get(url(ticket)).text
    assert f'href="{Attachment.objects.get().get_absolute_url()}"' in page


def test_a_refused_box_keeps_its_files_and_one_can_be_taken_out(desk, ticket):
    client = signed_in(desk.engineer)
    answer = sent(client, ticket, "", files=SimpleUploadedFile("步骤.txt", b"x"))
    key = str(Attachment.objects.get().key)
    assert hidden(answer, "attachments") == key
    answer = sent(client, ticket, "文字还在", attachments=key, remove=key)
    assert answer.status_code == 200
    assert 'name="attachments"' not in answer.text
    assert "文字还在</textarea>" in answer.text
    assert not Message.objects.exists()


def test_too_many_messages_are_put_off_with_their_text(desk, ticket, settings):
    settings.REPLIES_PER_HOUR = 1
    client = signed_in(desk.customer)
    sent(client, ticket, "一")
    answer = sent(client, ticket, "二二二", HTMX)
    assert answer.status_code == 429
    assert "二二二</textarea>" in answer.text


def test_the_preview_is_the_text_as_it_will_look(desk, ticket):
    client = signed_in(desk.engineer)
    assert "<strong>重试</strong>" in client.post(url(ticket, "preview/"), {"body": "**重试**"}).text
    assert client.post(url(ticket, "preview/"), {"body": "\0"}).status_code == 200


# --- live -----------------------------------------------------------------------------------------------


def look(client, ticket, page, **more):
    known = {name: hidden(page, name) for name in ("change", "last", "since")}
    return client.get(url(ticket), {"part": "live", **known, **more}, headers=HTMX)


def test_an_open_page_gets_what_changed_and_nothing_when_nothing_did(desk, ticket):
    client = signed_in(desk.engineer)
    page = client.get(url(ticket))
    assert look(client, ticket, page).status_code == 204
    message = say(ticket, desk.customer, "还是不行")
    fresh = look(client, ticket, page)
    assert "还是不行" in fresh.text
    assert f'<a class="btn" href="#m-{message.pk}">' in fresh.text
    assert "1 new message from 陈静" in fresh.text
    assert 'id="reply-form"' not in fresh.text
    assert look(client, ticket, fresh).status_code == 204


def test_what_changes_while_the_page_is_made_is_not_taken_for_shown(desk, ticket):
    client = signed_in(desk.customer)
    with change_between_reads(
        "tickets_ticket", lambda: act(ticket, "resolve", desk.engineer, resolution="好了")
    ):
        page = client.get(url(ticket))
    assert "done-box" not in page.text
    assert "done-box" in look(client, ticket, page).text


def test_ones_own_message_is_no_news(desk, ticket):
    client = signed_in(desk.engineer)
    page = client.get(url(ticket))
    say(ticket, desk.engineer)
    fresh = look(client, ticket, page)
    assert fresh.status_code == 200
    assert 'id="news"' not in fresh.text


def test_a_second_page_of_its_author_shows_a_held_reply_and_that_it_was_taken_back(desk, ticket):
    first, second, others = (signed_in(user) for user in (desk.engineer, desk.engineer, desk.manager))
    page, theirs = second.get(url(ticket)), others.get(url(ticket))
    key = uuid4()
    sent(first, ticket, "请重新登陆", key=key, headers=HTMX)
    shown = look(second, ticket, page, holding=hidden(page, "holding"))
    assert "data-leaves" in shown.text
    assert hidden(shown, "holding") == str(key)
    assert look(second, ticket, shown, holding=key).status_code == 204
    assert look(others, ticket, theirs, holding="").status_code == 204
    first.post(url(ticket, "replies/take-back/"), {"held": key}, headers=HTMX)
    fresh = look(second, ticket, shown, holding=key)
    assert fresh.status_code == 200
    assert "data-leaves" not in fresh.text


def test_without_htmx_a_part_is_the_whole_page(desk, ticket):
    assert "<html" in signed_in(desk.engineer).get(url(ticket, "?part=live")).text


def test_a_page_is_not_kept_by_caches(desk, ticket):
    assert "no-store" in signed_in(desk.engineer).get(url(ticket)).headers["Cache-Control"]


# --- cost -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["engineer", "customer"])
@pytest.mark.parametrize("part", ["", "?part=live", "history/"])
def test_a_long_conversation_takes_as_many_queries_as_a_short_one(
    desk, ticket, who, part, django_assert_max_num_queries
):
    client = signed_in(getattr(desk, who))
    headers = HTMX if "part" in part else {}
    say(ticket, desk.customer, attachments=[])
    act(ticket, "hand_over", desk.manager, team=Team.objects.get(code="platform"))
    act(ticket, "hand_over", desk.manager, team=Team.objects.get(code="reports"))
    with django_assert_max_num_queries(24) as short:
        client.get(url(ticket, part), headers=headers)
    for number in range(30):
        say(ticket, desk.customer, f"第{number}问")
        say(ticket, desk.engineer, f"第{number}答", public=bool(number % 2))
        act(ticket, "set_tier", desk.engineer, tier=("urgent", "general")[number % 2])
        make_ticket(desk.colleague)
    TeamMembership.objects.get_or_create(team=ticket.team, user=desk.engineer2)
    with django_assert_max_num_queries(len(short.captured_queries)):
        client.get(url(ticket, part), headers=headers)

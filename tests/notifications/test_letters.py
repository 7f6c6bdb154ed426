"""What the letters say, as a real mail server receives them."""

import re
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage

from notifications.models import Delivery
from notifications.services.delivering import deliver_pending
from sla.services.enforcing import sweep
from surveys.models import Invitation
from surveys.services.reminding import remind_due
from surveys.services.sending import send_due
from surveys.tokens import token_for
from tests.factories import NOON, act, make_ticket
from tests.notifications.conftest import html_of, text_of
from tickets.models import Ticket
from tickets.services.replying import reply
from tickets.triage import Impact

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def held(desk):
    """A ticket the engineer holds; nothing waits to be sent."""
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    Delivery.objects.all().delete()
    return ticket


def delivered(mailbox, at=NOON):
    """Everything that leaves at `at`."""
    deliver_pending(now=lambda: at)
    return mailbox.messages


def test_the_receipt_says_number_tier_and_promised_moment(desk, mailbox):
    ticket = make_ticket(desk.customer, impact=Impact(production_down="full"))
    [message] = delivered(mailbox)
    assert message["To"] == desk.customer.email
    assert ticket.number in message["Subject"]
    assert ticket.subject in message["Subject"]
    for part in (text_of(message), html_of(message)):
        assert "13:00" in part
        assert str(ticket.get_tier_display()) in part
        assert f"http://127.0.0.1:8000/tickets/{ticket.number}/" in part


def test_language_and_time_zone_are_the_recipients(desk, mailbox):
    desk.customer.language, desk.customer.time_zone = "en", "Europe/London"
    desk.customer.save()
    make_ticket(desk.customer)
    [message] = delivered(mailbox)
    assert "We answer by Thu, Mar 5, 04:00" in text_of(message)
    assert message["Content-Language"] == "en"
    assert '<html lang="en">' in html_of(message)


def test_chinese_is_the_default_and_says_the_weekday(desk, mailbox):
    make_ticket(desk.customer)
    [message] = delivered(mailbox)
    assert "3月5日（周四）12:00" in text_of(message)
    assert '<html lang="zh-Hans">' in html_of(message)


def test_a_receipt_that_comes_after_the_answer_promises_nothing(desk, mailbox):
    ticket = make_ticket(desk.customer)
    reply(ticket_id=ticket.pk, author=desk.engineer, body="您好", at=NOON)
    receipt = delivered(mailbox)[0]
    assert "12:00" not in text_of(receipt)


def test_an_answer_is_quoted_as_text_and_as_safe_html(held, desk, mailbox):
    body = "请看 **第 2 步**\n\n<script>alert(1)</script> [x](javascript:alert(1)) & 😀"
    reply(ticket_id=held.pk, author=desk.engineer, body=body, at=NOON)
    [message] = delivered(mailbox)
    assert body in text_of(message)
    assert "<strong>第 2 步</strong>" in html_of(message)
    assert "😀" in html_of(message)
    assert "<script" not in html_of(message)
    assert 'href="javascript' not in html_of(message)


def test_a_resolution_says_until_when_a_word_is_waited_for(held, desk, mailbox):
    act(held, "resolve", desk.engineer, resolution="已重新生成底稿")
    [message] = delivered(mailbox)
    assert "已重新生成底稿" in text_of(message)
    assert "3月8日（周日）12:00" in text_of(message)


def test_a_rejection_quotes_the_customer_to_staff(held, desk, mailbox):
    act(held, "resolve", desk.engineer, resolution="好了")
    Delivery.objects.all().delete()
    act(held, "reject", desk.customer, reason="还是空白")
    [message] = delivered(mailbox)
    assert message["To"] == desk.engineer.email
    assert "还是空白" in text_of(message)


def test_the_questionnaire_has_three_answers_and_a_plain_link(held, desk, mailbox):
    act(held, "resolve", desk.engineer, resolution="好了")
    Delivery.objects.all().delete()
    send_due(at=NOON + HOUR)
    [message] = delivered(mailbox, NOON + HOUR)
    link = f"http://127.0.0.1:8000/s/{token_for(Invitation.objects.get().pk)}/"
    links = re.findall(r'href="([^"]+)"', html_of(message))
    assert [f"{link}?solved={word}" for word in ("yes", "partly", "no")] == links[:3]
    assert links[3] == link
    assert re.search(rf"{re.escape(link)}(\s|$)", text_of(message))


def test_the_reminder_says_that_it_is_one_and_has_the_same_link(held, desk, mailbox):
    act(held, "resolve", desk.engineer, resolution="好了")
    send_due(at=NOON + HOUR)
    Delivery.objects.all().delete()
    three_days_later = NOON + 73 * HOUR
    remind_due(at=three_days_later)
    [message] = delivered(mailbox, three_days_later)
    assert "提醒" in message["Subject"]
    assert f"/s/{token_for(Invitation.objects.get().pk)}/" in text_of(message)


def test_a_questionnaire_that_waited_while_its_ticket_was_reopened_does_not_leave(held, desk, mailbox):
    act(held, "resolve", desk.engineer, resolution="好了")
    send_due(at=NOON + HOUR)
    Delivery.objects.exclude(kind="survey").delete()
    act(held, "reopen", desk.engineer, reason="还要再看")
    delivered(mailbox, NOON + HOUR)
    assert Delivery.objects.get(kind="survey").state == "dropped"


def test_the_links_of_the_questionnaire_open_it(held, desk, mailbox, client):
    act(held, "resolve", desk.engineer, resolution="好了")
    send_due(at=NOON + HOUR)
    message = delivered(mailbox, NOON + HOUR)[-1]
    link = re.search(r"http://127\.0\.0\.1:8000(/s/\S+\?solved=no)", text_of(message)).group(1)
    assert client.get(link).status_code == 200


def test_it_is_marked_as_automatic_and_stands_with_its_ticket(desk, mailbox):
    ticket = make_ticket(desk.customer)
    [message] = delivered(mailbox)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["References"] == f"<{ticket.number.lower()}@demo.example>"
    assert message["From"] == "LedgerDesk 账服台 <desk@demo.example>"


def test_a_subject_cannot_add_headers(desk, mailbox):
    ticket = make_ticket(desk.customer)
    Ticket.objects.filter(pk=ticket.pk).update(subject="x\r\nBcc: everybody@test.example\r\n\r\nbody 😀")
    [message] = delivered(mailbox)
    assert message["Bcc"] is None
    assert "Bcc: everybody@test.example body 😀" in message["Subject"]
    assert len(mailbox.to(desk.customer.email)) == 1


def test_names_of_customers_are_text_in_html(desk, mailbox):
    desk.engineer.name = "<img src=x>"
    desk.engineer.save()
    ticket = make_ticket(desk.customer, subject="<b>&</b>")
    reply(ticket_id=ticket.pk, author=desk.engineer, body="您好", at=NOON)
    for message in delivered(mailbox):
        assert "<img" not in html_of(message)
        assert "<b>&" not in html_of(message)


def test_no_letter_to_a_customer_holds_a_note(held, desk, mailbox):
    secret = "客户预算紧张"
    reply(ticket_id=held.pk, author=desk.engineer, body=secret, at=NOON, public=False)
    reply(ticket_id=held.pk, author=desk.engineer, body="您好", at=NOON)
    act(held, "resolve", desk.engineer, resolution="好了")
    act(held, "reopen", desk.manager, reason=secret)
    delivered(mailbox)
    letters = mailbox.to(desk.customer.email)
    assert len(letters) == 3
    assert not any(secret in text_of(letter) + html_of(letter) for letter in letters)


def test_fifty_breaches_of_a_minute_are_one_letter_with_fifty_lines(desk, mailbox, settings):
    settings.FILINGS_PER_HOUR = 100
    urgent = Impact(production_down="full")
    tickets = [make_ticket(desk.customer, subject=f"报表 {n}", impact=urgent) for n in range(50)]
    Delivery.objects.all().delete()
    sweep(at=NOON + 2 * HOUR)
    deliver_pending(now=lambda: NOON + 2 * HOUR)
    for person in (desk.engineer, desk.manager):
        [message] = mailbox.to(person.email)
        for ticket in tickets:
            assert len(re.findall(rf"^{ticket.number} ", text_of(message), re.MULTILINE)) == 1
            assert f"/tickets/{ticket.number}/" in html_of(message)
        assert "50" in message["Subject"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_single_breach_is_a_letter_about_its_ticket(held, desk, mailbox):
    sweep(at=NOON + 25 * HOUR)
    delivered(mailbox, NOON + 25 * HOUR)
    [message] = mailbox.to(desk.manager.email)
    assert held.number in message["Subject"]
    assert "恒信集团" in text_of(message)


def test_other_mail_of_the_desk_goes_the_same_way(mailbox):
    EmailMessage("重设密码", "链接", to=["customer@test.example"]).send()
    assert mailbox.to("customer@test.example")[0]["Subject"] == "重设密码"

"""Mail on a machine that sends none."""

import re

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection

from notifications.channels.email import kept
from notifications.models import Delivery
from notifications.services.delivering import deliver_pending
from tests.factories import NOON, make_ticket


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "notifications.channels.email.kept.KeptMailBackend"
    return settings.MAIL_DIR


def test_a_receipt_is_kept_and_shown_without_signing_in(desk, client):
    ticket = make_ticket(desk.customer)
    deliver_pending(now=lambda: NOON)
    listed = client.get("/dev/mail/")
    assert ticket.number in listed.text
    page = client.get(re.search(r'href="(/dev/mail/[0-9a-f]{32}/)"', listed.text).group(1))
    assert page.text.count(f'href="http://127.0.0.1:8000/tickets/{ticket.number}/"') == 2
    assert "style=" not in page.text


def test_the_same_message_again_is_kept_once(desk, folder):
    make_ticket(desk.customer)
    deliver_pending(now=lambda: NOON)
    Delivery.objects.update(state="pending")
    deliver_pending(now=lambda: NOON)
    assert len(list(folder.iterdir())) == 1


def test_other_mail_of_the_desk_is_kept_too(db, client):
    EmailMessage("重设密码", "http://127.0.0.1:8000/accounts/reset/x", to=["a@test.example"]).send()
    [message] = kept.newest()
    page = client.get(f"/dev/mail/{message.name}/")
    assert 'href="http://127.0.0.1:8000/accounts/reset/x"' in page.text


def test_what_somebody_wrote_runs_no_script(db, client):
    message = EmailMultiAlternatives("<script>", "<b>text</b>", to=["a@test.example"])
    bad = '<script>x()</script><a href="javascript:x()" onclick="x()" style="x">y</a><img src=x onerror=x()>'
    message.attach_alternative(bad, "text/html")
    get_connection().send_messages([message])
    page = client.get(f"/dev/mail/{kept.newest()[0].name}/").text
    for harm in ("x()", "<img", "<b>text", 'style="'):
        assert harm not in page


@pytest.mark.parametrize("name", ["x", "..%2f..%2fetc%2fpasswd", "0" * 32, "0" * 31 + "G"])
def test_other_names_are_not_found(db, client, name):
    assert client.get(f"/dev/mail/{name}/").status_code == 404


def test_before_the_first_mail_the_page_says_so(db, client):
    assert "notices__none" in client.get("/dev/mail/").text

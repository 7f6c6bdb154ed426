"""Targets and what became of what they were told, as administrators see it."""

import pytest

from notifications.models import Attempt, Delivery, Robot, WebhookTarget
from notifications.services.delivering import deliver_pending
from tests.factories import NOON, make_ticket

pytestmark = pytest.mark.django_db
URL = "/admin/notifications/webhooktarget/"
LOG = "/admin/notifications/attempt/"


def add(client, listener, **fields):
    form = {"name": "ERP", "url": listener.url(), "events": ["ticket_opened"], "team": "", "is_active": "on"}
    return client.post(f"{URL}add/", {**form, **fields}, follow=True)


def test_the_secret_of_a_new_webhook_is_shown_once(client, desk, listener):
    client.force_login(desk.admin)
    page = add(client, listener)
    hook = WebhookTarget.objects.get()
    assert len(hook.secret) > 40
    assert hook.secret in page.text
    assert hook.secret not in client.get(URL).text
    assert hook.secret not in client.get(f"{URL}{hook.pk}/change/").text
    page = client.post(URL, {"action": "new_secret", "_selected_action": [hook.pk]}, follow=True)
    old, new = hook.secret, WebhookTarget.objects.get().secret
    assert new != old
    assert new in page.text


def test_a_change_keeps_the_secret(client, desk, listener):
    client.force_login(desk.admin)
    add(client, listener)
    hook = WebhookTarget.objects.get()
    form = {"name": "ERP 2", "url": listener.url("/other"), "events": ["ticket_closed", "clock_breached"]}
    client.post(f"{URL}{hook.pk}/change/", form)
    changed = WebhookTarget.objects.get()
    assert (changed.name, changed.events, changed.is_active) == ("ERP 2", form["events"], False)
    assert changed.secret == hook.secret


@pytest.mark.parametrize(
    "wrong", [{"url": "http://10.0.0.1/"}, {"url": "nonsense"}, {"events": []}, {"events": ["note_written"]}]
)
def test_what_cannot_be_is_refused_with_what_was_typed(client, desk, listener, settings, wrong):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    client.force_login(desk.admin)
    page = add(client, listener, **{"url": "https://erp.invalid/hook", **wrong})
    assert not WebhookTarget.objects.exists()
    assert 'value="ERP"' in page.text


def test_the_log_shows_answers_and_sends_again(client, desk, listener):
    client.force_login(desk.admin)
    add(client, listener)
    make_ticket(desk.customer)
    deliver_pending(now=lambda: NOON, outlets=["webhook"])
    page = client.get(LOG)
    assert "ERP" in page.text
    assert ">200<" in page.text
    attempt = Attempt.objects.get()
    assert client.get(f"{LOG}{attempt.pk}/change/").status_code == 200
    client.post(LOG, {"action": "send_again", "_selected_action": [attempt.pk]})
    assert Delivery.objects.get(recipient=None).state == "pending"


def test_nothing_is_deleted_there_and_managers_do_not_get_in(client, desk, listener):
    client.force_login(desk.admin)
    add(client, listener)
    hook = WebhookTarget.objects.get()
    assert client.post(f"{URL}{hook.pk}/delete/", {"post": "yes"}).status_code == 403
    client.force_login(desk.manager)
    assert client.get(URL).status_code in {302, 403, 404}


# --- robots ---------------------------------------------------------------------------------------------

ROBOTS = "/admin/notifications/robot/"


def add_robot(client, **fields):
    form = {"kind": "wecom", "name": "Room", "url": "https://qyapi.invalid/send?key=k1", "secret": "",
            "events": ["ticket_opened", "clock_breached"], "only_urgent": "on", "is_active": "on"}  # fmt: skip
    return client.post(f"{ROBOTS}add/", {**form, **fields})


def test_a_robots_address_and_secret_are_kept_and_never_shown_again(client, desk):
    client.force_login(desk.admin)
    page = client.get(f"{ROBOTS}add/")
    assert page.text.count("checked") == 4
    add_robot(client, kind="feishu", secret="s1")
    robot = Robot.objects.get()
    change = f"{ROBOTS}{robot.pk}/change/"
    assert "key=k1" not in client.get(change).text + client.get(ROBOTS).text
    client.post(change, {"name": "Other", "url": "", "secret": "", "events": ["clock_breached"]})
    changed = Robot.objects.get()
    assert (changed.name, changed.kind, changed.url, changed.secret) == ("Other", "feishu", robot.url, "s1")
    assert not WebhookTarget.objects.filter(kind="webhook").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": ""},
        {"url": "http://127.0.0.1/"},
        {"kind": "slack"},
        {"kind": "teams", "url": "https://hooks.slack.com/services/T/B/x"},
        {"kind": "webhook"},
    ],
)
def test_a_robot_without_an_address_of_its_platform_is_refused(client, desk, wrong):
    client.force_login(desk.admin)
    page = add_robot(client, **wrong)
    assert page.status_code == 200
    assert not Robot.objects.exists()


def test_a_secret_nobody_signs_with_is_not_kept(client, desk):
    client.force_login(desk.admin)
    add_robot(client, secret="s1")
    assert Robot.objects.get().secret == ""

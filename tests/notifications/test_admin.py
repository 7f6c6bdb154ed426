"""The outbox as administrators see it."""

import pytest

from notifications.models import Delivery
from tests.factories import make_ticket

pytestmark = pytest.mark.django_db
URL = "/admin/notifications/delivery/"


def test_an_administrator_sends_again_what_was_given_up(client, desk):
    make_ticket(desk.customer)
    make_ticket(desk.customer)
    given_up, sent = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=given_up.pk).update(state="failed", attempts=24)
    Delivery.objects.filter(pk=sent.pk).update(state="sent", sent_at=sent.created_at)
    client.force_login(desk.admin)
    assert client.get(URL, {"state__exact": "failed"}).text.count('name="_selected_action"') == 1
    chosen = {"action": "send_again", "_selected_action": [given_up.pk, sent.pk]}
    assert client.post(URL, chosen).status_code == 302
    given_up.refresh_from_db()
    sent.refresh_from_db()
    assert (given_up.state, given_up.attempts, sent.state) == ("pending", 0, "sent")


def test_nobody_writes_or_deletes_a_delivery_there(client, desk):
    make_ticket(desk.customer)
    delivery = Delivery.objects.get()
    client.force_login(desk.admin)
    assert client.get(f"{URL}add/").status_code == 403
    assert client.post(f"{URL}{delivery.pk}/delete/", {"post": "yes"}).status_code == 403
    page = client.get(f"{URL}{delivery.pk}/change/")
    assert page.status_code == 200
    client.post(f"{URL}{delivery.pk}/change/", {"state": "sent"})
    delivery.refresh_from_db()
    assert delivery.state == "pending"


def test_managers_do_not_get_in(client, desk):
    client.force_login(desk.manager)
    assert client.get(URL).status_code in {302, 403}

"""The questionnaire behind the link."""

from datetime import timedelta

import pytest
import time_machine

from surveys.models import Answer, Invitation
from surveys.services.sending import send_due
from surveys.tokens import token_for
from tests.factories import NOON, act, make_desk, make_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def link():
    desk = make_desk()
    ticket = act(make_ticket(desk.customer), "take", desk.engineer)
    act(ticket, "resolve", desk.engineer, resolution="好了")
    send_due(at=NOON + HOUR)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        yield f"/s/{token_for(Invitation.objects.get().pk)}/"


def test_looking_records_nothing_and_fills_in_what_the_link_says(client, link):
    page = client.get(link, {"solved": "yes"})
    assert page.status_code == 200
    assert 'value="yes" required checked' in page.text
    client.head(link, {"solved": "no"})
    assert not Answer.objects.exists()
    assert Ticket.objects.get().status == "resolved"


def test_sending_stores_and_says_thank_you(client, link):
    answer = {"solved": "partly", "satisfaction": "4", "recommend": "9", "comment": "快一点"}
    page = client.post(link, answer, follow=True)
    assert page.status_code == 200
    assert "?change=1" in page.text
    assert f'href="{Ticket.objects.get().get_absolute_url()}"' in page.text
    stored = Answer.objects.get()
    assert (stored.solved, stored.satisfaction, stored.recommend, stored.comment) == (
        "partly",
        4,
        9,
        "快一点",
    )
    assert 'value="partly" required checked' in client.get(link, {"change": "1"}).text


def test_what_was_typed_is_kept_when_the_first_question_is_open(client, link):
    page = client.post(link, {"satisfaction": "2", "comment": "<b>慢</b>"})
    assert page.status_code == 422
    assert "&lt;b&gt;慢&lt;/b&gt;" in page.text
    assert 'name="satisfaction" value="2" checked' in page.text
    assert not Answer.objects.exists()


def test_no_reopens(client, link):
    client.post(link, {"solved": "no"})
    assert Ticket.objects.get().status == "in_progress"


@pytest.mark.parametrize("token", ["1", "1.x", "x.y", "%00", "1.2.3"])
def test_a_made_up_token_is_not_found(client, link, token):
    assert client.get(f"/s/{token}/").status_code in {400, 404}


def test_the_page_is_in_the_recipients_language(client, link):
    assert '<html lang="zh-Hans"' in client.get(link).text
    Invitation.objects.get().recipient.__class__.objects.filter(email="customer@test.example").update(
        language="en"
    )
    assert '<html lang="en"' in client.get(link).text


def test_past_its_time_it_says_so(client, link):
    with time_machine.travel(NOON + timedelta(days=15), tick=False):
        assert "radio" not in client.get(link).text
        assert client.post(link, {"solved": "yes"}).status_code == 409
    assert not Answer.objects.exists()


def test_the_recommendation_is_not_put_where_it_was_put_lately(client, link):
    Invitation.objects.update(asks_recommendation=False)
    assert 'name="recommend"' not in client.get(link).text
    client.post(link, {"solved": "yes", "recommend": "1"})
    assert Answer.objects.get().recommend is None

"""Tags of a ticket."""

import pytest

from common.errors import InvalidInput, NotAllowed
from tests.factories import NOON, make_desk, make_ticket
from tickets.services.errors import StaleVersion
from tickets.services.tagging import MOST_TAGS, add_tag, remove_tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def ticket(desk):
    return make_ticket(desk.customer)


def tag(ticket, text, actor, change=add_tag, **more):
    return change(ticket_id=ticket.pk, tag=text, actor=actor, at=NOON, **more)


def test_a_tag_is_put_on_and_taken_off_and_both_are_on_record_for_staff_alone(desk, ticket):
    tagged = tag(ticket, "  月结  报表 ", desk.engineer, version=1)
    assert (tagged.tags, tagged.version) == (["月结 报表"], 2)
    assert tag(ticket, "月结 报表", desk.engineer, remove_tag, version=2).tags == []
    rows = list(ticket.history.filter(field="tag").values_list("event", "old", "new", "is_public"))
    assert rows == [("tagged", None, "月结 报表", False), ("untagged", "月结 报表", None, False)]


def test_the_history_names_the_tag(client, desk, ticket):
    desk.engineer.language = "en"
    desk.engineer.save()
    tag(ticket, "audit", desk.engineer)
    tag(ticket, "AUDIT", desk.engineer, remove_tag)
    client.force_login(desk.engineer)
    told = client.get(f"/tickets/{ticket.number}/history/").text
    assert "added the tag “audit”" in told
    assert "removed the tag “audit”" in told


def test_what_is_no_tag_is_refused(desk, ticket):
    tag(ticket, "Audit", desk.engineer)
    for wrong, change in ((" ", add_tag), ("x" * 31, add_tag), ("audit", add_tag), ("other", remove_tag)):
        with pytest.raises(InvalidInput):
            tag(ticket, wrong, desk.engineer, change)


def test_a_ticket_has_at_most_twenty(desk, ticket):
    for n in range(MOST_TAGS):
        tag(ticket, f"t{n}", desk.engineer)
    with pytest.raises(InvalidInput):
        tag(ticket, "one more", desk.engineer)


def test_customers_and_other_teams_may_not_and_a_stale_version_is_refused(desk, ticket):
    for person in (desk.customer, desk.engineer2):
        with pytest.raises(NotAllowed):
            tag(ticket, "audit", person)
    with pytest.raises(StaleVersion):
        tag(ticket, "audit", desk.engineer, version=7)

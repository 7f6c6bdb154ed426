"""Views under a name: who sees them, who changes them, and what they may say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Team
from common.errors import InvalidInput, NotAllowed
from tests.factories import join, make_desk, make_ticket, make_user
from tickets.models import SavedView
from tickets.saved_views import views_of
from tickets.services.saving_views import MOST_VIEWS, change_view, delete_view, save_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    desk = make_desk()
    for person in desk.people().values():
        person.language = "en"
        person.save()
    return desk


@pytest.fixture
def engineer(client, desk):
    client.force_login(desk.engineer)
    return client


def save(owner, name="Urgent", team=None, **params):
    found = Team.objects.get(code=team) if team else None
    return save_view(owner=owner, name=name, params=params or {"tier": "urgent"}, team=found)


def rename(view, actor, team=None):
    return change_view(view_id=view.pk, actor=actor, name="Other", team=team, position=3)


def test_a_personal_view_is_its_owners_alone_and_a_shared_one_the_teams(desk):
    mine, ours = save(desk.engineer), save(desk.engineer, "Ours", team="reports")
    assert list(views_of(desk.engineer)) == [mine, ours]
    assert list(views_of(desk.manager)) == [ours]
    for other in (desk.engineer2, desk.admin, desk.customer):
        assert not views_of(other).exists()


def test_its_owner_and_the_teams_lead_change_it_and_nobody_else(desk):
    colleague = make_user("colleague2@test.example", "engineer")
    join(colleague, "reports")
    ours = save(desk.engineer, team="reports")
    with pytest.raises(NotAllowed):
        rename(ours, colleague, team=ours.team)
    with pytest.raises(NotAllowed):
        delete_view(view_id=ours.pk, actor=colleague)
    assert rename(ours, desk.manager, team=ours.team).name == "Other"
    assert rename(ours, desk.engineer).team is None
    with pytest.raises(SavedView.DoesNotExist):
        rename(ours, desk.manager)
    delete_view(view_id=ours.pk, actor=desk.engineer)
    assert not SavedView.objects.exists()


def test_it_is_shared_with_a_team_of_ones_own_only(desk):
    with pytest.raises(InvalidInput):
        save(desk.engineer, team="platform")
    view = save(desk.engineer)
    with pytest.raises(InvalidInput):
        rename(view, desk.engineer, team=Team.objects.get(code="platform"))


def test_what_the_address_could_not_say_is_not_kept(desk):
    view = save(
        desk.engineer, tier="urgent", status="nonsense", sort="-updated", view="all", requester="7", after="3"
    )
    assert view.params == {"tier": "urgent", "sort": "-updated"}
    by_person = save(desk.engineer, "By person", tier="urgent", lanes="assignee")
    assert by_person.params == {"tier": "urgent", "lanes": "assignee"}
    assert save(desk.engineer, "By colour", tier="urgent", lanes="colour").params == {"tier": "urgent"}
    with pytest.raises(InvalidInput):
        save(desk.engineer, requester="7")


def test_a_stored_view_does_no_more_than_the_address_even_if_it_was_tampered_with(engineer, desk):
    view = save(desk.engineer)
    SavedView.objects.filter(pk=view.pk).update(
        params={"tier": "urgent", "assignee__password": "x", "after": "1"}
    )
    page = engineer.get("/tickets/").text
    assert 'href="?tier=urgent">Urgent</a>' in page
    assert "password" not in page


def test_names_and_numbers_have_limits(desk):
    for wrong in (" ", "x" * 41):
        with pytest.raises(InvalidInput):
            save(desk.engineer, wrong)
    views = [save(desk.engineer, f"v{n}") for n in range(MOST_VIEWS)]
    with pytest.raises(InvalidInput):
        change_view(view_id=views[0].pk, actor=desk.engineer, name="v1", team=None, position=0)
    with pytest.raises(InvalidInput):
        save(desk.engineer)


def test_saving_from_the_board_makes_a_tab_of_board_and_list(engineer, desk):
    make_ticket(desk.customer)
    assert "/views/new/?tier=urgent&amp;from=board" in engineer.get("/board/?tier=urgent").text
    sent = engineer.post("/views/new/?tier=urgent&from=board", {"name": "Fires"})
    assert sent.headers["Location"] == "/board/?tier=urgent"
    for page in ("/board/", "/tickets/"):
        chosen = engineer.get(page + "?tier=urgent").text
        assert 'href="?tier=urgent" aria-current="page">Fires' in chosen
        assert "/views/new/" not in chosen
        assert 'href="?tier=urgent">Fires' in engineer.get(page).text


def test_the_form_of_a_view_comes_back_as_typed_and_saves(engineer, desk):
    view = save(desk.engineer)
    refused = engineer.post(f"/views/{view.pk}/", {"name": "", "position": "x"})
    assert refused.status_code == 422
    assert 'value="x"' in refused.text
    reports = Team.objects.get(code="reports")
    engineer.post(f"/views/{view.pk}/", {"name": "Ours", "team": reports.pk, "position": "2"})
    view.refresh_from_db()
    assert (view.name, view.team, view.position) == ("Ours", reports, 2)
    assert "Shared with" in engineer.get("/views/").text
    engineer.post(f"/views/{view.pk}/delete/")
    assert "No saved views yet." in engineer.get("/views/").text


def test_the_queries_are_as_many_for_ten_views_as_for_one(client, desk):
    client.force_login(desk.manager)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/views/").status_code == 200
        return len(captured)

    save(desk.engineer, team="reports")
    one = queries()
    for n in range(9):
        save(desk.engineer, f"v{n}", team="reports", q="月结", status="open")
    assert queries() == one


def test_who_sees_a_view_without_being_allowed_to_change_it_is_told_so(client, desk):
    shared = save(desk.manager, team="reports")
    client.force_login(desk.engineer)
    assert f"/views/{shared.pk}/" not in client.get("/views/").text
    assert client.get(f"/views/{shared.pk}/").status_code == 403
    assert client.post(f"/views/{shared.pk}/delete/").status_code == 403
    client.force_login(desk.engineer2)
    assert client.get(f"/views/{shared.pk}/").status_code == 404


def test_lanes_without_a_filter_are_worth_a_view_too_chosen_as_long_as_they_stand(engineer, desk):
    assert "/views/new/" not in engineer.get("/board/").text
    assert "/views/new/?lanes=assignee" in engineer.get("/board/?lanes=assignee").text
    engineer.post("/views/new/?lanes=assignee&from=board", {"name": "By person", "team": ""})
    lanes = engineer.get("/board/?lanes=assignee").text
    assert "/views/new/" not in lanes
    assert 'aria-current="page">By person' in lanes
    for other in ("/board/", "/board/?lanes=tier", "/board/?lanes=assignee&tier=urgent"):
        assert 'aria-current="page">All' in engineer.get(other).text

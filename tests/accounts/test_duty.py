"""Who is on duty for a team, and the roster in the admin site."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Duty, Leave, Organisation, Team
from accounts.selectors import on_duty
from tests.factories import NOON, make_desk

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def team(desk):
    return Team.objects.get(code="reports")


def duty(team, user, start=NOON, hours=8) -> Duty:
    return Duty.objects.create(team=team, user=user, starts_at=start, ends_at=start + hours * HOUR)


def test_a_duty_begins_at_its_start_and_is_over_at_its_end(desk, team):
    duty(team, desk.engineer)
    assert on_duty(team.pk, NOON - timedelta(microseconds=1)) is None
    assert on_duty(team.pk, NOON) == desk.engineer
    assert on_duty(team.pk, NOON + 8 * HOUR - timedelta(microseconds=1)) == desk.engineer
    assert on_duty(team.pk, NOON + 8 * HOUR) is None


def test_of_two_duties_the_one_that_began_last_counts(desk, team):
    duty(team, desk.engineer, NOON)
    duty(team, desk.manager, NOON + HOUR, hours=2)
    assert on_duty(team.pk, NOON + 2 * HOUR) == desk.manager
    assert on_duty(team.pk, NOON + 3 * HOUR) == desk.engineer


def test_another_teams_duty_is_not_ours(desk, team):
    duty(Team.objects.get(code="platform"), desk.engineer2)
    assert on_duty(team.pk, NOON) is None


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_bot": True}, {"role": "customer"}])
def test_who_is_gone_or_a_program_is_not_on_duty(desk, team, change):
    duty(team, desk.engineer)
    for name, value in change.items():
        setattr(desk.engineer, name, value)
    desk.engineer.save()
    assert on_duty(team.pk, NOON) is None


def test_who_is_on_leave_is_not_on_duty_and_the_other_is(desk, team):
    duty(team, desk.manager)
    duty(team, desk.engineer, NOON + HOUR)
    Leave.objects.create(user=desk.engineer, starts_at=NOON, ends_at=NOON + 3 * HOUR, updated_at=NOON)
    assert on_duty(team.pk, NOON + 2 * HOUR) == desk.manager
    assert on_duty(team.pk, NOON + 3 * HOUR) == desk.engineer


def test_who_has_left_the_team_is_not_on_duty_for_it(desk, team):
    duty(team, desk.engineer)
    desk.engineer.memberships.all().delete()
    assert on_duty(team.pk, NOON) is None


def test_a_duty_is_for_people_of_the_team_and_ends_after_it_begins(desk, team):
    with pytest.raises(ValidationError) as refused:
        Duty(team=team, user=desk.engineer2, starts_at=NOON, ends_at=NOON).full_clean()
    assert {"user", "ends_at"} <= set(refused.value.message_dict)
    Duty(team=team, user=desk.admin, starts_at=NOON, ends_at=NOON + HOUR).full_clean()


def test_the_roster_is_kept_in_the_admin_site(client, desk, team):
    client.force_login(desk.admin)
    fields = {
        "team": team.pk,
        "user": desk.engineer2.pk,
        "starts_at_0": "2026-03-04",
        "starts_at_1": "18:00",
        "ends_at_0": "2026-03-05",
        "ends_at_1": "09:00",
    }
    assert client.post("/admin/accounts/duty/add/", fields).status_code == 200
    assert not Duty.objects.exists()
    assert client.post("/admin/accounts/duty/add/", {**fields, "user": desk.engineer.pk}).status_code == 302
    assert on_duty(team.pk, NOON + 10 * HOUR) == desk.engineer


def test_organisations_are_told_apart_by_their_contract(client, desk):
    client.force_login(desk.admin)
    Organisation.objects.filter(code="hengxin").update(contract_level="gold")
    page = client.get("/admin/accounts/organisation/", {"contract_level__exact": "gold"}).text
    assert "恒信集团" in page
    assert "博远教育" not in page

"""The form made from an action's row of the workflow table."""

import pytest

from common.errors import InvalidInput
from tests.factories import act, make_desk, make_ticket, make_user
from tickets.forms.acting import FIELDS, ActionForm, label_of
from tickets.services.transition import Inputs
from tickets.workflow import ACTIONS

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


@pytest.mark.parametrize("code", sorted(ACTIONS))
def test_every_input_of_every_action_can_be_asked_for(desk, code):
    action = ACTIONS[code]
    form = ActionForm(action, make_ticket(desk.customer), {})
    assert set(form.fields) == {*action.requires, *action.accepts}
    assert form.is_valid() is not bool(action.requires)
    assert set(form.errors) == set(action.requires)


def test_nothing_is_asked_for_that_a_transition_does_not_take():
    assert set(FIELDS) == set(Inputs.__dataclass_fields__)


def test_only_people_of_the_team_can_be_chosen(desk):
    ticket = make_ticket(desk.customer)
    gone = make_user("gone@test.example", "engineer", is_active=False)
    gone.memberships.create(team=ticket.team)
    people = {person.pk for person in ActionForm(ACTIONS["assign"], ticket).fields["assignee"].queryset}
    assert people == {desk.engineer.pk, desk.manager.pk}
    assert not ActionForm(ACTIONS["assign"], ticket, {"assignee": desk.engineer2.pk}).is_valid()


def test_the_inputs_are_what_the_transition_takes(desk):
    ticket = make_ticket(desk.customer)
    form = ActionForm(ACTIONS["hand_over"], ticket, {"team": "platform", "note": "平台问题"})
    assert form.is_valid()
    assert act(ticket, "hand_over", desk.engineer, **vars(form.inputs)).team.code == "platform"


def test_the_present_team_and_tier_are_no_choice(desk):
    ticket = make_ticket(desk.customer)
    assert not ActionForm(ACTIONS["hand_over"], ticket, {"team": "reports"}).is_valid()
    assert not ActionForm(ACTIONS["set_tier"], ticket, {"tier": ticket.tier}).is_valid()


def test_what_a_service_refuses_stands_beside_its_field(desk):
    form = ActionForm(ACTIONS["assign"], make_ticket(desk.customer), {"assignee": desk.engineer.pk})
    assert form.is_valid()
    form.refuse(InvalidInput({"assignee": ["nein"], "elsewhere": ["auch nicht"]}))
    assert form.errors["assignee"] == ["nein"]
    assert form.non_field_errors() == ["auch nicht"]


def test_a_nul_character_is_refused(desk):
    form = ActionForm(ACTIONS["resolve"], make_ticket(desk.customer), {"resolution": "a\0b"})
    assert "resolution" in form.errors


def test_customers_read_other_words_on_their_buttons():
    assert label_of(ACTIONS["reject"], plain=True) == label_of(ACTIONS["reject"], plain=False)
    assert label_of(ACTIONS["cancel"], plain=True) != label_of(ACTIONS["cancel"], plain=False)


def test_drawing_a_form_asks_the_database_nothing(desk, django_assert_num_queries):
    form = ActionForm(ACTIONS["assign"], make_ticket(desk.customer))
    with django_assert_num_queries(0):
        assert desk.engineer.name in form.as_p()

"""The table of actions."""

import pytest

from tickets.triage import REASONS, Impact, propose
from tickets.vocabulary import OPEN, Status
from tickets.workflow import ACTIONS, BOARD_COLUMNS, Party, available, leading, target


def test_every_status_a_ticket_can_leave_leads_to_the_end():
    for status in OPEN | {Status.RESOLVED}:
        reached, frontier = set(), {status}
        while frontier:
            reached |= frontier
            frontier = {
                to for s in frontier for a in ACTIONS.values() if (to := a.moves.get(s)) and to not in reached
            }
        assert Status.CLOSED in reached


def test_nothing_leads_on_from_cancelled_or_merged():
    assert available(Status.CANCELLED, list(Party)) == []
    assert available(Status.MERGED, list(Party)) == []


def test_a_customer_may_only_confirm_reject_and_cancel():
    found = {a.code for s in BOARD_COLUMNS for a in available(s, [Party.REQUESTER])}
    assert found == {"confirm", "reject", "cancel"}


@pytest.mark.parametrize(
    ("source", "to", "action"),
    [
        ("new", "in_progress", "take"),
        ("new", "assigned", "assign"),
        ("assigned", "in_progress", "start"),
        ("in_progress", "waiting_customer", "wait_customer"),
        ("waiting_vendor", "in_progress", "resume"),
        ("in_progress", "resolved", "resolve"),
        ("resolved", "in_progress", "reopen"),
        ("in_progress", "new", None),
        ("new", "resolved", None),
        ("new", "new", None),
    ],
)
def test_a_drop_means_one_action_or_none(source, to, action):
    found = leading(source, to, [Party.AGENT])
    assert (found.code if found else None) == action


def test_an_unknown_action_has_no_target():
    assert target("explode", "new") is None


@pytest.mark.parametrize(
    ("impact", "consultation", "tier"),
    [
        (Impact(), False, "general"),
        (Impact(), True, "consultation"),
        (Impact(production_down="full"), False, "urgent"),
        (Impact(production_down="full"), True, "urgent"),
        (Impact(production_down="partial", deadline="month_end", workaround="none"), False, "urgent"),
        (Impact(production_down="partial", deadline="month_end", workaround="yes"), False, "general"),
        (Impact(users_affected="organisation", deadline="tax_filing", workaround="none"), False, "urgent"),
        (Impact(deadline="month_end", workaround="none"), True, "consultation"),
        (Impact(production_down="partial"), True, "general"),
    ],
)
def test_the_tier_follows_from_the_impact(impact, consultation, tier):
    assert propose(impact, is_consultation=consultation).tier == tier


def test_every_reason_has_words():
    whole = Impact(
        production_down="full", users_affected="department", deadline="tax_filing", workaround="none"
    )
    assert set(propose(whole).reasons) <= set(REASONS)

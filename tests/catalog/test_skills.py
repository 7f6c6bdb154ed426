"""What a ticket asks for, and who can do it."""

from datetime import date

import pytest

from catalog.skills import Abilities, Asked, Known, can_do

TODAY, TAX, FILING = date(2026, 3, 4), 7, 3


def able(*known: Known, held: dict[int, date | None] | None = None) -> Abilities:
    return Abilities(frozenset(known), held or {})


@pytest.mark.parametrize(
    ("own", "team", "asked", "can"),
    [
        ([], [], Asked(1, TAX), True),  # nobody has said anything
        ([], [Known(module=TAX)], Asked(1, TAX), False),
        ([], [Known(module=TAX)], Asked(1, 8), True),  # about another module nobody has
        ([Known(module=TAX)], [Known(1, TAX)], Asked(1, TAX), True),
        ([Known(2, TAX)], [Known(1, TAX)], Asked(1, TAX), False),
        ([Known(2)], [], Asked(2, None), True),
        ([], [Known(2)], Asked(None, None), True),  # a ticket that says nothing is anybody's
    ],
)
def test_a_skill_is_asked_for_only_where_somebody_of_the_team_has_it(own, team, asked, can):
    assert can_do(able(*own), asked, declared=[*own, *team], on=TODAY) is can


@pytest.mark.parametrize(
    ("held", "can"),
    [({}, False), ({FILING: None}, True), ({FILING: TODAY}, True), ({FILING: date(2026, 3, 3)}, False)],
)
def test_a_certificate_is_always_asked_for_and_valid_through_its_last_day(held, can):
    asked = Asked(1, TAX, frozenset({FILING}))
    assert can_do(able(Known(module=TAX), held=held), asked, declared=[], on=TODAY) is can

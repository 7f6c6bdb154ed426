"""The board over REST: a column comes a page at a time."""

import pytest

from tests.factories import act, make_ticket

BOARD = "/api/v1/board"


def fill(desk, count: int) -> list[str]:
    """Numbers of tickets in progress, in the order they fall due."""
    return [act(make_ticket(desk.customer), "take", desk.engineer).number for _each in range(count)]


def numbers(cards) -> list[str]:
    return [card["number"] for card in cards]


def test_what_a_column_holds_further_down_follows_without_gap_or_repetition(desk, api):
    filed, program = fill(desk, 5), api(desk.engineer)
    column = program.get(BOARD, {"per_column": 2}).json()["columns"][2]
    found = numbers(column["cards"])
    assert (column["count"], len(found)) == (5, 2)
    following = column["next"]
    while following:
        page = program.get(following).json()
        assert len(page["results"]) <= 2
        found += numbers(page["results"])
        following = page["next"]
    assert found == filed


def test_a_column_that_came_whole_leads_nowhere(desk, api):
    fill(desk, 2)
    columns = api(desk.engineer).get(BOARD, {"per_column": 2}).json()["columns"]
    assert [column["next"] for column in columns] == [None] * 6


def test_the_rest_of_a_column_keeps_the_filters_of_the_board(desk, api):
    fill(desk, 2)
    act(make_ticket(desk.customer), "take", desk.manager)
    program = api(desk.engineer)
    asked = {"per_column": 1, "assignee": "me"}
    page = program.get(program.get(BOARD, asked).json()["columns"][2]["next"]).json()
    assert (len(page["results"]), page["next"]) == (1, None)


@pytest.mark.parametrize("many", ["0", "51", "-1", "two", "²"])
def test_a_column_comes_one_to_fifty_at_a_time(desk, api, many):
    answer = api(desk.engineer).get(BOARD, {"per_column": many})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["per_column"])


def test_a_status_that_is_no_column_is_not_found(desk, api):
    assert api(desk.engineer).get(f"{BOARD}/closed").status_code == 404

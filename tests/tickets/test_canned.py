"""Placeholders, situations and the order of canned replies: no database."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.text import render_markdown
from tickets.canned import Facts, Place, ranked, render, situation_of, unknown

CALM = {
    "production_down": False, "category": "defect", "is_consultation": False,
    "reopened": False, "is_follow_up": False, "seen_before": False,
}  # fmt: skip


def shown(markdown: str) -> str:
    """What a reader sees, white space folded."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", render_markdown(markdown))).split())


def test_placeholders_are_filled_in_with_or_without_room_in_the_braces():
    assert (
        render("{{customer}}，您好：{{ number }}", {"customer": "陈静", "number": "LD-1"})
        == "陈静，您好：LD-1"
    )


def test_what_is_no_placeholder_is_named_once_and_so_are_braces_that_do_not_close():
    assert unknown("{{customer}} {{nam}} {{nam}} {{due") == ["nam", "{{"]
    assert unknown("{{客户}}") == ["客户"]
    assert unknown("a {b} c {{due}}") == []


def test_a_placeholder_without_a_value_shows_itself():
    assert render("bis {{gone}}", {}) == "bis ‹gone?›"


@pytest.mark.parametrize(
    "value", ["a*b*c", "_x_", "[x](http://a)", "<b>", "`x`", "R&amp;D", "# 1", "1. x", "- x", "==="]
)
def test_a_value_reads_as_it_was_written_wherever_it_stands(value):
    for text in (
        "{{subject}}",
        "> {{subject}}",
        "- {{subject}}",
        "**关于** {{subject}} 的回复",
        "看\n{{subject}}",
    ):
        assert value in shown(render(text, {"subject": value})), text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30))
def test_no_value_is_ever_markup(value):
    assert shown(render("x {{subject}} y", {"subject": value})) == f"x {value} y"


def test_plain_values_are_left_alone():
    for value in ("月结报表看不到", "ORA-00060 (gl_voucher)", "R&D", "a > b!"):
        assert render("{{subject}}", {"subject": value}) == value


@pytest.mark.parametrize(
    ("facts", "situation"),
    [
        ({}, "none"),
        ({"production_down": True, "reopened": True}, "outage"),
        ({"category": "outage"}, "outage"),
        ({"reopened": True, "category": "performance"}, "repeated"),
        ({"is_follow_up": True}, "repeated"),
        ({"seen_before": True}, "repeated"),
        ({"category": "performance"}, "slow"),
        ({"is_consultation": True}, "how_to"),
    ],
)
def test_the_situation_is_told_from_the_ticket(facts, situation):
    assert situation_of(Facts(**{**CALM, **facts})) == situation


def test_what_fits_the_situation_comes_first_then_the_module_then_use():
    places = [
        Place("none", None, None, 50, "any"),
        Place("none", None, 7, 1, "module"),
        Place("none", None, 8, 90, "other module"),
        Place("slow", None, None, 99, "other opening"),
        Place("outage", None, None, 0, "opening"),
        Place("outage", None, None, 5, "opening used"),
    ]
    order = ranked(places, situation="outage", product=1, module=7)
    assert [places[n].name for n in order] == [
        "opening used", "opening", "module", "any", "other module", "other opening",
    ]  # fmt: skip

"""Text people typed: cleaned for storage, rendered for reading."""

import re
import time

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from common.text import clean_line, clean_text, render_markdown


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  结账\0  ", "结账"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("列\t表", "列\t表"),
        ("e\u0301", "é"),
        ("\x1b[31m红", "[31m红"),
        ("半\ud800个", "半个"),
        (" \n ", ""),
    ],
)
def test_what_cannot_be_stored_or_read_is_taken_out(typed, stored):
    assert clean_text(typed) == stored


def test_a_line_has_no_breaks_and_single_spaces():
    assert clean_line(" 月结\r\n 报表\t 看不到 ") == "月结 报表 看不到"


@given(st.text())
def test_cleaning_twice_is_cleaning_once_and_the_result_can_be_stored(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "\0" not in cleaned
    cleaned.encode()


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**好**", "<p><strong>好</strong></p>"),
        ("一\n二", "<p>一<br>\n二</p>"),
        ("1. 甲\n2. 乙", "<ol>\n<li>甲</li>\n<li>乙</li>\n</ol>"),
        ("~~旧~~", "<p><s>旧</s></p>"),
        ("`ORA-00060`", "<p><code>ORA-00060</code></p>"),
    ],
)
def test_markdown_becomes_html(markdown, html):
    assert render_markdown(markdown).strip() == html


def test_a_table_becomes_a_table():
    assert "<td>100</td>" in render_markdown("| 借 | 贷 |\n|---|---|\n| 100 | 100 |")


def test_links_tell_nobody_where_they_were_followed():
    html = render_markdown("[看](https://desk.example/a)")
    assert 'href="https://desk.example/a"' in html
    assert "noopener" in html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://spy.example/pixel.png)",
        "<iframe src=//x></iframe>",
        "<p style='position:fixed'>x</p>",
        "<svg/onload=alert(1)>",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<https://a.example/\"onclick='alert(1)'>",
    ],
)
def test_nothing_that_runs_or_calls_home_comes_through(attack):
    html = render_markdown(attack)
    tags = re.findall(r"<[^>]*>", html)
    for tag in tags:
        assert not re.match(r"</?(script|img|iframe|svg|object|style)", tag, re.IGNORECASE), html
        assert not re.search(
            r"\son\w+\s*=|style\s*=|(java|vb)script:|data:", re.sub(r'title="[^"]*"', "", tag), re.I
        )


@given(st.text(st.sampled_from("<>[]()!*_`#|-&\"'=:/ abjs结\n"), max_size=80))
def test_any_text_renders_to_allowed_tags_alone(text):
    allowed = {
        "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
        "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert set(re.findall(r"</?([a-z0-9]+)", render_markdown(text))) <= allowed


@pytest.mark.parametrize("piece", ["[", "![", "*_", "**a ", "`a", "<a ", "&#", "|"])
def test_a_text_of_little_but_marks_is_shown_as_it_stands_and_at_once(piece):
    text = (piece * 20_000)[:20_000]
    began = time.process_time()
    html = render_markdown(text)
    assert time.process_time() - began < 0.2
    assert html == f'<pre tabindex="0">{escape(text)}</pre>'


def test_a_long_text_with_some_marks_is_still_markdown():
    assert "<strong>" in render_markdown("**凭证** 已经生成。\n" * 400)

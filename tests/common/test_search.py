"""Chinese and mixed text as lexemes and queries, asked of a real Postgres."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.search import all_of, any_of, document, markable, score
from common.search.engine import EVERYDAY, MAX_CHARACTERS, MAX_TERMS, RARE, telling_words
from knowledgebase.models import Article
from tests.factories import make_article, make_desk

pytestmark = pytest.mark.django_db

ONE_ROW = settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
FINANCE = st.sampled_from("结账反过凭证未记总明细对不平数电票增值税用友金蝶的了")
ANY_TEXT = st.text(
    st.one_of(st.characters(), HAN, FINANCE, st.sampled_from("'\\&|!:*<->()\0 \n_-./#+AaＡ０")), max_size=200
)


@pytest.fixture
def row():
    """Something with a search column."""
    make_desk()
    return make_article("row").pk


def holds(row, text, query):
    rows = Article.objects.filter(pk=row)
    rows.update(search=document({"A": text}))
    return query is not None and rows.filter(search=query).exists()


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("月末结账做不了", "结账"),
        ("月末结账做不了", "结"),
        ("先反过账再改凭证", "反过账"),
        ("先反过账再改凭证", "凭"),
        ("打开用友 NC65 很慢", "nc65"),
        ("打开用友 NC65 很慢", "ＮＣ６５"),
        ("打开用友NC65很慢", "NC65"),
        ("日志 ORA-00060: deadlock", "ORA-00060"),
        ("日志 ORA-00060: deadlock", "ora00060"),
        ("日志 ORA_00060", "ORA-00060"),
        ("日志 ORA-00060: deadlock", "00060"),
        ("版本 2020.05", "2020.05"),
        ("用友 U8+ 打印", "u8"),
        ("用友 U8 打印", "U8+"),
        ("公司 Müller", "MÜLLER"),
        ("二〇二六年", "二〇"),
        ("𠮷野家", "𠮷"),
        ("C:\\temp\\结账.log", "c:\\temp"),
    ],
)
def test_found(row, text, q):
    assert holds(row, text, all_of(q))


@pytest.mark.parametrize(("text", "q"), [("结算账户", "结账"), ("NC65", "NC6"), ("ORA-00060", "ORA-00600")])
def test_not_found(row, text, q):
    assert not holds(row, text, all_of(q))


def test_all_of_wants_everything_and_any_of_a_word(row):
    text = "月末结账提示还有未记账凭证"
    assert holds(row, text, all_of("结账 凭证"))
    assert not holds(row, text, all_of("结账 打印"))
    assert holds(row, text, any_of("结账 打印"))
    assert not holds(row, text, any_of("登录 打印"))


@pytest.mark.parametrize("q", ["", " ", "，。！", "'", "\0", "&|!", "___"])
def test_where_there_is_nothing_to_look_for_there_is_no_query(q):
    assert all_of(q) is None
    assert any_of(q) is None


def test_stop_words_and_lone_characters_suggest_nothing():
    assert set(telling_words("请问我们怎么办，这个凭证为什么不能")) == {"凭证"}
    assert any_of("我 的 the of x") is None


def test_rare_words_and_codes_tell_more_than_everyday_ones():
    words = telling_words("系统提示反结账 ORA-00060")
    assert words["系统"] == EVERYDAY
    assert words["反结账"] == words["ora00060"] == RARE


def test_the_score_grows_with_rarity_and_weight(row):
    rows = Article.objects.filter(pk=row)

    def scored(weighted, q):
        rows.update(search=document(weighted))
        return rows.annotate(s=score("search", q)).values_list("s", flat=True).get()

    assert scored({"A": "反结账"}, "反结账") > scored({"D": "反结账"}, "反结账") > 0
    assert scored({"A": "反结账 系统"}, "反结账") > scored({"A": "反结账 系统"}, "系统") > 0
    assert scored({"A": "打印"}, "登录") == scored({"A": "打印"}, "") == 0


@given(text=ANY_TEXT)
@ONE_ROW
def test_any_text_can_be_indexed_and_is_found_by_itself(row, text):
    query = all_of(text)
    assert holds(row, text, query) == (query is not None)
    suggestion = any_of(text)
    assert holds(row, text, suggestion) == (suggestion is not None)


@given(text=ANY_TEXT, q=ANY_TEXT)
@ONE_ROW
def test_any_text_can_be_searched_scored_and_marked(row, text, q):
    holds(row, text, all_of(q))
    holds(row, text, any_of(q))
    Article.objects.filter(pk=row).annotate(s=score("search", q)).values_list("s").get()
    markable(q)


@given(run=st.text(HAN, min_size=1, max_size=40), data=st.data())
@ONE_ROW
def test_every_part_of_a_chinese_text_is_found(row, run, data):
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert holds(row, run, all_of(run[start:end]))


@pytest.mark.parametrize(
    "text",
    [
        "结账" * 5000,
        "x" * 10_000,
        "a-" * 5000,
        "'" * 10_000,
        "结 " * 5000,
        "\ufdfa" * MAX_CHARACTERS,
        "".join(chr(0x20000 + n) for n in range(MAX_CHARACTERS)),
        "".join(f"{n}a-" for n in range(5000)),
    ],
)
def test_very_long_text_is_indexed_and_searched(row, text):
    began = time.monotonic()
    holds(row, text, all_of(text))
    holds(row, text, any_of(text))
    assert len(telling_words(text)) <= MAX_TERMS
    assert time.monotonic() - began < 20


def test_texts_share_what_a_column_can_hold(row):
    text = "".join(chr(0x4E00 + n) for n in range(20_000))
    Article.objects.filter(pk=row).update(search=document(dict.fromkeys("ABCD", text)))

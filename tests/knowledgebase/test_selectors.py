"""What readers find in the handbook."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from catalog.models import Module, Product
from common.errors import InvalidInput
from common.search import all_of, any_of
from knowledgebase.models import Article
from knowledgebase.selectors import matching, overview, read, search
from knowledgebase.services.solving import record_self_service
from tests.factories import NOON, make_article, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


def keys(articles):
    return [article.key for article in articles]


def found(user, q, language="zh-hans", **more):
    return keys(search(user, q, language=language, **more).articles)


@pytest.fixture
def shelf(desk):
    make_article("close", "结账时提示还有未记账凭证", symptom="点「结账」没有反应。", modules=("gl",))
    make_article("unpost", "已过账的凭证要改：反过账怎么做", symptom="凭证已记账，改不了。", modules=("gl",))
    make_article("nc65", "打开很慢", products=("yonyou-nc65",), symptom="打开单据要等一分钟。")
    make_article("deadlock", "合并任务不动", cause="日志里有 ORA-00060。", visibility="internal")
    return desk


@pytest.mark.parametrize(
    ("q", "key"),
    [
        ("结账", "close"),
        ("反过账", "unpost"),
        ("反过", "unpost"),
        ("NC65", "nc65"),
        ("nc65", "nc65"),
        ("ＮＣ６５", "nc65"),
        ("NC 65", "nc65"),
        ("ORA-00060", "deadlock"),
        ("ora-00060", "deadlock"),
        ("ORA00060", "deadlock"),
        ("00060", "deadlock"),
        ("慢", "nc65"),
    ],
)
def test_words_of_any_length_and_codes_are_found(shelf, q, key):
    assert found(shelf.engineer, q)[0] == key


def test_a_single_character_finds_all_that_hold_it(shelf):
    assert sorted(found(shelf.engineer, "凭")) == ["close", "unpost"]


@pytest.mark.parametrize("q", ["qwxyz", "鹦鹉骑自行车", "!!!", "、。"])
def test_nonsense_finds_nothing(shelf, q):
    assert found(shelf.engineer, q) == []
    assert matching(shelf.engineer, q, language="zh-hans") == []


NASTY = [
    "'",
    "\\",
    "'' \\'",
    "a & b | !c",
    ":*",
    "<->",
    "结账'; --",
    "结\\账",
    "\0",
    "a\0b",
    "(",
    "''':A",
    "\ud800",
]


@pytest.mark.parametrize("q", [*NASTY, "结账" * 5000, "x" * 10_000, "a-" * 5000, "结 " * 5000])
def test_no_text_breaks_the_search(shelf, q):
    search(shelf.engineer, q, language="zh-hans")
    matching(shelf.engineer, q, language="zh-hans")


def test_customers_are_offered_public_articles_only_and_strangers_none(shelf):
    assert found(shelf.customer, "ORA-00060") == []
    assert keys(matching(shelf.customer, "合并任务不动", language="zh-hans")) == []
    assert keys(matching(shelf.engineer, "合并任务不动", language="zh-hans")) == ["deadlock"]
    assert found(AnonymousUser(), "") == []
    assert read(shelf.customer, "deadlock", language="zh-hans") is None


def test_one_version_an_article_in_the_readers_language_or_else_the_other(desk):
    make_article("both", "打印空白")
    make_article("both", "Blank print", language="en")
    make_article("only-zh", "打印机打印慢")
    assert found(desk.customer, "", "en") == ["both", "only-zh"]
    assert [a.language for a in search(desk.customer, language="en").articles] == ["en", "zh-hans"]
    reading = read(desk.customer, "both", language="en")
    assert (reading.article.title, reading.other_languages) == ("Blank print", ["zh-hans"])
    assert read(desk.customer, "only-zh", language="en").article.language == "zh-hans"


def test_a_version_that_is_internal_does_not_hide_the_public_one(desk):
    make_article("both", "打印空白")
    make_article("both", "Blank print", language="en", visibility="internal")
    assert [a.language for a in search(desk.customer, language="en").articles] == ["zh-hans"]
    assert [a.language for a in search(desk.engineer, language="en").articles] == ["en"]
    assert read(desk.customer, "both", language="en").other_languages == []


def test_the_title_weighs_more_than_the_symptom_and_what_lies_far_behind_is_not_offered(desk):
    make_article("c-title", "打印空白")
    make_article("b-symptom", "登录不上", symptom="打印空白")
    make_article("a-cause", "登录不上", symptom="不动", cause="和打印空白那篇一样。")
    assert keys(matching(desk.customer, "打印空白", language="zh-hans")) == ["c-title", "b-symptom"]
    assert found(desk.customer, "打印空白") == ["c-title", "b-symptom", "a-cause"]


def test_the_right_product_and_module_come_first_and_a_wrong_product_last(desk):
    same = {"symptom": "打印空白", "modules": ("platform",)}
    make_article("any", "打印空白", **same)
    make_article("galaxy", "打印空白", **{**same, "products": ("kingdee-galaxy",)})
    make_article("u8", "打印空白", **{**same, "products": ("yonyou-u8",)})
    make_article("gl", "打印空白", **{**same, "modules": ("gl",)})
    product, module = Product.objects.get(code="yonyou-u8"), Module.objects.get(code="gl")
    offered = matching(desk.customer, "打印空白", product=product, module=module, language="zh-hans", limit=9)
    assert keys(offered) == ["gl", "u8", "any", "galaxy"]
    assert found(desk.customer, "打印", product=product) == ["any", "gl", "u8"]
    assert found(desk.customer, "打印", module=module) == ["gl"]


def test_no_more_than_the_limit_is_offered(desk):
    for number in range(5):
        make_article(f"a{number}")
    assert len(matching(desk.customer, "打印空白", language="zh-hans")) == 3


@pytest.mark.parametrize("q", ["", "打印"])
def test_pages_follow_each_other_without_gap_or_double(desk, q):
    for number in range(7):
        make_article(f"a{number}", "打印" if number % 2 else "怎么打印凭证")
    seen, cursor = [], ""
    while True:
        page = search(desk.customer, q, cursor, language="zh-hans", size=3)
        seen += keys(page.articles)
        if not (cursor := page.next_cursor):
            break
    assert len(seen) == len(set(seen)) == 7


def test_a_made_up_cursor_is_refused(desk):
    with pytest.raises(InvalidInput):
        search(desk.customer, "打印", "x", language="zh-hans")


def test_the_overview_has_a_shelf_a_module_and_the_most_helpful_first(desk):
    for number in range(7):
        make_article(f"a{number}", modules=("gl", "tax"))
    article = make_article("helpful", modules=("tax",))
    record_self_service(article=article, user=desk.customer, query="打印", at=NOON)
    gl, tax = overview(desk.customer, language="zh-hans")
    assert (gl.module.code, gl.count, len(gl.articles)) == ("gl", 7, 5)
    assert (tax.module.code, tax.count, keys(tax.articles)[:2]) == ("tax", 8, ["helpful", "a0"])


def test_the_number_of_queries_does_not_grow(desk, django_assert_max_num_queries):
    for number in range(20):
        make_article(f"a{number}", products=("yonyou-u8",))
    with django_assert_max_num_queries(4):
        for article in matching(desk.customer, "打印空白", language="zh-hans", limit=20):
            assert article.steps.all()[0].title
    with django_assert_max_num_queries(4):
        search(desk.customer, "打印", language="zh-hans")
    with django_assert_max_num_queries(2):
        overview(desk.customer, language="zh-hans")


def test_the_index_is_used(desk):
    make_article("a")
    with connection.cursor() as cursor:
        # With a handful of rows reading them all is cheaper; forbidden, the planner has to find the index.
        cursor.execute("SET LOCAL enable_seqscan = off")
    for query in (any_of("打印空白"), all_of("印空")):
        assert "article_search" in Article.objects.filter(search=query).explain()

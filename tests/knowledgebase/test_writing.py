"""Saving an article."""

import pytest

from catalog.models import Product
from common.errors import InvalidInput
from knowledgebase.content import StepText
from knowledgebase.models import Article
from knowledgebase.presenting import as_reply, marked
from knowledgebase.selectors import search
from knowledgebase.services.writing import reindex
from tests.factories import make_article, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "长" * 161),
        ("symptom", ""),
        ("cause", "\0"),
        ("steps", ()),
        ("steps", (StepText("做", "做什么", ""),)),
        ("steps", (StepText("长" * 161, "做什么", "好了"),)),
        ("modules", ()),
        ("modules", ("nowhere",)),
        ("products", ("abacus",)),
        ("keywords", ("长" * 41,)),
        ("visibility", "secret"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_field_and_nothing_is_stored(desk, field, value):
    with pytest.raises(InvalidInput) as refused:
        make_article("a", **{"title": "打印", **{field: value}})
    assert set(refused.value.fields) == {field}
    assert not Article.objects.exists()


def test_a_bad_key_is_refused(desk):
    with pytest.raises(InvalidInput) as refused:
        make_article("不是 key")
    assert set(refused.value.fields) == {"key"}


def test_steps_are_numbered_in_order_and_surplus_ones_go(desk):
    steps = tuple(StepText(name, "做", "好") for name in "甲乙丙")
    article = make_article("a", steps=steps)
    make_article("a", steps=steps[1:])
    assert list(article.steps.values_list("position", "title")) == [(1, "乙"), (2, "丙")]


def test_text_is_cleaned(desk):
    article = make_article("a", " 打印\0空白\r\n ", keywords=("白纸", " 白纸 ", ""))
    assert (article.title, article.keywords) == ("打印空白", ["白纸"])


def test_every_part_is_found_and_an_edit_forgets_the_old_words(desk):
    words = {
        "title": "标题甲",
        "symptom": "现象乙",
        "cause": "原因丙",
        "steps": (StepText("步骤丁", "操作戊", "结果己"),),
        "keywords": ("ORA-01652",),
        "products": ("yonyou-nc65",),
    }
    make_article("a", **words)
    for q in ("甲", "乙", "丙", "丁", "戊", "己", "ora-01652", "NC65", "Platform"):
        assert search(desk.engineer, q, language="zh-hans").articles, q
    make_article("a", **{**words, "title": "标题庚"})
    assert not search(desk.engineer, "甲", language="zh-hans").articles


def test_a_product_that_is_renamed_is_found_by_its_new_name_once_reindexed(desk):
    make_article("a", products=("yonyou-nc65",))
    Product.objects.filter(code="yonyou-nc65").update(name_en="Yonyou Classic")
    assert reindex(Article.objects.all()) == 1
    assert search(desk.engineer, "classic", language="zh-hans").articles


def test_a_very_long_article_is_indexed_as_far_as_an_index_holds(desk):
    different = "".join(chr(0x4E00 + number % 20_000) for number in range(30_000))
    make_article("a", symptom=different, cause=different, steps=(StepText("做", different, "x-" * 9000),))
    assert search(desk.engineer, different[:4], language="zh-hans").articles


def test_a_reply_is_markdown_in_the_articles_language_with_numbered_steps_and_a_link(desk):
    steps = (StepText("看预览", "点一下：\n\n- 预览", "有内容"), StepText("换纸", "A4", "一样"))
    text = as_reply(make_article("blank", "打印空白", steps=steps))
    assert text.startswith("**打印空白**\n\n预览正常")
    assert "\n\n1. **看预览**\n\n   点一下：\n\n   - 预览\n" in text
    assert "\n\n2. **换纸**" in text
    assert "/handbook/blank/>" in text
    english = as_reply(make_article("blank", "Blank", language="en", steps=steps))
    assert "You should see: 有内容" in english


def test_found_words_are_marked_and_markup_stays_text():
    assert marked("结账 <b> 反结账", "反结账") == "<mark>结账</mark> &lt;b&gt; <mark>反结账</mark>"
    assert marked("ORA-00060 & Co", "ora-00060") == "<mark>ORA-00060</mark> &amp; Co"
    assert marked("<i>", "") == "&lt;i&gt;"

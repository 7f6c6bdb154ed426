"""Writing articles in the admin site."""

import re

import pytest

from catalog.models import Module, Product
from knowledgebase.models import Article
from knowledgebase.selectors import search
from tests.factories import make_article, make_desk, make_ticket

pytestmark = pytest.mark.django_db
ADD = "/admin/knowledgebase/article/add/"


@pytest.fixture
def desk(client):
    desk = make_desk()
    client.force_login(desk.admin)
    return desk


def typed(*steps, initial=0, **fields):
    values = {
        "key": "blank",
        "language": "zh-hans",
        "visibility": "public",
        "title": "打印空白",
        "symptom": "白纸",
        "cause": "纸张",
        "modules": [Module.objects.get(code="platform").pk],
        "keywords": "白纸，ORA-00060、 ",
        "steps-TOTAL_FORMS": len(steps),
        "steps-INITIAL_FORMS": initial,
    }
    for number, step in enumerate(steps):
        for name, value in {"instruction": "做", "expected": "好", **step}.items():
            values[f"steps-{number}-{name}"] = value
    return {**values, **fields}


def change(article):
    return f"/admin/knowledgebase/article/{article.pk}/change/"


def test_an_article_is_stored_with_its_steps_in_order_and_found_at_once(client, desk):
    steps = [{"place": "", "title": "末"}, {"place": 20, "title": "后"}, {"place": 3, "title": "先"}]
    assert client.post(ADD, typed(*steps)).status_code == 302
    article = Article.objects.get()
    assert list(article.steps.values_list("position", "title")) == [(1, "先"), (2, "后"), (3, "末")]
    assert article.keywords == ["白纸", "ORA-00060"]
    assert search(desk.customer, "ora00060", language="zh-hans").articles == [article]


def test_steps_change_places_go_and_come(client, desk):
    article = make_article("blank")
    client.post(change(article), typed({"place": 1, "title": "甲"}, {"place": 2, "title": "乙"}))
    rows = dict(article.steps.values_list("title", "pk"))
    steps = [
        {"place": 2, "title": "甲", "id": rows["甲"], "article": article.pk},
        {"place": 1, "title": "乙", "id": rows["乙"], "article": article.pk},
        {"place": 3, "title": "丙"},
    ]
    assert client.post(change(article), typed(*steps, initial=2)).status_code == 302
    assert [step.title for step in article.steps.all()] == ["乙", "甲", "丙"]
    rows = list(article.steps.values_list("pk", flat=True))
    steps = [
        {"place": n, "title": t, "id": rows[n - 1], "article": article.pk} for n, t in ((1, "乙"), (2, "甲"))
    ]
    steps[0]["DELETE"] = "on"
    assert client.post(change(article), typed(*steps, initial=2)).status_code == 302
    assert [step.title for step in article.steps.all()] == ["甲"]


@pytest.mark.parametrize(
    ("steps", "fields"),
    [
        ([], {}),
        ([{"place": 1, "title": ""}], {}),
        ([{"place": 1, "title": "\x01"}], {}),
        ([{"place": 1, "title": "长" * 161}], {}),
        ([{"place": 1, "title": "做", "expected": " "}], {}),
        ([{"place": 1, "title": "做"}], {"title": ""}),
        ([{"place": 1, "title": "做"}], {"cause": "\x01"}),
        ([{"place": 1, "title": "做"}], {"key": "不行"}),
        ([{"place": 1, "title": "做"}], {"modules": []}),
        ([{"place": 1, "title": "做"}], {"keywords": "长" * 41}),
        ([{"place": 1, "title": "做"}], {"visibility": "secret"}),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_stored(client, desk, steps, fields):
    page = client.post(ADD, typed(*steps, **fields))
    assert page.status_code == 200
    assert "errorlist" in page.text
    assert not Article.objects.exists()


def test_a_key_has_one_version_a_language_and_stays(client, desk):
    article = make_article("blank", "原来的")
    page = client.post(ADD, typed({"place": 1, "title": "做"}))
    assert page.status_code == 200
    assert Article.objects.get().title == "原来的"
    rows = list(article.steps.values_list("pk", flat=True))
    step = {"place": 1, "title": "做", "id": rows[0], "article": article.pk}
    client.post(change(article), typed(step, initial=1, key="other", language="en"))
    assert Article.objects.values_list("key", "language").get() == ("blank", "zh-hans")


def test_an_article_from_a_file_cannot_be_deleted_but_one_written_here_can(client, desk):
    from_file = make_article("blank")
    Article.objects.update(source_digest="x")
    here = make_article("mine")
    for article in (from_file, here):
        client.post(f"/admin/knowledgebase/article/{article.pk}/delete/", {"post": "yes"})
    assert list(Article.objects.values_list("key", flat=True)) == ["blank"]


def test_the_list_is_searched_as_the_handbook_is(client, desk):
    make_article("blank", "打印空白")
    make_article("close", "结账", symptom="ORA-00060")
    page = client.get("/admin/knowledgebase/article/", {"q": "ora00060"}).text
    assert "结账" in page
    assert "打印空白" not in page


def test_a_code_in_use_stays_and_a_thing_in_use_is_not_deleted(client, desk):
    make_ticket(desk.customer, module="reports")
    make_article("blank", modules=("tax",), products=("yonyou-u8",))
    for name, thing in (("module", "reports"), ("module", "tax"), ("product", "yonyou-u8")):
        model = {"module": Module, "product": Product}[name]
        base = f"/admin/catalog/{name}/{model.objects.get(code=thing).pk}"
        assert not re.search(r'<input[^>]*name="code"', client.get(f"{base}/change/").text)
        assert client.post(f"{base}/delete/", {"post": "yes"}).status_code == 403
    free = Product.objects.get(code="sap-s4hana").pk
    assert 'name="code"' in client.get(f"/admin/catalog/product/{free}/change/").text
    assert client.post(f"/admin/catalog/product/{free}/delete/", {"post": "yes"}).status_code == 302


def test_articles_are_found_by_a_products_new_name_at_once(client, desk):
    article = make_article("blank", products=("yonyou-u8",))
    product = Product.objects.get(code="yonyou-u8")
    fields = {
        "name_zh": "用友优八",
        "name_en": "U-Eight",
        "position": 1,
        "is_active": "on",
        "vendor": "Yonyou",
    }
    assert client.post(f"/admin/catalog/product/{product.pk}/change/", fields).status_code == 302
    assert search(desk.customer, "优八", language="zh-hans").articles == [article]


def test_a_saved_article_leaves_where_it_came_from_as_it_was(client, desk):
    Article.objects.filter(pk=make_article("blank").pk).update(source_digest="x")
    text = {"title": "改", "symptom": "改", "cause": "改"}
    article = Article.objects.get()
    step = {"place": 1, "title": "改", "id": article.steps.get().pk, "article": article.pk}
    client.post(change(article), typed(step, initial=1, **text))
    article.refresh_from_db()
    assert (article.title, article.source_digest) == ("改", "x")

"""The handbook over REST."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from tests.factories import make_article, make_desk

pytestmark = pytest.mark.django_db
ARTICLES = "/api/v1/handbook/articles"


@pytest.fixture
def desk():
    desk = make_desk()
    make_article("blank", "打印空白", products=("yonyou-u8",))
    make_article("blank", "Blank print", language="en", products=("yonyou-u8",))
    make_article("deadlock", "合并死锁", visibility="internal", modules=("reports",), cause="ORA-00060")
    return desk


def program(user, **headers):
    _row, token = AuthToken.objects.create(user=user)
    return Client(headers={"Authorization": f"Token {token}", **headers})


def keys(answer):
    assert answer.status_code == 200, answer.text
    return [entry["key"] for entry in answer.json()["results"]]


def test_an_entry_says_all_of_an_article(desk):
    page = program(desk.customer).get(ARTICLES, {"q": "打印"}).json()
    (entry,) = page["results"]
    assert page["next"] is None
    assert entry.pop("updated_at").endswith("Z")
    assert entry == {
        "key": "blank",
        "language": "zh-hans",
        "title": "打印空白",
        "symptom": "预览正常，打出来是一张白纸。",
        "cause": "模板的纸张比打印机里的大。",
        "visibility": "public",
        "products": ["yonyou-u8"],
        "modules": ["platform"],
        "versions": "",
        "steps": [
            {
                "position": 1,
                "title": "核对纸张",
                "instruction": "打开「打印设置」。",
                "expected": "两边一样大。",
            }
        ],
    }


def test_customers_read_public_articles_and_staff_all(desk):
    assert keys(program(desk.customer).get(ARTICLES)) == ["blank"]
    assert keys(program(desk.engineer).get(ARTICLES)) == ["blank", "deadlock"]
    assert keys(program(desk.engineer).get(ARTICLES, {"q": "ORA-00060"})) == ["deadlock"]
    assert program(desk.customer).get(f"{ARTICLES}/deadlock").status_code == 404
    assert program(desk.engineer).get(f"{ARTICLES}/deadlock").json()["title"] == "合并死锁"
    assert Client().get(ARTICLES).status_code == 401


def test_the_language_is_the_one_asked_for_or_the_callers(desk):
    def title(client, **params):
        return client.get(f"{ARTICLES}/blank", params).json()["title"]

    assert title(program(desk.customer)) == "打印空白"
    assert title(program(desk.customer), language="en") == "Blank print"
    assert title(program(desk.customer, **{"Accept-Language": "en"})) == "Blank print"


def test_product_and_module_narrow_the_list(desk):
    engineer = program(desk.engineer)
    assert keys(engineer.get(ARTICLES, {"module": "reports"})) == ["deadlock"]
    assert keys(engineer.get(ARTICLES, {"product": "yonyou-u8"})) == ["blank", "deadlock"]
    assert keys(engineer.get(ARTICLES, {"product": "sap-s4hana"})) == ["deadlock"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("product", "nope"),
        ("module", "nope"),
        ("language", "fr"),
        ("cursor", "nope"),
        ("cursor", "é"),
        ("module", "x\n"),
    ],
)
def test_what_means_nothing_is_refused_by_name(desk, name, value):
    answer = program(desk.engineer).get(ARTICLES, {name: value, "q": "打印"})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [name]


@pytest.mark.parametrize("params", [{}, {"q": "打印"}])
def test_pages_of_fifty_follow_each_other(desk, params):
    for number in range(60):
        make_article(f"print-{number:02}")
    client = program(desk.customer)
    first = client.get(ARTICLES, params)
    second = client.get(first.json()["next"])
    assert len(keys(first)) == 50
    assert second.json()["next"] is None
    assert len({*keys(first), *keys(second)}) == 61


def test_a_page_takes_as_many_queries_for_many_articles_as_for_few(desk):
    client = program(desk.engineer)

    def counted():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ARTICLES, {"q": "打印"}).status_code == 200
        return len(queries)

    counted()
    few = counted()
    for number in range(20):
        make_article(f"print-{number:02}")
    assert counted() == few <= 8

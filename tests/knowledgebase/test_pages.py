"""The handbook's screens."""

import pytest

from knowledgebase.models import SelfService
from tests.factories import make_article, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    desk = make_desk()
    make_article("blank", "打印空白", keywords=("白纸",))
    make_article("blank", "Blank print", language="en")
    make_article("deadlock", "合并死锁", visibility="internal", modules=("reports",))
    return desk


@pytest.fixture
def as_(client, desk):
    def sign_in(name):
        client.force_login(getattr(desk, name))
        return client

    return sign_in


@pytest.mark.parametrize("path", ["", "blank/", "suggestions/?q=打印"])
def test_nobody_reads_without_signing_in(client, desk, path):
    assert client.get(f"/handbook/{path}").status_code == 302


def test_the_shelves_show_what_the_reader_may_read(as_):
    page = as_("customer").get("/handbook/").text
    assert "打印空白" in page
    assert "合并死锁" not in page
    assert "合并死锁" in as_("engineer").get("/handbook/").text


def test_a_search_marks_the_words_and_an_htmx_request_gets_the_results_alone(as_):
    page = as_("customer").get("/handbook/", {"q": "空白"}).text
    assert "打印<mark>空白</mark>" in page
    assert "<html" in page
    part = as_("customer").get("/handbook/", {"q": "空白"}, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "打印<mark>空白</mark>" in part.text
    assert "HX-Request" in part.headers["Vary"]


def test_the_next_rows_come_alone_and_end(as_, desk):
    for number in range(51):
        make_article(f"print-{number:02}")
    client = as_("customer")
    page = client.get("/handbook/", {"module": "platform"})
    cursor = page.context["page"].next_cursor
    assert f"cursor={cursor}" in page.text
    more = client.get("/handbook/", {"module": "platform", "cursor": cursor}, headers={"HX-Request": "true"})
    assert more.text.count('class="hb__row"') == 2
    assert "cursor=" not in more.text


@pytest.mark.parametrize("cursor", ["x", "1~", "~", "nan~a", "1e999~b"])
def test_no_cursor_breaks_the_list(as_, cursor):
    assert as_("customer").get("/handbook/", {"q": "打印", "cursor": cursor}).status_code in {200, 404}


def test_nothing_found_teaches_the_next_step(as_):
    page = as_("customer").get("/handbook/", {"q": "qwxyz"}).text
    assert "qwxyz" in page
    assert "/tickets/new/" in page


def test_an_unknown_module_is_passed_over(as_):
    assert as_("customer").get("/handbook/", {"module": "nope"}).status_code == 200


def test_an_article_shows_its_steps_and_what_to_expect(as_):
    page = as_("customer").get("/handbook/blank/").text
    for words in ("打印空白", "核对纸张", "打开「打印设置」。", "两边一样大。"):
        assert words in page


def test_an_article_can_be_read_in_its_other_language(as_):
    client = as_("customer")
    assert "?language=en" in client.get("/handbook/blank/").text
    assert "Blank print" in client.get("/handbook/blank/", {"language": "en"}).text
    assert "打印空白" in client.get("/handbook/blank/", {"language": "xx"}).text


def test_an_internal_article_is_not_found_by_customers(as_):
    assert as_("customer").get("/handbook/deadlock/").status_code == 404
    assert as_("customer").post("/handbook/deadlock/solved/").status_code == 404
    assert as_("engineer").get("/handbook/deadlock/").status_code == 200
    assert as_("engineer").get("/handbook/nothing/").status_code == 404


def test_suggestions_are_public_whoever_files(as_):
    params = {"q": "合并死锁 打印空白", "product": "yonyou-u8", "module": "reports"}
    for name in ("customer", "engineer"):
        part = as_(name).get("/handbook/suggestions/", params).text
        assert "打印" in part
        assert "死锁" not in part.split("<ul")[1]
        assert 'target="_blank"' in part
    assert SelfService.objects.count() == 0


def test_suggestions_take_the_subject_of_the_form_and_nothing_at_all(as_):
    client = as_("customer")
    assert "/handbook/blank/" in client.get("/handbook/suggestions/", {"subject": "打印空白"}).text
    assert "/handbook/blank/" not in client.get("/handbook/suggestions/").text


def test_this_solved_it_is_recorded_by_a_post_alone_and_ends_the_filing(as_, desk):
    client = as_("customer")
    assert client.get("/handbook/blank/solved/").status_code == 405
    answer = client.post("/handbook/blank/solved/?q=打印", {"subject": "打印", "description": "白纸"})
    assert (answer.status_code, answer.url) == (302, "/portal/")
    recorded = SelfService.objects.get()
    assert (recorded.article.key, recorded.article.language, recorded.user) == (
        "blank",
        "zh-hans",
        desk.customer,
    )
    assert recorded.query == "打印"
    by_htmx = client.post("/handbook/blank/solved/", headers={"HX-Request": "true"})
    assert by_htmx.headers["HX-Redirect"] == "/portal/"


def test_markup_in_a_query_is_text(as_):
    page = as_("customer").get("/handbook/", {"q": "<script>打印"}).text
    assert "<script>打印" not in page


def test_pages_take_as_many_queries_for_many_articles_as_for_few(as_, desk, django_assert_max_num_queries):
    client = as_("engineer")
    paths = ("/handbook/", "/handbook/?q=打印", "/handbook/blank/", "/handbook/suggestions/?q=打印空白")

    def counts():
        found = []
        for path in paths:
            with django_assert_max_num_queries(14) as counted:
                client.get(path)
            found.append(len(counted))
        return found

    client.get("/handbook/")
    few = counts()
    for number in range(20):
        make_article(f"print-{number:02}", products=("yonyou-u8",))
    assert counts() == few

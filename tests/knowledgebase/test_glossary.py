"""Jargon in drafts: what is found, where, and in which words it is explained. Its terms, pages and endpoint."""

import time

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from common.errors import InvalidInput
from common.search import is_of_whole_words
from common.text import render_markdown
from knowledgebase.glossary import Entry, Glossary, folded
from knowledgebase.models import Term
from knowledgebase.services.terms import TermText, save_term
from knowledgebase.terms import entries, glossary, load_terms
from tests.factories import make_desk, make_ticket

DEADLOCK = Entry(
    1, ("数据库死锁", "死锁", "database deadlock", "deadlock", "ORA-00060"), "两车堵路口", "two cars"
)
LOG = Entry(2, ("log", "日志锁"), "流水账", "a diary")
ROLLBACK = Entry(3, ("回滚", "回滚段"), "整个撤销", "undoing")
TERMS = Glossary([DEADLOCK, LOG], is_of_whole_words)
ALL = Glossary([DEADLOCK, LOG, ROLLBACK], is_of_whole_words)
TEXT = TermText("幂等", "idempotent", ("idempotency",), "点几次都一样", "the same however often")


def words(text: str) -> list[str]:
    return [found.word for found in TERMS.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("原因是数据库死锁。", ["数据库死锁"]),
        ("出现死锁，又是数据库死锁", ["死锁"]),
        ("A DataBase\nDeadlock occurred", ["DataBase\nDeadlock"]),
        ("deadlocks and undeadlock, deadlock_x", []),
        ("报ORA-00060错", ["ORA-00060"]),
        ("catalog, blog, 看log文件", ["log"]),
        ("`deadlock` ```\ndeadlock\n``` [deadlock](http://a) <https://a/deadlock>", []),
        ("见 https://a.cn/deadlock 的说明，是死锁", ["死锁"]),
        ("log@deadlock.com", []),
        ("没有闭合的 ```\n死锁", []),
        ("死锁（两车堵路口）之后又死锁", []),
        ("a deadlock (two cars), a log", ["log"]),
    ],
)
def test_the_longest_term_is_found_where_it_first_stands_outside_code_and_links(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请不要来回滚动页面", []),
        ("来回滚动之后事务回滚了", ["回滚"]),
        ("死锁回滚", ["死锁", "回滚"]),
        ("是数据库死锁回滚后log满了", ["数据库死锁", "回滚", "log"]),
        ("回滚段不够", ["回滚段"]),
        # The longer one would cut a word: 段落.
        ("回滚段落", ["回滚"]),
    ],
)
def test_no_chinese_word_is_cut_to_find_a_term(text, expected):
    assert [found.word for found in ALL.find(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("银行锁定了账户", []),
        ("请清理垃圾回收站", []),
        ("报表空间不够大", []),
        ("行锁没有释放", ["行锁"]),
        ("合并时垃圾回收太久", ["垃圾回收"]),
        ("表空间不足，任务超时了", ["表空间不足", "超时"]),
    ],
)
@pytest.mark.django_db
def test_the_terms_the_desk_begins_with_are_found_as_words(text, expected):
    load_terms()
    assert [found.word for found in glossary().find(text)] == expected


def test_the_plain_words_are_in_the_language_of_the_line():
    found = TERMS.find("NC Cloud 报错 deadlock\n\nFor 用友 we looked at the log again")
    assert [one.plain for one in found] == ["两车堵路口", "a diary"]
    assert [one.in_brackets for one in found] == ["（两车堵路口）", " (a diary)"]


@given(st.text(alphabet="死锁数据库deadlock LOG`[]()<>\n。", max_size=60))
def test_what_is_found_stands_there_once_a_term_and_never_overlaps(text):
    found = TERMS.find(text)
    assert len({one.entry for one in found}) == len(found)
    end = 0
    for one in found:
        assert text[one.start : one.end] == one.word
        assert one.start >= end
        end = one.end
        assert folded(one.word) in {folded(word) for word in (*DEADLOCK.words, *LOG.words)}


@given(st.text(alphabet="死锁deadlock `*<>&\n", max_size=60))
def test_marking_changes_nothing_but_the_marks(text):
    html = render_markdown(text)
    marked = TERMS.marked(html)
    plain = marked.replace("</abbr>", "")
    for title in ("两车堵路口", "two cars"):
        plain = plain.replace(f'<abbr class="jargon" title="{title}">', "")
    assert plain == html


def test_a_preview_marks_text_and_leaves_code_and_links():
    html = render_markdown("`死锁` [死锁](http://a) 然后死锁 &lt;")
    assert TERMS.marked(html).count("<abbr") == 1
    assert Glossary([], is_of_whole_words).marked(html) == html
    assert Glossary([], is_of_whole_words).find("死锁") == []


def test_no_text_takes_long():
    began = time.monotonic()
    for text in ("[" * 20_000, "`" * 20_000, "<" * 20_000, "a@" * 10_000, "死锁" * 10_000, "![" * 10_000):
        TERMS.find(text)
    assert time.monotonic() - began < 10


@pytest.mark.django_db
class TestTerms:
    """The terms as rows."""

    @pytest.fixture
    def desk(self):
        desk = make_desk()
        for person in desk.people().values():
            person.language = "en"
            person.save()
        return desk

    def client(self, user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def test_the_file_is_loaded_once_and_what_people_changed_stays(self):
        load_terms()
        Term.objects.filter(key="deadlock").update(plain_zh="自己的说法", is_active=False)
        load_terms()
        assert Term.objects.count() == len(entries()) >= 40
        assert Term.objects.get(key="deadlock").plain_zh == "自己的说法"
        assert glossary().find("死锁") == []

    def test_no_word_of_the_file_belongs_to_two_terms(self):
        load_terms()
        for term in Term.objects.all():
            text = TermText(term.term_zh, term.term_en, tuple(term.variants), term.plain_zh, term.plain_en)
            save_term(term_id=term.pk, text=text)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            (TermText("", " ", (), "x", "x"), "term_zh"),
            (TermText("甲", "", (), "", "x"), "plain_zh"),
            (TermText("甲", "", ("x" * 41,), "x", "x"), "variants"),
            (TermText("甲", "", ("Idempotency",), "x", "x"), "variants"),
            (TermText("幂等", "", (), "x", "x"), "term_zh"),
        ],
    )
    def test_what_cannot_be_kept_is_said_beside_its_field(self, wrong, field):
        save_term(term_id=None, text=TEXT)
        with pytest.raises(InvalidInput) as refused:
            save_term(term_id=None, text=wrong)
        assert list(refused.value.fields) == [field]

    def test_engineers_read_the_page_and_managers_edit_it(self, desk):
        term = save_term(term_id=None, text=TEXT)
        page = self.client(desk.engineer).get("/glossary/?q=IDEMPOTENCY")
        assert "the same however often" in page.text
        assert f"/glossary/{term.pk}/" not in page.text
        assert self.client(desk.engineer).get(f"/glossary/{term.pk}/").status_code == 404
        manager = self.client(desk.manager)
        sent = {"term_zh": "幂等", "variants": "idem，idempotency", "plain_zh": "一样", "plain_en": "same"}
        assert manager.post(f"/glossary/{term.pk}/", {**sent, "plain_en": ""}).status_code == 422
        manager.post(f"/glossary/{term.pk}/", {**sent, "is_active": "on"})
        term.refresh_from_db()
        assert (term.variants, term.term_en, term.plain_en) == (["idem", "idempotency"], "", "same")
        assert "Nothing found" in manager.get("/glossary/?q=zzzz").text

    def test_the_admin_site_takes_what_the_page_takes(self, desk):
        admin = self.client(desk.admin)
        sent = {
            "term_en": "Idem",
            "variants": "a,b",
            "plain_zh": "一样",
            "plain_en": "same",
            "is_active": "on",
        }
        assert admin.post("/admin/knowledgebase/term/add/", sent).status_code == 302
        assert Term.objects.get(term_en="Idem").variants == ["a", "b"]
        assert "has this word already" in admin.post("/admin/knowledgebase/term/add/", sent).text

    def test_a_draft_to_the_customer_is_looked_at_and_a_note_is_not(self, desk):
        save_term(term_id=None, text=TEXT)
        ticket = make_ticket(desk.customer)
        agent = self.client(desk.engineer)
        where = f"/tickets/{ticket.number}/glossary/"
        told = agent.post(where, {"kind": "public", "body": "😀\r\n接口是幂等的"}).text
        # Browsers count the face as two, and the line end as one.
        assert 'data-word="幂等" data-at="6"' in told
        assert 'data-with="幂等（点几次都一样）"' in told
        assert "data-word" not in agent.post(where, {"kind": "internal", "body": "幂等"}).text
        assert self.client(desk.customer).post(where, {"kind": "public", "body": "幂等"}).status_code == 404

    def test_the_preview_of_a_reply_underlines_jargon_for_agents_alone(self, desk):
        save_term(term_id=None, text=TEXT)
        where = f"/tickets/{make_ticket(desk.customer).number}/preview/"
        sent = {"kind": "public", "body": "幂等"}
        assert "<abbr" in self.client(desk.engineer).post(where, sent).text
        assert "<abbr" not in self.client(desk.engineer).post(where, {**sent, "kind": "internal"}).text
        assert "<abbr" not in self.client(desk.customer).post(where, sent).text

    def test_programs_read_the_terms_in_use(self, desk):
        save_term(term_id=None, text=TEXT)
        (row,) = self.client(desk.engineer).get("/api/v1/handbook/terms").json()["results"]
        assert (row["term_zh"], row["variants"]) == ("幂等", ["idempotency"])

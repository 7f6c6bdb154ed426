"""`load_handbook`: files into articles, and never over an editor's work."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.base import load_base
from knowledgebase.content import text_of
from knowledgebase.models import Article
from knowledgebase.services.writing import save_article
from knowledgebase.starter import BadFile, read_file
from tests.factories import make_article

pytestmark = pytest.mark.django_db

FILE = """---
key: blank
title: 打印空白
symptom: 打出来是白纸。
products: []
modules: [platform]
versions: ""
keywords: [打印, 白纸]
visibility: public
review: 2027-05-31
---
## 原因

纸张不对。

## 步骤

### 1. 看预览

点预览。

> 有内容。

### 2. 换纸张

先看：

- 大小
- 方向

> 一样。
> 都一样。
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "zh-hans").mkdir()
    (tmp_path / "en").mkdir()
    (tmp_path / "zh-hans" / "blank.md").write_text(FILE, encoding="utf-8")
    return tmp_path


def load(*args):
    out = StringIO()
    call_command("load_handbook", *map(str, args), stdout=out, verbosity=0)
    return out.getvalue().splitlines()[0]


def rewrite(folder, old, new):
    path = folder / "zh-hans" / "blank.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_file_becomes_an_article_that_is_found(folder):
    assert load(folder) == "1 created, 0 updated, 0 unchanged, 0 left as an editor wrote them"
    article = Article.objects.get()
    assert (article.key, article.language, article.visibility) == ("blank", "zh-hans", "public")
    assert [step.title for step in article.steps.all()] == ["看预览", "换纸张"]
    assert article.steps.all()[1].instruction == "先看：\n\n- 大小\n- 方向"
    assert article.steps.all()[1].expected == "一样。\n都一样。"
    assert article.search


def test_a_second_run_changes_nothing(folder):
    load(folder)
    before = Article.objects.values().get()
    assert load(folder) == "0 created, 0 updated, 1 unchanged, 0 left as an editor wrote them"
    assert Article.objects.values().get() == before


def test_a_changed_file_updates_its_article_and_a_step_keeps_its_row(folder):
    load(folder)
    rows = list(Article.objects.get().steps.values_list("pk", flat=True))
    rewrite(folder, "### 1. 看预览", "### 1. 先看预览")
    assert load(folder) == "0 created, 1 updated, 0 unchanged, 0 left as an editor wrote them"
    steps = Article.objects.get().steps.all()
    assert [step.title for step in steps] == ["先看预览", "换纸张"]
    assert [step.pk for step in steps] == rows


def test_what_an_editor_changed_stays_whatever_the_file_says(folder):
    load(folder)
    text = text_of(Article.objects.get())
    save_article(key="blank", language="zh-hans", text=text.__class__(**{**vars(text), "title": "编辑改的"}))
    assert load(folder).endswith("1 left as an editor wrote them")
    rewrite(folder, "title: 打印空白", "title: 新标题")
    assert load(folder).endswith("1 left as an editor wrote them")
    assert Article.objects.get().title == "编辑改的"


def test_an_article_written_here_is_not_overwritten_by_a_file_of_its_key(folder):
    load_base()
    make_article("blank", "自己写的")
    load(folder)
    assert Article.objects.get().title == "自己写的"


def test_taking_an_edit_into_the_file_makes_it_the_files_again(folder):
    load(folder)
    text = text_of(Article.objects.get())
    save_article(key="blank", language="zh-hans", text=text.__class__(**{**vars(text), "title": "改好了"}))
    rewrite(folder, "title: 打印空白", "title: 改好了")
    load(folder)
    rewrite(folder, "title: 改好了", "title: 又改了")
    assert load(folder) == "0 created, 1 updated, 0 unchanged, 0 left as an editor wrote them"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("---\nkey", "key", 1),
        ("title: 打印空白\n", "", 1),
        ("title: 打印空白", "title: [", 5),
        ("title: 打印空白", "title: 打印空白\ntitle: 又", 4),
        ("title: 打印空白", "titel: 打印空白", 3),
        ("key: blank", "key: other", 2),
        ('versions: ""', "versions: 13", 7),
        ("keywords: [打印, 白纸]", "keywords: [打印, 1722]", 8),
        ("visibility: public", "visibility: open", 9),
        ("review: 2027-05-31", "review: 2027-13-31", 10),
        ("review: 2027-05-31", "review: soon", 10),
        ("## 原因", "## Cause", 12),
        ("## 原因", "走神了\n\n## 原因", 12),
        ("### 2. 换纸张", "### 3. 换纸张", 24),
        ("### 2. 换纸张", "### 换纸张", 24),
        ("> 有内容。\n", "", 18),
        ("点预览。\n", "", 18),
        ("> 有内容。", "> 有内容。\n\n还有", 24),
        ("> 有内容。", ">", 22),
        ("## 步骤\n", "## 步骤\n\n走神\n", 18),
    ],
)
def test_a_file_that_is_no_article_is_named_with_its_line(folder, old, new, line):
    assert old in FILE
    rewrite(folder, old, new)
    with pytest.raises(BadFile, match=rf"blank\.md:{line}: "):
        read_file(folder / "zh-hans" / "blank.md", "zh-hans")
    with pytest.raises(CommandError, match=rf"blank\.md:{line}: "):
        load(folder)
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("modules: [platform]", "modules: [platform, nowhere]", 6),
        ("products: []", "products: [abacus]", 5),
        ("title: 打印空白", "title: " + "长" * 161, 3),
    ],
)
def test_what_the_handbook_does_not_take_is_named_with_its_line_and_nothing_is_loaded(folder, old, new, line):
    (folder / "zh-hans" / "a-good-one.md").write_text(FILE.replace("key: blank", "key: a-good-one"))
    rewrite(folder, old, new)
    with pytest.raises(CommandError, match=rf"blank\.md:{line}: "):
        load(folder)
    assert not Article.objects.exists()


def test_a_file_in_another_encoding_is_named(folder):
    (folder / "zh-hans" / "blank.md").write_bytes(FILE.encode("gb18030"))
    with pytest.raises(CommandError, match=r"blank\.md:1: not UTF-8"):
        load(folder)


def test_a_folder_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="no folder"):
        load("/nowhere/at/all")


def test_the_starter_articles_load_in_both_languages():
    load()
    assert (
        Article.objects.filter(language="zh-hans").count()
        == Article.objects.filter(language="en").count()
        >= 14
    )
    assert load().startswith("0 created, 0 updated")

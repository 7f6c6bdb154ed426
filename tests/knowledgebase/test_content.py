"""The starter articles as they stand in content/handbook."""

import pytest
from django.conf import settings

from accounts.models import Language
from catalog.base import MODULES, PRODUCTS
from knowledgebase.starter import read_file, read_folder

FOLDER = settings.BASE_DIR / "content" / "handbook"
FILES = [(path, language) for language in Language for path in sorted((FOLDER / language).glob("*.md"))]


@pytest.mark.parametrize(("path", "language"), FILES, ids=lambda value: getattr(value, "name", value))
def test_every_file_is_an_article_with_enough_steps_on_known_products_and_modules(path, language):
    text = read_file(path, language).text
    assert len(text.steps) >= 4
    assert text.modules
    assert set(text.modules) <= {code for code, *_names in MODULES}
    assert set(text.products) <= {code for code, *_names in PRODUCTS}
    assert text.review_on is not None


def test_both_languages_have_the_same_articles_of_the_same_shape():
    shapes = {}
    for source in read_folder(FOLDER):
        text = source.text
        shape = (text.visibility, text.products, text.modules, text.review_on, len(text.steps))
        shapes.setdefault(source.key, {})[source.language] = shape
    assert len(shapes) >= 14
    for key, by_language in shapes.items():
        assert by_language.get("zh-hans") == by_language.get("en"), key


def test_most_articles_are_for_customers_and_some_for_staff_alone():
    visibilities = [source.text.visibility for source in read_folder(FOLDER) if source.language == "en"]
    assert visibilities.count("public") >= 11
    assert visibilities.count("internal") >= 3

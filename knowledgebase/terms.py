"""The glossary as it is stored and read: its terms, the file they begin with, and what is looked for in drafts."""

from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from common.search import is_of_whole_words
from knowledgebase.glossary import Entry, Glossary
from knowledgebase.models import Term

FILE = settings.BASE_DIR / "content" / "glossary.yaml"


def glossary() -> Glossary:
    """What is looked for in drafts. One query."""
    terms = Term.objects.filter(is_active=True)
    entries = (Entry(term.pk, term.words, term.plain_zh, term.plain_en) for term in terms)
    return Glossary(entries, is_of_whole_words)


@transaction.atomic
def load_terms() -> None:
    """Create the terms of the content file that are missing; leave what people have changed as it is."""
    there = set(Term.objects.exclude(key="").values_list("key", flat=True))
    Term.objects.bulk_create(
        Term(
            key=entry["key"],
            term_zh=entry["zh"],
            term_en=entry["en"],
            variants=entry["variants"],
            plain_zh=entry["plain_zh"],
            plain_en=entry["plain_en"],
        )
        for entry in entries()
        if entry["key"] not in there
    )


def entries() -> list[dict[str, Any]]:
    """The terms of the content file, as written."""
    found: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found

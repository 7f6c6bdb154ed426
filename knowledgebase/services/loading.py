"""Bringing articles from files into the handbook without touching what editors wrote."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from common.errors import InvalidInput
from knowledgebase.content import digest, text_of
from knowledgebase.models import Article
from knowledgebase.services.writing import save_article
from knowledgebase.starter import BadFile, Source


@dataclass
class Loaded:
    """What became of the files, as keys with language (`blank-print zh-hans`)."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    # Changed by an editor: the file was left aside.
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def load_articles(sources: Iterable[Source]) -> Loaded:
    """Create or update an article a file; all of them or none.

    An article whose text is no longer what was last loaded was changed by an editor and stays as it is.
    Raises BadFile for a file whose content the handbook does not take, such as an unknown module.
    """
    loaded = Loaded()
    for source in sources:
        getattr(loaded, _load(source)).append(f"{source.key} {source.language}")
    return loaded


def _load(source: Source) -> str:
    wanted = digest(source.text)
    article = Article.objects.filter(key=source.key, language=source.language).first()
    if article is not None:
        present = digest(text_of(article))
        if present == wanted == article.source_digest:
            return "unchanged"
        if present not in {wanted, article.source_digest}:
            return "kept"
    try:
        save_article(key=source.key, language=source.language, text=source.text, source_digest=wanted)
    except InvalidInput as error:
        name, texts = next(iter(error.fields.items()))
        raise BadFile(
            source.path, source.lines.get(name, 1), f"{name}: {' '.join(map(str, texts))}"
        ) from error
    return "created" if article is None else "updated"

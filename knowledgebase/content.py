"""What an article says, apart from where it is kept: the common shape of files, forms and rows."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from common.text import clean_line, clean_text
from knowledgebase.models import Article, Visibility


@dataclass(frozen=True)
class StepText:
    """One step: what to do, and what is to be seen when it has worked. Markdown."""

    title: str
    instruction: str
    expected: str


@dataclass(frozen=True)
class ArticleText:
    """All an editor decides about one language's version. Products and modules are named by code."""

    title: str
    symptom: str
    cause: str
    steps: tuple[StepText, ...]
    products: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    versions: str = ""
    keywords: tuple[str, ...] = ()
    visibility: str = Visibility.INTERNAL
    review_on: date | None = None


def cleaned(text: ArticleText) -> ArticleText:
    """`text` as it is stored: trimmed, without control characters, codes and keywords once each."""
    return ArticleText(
        title=clean_line(text.title),
        symptom=clean_text(text.symptom),
        cause=clean_text(text.cause),
        steps=tuple(
            StepText(clean_line(step.title), clean_text(step.instruction), clean_text(step.expected))
            for step in text.steps
        ),
        products=tuple(sorted(set(text.products))),
        modules=tuple(sorted(set(text.modules))),
        versions=clean_line(text.versions),
        keywords=tuple(dict.fromkeys(filter(None, map(clean_line, text.keywords)))),
        visibility=text.visibility,
        review_on=text.review_on,
    )


def text_of(article: Article) -> ArticleText:
    """What a stored article says. Three queries, unless steps, products and modules are prefetched."""
    return ArticleText(
        title=article.title,
        symptom=article.symptom,
        cause=article.cause,
        steps=tuple(StepText(step.title, step.instruction, step.expected) for step in article.steps.all()),
        products=tuple(sorted(product.code for product in article.products.all())),
        modules=tuple(sorted(module.code for module in article.modules.all())),
        versions=article.versions,
        keywords=tuple(article.keywords),
        visibility=article.visibility,
        review_on=article.review_on,
    )


def digest(text: ArticleText) -> str:
    """SHA-256 of a cleaned text, in hexadecimal: equal digests, equal articles."""
    plain = json.dumps(asdict(text), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()

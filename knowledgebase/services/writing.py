"""Writing an article: the one place that stores its text, its steps and what it is found by."""

from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Module, Product
from common import search
from common.errors import InvalidInput
from knowledgebase.content import ArticleText, StepText, cleaned
from knowledgebase.models import Article, Step

PARTS = ("steps", "products", "modules")


@transaction.atomic
def save_article(*, key: str, language: str, text: ArticleText, source_digest: str | None = None) -> Article:
    """Create or change the version of article `key` in `language` and index it.

    `source_digest` is given by the loader alone; an editor's change leaves it as it was. Raises InvalidInput
    by field for what is missing, too long or unknown.
    """
    text = cleaned(text)
    before = Article.objects.select_for_update().filter(key=key, language=language).first()
    article = before or Article(key=key, language=language)
    for name in ("title", "symptom", "cause", "versions", "visibility", "review_on"):
        setattr(article, name, getattr(text, name))
    article.keywords = list(text.keywords)
    if source_digest is not None:
        article.source_digest = source_digest
    products, modules = _checked(article, text)
    article.save()
    article.products.set(products)
    article.modules.set(modules)
    _write_steps(article, text.steps)
    index(article)
    return article


def reindex(articles: Iterable[Article]) -> int:
    """Write anew what `articles` are found by, after a change to names or to the dictionary. How many."""
    count = 0
    for article in articles:
        index(article)
        count += 1
    return count


def index(article: Article) -> None:
    """Store what the article is found by: title and keywords above all, then symptom, cause and steps."""
    about = [
        f"{thing.name_zh} {thing.name_en}" for thing in (*article.products.all(), *article.modules.all())
    ]
    steps = [f"{step.title}\n{step.instruction}\n{step.expected}" for step in article.steps.all()]
    vector = search.document(
        {
            "A": "\n".join([article.title, *article.keywords]),
            "B": article.symptom,
            "C": "\n".join([article.cause, *about]),
            "D": "\n".join(steps),
        }
    )
    Article.objects.filter(pk=article.pk).update(search=vector)


def _checked(article: Article, text: ArticleText) -> tuple[list[Product], list[Module]]:
    errors: dict[str, list[str]] = {}
    try:
        article.full_clean()
    except ValidationError as error:
        errors = {
            "key" if name == NON_FIELD_ERRORS else name: messages
            for name, messages in error.message_dict.items()
        }
    if not text.modules:
        errors["modules"] = [_("Choose at least one module: the article is found on its shelf.")]
    if not text.steps:
        errors["steps"] = [_("An article needs at least one step.")]
    for number, step in enumerate(text.steps, 1):
        try:
            Step(article=article, position=number, **vars(step)).clean_fields(exclude=["article"])
        except ValidationError as error:
            errors.setdefault("steps", []).extend(
                _("Step %(number)d: %(message)s") % {"number": number, "message": message}
                for message in error.messages
            )
    products = list(Product.objects.filter(code__in=text.products))
    modules = list(Module.objects.filter(code__in=text.modules))
    for name, wanted, found in (("products", text.products, products), ("modules", text.modules, modules)):
        unknown = sorted(set(wanted) - {thing.code for thing in found})
        if unknown:
            errors[name] = [_("Unknown: %(codes)s.") % {"codes": ", ".join(unknown)}]
    if errors:
        raise InvalidInput(errors)
    return products, modules


def _write_steps(article: Article, steps: Iterable[StepText]) -> None:
    """A step keeps its row as long as its place is taken: what points to it stays true."""
    rows = {row.position: row for row in article.steps.all()}
    position = 0
    for position, step in enumerate(steps, 1):
        row = rows.pop(position, None) or Step(article=article, position=position)
        row.title, row.instruction, row.expected = step.title, step.instruction, step.expected
        row.save()
    article.steps.filter(position__gt=position).delete()

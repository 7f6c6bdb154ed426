"""Reading the handbook. Each answer takes a fixed number of queries and starts from `visible_to`."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Module, Product
from common import search as text_search
from common.errors import InvalidInput
from knowledgebase.models import Article, SelfService, Step
from knowledgebase.querysets import ArticleQuerySet

PAGE = 50
ON_SHELF = 5
# What being about the right product or module is worth beside the words, whose score is about 1.8 for a rare
# one in the title; and what being about another product costs.
RIGHT_PRODUCT, WRONG_PRODUCT, RIGHT_MODULE = 0.6, -1.0, 0.8
# Words that score less met by chance: one everyday word in passing.
CHANCE = 0.3
# A suggestion with so much less to say than the best one is none.
FAR_BEHIND = 0.25
# Lifts articles that hold all of a query above those that hold some of it.
ALL_OF_IT = 100.0


@dataclass(frozen=True)
class ArticlePage:
    """One page of articles and the cursor of the next; an empty one ends the list."""

    articles: list[Article]
    next_cursor: str


@dataclass(frozen=True)
class Shelf:
    """The articles about one module: how many there are, and the first of them."""

    module: Module
    count: int
    articles: list[Article]

    @property
    def more(self) -> int:
        """How many are not among `articles`."""
        return self.count - len(self.articles)


@dataclass(frozen=True)
class Reading:
    """One article in the best version for its reader, and the codes of the other languages it is in."""

    article: Article
    other_languages: list[str]


def matching(
    user: User | AnonymousUser,
    text: str,
    *,
    product: Product | None = None,
    module: Module | None = None,
    language: str,
    limit: int = 3,
    for_customers: bool = False,
) -> list[Article]:
    """The articles most likely to help with `text`, best first, as far as `user` may read them.

    One version an article: in `language` where there is one. Steps, products and modules are at hand.
    `for_customers` keeps to what a customer may read, whoever asks. Nothing when no telling word of the text
    occurs. Four queries at most.
    """
    wanted = text_search.any_of(text)
    if wanted is None:
        return []
    words = text_search.score("search", text)
    readable = _readable(user, language, for_customers=for_customers)
    found = readable.filter(search=wanted).annotate(words=words).filter(words__gte=CHANCE)
    ranked = found.annotate(score=F("words") + _fit(product, module)).order_by("-score", "key")
    best: list[Any] = list(_listed(ranked)[:limit])
    enough = FAR_BEHIND * max((article.words for article in best), default=0.0)
    return [article for article in best if article.words >= enough]


def search(
    user: User | AnonymousUser,
    q: str = "",
    cursor: str = "",
    *,
    product: Product | None = None,
    module: Module | None = None,
    language: str,
    size: int = PAGE,
) -> ArticlePage:
    """A page of articles: those that hold all of `q` first, then those that hold some; without q all, by key.

    `product` keeps those about it or about none in particular, `module` those about it. Raises InvalidInput
    for a cursor that is none of ours. Four queries at most.
    """
    chosen = _about(_readable(user, language), product, module)
    if q.strip():
        return _ranked_page(chosen, q, cursor, size)
    chosen = chosen.order_by("key")
    if cursor:
        chosen = chosen.filter(key__gt=cursor)
    found = list(_listed(chosen)[: size + 1])
    return ArticlePage(found[:size], found[size - 1].key if len(found) > size else "")


def overview(user: User | AnonymousUser, *, language: str) -> list[Shelf]:
    """The handbook at a glance: per module the articles that made most tickets unnecessary. Two queries."""
    # Links of articles to modules, with what the two window functions below add to each.
    links: QuerySet[Any] = Article.modules.through.objects.filter(
        article__in=_readable(user, language).values("pk")
    )
    solved = SelfService.objects.filter(article__key=OuterRef("article__key")).order_by()
    times = Subquery(solved.values("article__key").annotate(n=Count("pk")).values("n"))
    links = links.annotate(
        place=Window(
            RowNumber(),
            partition_by=F("module_id"),
            order_by=[Coalesce(times, 0).desc(), F("article__key").asc()],
        ),
        total=Window(Count("pk"), partition_by=F("module_id")),
    )
    first = (
        links.filter(place__lte=ON_SHELF)
        .order_by("module__position", "module__code", "place")
        .select_related("module", "article")
        .defer("article__search")
        .prefetch_related(Prefetch("article__steps", Step.objects.only("article_id", "position")))
    )
    shelves: dict[int, Shelf] = {}
    for link in first:
        shelf = shelves.setdefault(link.module_id, Shelf(link.module, link.total, []))
        shelf.articles.append(link.article)
    return list(shelves.values())


def read(user: User | AnonymousUser, key: str, *, language: str) -> Reading | None:
    """The article of that key, in `language` if there is such a version; None when it is not theirs."""
    versions = list(_listed(Article.objects.visible_to(user).filter(key=key).order_by("language")))
    if not versions:
        return None
    article = next((version for version in versions if version.language == language), versions[0])
    return Reading(article, [version.language for version in versions if version is not article])


def times_solved(key: str) -> int:
    """How often an article, in whichever language, made a ticket unnecessary."""
    return SelfService.objects.filter(article__key=key).count()


def _readable(user: User | AnonymousUser, language: str, *, for_customers: bool = False) -> ArticleQuerySet:
    articles = Article.objects.visible_to(user)
    return (articles.public() if for_customers else articles).one_per_key(language)


def _listed(articles: ArticleQuerySet) -> QuerySet[Any]:
    return articles.defer("search").prefetch_related("steps", "products", "modules")


def _about(articles: ArticleQuerySet, product: Product | None, module: Module | None) -> ArticleQuerySet:
    if product is not None:
        articles = articles.filter(_names(product) | ~_names_products())
    if module is not None:
        articles = articles.filter(_belongs_to(module))
    return articles


def _ranked_page(articles: ArticleQuerySet, q: str, cursor: str, size: int) -> ArticlePage:
    everything, something = text_search.all_of(q), text_search.any_of(q)
    if everything is None:
        return ArticlePage([], "")
    words = text_search.score("search", q)
    complete = Case(When(search=everything, then=Value(ALL_OF_IT)), default=Value(0.0))
    ranked = articles.filter(search=everything if something is None else everything | something)
    ranked = ranked.annotate(score=words + complete).filter(score__gte=CHANCE).order_by("-score", "key")
    if cursor:
        score, key = _parse_place(cursor)
        ranked = ranked.filter(Q(score__lt=score) | Q(score=score, key__gt=key))
    found: list[Any] = list(_listed(ranked)[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return ArticlePage(found[:size], f"{last.score!r}~{last.key}" if last else "")


def _parse_place(cursor: str) -> tuple[float, str]:
    score, separator, key = cursor.partition("~")
    try:
        place = float(score), key
    except ValueError:
        separator = ""
    if not separator:
        raise InvalidInput({"cursor": [_("This is no cursor of ours. Begin without one.")]})
    return place


def _fit(product: Product | None, module: Module | None) -> Combinable:
    """What being about the right thing adds to a score."""
    fit: Combinable = Value(0.0, output_field=FloatField())
    if product is not None:
        fit = fit + Case(
            When(_names(product), then=Value(RIGHT_PRODUCT)),
            When(_names_products(), then=Value(WRONG_PRODUCT)),
            default=Value(0.0),
        )
    if module is not None:
        fit = fit + Case(When(_belongs_to(module), then=Value(RIGHT_MODULE)), default=Value(0.0))
    return fit


def _names(product: Product) -> Exists:
    return Exists(Article.products.through.objects.filter(article=OuterRef("pk"), product=product))


def _names_products() -> Exists:
    return Exists(Article.products.through.objects.filter(article=OuterRef("pk")))


def _belongs_to(module: Module) -> Exists:
    return Exists(Article.modules.through.objects.filter(article=OuterRef("pk"), module=module))

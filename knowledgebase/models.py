"""Handbook articles: a symptom, its cause in plain words, and an ordered list of steps."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from catalog.models import Module, Product
from common.models import reads_chinese
from knowledgebase.querysets import ArticleQuerySet

QUERY_LENGTH = 200
TERM_LENGTH = 40


class Visibility(models.TextChoices):
    """Who may read an article."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal only")


class Article(models.Model):
    """One language's version of an article; versions of one article share the key."""

    key = models.SlugField(_("key"), max_length=60)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices)
    title = models.CharField(_("title"), max_length=160)
    symptom = models.TextField(_("symptom"))
    cause = models.TextField(_("cause"))
    products = models.ManyToManyField(
        Product,
        blank=True,
        related_name="articles",
        verbose_name=_("products"),
        help_text=_("None: every product."),
    )
    modules = models.ManyToManyField(Module, blank=True, related_name="articles", verbose_name=_("modules"))
    versions = models.CharField(_("versions"), max_length=80, blank=True)
    keywords = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("keywords")
    )
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.INTERNAL
    )
    review_on = models.DateField(_("review by"), null=True, blank=True)
    # What the article said when it was last loaded from its file: knowledgebase.content.digest. It is empty
    # for an article written here, and differs from that of the present text once an editor has changed it.
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    search = SearchVectorField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="one_article_per_language")]
        # Read by knowledgebase.selectors.matching and .search. Without the list of pending entries, which makes
        # the planner shun the index after many writes: articles are written seldom and looked for often.
        # Lists by key use the constraint's index.
        indexes = [GinIndex(fields=["search"], name="article_search", fastupdate=False)]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where this version is read."""
        return f"{reverse('article', args=[self.key])}?language={self.language}"


class Step(models.Model):
    """One step of an article, with what is to be seen when it has worked."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=160)
    instruction = models.TextField(_("instruction"))
    expected = models.TextField(_("expected result"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["article", "position"], name="step_position_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class SelfService(models.Model):
    """Somebody about to file a ticket found the answer in an article instead."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="solved_without_ticket")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    query = models.CharField(max_length=QUERY_LENGTH, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("self-service solution")
        verbose_name_plural = _("self-service solutions")

    def __str__(self) -> str:
        return f"{self.article_id} {self.at:%Y-%m-%d}"


class Term(models.Model):
    """A word of our trade, every way it is written, and what it means in plain words.

    The plain wording can stand in place of the term, and in brackets behind it. `key` is its name in the content
    file, where it came from one.
    """

    key = models.SlugField(max_length=60, blank=True, editable=False)
    term_zh = models.CharField(_("Chinese term"), max_length=TERM_LENGTH, blank=True)
    term_en = models.CharField(_("English term"), max_length=TERM_LENGTH, blank=True)
    variants = ArrayField(
        models.CharField(max_length=TERM_LENGTH), default=list, blank=True, verbose_name=_("also written")
    )
    plain_zh = models.CharField(_("in plain Chinese"), max_length=200)
    plain_en = models.CharField(_("in plain English"), max_length=200)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("glossary")
        ordering = ["term_zh", "term_en", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(term_zh="", term_en=""), name="term_is_a_word"),
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="term_key_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The term in the reader's language, as far as there is one."""
        zh, en = self.term_zh or self.term_en, self.term_en or self.term_zh
        return zh if reads_chinese() else en

    @property
    def plain(self) -> str:
        """What it means, in the reader's language."""
        return self.plain_zh if reads_chinese() else self.plain_en

    @property
    def words(self) -> tuple[str, ...]:
        """Every way it is written."""
        return tuple(word for word in (self.term_zh, self.term_en, *self.variants) if word)

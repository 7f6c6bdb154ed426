"""The handbook in the admin site: an article with its steps on one page."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import search
from common.fields import NumberField
from common.text import clean_line, clean_text
from knowledgebase.content import ArticleText, StepText
from knowledgebase.forms import TermForm
from knowledgebase.models import Article, Step, Term
from knowledgebase.services.writing import save_article

WORD_LENGTH = 40
WIDE = {"class": "vLargeTextField"}
LAST = 1000


class CleanForm(forms.ModelForm):
    """Text is stored without control characters; what is empty then is missing."""

    def clean(self) -> dict[str, Any]:
        """Clean every text the form holds."""
        cleaned = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, str):
                cleaned[name] = clean_text(value)
                if not cleaned[name] and self.fields[name].required:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned


class WordsField(forms.CharField):
    """A list of words, written with commas between; Chinese ones will do."""

    def prepare_value(self, value: Any) -> Any:
        """As it is edited."""
        return "，".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """As it is stored. Raises ValidationError for a word that is too long."""
        words = [clean_line(word) for word in re.split(r"[,，、;；\n]", super().to_python(value) or "")]
        long = next((word for word in words if len(word) > WORD_LENGTH), None)
        if long:
            raise ValidationError(
                _("“%(word)s” is longer than %(count)d characters.") % {"word": long, "count": WORD_LENGTH}
            )
        return list(dict.fromkeys(filter(None, words)))


class ArticleForm(CleanForm):
    """All of an article but its steps."""

    keywords = WordsField(
        label=gettext_lazy("keywords"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "What people call it, and codes such as ORA-00060; with commas between. They weigh as much as the title."
        ),
    )

    class Meta:
        model = Article
        fields = (
            "key", "language", "visibility", "title", "symptom", "cause",
            "modules", "products", "versions", "keywords", "review_on",
        )  # fmt: skip
        widgets = {
            "title": AdminTextInputWidget(attrs=WIDE),
            "symptom": AdminTextareaWidget(attrs={"rows": 3}),
            "cause": AdminTextareaWidget(attrs={"rows": 4}),
            "modules": forms.CheckboxSelectMultiple,
            "products": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["modules"].required = True


class StepForm(CleanForm):
    """A step and its place among the others."""

    place = NumberField(
        label=gettext_lazy("position"),
        lowest=1,
        highest=LAST - 1,
        required=False,
        help_text=gettext_lazy("Steps are numbered anew in this order; without one a step comes last."),
    )

    class Meta:
        model = Step
        fields = ("place", "title", "instruction", "expected")
        widgets = {
            "title": AdminTextInputWidget(attrs=WIDE),
            "instruction": AdminTextareaWidget(attrs={"rows": 3}),
            "expected": AdminTextareaWidget(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].initial = self.instance.position


class StepInline(admin.StackedInline):
    """The ordered steps."""

    model = Step
    form = StepForm
    extra = 0
    min_num = 1

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """At least one step is asked for and insisted on."""
        return super().get_formset(request, obj, validate_min=True, **kwargs)


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """Articles; each language's version is one of its own, with the same key."""

    form = ArticleForm
    inlines = (StepInline,)
    list_display = ("title", "language", "visibility", "on_shelves", "review_on", "updated_at")
    list_filter = ("language", "visibility", "modules", "products")
    search_fields = ("title",)
    search_help_text = gettext_lazy("Any word of the article, or a code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """With the modules: one query for all rows."""
        return super().get_queryset(request).defer("search").prefetch_related("modules")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """By the handbook's own search."""
        if not search_term.strip():
            return queryset, False
        wanted = search.all_of(search_term)
        return (queryset.none() if wanted is None else queryset.filter(search=wanted)), False

    @admin.display(description=gettext_lazy("modules"))
    def on_shelves(self, article: Article) -> str:
        """The names of its modules."""
        return "、".join(module.name for module in article.modules.all())

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        """Links lead by the key, so it stays."""
        return ("key", "language") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """An article that came from a file would come back with the next start; make it internal instead."""
        return super().has_delete_permission(request, obj) and not (obj and obj.source_digest)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Nothing yet: article and steps are stored together by `save_related`."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store the article through the service."""
        article = form.instance
        for formset in formsets:
            # Fills in what the log of changes is written from.
            formset.save(commit=False)
        saved = save_article(
            key=article.key, language=article.language, text=_text(form, _steps_in_order(formsets[0]))
        )
        article.pk = saved.pk


def _steps_in_order(formset: Any) -> tuple[StepText, ...]:
    kept = [form.cleaned_data for form in formset.forms if form.cleaned_data]
    kept = [step for step in kept if not step.get("DELETE")]
    kept.sort(key=lambda step: step["place"] or LAST)
    return tuple(StepText(step["title"], step["instruction"], step["expected"]) for step in kept)


def _text(form: Any, steps: tuple[StepText, ...]) -> ArticleText:
    said = form.cleaned_data
    return ArticleText(
        title=said["title"],
        symptom=said["symptom"],
        cause=said["cause"],
        steps=steps,
        products=tuple(product.code for product in said["products"]),
        modules=tuple(module.code for module in said["modules"]),
        versions=said["versions"],
        keywords=tuple(said["keywords"]),
        visibility=said["visibility"],
        review_on=said["review_on"],
    )


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    """The glossary."""

    form = TermForm
    list_display = ("label", "meaning", "is_active")
    list_filter = ("is_active",)
    search_fields = ("term_zh", "term_en", "plain_zh", "plain_en")

    @admin.display(description=gettext_lazy("term"), ordering="term_zh")
    def label(self, term: Term) -> str:
        """The term, in the reader's language."""
        return term.label

    @admin.display(description=gettext_lazy("in plain words"))
    def meaning(self, term: Term) -> str:
        """What it means, in the reader's language."""
        return term.plain

    def has_delete_permission(self, request: HttpRequest, obj: Term | None = None) -> bool:
        """A term that came from the file would come back with the next start; switch it off instead."""
        return super().has_delete_permission(request, obj) and not (obj and obj.key)

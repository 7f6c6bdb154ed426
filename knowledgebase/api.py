"""The handbook over REST."""

from typing import Any, TypeVar

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Language
from api import paging
from api.fields import Instant
from api.schema import CURSOR, errors, paged
from api.views import ApiView, caller
from catalog.models import Module, Product
from common.errors import InvalidInput, NotAllowed
from common.models import BilingualName
from common.text import clean_line
from knowledgebase.models import QUERY_LENGTH, Article, Term, Visibility
from knowledgebase.selectors import read, search

Named = TypeVar("Named", bound=BilingualName)

LANGUAGE = OpenApiParameter(
    "language",
    OpenApiTypes.STR,
    enum=Language.values,
    description=gettext_lazy("Which version, where an article has both; the caller's language unless given."),
)


class StepSerializer(serializers.Serializer[Any]):
    """What to do, and what is to be seen when it has worked; both in Markdown."""

    position = serializers.IntegerField()
    title = serializers.CharField()
    instruction = serializers.CharField()
    expected = serializers.CharField()


class ArticleSerializer(serializers.Serializer[Any]):
    """One version of an article."""

    key = serializers.CharField()
    language = serializers.ChoiceField(Language.choices)
    title = serializers.CharField()
    symptom = serializers.CharField()
    cause = serializers.CharField()
    visibility = serializers.ChoiceField(Visibility.choices)
    products = serializers.SerializerMethodField(help_text=gettext_lazy("Codes. None: every product."))
    modules = serializers.SerializerMethodField(help_text=gettext_lazy("Codes."))
    versions = serializers.CharField()
    updated_at = Instant()
    steps = StepSerializer(many=True)

    def get_products(self, article: Article) -> list[str]:
        """Their codes."""
        return [product.code for product in article.products.all()]

    def get_modules(self, article: Article) -> list[str]:
        """Their codes."""
        return [module.code for module in article.modules.all()]


class ArticlesView(ApiView):
    """The articles the caller may read: all of them for staff, the public ones for customers."""

    @extend_schema(
        operation_id="list_articles",
        summary=gettext_lazy("Look for articles, best match first; without q all of them"),
        tags=["handbook"],
        parameters=[
            OpenApiParameter(
                "q",
                OpenApiTypes.STR,
                description=gettext_lazy("Words, single characters too, or an error code."),
            ),
            OpenApiParameter("product", OpenApiTypes.STR, description=gettext_lazy("A product's code.")),
            OpenApiParameter("module", OpenApiTypes.STR, description=gettext_lazy("A module's code.")),
            LANGUAGE,
            CURSOR,
        ],
        responses={200: paged(ArticleSerializer, "ArticlePage"), **errors(401, 422)},
    )
    def get(self, request: Request) -> Response:
        """Fifty a page."""
        found = search(
            caller(request),
            clean_line(request.query_params.get("q", ""))[:QUERY_LENGTH],
            paging.place(request),
            product=_by_code(request, "product", Product),
            module=_by_code(request, "module", Module),
            language=_language(request),
            size=paging.SIZE,
        )
        entries = [ArticleSerializer(article).data for article in found.articles]
        return paging.page(request, entries, found.next_cursor or None)


class ArticleView(ApiView):
    """One article."""

    @extend_schema(
        operation_id="get_article",
        summary=gettext_lazy("Read one article"),
        tags=["handbook"],
        parameters=[LANGUAGE],
        responses={200: ArticleSerializer, **errors(401, 404, 422)},
    )
    def get(self, request: Request, key: str) -> Response:
        """In the language asked for, as far as it is written in it."""
        reading = read(caller(request), key, language=_language(request))
        if reading is None:
            raise Http404
        return Response(ArticleSerializer(reading.article).data)


class TermSerializer(serializers.Serializer[Any]):
    """A term of the glossary."""

    id = serializers.IntegerField()
    term_zh = serializers.CharField()
    term_en = serializers.CharField()
    variants = serializers.ListField(
        child=serializers.CharField(), help_text=gettext_lazy("How else it is written.")
    )
    plain_zh = serializers.CharField()
    plain_en = serializers.CharField()


class TermsView(ApiView):
    """Jargon and what it is in plain words."""

    @extend_schema(
        operation_id="list_terms",
        summary=gettext_lazy("List the glossary"),
        description=gettext_lazy("For members of staff: the terms in use, with their plain words."),
        tags=["handbook"],
        parameters=[CURSOR],
        responses={200: paged(TermSerializer, "TermPage"), **errors(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        if not caller(request).is_agent:
            raise NotAllowed(_("The glossary is for members of staff."))
        rows, following = paging.newest_first(request, Term.objects.filter(is_active=True))
        return paging.page(request, [TermSerializer(row).data for row in rows], following)


def _language(request: Request) -> str:
    language = request.query_params.get("language") or request._request.LANGUAGE_CODE
    if language not in Language.values:
        raise InvalidInput(
            {"language": [_("Choose one of: %(codes)s.") % {"codes": ", ".join(Language.values)}]}
        )
    return language


def _by_code(request: Request, name: str, model: type[Named]) -> Named | None:
    code = request.query_params.get(name, "")
    if not code:
        return None
    found = model._default_manager.filter(code=clean_line(code)).first()
    if found is None:
        raise InvalidInput({name: [_("There is no “%(code)s” here.") % {"code": clean_line(code)[:40]}]})
    return found

"""The API's description, for programs (OpenAPI 3) and for people."""

from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response


class SchemaView(SpectacularAPIView):
    """OpenAPI 3, as YAML unless JSON is asked for. It tells nothing of anybody's data: everybody may read it."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The description in the caller's language, unless `lang` names another."""
        language = request.query_params.get("lang", "")
        with translation.override(language if language in dict(settings.LANGUAGES) else get_language()):
            return Response(described(get_language() or ""))


class DocsView(SpectacularSwaggerSplitView):
    """A page to read the description and to try the endpoints."""

    authentication_classes = []
    permission_classes = []
    url_name = "api-schema"
    template_name = "api/docs.html"

    def _get_schema_url(self, request: Request) -> str:
        """The description in the page's own language: a browser's fetch would ask for the browser's."""
        return f"{reverse(self.url_name)}?lang={get_language()}"


@cache
def described(language: str) -> dict[str, Any]:
    """The description in `language`, which must be the active one. It stays the same for a process's life."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))

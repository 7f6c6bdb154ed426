"""The admin site in the desk's look."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from catalog.selectors import missing_statutory_years
from common import clock


class DeskAdminSite(admin.AdminSite):
    """Django's admin for administrators of the desk."""

    site_title = _("LedgerDesk")
    site_header = _("LedgerDesk settings")
    index_title = _("What the desk works with")

    def has_permission(self, request: HttpRequest) -> bool:
        """Administrators only."""
        return bool(request.user.is_authenticated and request.user.is_active and request.user.is_staff)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The desk's one way in, with its rate limits. Who is in and no administrator finds nothing here."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next", "/admin/"))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The start page, with what needs somebody's care."""
        missing = missing_statutory_years(at=clock.now())
        return super().index(request, {**(extra_context or {}), "missing_years": missing})

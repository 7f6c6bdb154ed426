"""The admin site in the desk's look."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class DeskAdminSite(admin.AdminSite):
    """Django's admin for administrators of the desk."""

    site_title = _("LedgerDesk")
    site_header = _("LedgerDesk settings")
    index_title = _("What the desk works with")

    def has_permission(self, request: HttpRequest) -> bool:
        """Administrators only; everybody else is sent to sign in."""
        return bool(request.user.is_authenticated and request.user.is_active and request.user.is_staff)

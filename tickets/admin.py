"""Closing windows in the admin site."""

from typing import Any

from django.contrib import admin
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import Module
from tickets.models import ClosingWindow


@admin.register(ClosingWindow)
class ClosingWindowAdmin(admin.ModelAdmin):
    """When customers close their books; which fields count, the rule says."""

    list_display = ("name", "organisation", "rule", "is_active")
    list_filter = ("rule", "is_active", "modules")
    list_select_related = ("organisation",)
    search_fields = ("name_zh", "name_en", "organisation__name", "organisation__name_en")
    fieldsets = (
        (None, {"fields": ("organisation", "name_zh", "name_en", "modules", "is_active", "rule")}),
        (_("Every month, or every year"), {"fields": (("month_from", "day_from"), ("month_to", "day_to"))}),
        (_("On fixed dates"), {"fields": (("date_from", "date_to"),)}),
    )

    @admin.display(description=_("name"), ordering="name_zh")
    def name(self, window: ClosingWindow) -> str:
        """The name in the reader's language."""
        return window.name

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        """Modules in use, each with its box: they are few."""
        kwargs["widget"] = CheckboxSelectMultiple()
        kwargs["queryset"] = Module.objects.filter(is_active=True)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

"""Closing windows and routing rules in the admin site."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Module
from common.admin import NamedFields
from tickets.models import ClosingWindow, RoutingRule
from tickets.routing_rules import unreachable


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


class RuleList(ChangeList):
    """The rules, each with the earlier one that takes all of its tickets, if there is one."""

    def get_results(self, request: HttpRequest) -> None:
        """Asked once for the whole page."""
        super().get_results(request)
        found = unreachable()
        for rule in self.result_list:
            rule.taken_by = found.get(rule.pk)


def never_reached(taken_by: int | None) -> str:
    """The warning about a rule whose tickets an earlier one takes; empty where none does."""
    if taken_by is None:
        return ""
    return gettext("Never reached: rule #%(rule)d before it takes all of its tickets.") % {"rule": taken_by}


@admin.register(RoutingRule)
class RoutingRuleAdmin(NamedFields, admin.ModelAdmin):
    """Which team takes a ticket; the list is in the order in which the rules are asked."""

    conditions = ("product", "module", "category", "organisation")
    list_display = ("number", "position", *conditions, "team", "is_active", "in_effect")
    list_display_links = ("number",)
    list_editable = ("position", "is_active")
    list_filter = ("is_active", "team")
    list_select_related = (*conditions, "team")
    # An empty condition fits everything.
    empty_value_display = _("any")
    fields = ("position", *conditions, "team", "is_active")
    autocomplete_fields = ("organisation",)
    ordering = ("position", "id")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """A list that knows which rules are never reached."""
        return RuleList

    @admin.display(description=_("rule"), ordering="id")
    def number(self, rule: RoutingRule) -> str:
        """How the rule is spoken of."""
        return f"#{rule.pk}"

    @admin.display(description=_("in effect"))
    def in_effect(self, rule: RoutingRule) -> str:
        """Whether tickets reach it, or why none does."""
        if not rule.is_active:
            return str(_("Switched off."))
        if not rule.team.is_active:
            return str(_("Passed over: its team is out of use."))
        return never_reached(getattr(rule, "taken_by", None)) or str(_("Yes"))

    def save_model(self, request: HttpRequest, obj: RoutingRule, form: Any, change: bool) -> None:
        """Store it, and warn of a rule that no ticket reaches as things stand."""
        super().save_model(request, obj, form, change)
        warning = never_reached(unreachable().get(obj.pk))
        if warning:
            self.message_user(request, f"#{obj.pk}: {warning}", messages.WARNING)

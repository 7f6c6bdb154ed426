"""Promises in the admin site: policies with their targets and milestones, and how far open clocks follow an edit."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from common import clock
from sla.models import Policy, Recalculation, Step, Target
from sla.preview import preview
from sla.services.rules import follow_all, publish_policy

LONGEST_HOURS = 10_000


class HoursField(forms.FloatField):
    """A length of time in hours, as people speak of it; the value is a timedelta, to the second."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "min_value": _("A minute at least: write hours, such as 0.5."),
            "max_value": _("At most 10,000 hours."),
        }
        super().__init__(min_value=1 / 60, max_value=LONGEST_HOURS, error_messages=messages, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored length in hours; what was typed, as it was typed."""
        return f"{value.total_seconds() / 3600:g}" if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> Any:
        """The length. Raises ValidationError for what is no number of hours within reason."""
        hours = super().clean(value)
        return timedelta(seconds=round(hours * 3600)) if hours is not None else None


class TargetForm(forms.ModelForm):
    """A promise in hours."""

    within = HoursField(label=_("hours"))

    class Meta:
        model = Target
        fields = ("metric", "tier", "within", "calendar")


class PolicyForm(forms.ModelForm):
    """A policy, its grace in hours."""

    grace = HoursField(
        label=_("grace in hours"),
        initial=timedelta(minutes=15),
        help_text=_("Left to the team when a new promise would have been due already."),
    )

    class Meta:
        model = Policy
        fields = (
            "code",
            "name_zh",
            "name_en",
            "is_active",
            "position",
            "organisation",
            "contract_level",
            "product",
            "category",
            "tier",
            "calendar",
            "vendor_pauses",
            "grace",
            "repeats",
        )


class TargetInline(admin.TabularInline):
    """What is promised per tier and metric."""

    model = Target
    form = TargetForm
    extra = 0


class StepInline(admin.TabularInline):
    """What happens on the way; without any the usual: 50 %, 80 % and the breach."""

    model = Step
    extra = 0


class Rehearsed(Exception):
    """Ends the transaction of a preview: nothing of it stays."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    """Who is promised what. The first policy that fits and names a target decides."""

    form = PolicyForm
    inlines = (TargetInline, StepInline)
    list_display = (
        "__str__",
        "position",
        "is_active",
        "organisation",
        "contract_level",
        "product",
        "category",
    )
    list_editable = ("position", "is_active")
    list_display_links = ("__str__",)
    change_form_template = "admin/sla/policy.html"
    autocomplete_fields = ("organisation",)
    fieldsets = (
        (None, {"fields": ("code", "name_zh", "name_en", "is_active", "position")}),
        (
            _("For which tickets"),
            {
                "fields": ("organisation", "contract_level", "product", "category", "tier"),
                "description": _("A condition left empty fits everything."),
            },
        ),
        (_("How time is counted"), {"fields": ("calendar", "vendor_pauses", "grace", "repeats")}),
    )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With all its rows stored, the policy is published and open clocks follow."""
        super().save_related(request, form, formsets, change)
        policy, at = form.instance, clock.now()
        publish_policy(policy_id=policy.pk, at=at)
        if {"position", "is_active"} & set(form.changed_data):
            follow_all(at=at)
        if "_preview" not in request.POST:
            self.message_user(request, _("Open clocks follow now; see Recalculations."), messages.INFO)

    def has_delete_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        """Policies are taken out of use: finished clocks are explained by them."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Moving policies in the list changes who decides: open clocks follow."""
        with transaction.atomic():
            before = _order()
            response = super().changelist_view(request, extra_context)
            if _order() != before:
                follow_all(at=clock.now())
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The form, or with `_preview` what a ticket filed now would be promised if it were saved as it stands."""
        if request.method != "POST" or "_preview" not in request.POST:
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                response = super().changeform_view(request, object_id, form_url, extra_context)
                raise Rehearsed(response)
        except Rehearsed as rehearsed:
            return rehearsed.response

    def response_add(self, request: HttpRequest, obj: Policy, post_url_continue: Any = None) -> HttpResponse:
        """After a preview, the preview."""
        return self._previewed(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Policy) -> HttpResponse:
        """After a preview, the preview."""
        return self._previewed(request, obj) or super().response_change(request, obj)

    def _previewed(self, request: HttpRequest, policy: Policy) -> HttpResponse | None:
        if "_preview" not in request.POST:
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("A ticket filed now would be due …"),
            "policy": policy,
            "rows": preview(policy, at=clock.now()),
        }
        return render(request, "admin/sla/policy_preview.html", context)


def _order() -> list[tuple[Any, ...]]:
    return list(Policy.objects.order_by("pk").values_list("pk", "position", "is_active"))


@admin.register(Recalculation)
class RecalculationAdmin(admin.ModelAdmin):
    """How far open clocks have followed the edits of policies and calendars."""

    list_display = ("requested_at", "calendar", "progress", "changed", "finished_at")

    @admin.display(description=_("progress"))
    def progress(self, job: Recalculation) -> str:
        """Tickets done, of how many."""
        return f"{job.done} / {job.total}" if job.total else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An edit asks for them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Recalculation | None = None) -> bool:
        """Looking is enough."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Recalculation | None = None) -> bool:
        """They are the record of what was done."""
        return False

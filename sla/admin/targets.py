"""Targets in the admin site."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common import clock
from sla.models import Target
from sla.services.retargeting import follow_target


class TargetForm(forms.ModelForm):
    """A promise in hours, as people speak of it."""

    hours = forms.FloatField(
        label=_("hours"),
        min_value=1 / 60,
        max_value=10_000,
        help_text=_("Open clocks follow at once; finished ones stay as they were."),
    )

    class Meta:
        model = Target
        fields = ("tier", "metric")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["hours"].initial = self.instance.within.total_seconds() / 3600

    def clean(self) -> dict[str, Any]:
        """The hours become the stored length of time, to the second."""
        cleaned = super().clean() or {}
        if "hours" in cleaned:
            self.instance.within = timedelta(seconds=round(cleaned["hours"] * 3600))
        return cleaned


@admin.register(Target)
class TargetAdmin(admin.ModelAdmin):
    """Within what time each tier is promised what."""

    form = TargetForm
    list_display = ("tier", "metric", "hours")
    fields = ("tier", "metric", "hours")

    @admin.display(description=_("hours"))
    def hours(self, target: Target) -> str:
        """The promise in hours."""
        return f"{target.within.total_seconds() / 3600:g}"

    def get_readonly_fields(self, request: HttpRequest, obj: Target | None = None) -> tuple[str, ...]:
        """A promise stays that of its tier and metric."""
        return ("tier", "metric") if obj else ()

    def save_model(self, request: HttpRequest, obj: Target, form: Any, change: bool) -> None:
        """Store it and let the open clocks follow; say how many did."""
        super().save_model(request, obj, form, change)
        followed = follow_target(target_id=obj.pk, at=clock.now())
        text = ngettext("%(count)d open clock follows.", "%(count)d open clocks follow.", followed)
        self.message_user(request, text % {"count": followed}, messages.INFO)

"""Where other systems hear of tickets, in the admin site."""

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import NamedFields
from notifications.models import Target, WebhookTarget
from notifications.vocabulary import FOR_SYSTEMS, TargetKind

SECRET_BYTES = 32


class TargetForm(forms.ModelForm):
    """What every target is asked."""

    events = forms.MultipleChoiceField(
        label=_("hears of"), choices=list(FOR_SYSTEMS.items()), widget=forms.CheckboxSelectMultiple
    )


class TargetAdmin(NamedFields, admin.ModelAdmin):
    """Common to webhooks and robots. What was sent needs its target, so none is ever deleted."""

    form = TargetForm
    list_filter = ("is_active", "team")
    list_select_related = ("team",)

    def has_delete_permission(self, request: HttpRequest, obj: Target | None = None) -> bool:
        """It can be put out of use."""
        return False


@admin.register(WebhookTarget)
class WebhookTargetAdmin(TargetAdmin):
    """Webhooks. The secret is made here and shown once."""

    list_display = ("name", "url", "team", "is_active")
    fields = ("name", "url", "events", "team", "is_active")
    actions = ("new_secret",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookTarget]:
        """Webhooks only."""
        return super().get_queryset(request).filter(kind=TargetKind.WEBHOOK)

    def save_model(self, request: HttpRequest, obj: WebhookTarget, form: Any, change: bool) -> None:
        """Store it; a new one with a secret of its own."""
        obj.kind = TargetKind.WEBHOOK
        super().save_model(request, obj, form, change)
        if not change:
            self._make_secret(request, obj)

    @admin.action(description=_("Make a new secret; the old one ends at once"), permissions=["change"])
    def new_secret(self, request: HttpRequest, targets: QuerySet[WebhookTarget]) -> None:
        """A new secret for each chosen one."""
        for target in targets:
            self._make_secret(request, target)

    def _make_secret(self, request: HttpRequest, target: WebhookTarget) -> None:
        target.secret = secrets.token_urlsafe(SECRET_BYTES)
        target.save(update_fields=["secret"])
        said = {"name": target.name, "secret": target.secret}
        text = _("The secret of %(name)s, shown this once: %(secret)s")
        self.message_user(request, text % said, messages.WARNING)

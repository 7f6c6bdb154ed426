"""Where other systems hear of tickets, in the admin site."""

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import NamedFields
from notifications.channels.robots import through_apprise
from notifications.models import Robot, Target, WebhookTarget
from notifications.vocabulary import FOR_SYSTEMS, ROBOTS, SIGNING, Kind, TargetKind

SECRET_BYTES = 32


class TargetForm(forms.ModelForm):
    """What every target is asked."""

    events = forms.MultipleChoiceField(
        label=_("hears of"), choices=list(FOR_SYSTEMS.items()), widget=forms.CheckboxSelectMultiple
    )


class TargetAdmin(NamedFields, admin.ModelAdmin):
    """Common to webhooks and robots. What was sent needs its target, so none is ever deleted."""

    form = TargetForm
    list_select_related = ("team",)

    def has_delete_permission(self, request: HttpRequest, obj: Target | None = None) -> bool:
        """It can be put out of use."""
        return False


@admin.register(WebhookTarget)
class WebhookTargetAdmin(TargetAdmin):
    """Webhooks. The secret is made here and shown once."""

    list_display = ("name", "url", "team", "is_active")
    list_filter = ("is_active", "team")
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


class Hidden(forms.PasswordInput):
    """What is typed stays hidden; no browser fills in a password of its own."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "vTextField", "autocomplete": "new-password"})


class RobotForm(TargetForm):
    """A robot's address and secret are typed once and never shown again."""

    kind = forms.ChoiceField(label=_("kind"), choices=[(kind.value, kind.label) for kind in ROBOTS])
    url = forms.CharField(
        label=_("address"), max_length=500, required=False, widget=Hidden,
        help_text=_("The webhook address the platform gives, never shown again. Empty: the stored one stays."),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("secret"), max_length=128, required=False, widget=Hidden,
        help_text=_("For DingTalk and Feishu, if the robot signs. Empty: the stored one stays."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            # What most rooms want to hear, and no more.
            self.initial.setdefault("events", [Kind.TICKET_OPENED, Kind.CLOCK_BREACHED])
            self.initial.setdefault("only_urgent", True)

    def clean_url(self) -> str:
        """The address typed, or the stored one."""
        url = self.cleaned_data["url"] or self.instance.url
        if not url:
            raise forms.ValidationError(_("Give the address of the robot."))
        return str(url)

    def clean_secret(self) -> str:
        """The secret typed, or the stored one."""
        return str(self.cleaned_data["secret"] or self.instance.secret)

    def clean(self) -> dict[str, Any]:
        """Refuse an address that is none of the platform's, and a secret where none is signed with."""
        said = super().clean() or self.cleaned_data
        kind, url = said.get("kind") or self.instance.kind, said.get("url", "")
        if url and kind in through_apprise.READERS and not through_apprise.understands(kind, url):
            self.add_error("url", _("This is no webhook address of that platform."))
        if kind and kind not in SIGNING:
            said["secret"] = ""
        return said


@admin.register(Robot)
class RobotAdmin(TargetAdmin):
    """Chat robots."""

    form = RobotForm
    list_display = ("name", "kind", "team", "is_active")
    list_filter = ("kind", "is_active", "team")
    fields = ("kind", "name", "url", "secret", "events", "only_urgent", "team", "is_active")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Robot]:
        """Robots only."""
        return super().get_queryset(request).filter(kind__in=ROBOTS)

    def get_readonly_fields(self, request: HttpRequest, obj: Robot | None = None) -> tuple[str, ...]:
        """An address belongs to its platform."""
        return ("kind",) if obj else ()

"""People in the admin site."""

from typing import Any, cast

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from allauth.account.signals import password_set
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from knox.models import AuthToken

from accounts.events import ContractChanged
from accounts.models import Duty, Leave, Organisation, Team, TeamMembership, User
from accounts.services.people import vouch_for_address
from common import clock
from common.admin import NamedFields
from common.events import publish

# Roles are ours; groups, the sign-in library's own rows and the tokens of programs would only mislead.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
admin.site.unregister(AuthToken)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Customer companies."""

    list_display = ("name", "name_en", "code", "contract_level", "email_domain", "is_active")
    list_filter = ("contract_level", "is_active")
    search_fields = ("name", "name_en", "code", "email_domain")
    prepopulated_fields = {"code": ("name_en",)}

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """Store it; what is promised hangs on the contract level."""
        super().save_model(request, obj, form, change)
        if change and "contract_level" in form.changed_data:
            publish(ContractChanged(organisation_id=obj.pk, at=clock.now()))


class MembershipInline(NamedFields, admin.TabularInline):
    """Who works in a team, or leads it."""

    model = TeamMembership
    extra = 1
    autocomplete_fields = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamMembership]:
        """With the people's names: one query for all rows."""
        return super().get_queryset(request).select_related("user", "team")


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """Teams of engineers."""

    list_display = ("name", "code", "assignment", "is_default", "is_active", "position")
    search_fields = ("name_zh", "name_en", "code")
    inlines = (MembershipInline,)


@admin.register(Duty)
class DutyAdmin(NamedFields, admin.ModelAdmin):
    """The roster: who is on duty for a team, and when."""

    list_display = ("team", "user", "starts_at", "ends_at")
    list_filter = ("team",)
    list_select_related = ("team", "user")
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("team", "user")


class UserMembershipInline(NamedFields, admin.TabularInline):
    """The teams a person works in."""

    model = TeamMembership
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamMembership]:
        """With the names of both: one query for all rows."""
        return super().get_queryset(request).select_related("user", "team")


class NewUserForm(forms.ModelForm):
    """A new person; the password is theirs to set by the link they are sent."""

    class Meta:
        model = User
        fields = ("email", "name", "role", "organisation", "is_contact_manager", "language", "time_zone")

    def clean_email(self) -> str:
        """In lower case, as it is compared."""
        return self.cleaned_data["email"].strip().lower()


class PasswordForm(AdminPasswordChangeForm):
    """A password an administrator sets for somebody, or takes away."""

    def save(self, commit: bool = True) -> User:
        """Store it and tell of it as of any other new password: what was opened with the old one ends."""
        user: User = super().save(commit)
        password_set.send(sender=User, request=None, user=user)
        return user


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Users of every role."""

    add_form = NewUserForm
    change_password_form = PasswordForm
    add_fieldsets = ((None, {"fields": NewUserForm.Meta.fields}),)
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("At the desk"), {"fields": ("role", "organisation", "is_contact_manager", "is_bot", "is_active")}),
        (_("As they like it"), {"fields": ("language", "time_zone", "single_keys")}),
    )
    list_display = ("name", "email", "role", "organisation", "is_active")
    list_filter = ("role", "is_active", "is_bot")
    list_select_related = ("organisation",)
    search_fields = ("name", "email")
    ordering = ("name", "pk")
    filter_horizontal = ()
    autocomplete_fields = ("organisation",)
    inlines = (UserMembershipInline,)
    actions = ("send_link",)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        """A new person cannot sign in before they have set a password; the address is vouched for."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        vouch_for_address(user=obj)
        if not change:
            self._send_link(request, obj)

    @admin.action(description=_("Send a link to set the password"))
    def send_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Mail each of them a link that works once."""
        people = list(queryset.filter(is_active=True))
        for user in people:
            self._send_link(request, user)
        text = ngettext("%(count)d link is on its way.", "%(count)d links are on their way.", len(people))
        self.message_user(request, text % {"count": len(people)}, messages.SUCCESS)

    def _send_link(self, request: HttpRequest, user: User) -> None:
        form: Any = ResetPasswordForm(data={"email": user.email})
        if form.is_valid():
            form.save(request)


@admin.register(Leave)
class LeaveAdmin(NamedFields, admin.ModelAdmin):
    """When people are away; the team's page at the desk shows the same rows."""

    list_display = ("user", "starts_at", "ends_at", "kind", "updated_by", "updated_at")
    list_filter = ("kind",)
    list_select_related = ("user", "updated_by")
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)
    fields = ("user", "starts_at", "ends_at", "kind", "note")

    def save_model(self, request: HttpRequest, obj: Leave, form: Any, change: bool) -> None:
        """Store it with who did so, and when."""
        obj.updated_by, obj.updated_at = cast(User, request.user), clock.now()
        super().save_model(request, obj, form, change)

"""Products, modules and categories in the admin site."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Certificate, Module, Product, StatutoryDay
from catalog.services.statutory import remove_statutory_days, save_statutory_day
from common import clock
from common.admin import NamedFields
from common.models import BilingualName
from knowledgebase.services.writing import reindex


class NamedAdmin(NamedFields, admin.ModelAdmin):
    """A thing with a code and two names. What something refers to keeps its code and is not deleted."""

    list_display = ["name_zh", "name_en", "code", "position", "is_active"]
    list_editable = ("position", "is_active")
    list_filter = ["is_active"]
    search_fields = ("name_zh", "name_en", "code")
    names = ("name_zh", "name_en", "code")
    more: tuple[str, ...] = ()

    def get_fields(self, request: HttpRequest, obj: BilingualName | None = None) -> tuple[str, ...]:
        """Names first."""
        return (*self.names, *self.more, "position", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: BilingualName | None = None) -> tuple[str, ...]:
        """The code, once it is used."""
        return ("code",) if obj and is_used(obj) else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: BilingualName | None = None
    ) -> dict[str, Sequence[str]]:
        """A code is proposed for what is new."""
        return {} if obj else {"code": ("name_en",)}

    def has_delete_permission(self, request: HttpRequest, obj: BilingualName | None = None) -> bool:
        """Only what nothing refers to; the rest can be put out of use."""
        return super().has_delete_permission(request, obj) and not (obj and is_used(obj))


class IndexedAdmin(NamedAdmin):
    """A thing by whose names articles are found."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Its articles are found by the new names at once."""
        super().save_model(request, obj, form, change)
        if change and {"name_zh", "name_en"} & set(form.changed_data):
            reindex(obj.articles.prefetch_related("steps", "products", "modules"))


@admin.register(Product)
class ProductAdmin(IndexedAdmin):
    """The software we support."""

    list_display = ["name_zh", "name_en", "vendor", "code", "position", "is_active"]
    list_filter = ["is_active", "vendor"]
    more = ("vendor",)


@admin.register(Certificate)
class CertificateAdmin(NamedAdmin):
    """What some tickets ask their engineer to hold. Who holds them stands on the team's page."""


@admin.register(Module)
class ModuleAdmin(IndexedAdmin):
    """Parts of a product, and the team that takes their tickets."""

    list_display = ["name_zh", "name_en", "team", "code", "position", "is_active"]
    list_filter = ["is_active", "team"]
    list_select_related = ("team",)
    more = ("team", "certificate")


@admin.register(Category)
class CategoryAdmin(NamedAdmin):
    """Kinds of questions."""

    list_display = ["name_zh", "name_en", "is_consultation", "code", "position", "is_active"]
    list_filter = ["is_active", "is_consultation"]
    more = ("is_consultation", "certificate")


class YearFilter(admin.SimpleListFilter):
    """By year, the latest first."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The years there are rows of."""
        years = StatutoryDay.objects.dates("date", "year", order="DESC")
        return [(str(first.year), str(first.year)) for first in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StatutoryDay]) -> QuerySet[StatutoryDay]:
        """The chosen year's; whatever else stands in the address chooses none."""
        chosen = self.value() or ""
        known = {code for code, _year in self.lookup_choices}
        return queryset.filter(date__year=int(chosen)) if chosen in known else queryset


@admin.register(StatutoryDay)
class StatutoryDayAdmin(NamedFields, admin.ModelAdmin):
    """China's days off and make-up workdays; calendars follow every change."""

    list_display = ("date", "kind", "name_zh", "name_en")
    list_filter = (YearFilter, "kind")
    fields = ("date", "kind", "name_zh", "name_en")
    search_fields = ("name_zh", "name_en")
    ordering = ("-date",)

    def save_model(self, request: HttpRequest, obj: StatutoryDay, form: Any, change: bool) -> None:
        """Through the service."""
        save_statutory_day(day=obj, at=clock.now())

    def delete_model(self, request: HttpRequest, obj: StatutoryDay) -> None:
        """Through the service."""
        remove_statutory_days(dates=[obj.date], at=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[StatutoryDay]) -> None:
        """Through the service, all at once."""
        dates = list(queryset.values_list("date", flat=True))
        remove_statutory_days(dates=dates, at=clock.now())


def is_used(thing: BilingualName) -> bool:
    """Whether a ticket, an article or anything else refers to it."""
    return any(
        getattr(thing, str(relation.get_accessor_name())).exists() for relation in thing._meta.related_objects
    )

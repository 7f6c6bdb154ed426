"""Products, modules and categories in the admin site."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.models import Category, Module, Product
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


@admin.register(Module)
class ModuleAdmin(IndexedAdmin):
    """Parts of a product, and the team that takes their tickets."""

    list_display = ["name_zh", "name_en", "team", "code", "position", "is_active"]
    list_filter = ["is_active", "team"]
    list_select_related = ("team",)
    more = ("team",)


@admin.register(Category)
class CategoryAdmin(NamedAdmin):
    """Kinds of questions."""

    list_display = ["name_zh", "name_en", "is_consultation", "code", "position", "is_active"]
    list_filter = ["is_active", "is_consultation"]
    more = ("is_consultation",)


def is_used(thing: BilingualName) -> bool:
    """Whether a ticket, an article or anything else refers to it."""
    return any(
        getattr(thing, str(relation.get_accessor_name())).exists() for relation in thing._meta.related_objects
    )

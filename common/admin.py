"""What the admin site's tables lack for those who cannot see their headings."""

from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.http import HttpRequest


class NamedRows(forms.BaseInlineFormSet):
    """Rows of a table whose box for deleting carries its name, as `NamedFields` does for the fields beside it."""

    def add_fields(self, form: Any, index: Any) -> None:
        """Django's fields, the box named."""
        super().add_fields(form, index)
        box = form.fields.get("DELETE")
        if box is not None:
            box.widget.attrs.setdefault("aria-label", box.label)


class NamedFields(BaseModelAdmin):
    """Every field carries its name: one in a row of a table has no label of its own."""

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Django's field, named."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and field.label:
            # Around a choice of rows stands a wrapper; its attributes are nobody's.
            widget = (
                field.widget.widget if isinstance(field.widget, RelatedFieldWidgetWrapper) else field.widget
            )
            widget.attrs.setdefault("aria-label", field.label)
        return field

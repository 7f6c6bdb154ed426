"""Serializer fields every endpoint shares."""

from datetime import UTC
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Organisation
from common.models import BilingualName
from common.text import clean_line

# The largest id a row can have.
LARGEST = 2**63 - 1


class Instant(serializers.DateTimeField):
    """An instant in UTC, such as 2026-03-04T04:00:00Z."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class Text(serializers.CharField):
    """A string that came as a string: numbers are not turned into one."""

    def to_internal_value(self, data: Any) -> str:
        """The string, trimmed. Raises ValidationError for any other type."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Code(Text):
    """Something in use that an administrator named by a code, such as a product."""

    def __init__(self, model: type[BilingualName | Organisation], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = model

    def to_internal_value(self, data: Any) -> Any:
        """The row. Raises ValidationError where there is none of that code, or it is out of use."""
        code = super().to_internal_value(data)
        # PostgreSQL takes neither NUL nor half a character in a text.
        is_text = clean_line(code) == code
        found = self.model._default_manager.filter(code=code, is_active=True).first() if is_text else None
        if found is None:
            raise serializers.ValidationError(_("Nothing in use has this code."))
        return found


class Choice(serializers.ChoiceField):
    """One of some codes; the refusal lists them and does not repeat what was sent."""

    def to_internal_value(self, data: Any) -> str:
        """The code. Raises ValidationError for anything else."""
        if not isinstance(data, str) or data not in self.choices:
            codes = ", ".join(str(code) for code in self.choices)
            raise serializers.ValidationError(_("Choose one of: %(codes)s.") % {"codes": codes})
        return data


class Person(serializers.Serializer[Any]):
    """A person as `{id, name}`; members of staff read the address too."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField(required=False, help_text=_("For members of staff only."))

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Without the address unless `reads_addresses` of the context says that the caller may read it."""
        shown: dict[str, Any] = {"id": instance.pk, "name": instance.name}
        if self.context.get("reads_addresses"):
            shown["email"] = instance.email
        return shown

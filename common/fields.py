"""Form fields more than one app needs."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class ParagraphsField(forms.CharField):
    """Text of several lines. A line end is one character, as the box counts it, though a browser sends two."""

    def __init__(self, **options: Any) -> None:
        told = {"max_length": _("At most %(limit_value)d characters, please.")}
        options["error_messages"] = told | options.get("error_messages", {})
        super().__init__(**{"widget": forms.Textarea, **options})

    def to_python(self, value: Any) -> Any:
        """The text with plain line ends, trimmed."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


class NumberField(forms.IntegerField):
    """A whole number from `lowest` to `highest`; whatever else is typed is answered by one sentence."""

    def __init__(self, *, lowest: int, highest: int, **options: Any) -> None:
        told = format_lazy(
            _("Write a whole number from {lowest} to {highest}."), lowest=lowest, highest=highest
        )
        kinds = ("required", "invalid", "min_value", "max_value")
        options["error_messages"] = dict.fromkeys(kinds, told) | options.get("error_messages", {})
        super().__init__(min_value=lowest, max_value=highest, **options)


class MomentField(forms.DateTimeField):
    """A moment on the reader's clock. One that clock shows twice or never, where there is summer time, is none."""

    def to_python(self, value: Any) -> Any:
        """The moment. Raises ValidationError for what is none, or not one."""
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            if getattr(error, "code", "") != "ambiguous_timezone":
                raise
            told = _("The clocks are changed in this hour. Choose one before or after it.")
            raise forms.ValidationError(told, code="ambiguous_timezone") from error

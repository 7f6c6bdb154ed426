"""The questionnaire's form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import ParagraphsField
from surveys.models import Answer, Solved
from surveys.services.answering import COMMENT_LENGTH, RECOMMENDATION, SATISFACTION, Said

WORDS_OF_SATISFACTION = {
    1: _("Very unhappy"),
    2: _("Unhappy"),
    3: _("So-so"),
    4: _("Happy"),
    5: _("Very happy"),
}


class SurveyForm(forms.Form):
    """Four questions; only the first has to be answered."""

    solved = forms.ChoiceField(
        choices=Solved.choices, error_messages={"required": _("Tell us whether it is solved.")}
    )
    satisfaction = forms.TypedChoiceField(
        choices=[(number, WORDS_OF_SATISFACTION[number]) for number in SATISFACTION],
        coerce=int,
        empty_value=None,
        required=False,
    )
    recommend = forms.TypedChoiceField(
        choices=[(number, str(number)) for number in RECOMMENDATION],
        coerce=int,
        empty_value=None,
        required=False,
    )
    comment = ParagraphsField(max_length=COMMENT_LENGTH, required=False)

    @property
    def said(self) -> Said:
        """The answer, once the form is valid."""
        return Said(**self.cleaned_data)


def initial_of(answer: Answer | None, *, solved: str) -> dict[str, Any]:
    """What the form shows at first: an earlier answer, and what the link already says."""
    shown: dict[str, Any] = {}
    if answer is not None:
        names = ("solved", "satisfaction", "recommend", "comment")
        shown = {name: getattr(answer, name) for name in names}
    if solved in Solved.values:
        shown["solved"] = solved
    return shown

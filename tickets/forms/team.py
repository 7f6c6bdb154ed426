"""The forms of the team's page: how tickets are given out; when somebody works, is away, what they know."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.availability import USUAL_WEEK, Week, week_from
from accounts.models import Assignment, LeaveKind, Team, User, WorkingHours
from accounts.services.presence import NOTE_LENGTH
from catalog.models import Certificate, Module, Product
from catalog.skills import Known
from common.errors import InvalidInput
from common.fields import MomentField, NumberField
from sla.forms import LineField, SpansField

# Rows for something new below what somebody knows already.
BLANK_ROWS = 2
MOST_SKILLS = 60


class _Refusable(forms.Form):
    def refuse(self, error: InvalidInput) -> None:
        """Show what a service refused beside its field."""
        for name, texts in error.fields.items():
            field = name.replace("week.", "hours_")
            for text in texts:
                self.add_error(field if field in self.fields else None, str(text))


class AssignmentForm(forms.Form):
    """How a team's tickets come to its people."""

    way = forms.ChoiceField(
        label=_("Who gets a new ticket"), choices=Assignment.choices, widget=forms.RadioSelect
    )
    cap = NumberField(
        label=_("Most open tickets a person"),
        lowest=1,
        highest=999,
        required=False,
        help_text=_("Who holds that many is given no more by the desk. Empty: no limit."),
    )

    def __init__(self, team: Team, people: Iterable[User], taking_part: list[int], data: Any = None) -> None:
        """`people` are those of the team, `taking_part` the ids of those who get tickets by themselves."""
        initial = {"way": team.assignment, "cap": team.open_cap, "people": taking_part}
        super().__init__(data, initial=initial)
        self.fields["people"] = forms.TypedMultipleChoiceField(
            label=_("Gets tickets from the desk"),
            choices=[(person.pk, str(person)) for person in people],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class HoursForm(_Refusable):
    """The hours of somebody's week."""

    keeps_statutory_days = forms.BooleanField(
        label=_("China's statutory days: holidays off, make-up workdays worked"), required=False
    )

    def __init__(self, hours: WorkingHours | None, data: Any = None) -> None:
        week = week_from(hours.week) if hours else USUAL_WEEK
        initial: dict[str, Any] = {f"hours_{weekday}": spans for weekday, spans in enumerate(week)}
        initial["keeps_statutory_days"] = hours.keeps_statutory_days if hours else True
        super().__init__(data, initial=initial, prefix="hours")
        for weekday in range(7):
            self.fields[f"hours_{weekday}"] = SpansField(
                label=WEEKDAYS[weekday], required=False, max_length=200
            )

    def days(self) -> list[forms.BoundField]:
        """The fields of the week's hours, Monday first."""
        return [self[f"hours_{weekday}"] for weekday in range(7)]

    @property
    def week(self) -> Week:
        """What was said, once the form is valid."""
        return tuple(self.cleaned_data[f"hours_{weekday}"] for weekday in range(7))


def _instant(label: Any) -> MomentField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return MomentField(label=label, widget=widget)


class LeaveForm(_Refusable):
    """A time somebody is away, on the reader's wall clock."""

    starts_at = _instant(_("Away from"))
    ends_at = _instant(_("Back at"))
    kind = forms.ChoiceField(label=_("Why"), choices=LeaveKind.choices)
    note = LineField(
        label=_("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=_("Read by those who lead the team."),
    )

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        today = timezone.localtime(at).replace(hour=9, minute=0)
        initial = {"starts_at": today, "ends_at": today.replace(hour=18), "kind": LeaveKind.ANNUAL}
        super().__init__(data, initial=initial, prefix="leave")


class SkillRow(forms.Form):
    """Knowledge of a product, a module, or a module of one product; both empty: nothing."""

    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product"), required=False, empty_label=_("Any product")
    )
    module = forms.ModelChoiceField(
        Module.objects.none(), label=_("Module"), required=False, empty_label=_("Any module")
    )

    def __init__(self, *args: Any, choices: dict[str, list[tuple[Any, str]]], **kwargs: Any) -> None:
        """`choices` are read once for all the rows."""
        super().__init__(*args, **kwargs)
        for name, model in (("product", Product), ("module", Module)):
            field: Any = self.fields[name]
            field.queryset = model.objects.all()
            field.widget.choices = [("", field.empty_label), *choices[name]]


class SkillsForm:
    """All that somebody knows, in rows, and the certificates they hold, each with its box and its last day; one more
    may be named.
    """

    def __init__(self, person: User, data: Any = None) -> None:
        known = [{"product": row.product_id, "module": row.module_id} for row in person.skills.all()]
        held = dict(person.certificates.values_list("certificate", "expires_on"))
        choices = {
            name: [(thing.pk, thing.name) for thing in rows.filter(is_active=True)]
            for name, rows in (("product", Product.objects.all()), ("module", Module.objects.all()))
        }
        self.rows: Any = _SkillRows(data, initial=known, prefix="skills", form_kwargs={"choices": choices})
        self.certificates = CertificatesForm(held, data)

    def is_valid(self) -> bool:
        """Whether both parts are."""
        return bool(self.rows.is_valid()) & self.certificates.is_valid()

    @property
    def known(self) -> list[Known]:
        """What was said to be known, once it is valid."""
        said = [(row.get("product"), row.get("module")) for row in self.rows.cleaned_data]
        return [Known(product and product.pk, module and module.pk) for product, module in said]

    def refuse(self, error: InvalidInput) -> None:
        """Show what the service refused beside the name."""
        for text in error.fields["named"]:
            self.certificates.add_error("another", str(text))


class CertificatesForm(forms.Form):
    """The certificates in use, a box for each and its last day; and room for one that is not among them."""

    another = LineField(label=_("Another certificate"), max_length=80, required=False)
    another_until = forms.DateField(
        label=_("Valid through"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, held: dict[int, date | None], data: Any = None) -> None:
        super().__init__(data, prefix="certificates")
        self.offered = list(Certificate.objects.filter(is_active=True))
        for one in self.offered:
            widget = forms.DateInput(
                {"type": "date", "aria-label": f"{one.name}: {_('valid through')}"}, "%Y-%m-%d"
            )
            self.fields[f"held_{one.pk}"] = forms.BooleanField(
                label=one.name, required=False, initial=one.pk in held
            )
            self.fields[f"until_{one.pk}"] = forms.DateField(
                label=_("valid through"), required=False, initial=held.get(one.pk), widget=widget
            )

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The box and the date of each."""
        return [(self[f"held_{one.pk}"], self[f"until_{one.pk}"]) for one in self.offered]

    @property
    def held(self) -> dict[int, date | None]:
        """What was said to be held, once it is valid."""
        said = self.cleaned_data
        return {one.pk: said[f"until_{one.pk}"] for one in self.offered if said[f"held_{one.pk}"]}

    @property
    def named(self) -> dict[str, date | None]:
        """The one that was named, with its last day."""
        name = self.cleaned_data["another"]
        return {name: self.cleaned_data["another_until"]} if name else {}

    def clean(self) -> dict[str, Any]:
        """A day alone is no certificate."""
        said = super().clean() or self.cleaned_data
        if said.get("another_until") and not said.get("another") and not self.errors:
            self.add_error("another", _("Name the certificate that is valid until then."))
        return said


_SkillRows: Any = forms.formset_factory(
    SkillRow, extra=BLANK_ROWS, max_num=MOST_SKILLS, absolute_max=MOST_SKILLS
)

"""What is asked when a ticket is filed."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import customers, find_customers
from catalog.models import Category, Module, Product
from common.fields import MomentField
from common.models import BilingualName
from common.text import clean_line, clean_text
from tickets.models.ticket import SUBJECT_LENGTH, Channel
from tickets.own_tickets import UsedProduct
from tickets.services.opening import DESCRIPTION_LENGTH, Draft
from tickets.triage import Impact
from tickets.vocabulary import Deadline, ProductionDown, UsersAffected, Workaround

EDITION_LENGTH, VERSION_LENGTH, WHO_LENGTH = 60, 40, 80
# The answers to `product` beside the codes: another one, which `other_product` names, or one we do not list.
OTHER, UNLISTED = "other", "unlisted"
DEADLINE_BEFORE, DEADLINE_AFTER = timedelta(days=366), timedelta(days=3 * 366)
# The ways a member of staff takes a case down for a customer.
TAKEN_DOWN_BY = (Channel.PHONE, Channel.WECHAT, Channel.EMAIL)
# The order of the page: the first wrong one gets the focus.
FOCUS = (
    "who",
    "channel",
    "product",
    "edition",
    "product_version",
    "module",
    "category",
    "subject",
    "description",
    "production_down",
    "users_affected",
    "deadline",
    "deadline_at",
    "workaround",
)


class TypedText(forms.CharField):
    """Text as people type it, cleaned of what cannot be stored before it is judged."""

    def __init__(self, *, longest: int, lines: bool = False, missing: Any = "") -> None:
        super().__init__(required=bool(missing), error_messages={"required": missing})
        self.longest = longest
        self.tidy = clean_text if lines else clean_line

    def clean(self, value: Any) -> str:
        """The tidied text; raises ValidationError when it is missing or too long."""
        text = self.tidy(value or "")
        self.validate(text)
        if len(text) > self.longest:
            raise forms.ValidationError(
                _("At most %(count)d characters, please."), params={"count": self.longest}
            )
        return text


def coded(objects: Iterable[BilingualName]) -> forms.TypedChoiceField:
    """A choice among entries of the catalogue by code; not to know is an answer too."""
    by_code = {each.code: each for each in objects}
    return forms.TypedChoiceField(
        choices=[*((each.code, each.name) for each in objects), ("", _("Not sure"))],
        coerce=by_code.get,
        empty_value=None,
        required=False,
        initial="",
    )


def answered(choices: Sequence[tuple[str, LazyText]], otherwise: str) -> forms.ChoiceField:
    """One of the structured questions; the answer that asks for least is chosen at first."""
    return forms.ChoiceField(choices=choices, required=False, initial=otherwise)


class ImpactForm(forms.Form):
    """What the proposed tier hangs on. An answer that is none of ours counts as not given."""

    production_down = answered(ProductionDown.choices, ProductionDown.NONE)
    users_affected = answered(UsersAffected.choices, UsersAffected.ONE)
    deadline = answered(Deadline.choices, Deadline.NONE)
    deadline_at = MomentField(
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": _("Give a day and a time.")},
    )
    workaround = answered(Workaround.choices, Workaround.AWKWARD)

    def __init__(self, data: Mapping[str, Any] | None = None, *, at: datetime, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.at = at
        self.fields["category"] = coded(Category.objects.filter(is_active=True))
        self.fields["module"] = coded(Module.objects.filter(is_active=True).select_related("team"))

    def clean(self) -> dict[str, Any]:
        """Without a deadline its moment means nothing; with one it lies within reason."""
        data = dict(super().clean() or {})
        if data.get("deadline") in {None, "", Deadline.NONE}:
            self.errors.pop("deadline_at", None)
            data["deadline_at"] = None
        moment = data.get("deadline_at")
        if moment and not self.at - DEADLINE_BEFORE < moment < self.at + DEADLINE_AFTER:
            self.add_error("deadline_at", _("That is too far away. Check the year."))
            data["deadline_at"] = None
        return data

    @property
    def impact(self) -> Impact:
        """The answers, once the form is cleaned; what was not given is as if nothing pressed."""
        names = ("production_down", "users_affected", "deadline", "deadline_at", "workaround")
        given = {name: self.cleaned_data.get(name) for name in names}
        return Impact(**{name: value for name, value in given.items() if value})

    @property
    def chosen_category(self) -> Category | None:
        """The chosen category, once the form is cleaned."""
        return self.cleaned_data.get("category")

    @property
    def chosen_module(self) -> Module | None:
        """The chosen module, once the form is cleaned."""
        return self.cleaned_data.get("module")


class FilingForm(ImpactForm):
    """Everything a ticket is filed with, its files aside. `used` are the products offered as cards."""

    key = forms.UUIDField(required=False)
    subject = TypedText(longest=SUBJECT_LENGTH, missing=_("Say in one line what is wrong."))
    description = TypedText(
        longest=DESCRIPTION_LENGTH,
        lines=True,
        missing=_("Say how it came about: which step, which message, since when."),
    )
    edition = TypedText(longest=EDITION_LENGTH)
    product_version = TypedText(longest=VERSION_LENGTH)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        user: User,
        at: datetime,
        used: Sequence[UsedProduct] = (),
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, at=at, initial={**_first_guess(used), **(initial or {})})
        self.user = user
        self.used = used
        self.matches: list[User] = []
        self.products = {each.code: each for each in Product.objects.filter(is_active=True)}
        names = [(code, each.name) for code, each in self.products.items()]
        self.fields["product"] = forms.ChoiceField(choices=[*names, (OTHER, "")], required=False)
        self.fields["other_product"] = forms.ChoiceField(
            choices=[("", _("Choose the product")), *names, (UNLISTED, _("It is not listed"))], required=False
        )
        if user.is_agent:
            self.fields["who"] = TypedText(longest=WHO_LENGTH)
            self.fields["requester"] = forms.CharField(required=False)
            channels = [(each.value, each.label) for each in TAKEN_DOWN_BY]
            self.fields["channel"] = forms.ChoiceField(choices=channels, initial=Channel.PHONE)
            chosen = customer_of(str(self.initial.get("requester", "")))
            self.matches = [chosen] if chosen else []

    def clean(self) -> dict[str, Any]:
        """Adds the product and, for staff, whom the ticket is for."""
        data = super().clean()
        data["product"] = self._product(data)
        data["requester"] = self._requester(data) if self.user.is_agent else self.user
        return data

    def _product(self, data: dict[str, Any]) -> Product | None:
        code = data.get("product") or OTHER
        if code == OTHER:
            code = data.get("other_product") or ""
        if code not in {UNLISTED, *self.products}:
            # A code that is none of ours was never on the page: the one sentence serves it too.
            self.errors.pop("product", None)
            self.add_error("product", _("Say which product it is about."))
        return self.products.get(code)

    def _requester(self, data: dict[str, Any]) -> User | None:
        chosen = customer_of(data.get("requester", ""))
        if chosen is not None:
            self.matches = [chosen]
            return chosen
        who = data.get("who", "")
        self.matches = find_customers(who)
        if len(self.matches) == 1:
            return self.matches[0]
        if not who:
            self.add_error("who", _("Say whom it is for: a name or an address."))
        elif not self.matches:
            self.add_error("who", _("No customer is called that. Try the address, or a part of the name."))
        else:
            self.add_error("who", _("Several customers match. Choose one."))
        return None

    @property
    def draft(self) -> Draft:
        """What is filed, once the form is valid."""
        names = ("subject", "description", "product", "module", "category", "edition", "product_version")
        return Draft(**{name: self.cleaned_data[name] for name in names}, impact=self.impact)

    @property
    def filed_for(self) -> User:
        """Whom it is filed for, once the form is valid."""
        return self.cleaned_data["requester"]

    @property
    def came_by(self) -> str:
        """The way it came, once the form is valid."""
        return self.cleaned_data.get("channel") or Channel.WEB

    @property
    def filing_key(self) -> uuid.UUID:
        """The same for the same words from the same page, so that sending them twice files one ticket."""
        words = f"{self.cleaned_data['subject']}\0{self.cleaned_data['description']}"
        return uuid.uuid5(self.cleaned_data["key"] or uuid.uuid4(), words)

    @property
    def focus(self) -> str:
        """The first field with something wrong; empty when there is none."""
        return next((name for name in FOCUS if self.is_bound and name in self.errors), "")


def customer_of(code: str) -> User | None:
    """The customer of that id; None for anything else."""
    known = code.isascii() and code.isdigit() and len(code) <= 18
    return customers().filter(pk=int(code)).first() if known else None


def _first_guess(used: Sequence[UsedProduct]) -> dict[str, Any]:
    """Most tickets are about what the last one was about."""
    if not used:
        return {"key": uuid.uuid4(), "product": OTHER}
    last = used[0]
    return {
        "key": uuid.uuid4(),
        "product": last.product.code,
        "edition": last.edition,
        "product_version": last.version,
    }

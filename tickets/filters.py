"""Which tickets a board, a list or the API shows: a fixed set of parameters, read into one condition."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from common import search
from common.errors import InvalidInput
from common.text import whole_number
from tickets.querysets import parse_number
from tickets.vocabulary import OPEN, Status, Tier

NAMES = ("status", "tier", "assignee", "team", "product", "organisation", "tag", "q")
QUERY_LENGTH = 200
# How many organisations a name may stand for when it is searched.
ORGANISATIONS = 20


@dataclass(frozen=True)
class Filters:
    """A condition on tickets, the parameters it was read from, and what was wrong with the others."""

    condition: Q = field(default_factory=Q)
    given: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    def checked(self) -> "Filters":
        """Itself; raises InvalidInput when a parameter could not be read. Screens pass such a one over."""
        if self.errors:
            raise InvalidInput(dict(self.errors))
        return self


def parse(params: Mapping[str, str], *, user: User) -> Filters:
    """The filters in `params`; parameters of other names are left alone.

    `status` and `tier` take one or several codes with commas between (`open` stands for every open status),
    `assignee` an id, `me` or `none`; `team`, `product` and `organisation` a code; `tag` a tag as it
    is written, for staff; `q` a number or words.
    """
    condition, given, errors = Q(), {}, {}
    for name in NAMES:
        text = (params.get(name) or "").strip()[:QUERY_LENGTH]
        if not text:
            continue
        try:
            condition &= _condition(name, text, user)
            given[name] = text
        except ValueError as error:
            errors[name] = [str(error)]
    return Filters(condition, given, errors)


def _condition(name: str, text: str, user: User) -> Q:
    if name == "status":
        return Q(status__in=_codes(text, Status.values, {"open": sorted(OPEN)}))
    if name == "tier":
        return Q(tier__in=_codes(text, Tier.values, {}))
    if name == "assignee":
        return _assignee(text, user)
    if name == "tag":
        return _tag(text, user)
    if name == "q":
        return _search(text)
    return Q(**{f"{name}__code": text})


def _codes(text: str, known: list[str], groups: dict[str, list[str]]) -> list[str]:
    codes: list[str] = []
    for code in text.split(","):
        if code not in groups and code not in known:
            raise ValueError(_("There is no “%(code)s” here.") % {"code": code[:40]})
        codes += groups.get(code, [code])
    return codes


def _assignee(text: str, user: User) -> Q:
    if text == "none":
        return Q(assignee=None)
    if text == "me":
        return Q(assignee=user.pk)
    person = whole_number(text)
    if person is not None:
        return Q(assignee=person)
    raise ValueError(_("Give a person's id, “me” or “none”."))


def _tag(text: str, user: User) -> Q:
    if not user.is_agent:
        # A customer could find out by asking what colleagues call their tickets.
        raise ValueError(_("There is no “%(code)s” here.") % {"code": text[:40]})
    return Q(tags__contains=[text])


def _search(text: str) -> Q:
    """A ticket's number, everything of `text` in its words, a part of its organisation's name, or the address of
    whose it is.
    """
    found = Q(pk__in=[])
    number = parse_number(text)
    if number is not None:
        found |= Q(pk=number)
    words = search.all_of(text)
    if words is not None:
        found |= Q(search=words)
    if "@" in text:
        found |= Q(requester__in=list(User.objects.filter(email=text.lower()).values_list("pk", flat=True)))
    named = Organisation.objects.filter(Q(name__icontains=text) | Q(name_en__icontains=text))
    # Read at once: a list of ids lets the planner combine the indexes, a subquery does not.
    return found | Q(organisation__in=list(named.order_by("pk").values_list("pk", flat=True)[:ORGANISATIONS]))

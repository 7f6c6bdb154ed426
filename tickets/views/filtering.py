"""The filters above board and list: what the address says, and links that change one thing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from tickets import choices
from tickets.filters import NAMES, Filters, parse
from tickets.saved_views import allowed, views_of
from tickets.vocabulary import Status, Tier

VIEWS: Mapping[str, str | Promise] = {
    "": _("All"),
    "mine": _("Mine"),
    "unassigned": _("Unassigned"),
    "today": _("Due today"),
}
ABOUT_PEOPLE = frozenset({"mine", "unassigned"})
# Parameters that say how something is shown, not what.
SAVED_ARRANGEMENT = frozenset({"sort", "lanes"})
ARRANGED = SAVED_ARRANGEMENT | {"column"}
NOBODY = "none"
MYSELF = "me"


@dataclass(frozen=True)
class Look:
    """What somebody looks at: the parameters of the address that say so, and the conditions they stand for."""

    params: Mapping[str, str]
    view: str
    narrowed: Filters
    conditions: Mapping[str, Q]

    @property
    def filters(self) -> Filters:
        """Everything together: the filters and the view."""
        return replace(self.narrowed, condition=self.narrowed.condition & self.conditions[self.view])

    @property
    def without_search(self) -> str:
        """The same without the words searched for."""
        return self.link(q="")

    def link(self, **changes: str) -> str:
        """The query string that shows the same with `changes`; an empty value takes a parameter away."""
        return "?" + urlencode({k: v for k, v in {**self.params, **changes}.items() if v})


@dataclass(frozen=True)
class Option:
    """One entry of a menu or one tab."""

    label: str
    link: str
    chosen: bool = False
    name: str = ""
    count: int | None = None


@dataclass(frozen=True)
class Menu:
    """One filter: its name, what is chosen, the link that takes it away, and what can be chosen."""

    label: str
    chosen: str
    clear: str
    options: list[Option]


def look_at(params: Mapping[str, str], *, user: User, at: datetime, besides: Iterable[str] = ()) -> Look:
    """Read the address. Parameters that cannot be read are passed over; `besides` are kept in links."""
    narrowed = parse(params, user=user)
    view = params.get("view", "")
    view = view if view in VIEWS else ""
    kept = {name: params[name] for name in besides if params.get(name)}
    return Look(
        params={**narrowed.given, **kept, **({"view": view} if view else {})},
        view=view,
        narrowed=narrowed,
        conditions={
            "": Q(),
            "mine": Q(assignee=user.pk),
            "unassigned": Q(assignee=None),
            "today": Q(next_due_at__lt=end_of_day(at)),
        },
    )


def end_of_day(at: datetime) -> datetime:
    """The midnight that ends the reader's day of `at`."""
    tomorrow = timezone.localtime(at).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), tzinfo=timezone.get_current_timezone())


def tabs(look: Look, user: User, numbers: Mapping[str, int] | None = None) -> list[Option]:
    """The views, each a link, with their numbers if known, and what the reader has saved. One query.

    A person's view takes the place of the assignee's filter.
    """
    saved = _saved_tabs(look, user)
    nothing_saved = not any(tab.chosen for tab in saved)
    built_in = [
        Option(
            label=str(label),
            link=look.link(view=name, **({"assignee": ""} if name in ABOUT_PEOPLE else {})),
            chosen=name == look.view and nothing_saved,
            name=name,
            count=numbers.get(f"view-{name}") if numbers else None,
        )
        for name, label in VIEWS.items()
    ]
    return built_in + saved


def _saved_tabs(look: Look, user: User) -> list[Option]:
    """A saved view takes the place of everything the address says."""
    found = []
    for saved in views_of(user):
        params = allowed(saved.params, user)
        chosen = _shows(params, look.params)
        found.append(Option(saved.name, "?" + urlencode(params), chosen, name=f"saved-{saved.pk}"))
    return found


def _shows(saved: Mapping[str, str], params: Mapping[str, str]) -> bool:
    """Whether `params` look at what was saved, however it is arranged unless the arrangement is all there is."""
    said = _said(saved)
    if said or not saved:
        return said == _said(params)
    return dict(saved) == {name: value for name, value in params.items() if name != "column"}


def _said(params: Mapping[str, str]) -> dict[str, str]:
    """What is looked at, however it is arranged."""
    return {name: value for name, value in params.items() if name not in ARRANGED}


def saving(look: Look, shown: list[Option], page: str) -> str:
    """The address that saves what `page` shows; empty where there is nothing to save, or it is saved."""
    is_saved = any(tab.chosen and tab.name.startswith("saved-") for tab in shown)
    is_arranged = any(look.params.get(name) for name in SAVED_ARRANGEMENT)
    if is_saved or not (is_narrowed(look) or is_arranged):
        return ""
    return reverse("saved-view-new") + look.link(column="", **{"from": page})


def menus(
    look: Look, user: User, *, teams: list[Team], people: list[User], with_status: bool = False
) -> list[Menu]:
    """The filters somebody can set, each a menu of links. Three queries."""
    others = [(str(person.pk), person.name) for person in people if person != user]
    organisations = [(found.code, found.label) for found in choices.organisations(user)]
    found = [
        _menu(look, "team", _("Team"), [(team.code, team.name) for team in teams]),
        _menu(look, "product", _("Product"), [(found.code, found.name) for found in choices.products()]),
        _menu(look, "organisation", _("Organisation"), organisations),
        _menu(look, "assignee", _("Assignee"), [(MYSELF, _("Me")), (NOBODY, _("Nobody yet")), *others]),
        _menu(look, "tier", _("Tier"), Tier.choices),
        _menu(look, "tag", _("Tag"), [(tag, tag) for tag in choices.tags(user)]),
    ]
    if with_status or "status" in look.params:
        found.insert(0, _menu(look, "status", _("Status"), [("open", _("Still open")), *Status.choices]))
    return found


def _menu(look: Look, name: str, label: str | Promise, values: Iterable[tuple[str, str | Promise]]) -> Menu:
    given = look.params.get(name, "")
    # The views of a person's and the assignee's filter would contradict each other.
    changes = {"view": ""} if name == "assignee" and look.view in ABOUT_PEOPLE else {}
    known = {value: str(text) for value, text in values}
    return Menu(
        label=str(label),
        chosen=", ".join(known.get(code, code) for code in _codes(name, given)) if given else "",
        clear=look.link(**{name: ""}),
        options=[
            Option(text, look.link(**changes, **{name: value}), value == given)
            for value, text in known.items()
        ],
    )


def _codes(name: str, given: str) -> list[str]:
    """What is chosen, one by one; a tag may hold a comma of its own."""
    return [given] if name == "tag" else given.split(",")


def hidden_fields(look: Look) -> dict[str, str]:
    """What a search form has to carry besides the words."""
    return {name: value for name, value in look.params.items() if name != "q"}


def is_narrowed(look: Look) -> bool:
    """Whether anything is left out by a filter or a view."""
    return bool(look.view) or any(name in look.params for name in NAMES)

"""The command palette: tickets, people, articles, saved views, pages and actions, by what is typed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.decorators import login_required
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import agent
from accounts.models import Language, User
from accounts.selectors import find_colleagues, find_customers
from common.text import clean_line
from knowledgebase.selectors import search
from tickets.filters import QUERY_LENGTH, parse
from tickets.models import Ticket
from tickets.querysets import parse_number
from tickets.saved_views import views_of
from tickets.shortcuts import GROUPS
from tickets.views.saved_views import link_of
from tickets.views.ticket.buttons import buttons_of
from tickets.views.ticket.reader import still_reader
from tickets.vocabulary import Status

# How many of a kind are shown; a further word narrows it down.
SHOWN = 6


@dataclass(frozen=True)
class Choice:
    """One line. It leads to `href`; or posts `fields` to `post`; or presses the ticket page's button `act`."""

    label: str
    icon: str
    detail: str = ""
    href: str = ""
    act: str = ""
    post: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    @property
    def fields_as_json(self) -> str:
        """For an attribute."""
        return json.dumps(self.fields)


@dataclass(frozen=True)
class Section:
    """Choices of a kind."""

    code: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class _Page:
    name: str
    label: Promise
    icon: str
    # A property of the user that opens it; empty: every member of staff.
    needs: str = ""


PAGES = (
    _Page("board", gettext_lazy("Board"), "board"),
    _Page("tickets", gettext_lazy("Tickets"), "ticket"),
    _Page("handbook", gettext_lazy("Handbook"), "book"),
    _Page("glossary", gettext_lazy("Glossary"), "book"),
    _Page("canned-replies", gettext_lazy("Canned replies"), "copy"),
    _Page("saved-views", gettext_lazy("Saved views"), "filter"),
    _Page("notifications", gettext_lazy("Notices"), "bell"),
    _Page("notifications-settings", gettext_lazy("What I am told"), "bell"),
    _Page("figures", gettext_lazy("Figures"), "chart", "reads_figures"),
    _Page("statements", gettext_lazy("Monthly statements"), "chart", "reads_figures"),
    _Page("windows", gettext_lazy("Closing windows"), "flag", "reads_figures"),
    _Page("team", gettext_lazy("Team"), "users"),
    _Page("calendars", gettext_lazy("Calendars"), "calendar"),
    _Page("me", gettext_lazy("My page"), "user"),
    _Page("shortcuts", gettext_lazy("Shortcuts"), "keyboard"),
    _Page("admin:index", gettext_lazy("Settings"), "gear", "is_staff"),
)


@never_cache
@require_safe
@login_required
def palette(request: HttpRequest) -> HttpResponse:
    """What fits `q`, in sections; `ticket` names the ticket whose page is open."""
    user = agent(request)
    q = clean_line(request.GET.get("q", ""))[:QUERY_LENGTH]
    sections = [
        Section("ticket", _("This ticket"), _fitting(q, _steps(user, request.GET.get("ticket", "")))),
        Section("tickets", _("Tickets"), _tickets(user, q) if q else []),
        Section("actions", _("Actions"), _fitting(q, _actions(request))),
        Section("people", _("People"), _people(user, q) if q else []),
        Section("articles", _("Handbook"), _articles(user, q, request.LANGUAGE_CODE) if q else []),
        Section("views", _("Saved views"), _fitting(q, _views(user))),
        Section("pages", _("Pages"), _fitting(q, _pages(user))),
    ]
    context = {"sections": [section for section in sections if section.choices], "q": q}
    return render(request, "tickets/_palette.html", context)


@require_safe
@login_required
def shortcuts(request: HttpRequest) -> HttpResponse:
    """The list of shortcuts: a page, or for a script what its dialog shows."""
    agent(request)
    template = "tickets/_shortcuts.html" if "HX-Request" in request.headers else "tickets/shortcuts.html"
    return render(request, template, {"groups": GROUPS, "nav": "me"})


def _fitting(q: str, choices: Iterable[Choice]) -> list[Choice]:
    """Those whose words hold each word of `q`."""
    words = q.lower().split()
    return [each for each in choices if all(word in f"{each.label} {each.detail}".lower() for word in words)]


def _steps(user: User, number: str) -> Iterator[Choice]:
    """What the workflow allows the reader to do with the ticket now: the buttons of its page."""
    reader = still_reader(user, number) if number else None
    if reader is None or not reader.internal:
        return
    buttons = buttons_of(reader)
    first = [buttons.next] if buttons.next else []
    form = reverse("ticket-transition", args=[reader.ticket.number])
    for button in (*first, *buttons.beside, *buttons.menu):
        label = f"{button.label}…" if button.asks else button.label
        key = "a" if button.code == "assign" else ""
        href = f"{form}?action={button.code}"
        yield Choice(label, button.icon, href=href, act=button.code, key=key)


def _tickets(user: User, q: str) -> list[Choice]:
    """A number is that ticket, and stands first; anything else as the list searches. Two queries."""
    found = Ticket.objects.visible_to(user).filter(parse({"q": q}, user=user).condition)
    shown = found.select_related("organisation").only("subject", "status", "organisation")
    number = parse_number(q)
    named = [] if number is None else [Case(When(pk=number, then=0), default=1)]
    return [_ticket(ticket) for ticket in shown.order_by(*named, "-pk")[:SHOWN]]


def _ticket(ticket: Ticket) -> Choice:
    about = [ticket.get_status_display(), ticket.organisation.label if ticket.organisation else ""]
    return Choice(
        f"{ticket.number} {ticket.subject}",
        "ticket",
        " · ".join(filter(None, about)),
        href=ticket.get_absolute_url(),
    )


def _people(user: User, q: str) -> list[Choice]:
    """Colleagues in the reader's teams lead to what they hold, customers to what they filed. Two queries."""
    list_page = reverse("tickets")
    found = [
        Choice(
            person.name, "users", _("What they hold"), href=f"{list_page}?assignee={person.pk}&status=open"
        )
        for person in find_colleagues(user, q)
    ]
    for person in find_customers(q):
        company = person.organisation.label if person.organisation else person.email
        found.append(Choice(person.name, "user", company, href=f"{list_page}?q={person.email}"))
    return found[:SHOWN]


def _articles(user: User, q: str, language: str) -> list[Choice]:
    articles = search(user, q, language=language, size=SHOWN).articles
    return [Choice(article.title, "book", href=article.get_absolute_url()) for article in articles]


def _views(user: User) -> Iterator[Choice]:
    for view in views_of(user):
        shared = view.team.name if view.team else ""
        yield Choice(view.name, "filter", shared, href=reverse("tickets") + link_of(view, user))


def _pages(user: User) -> Iterator[Choice]:
    keys = {"board": "g b", "tickets": "g t", "shortcuts": "?"}
    for page in PAGES:
        if not page.needs or getattr(user, page.needs):
            yield Choice(str(page.label), page.icon, href=reverse(page.name), key=keys.get(page.name, ""))


def _actions(request: HttpRequest) -> Iterator[Choice]:
    yield Choice(_("File a ticket"), "plus", href=reverse("ticket-new"))
    yield Choice(_("Take the next ticket"), "play", post=reverse("board-next"), key="n")
    mine = f"{reverse('tickets')}?assignee=me&status={Status.IN_PROGRESS}"
    yield Choice(_("What I am working on"), "user", href=mine)
    for language in Language:
        if language.value != request.LANGUAGE_CODE:
            # Named in the other language too: who cannot read this one looks for it so.
            label = _("Language: %(name)s") % {"name": language.label}
            yield Choice(label, "globe", post=reverse("set-language"), fields={"language": language.value})
    for theme, label in (("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))):
        name = _("Look: %(name)s") % {"name": label}
        yield Choice(name, "eye", post=reverse("set-theme"), fields={"theme": theme})

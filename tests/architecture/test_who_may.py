"""Every address and every role, enumerated from the resolver: what is not expected here fails."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Leave
from common import clock
from knowledgebase.models import Article
from knowledgebase.services.terms import TermText, save_term
from surveys.models import Invitation
from surveys.services.sending import send_due
from surveys.tokens import token_for
from tests.factories import act, make_desk, make_ticket
from tickets.services.attaching import claim, store_upload
from tickets.services.bulk import begin
from tickets.services.canning import Canned, save_reply
from tickets.services.drafting import Typed, save_draft
from tickets.services.saving_views import save_view

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "customer", "colleague", "stranger", "engineer", "engineer2", "manager", "admin")
SIGNED_IN = set(ROLES) - {"anonymous"}
STAFF = {"engineer", "engineer2", "manager", "admin"}
# The ticket is the customer's, on a module of the engineer's team, which the manager leads.
THE_TICKETS = {"customer", "colleague", "engineer", "manager", "admin"}
READS_FIGURES = {"manager", "admin"}
EDITS_CALENDARS = {"manager", "admin"}
# The colleague is the organisation's contact manager.
READS_STATEMENTS = READS_FIGURES | {"colleague"}
# Who finds something at an address, by its name; everybody else is sent to sign in or finds nothing.
FINDS: dict[str, set[str]] = {
    "home": SIGNED_IN,
    "me": SIGNED_IN,
    "portal": SIGNED_IN,
    "ticket-new": SIGNED_IN,
    "ticket-proposal": SIGNED_IN,
    "ticket-requesters": STAFF,
    "board": STAFF,
    "set-density": STAFF,
    "board-card": THE_TICKETS & STAFF,
    "board-move": THE_TICKETS & STAFF,
    "tickets": STAFF,
    "board-next": STAFF,
    "api-next": STAFF,
    "tickets-csv": STAFF,
    "tickets-xlsx": STAFF,
    "saved-views": STAFF,
    "saved-view-new": STAFF,
    "saved-view": {"engineer"},
    "saved-view-delete": {"engineer"},
    "palette": STAFF,
    "shortcuts": STAFF,
    "canned-replies": STAFF,
    "canned-reply-new": STAFF,
    "canned-reply-preview": STAFF,
    "canned-reply": {"engineer"},
    "canned-reply-delete": {"engineer"},
    "ticket-canned": THE_TICKETS & STAFF,
    "ticket-canned-used": THE_TICKETS & STAFF,
    "api-canned-replies": STAFF,
    "api-ticket-canned-replies": THE_TICKETS & STAFF,
    "bulk": STAFF,
    "bulk-begin": STAFF,
    "bulk-run": {"engineer"},
    "windows": READS_FIGURES,
    "team": STAFF,
    "team-person": {"engineer", "manager", "admin"},
    "team-hours": {"manager", "admin"},
    "team-leave": {"engineer", "manager", "admin"},
    "team-leave-end": {"engineer", "manager", "admin"},
    "team-skills": {"manager", "admin"},
    "team-assignment": {"manager", "admin"},
    "upload": SIGNED_IN,
    "attachment": THE_TICKETS,
    "ticket": THE_TICKETS,
    "ticket-reply": THE_TICKETS,
    "ticket-preview": THE_TICKETS,
    "draft-discard": {"engineer"},
    "ticket-draft": THE_TICKETS,
    "ticket-presence": THE_TICKETS & STAFF,
    "reply-take-back": THE_TICKETS & STAFF,
    "reply-let-go": THE_TICKETS & STAFF,
    "ticket-transition": THE_TICKETS,
    "ticket-history": THE_TICKETS,
    "ticket-explanation": THE_TICKETS,
    "ticket-organisation": {"manager", "admin"},
    "ticket-property": THE_TICKETS & STAFF,
    "ticket-watchers": THE_TICKETS & STAFF,
    "ticket-links": THE_TICKETS & STAFF,
    "ticket-alike": THE_TICKETS & STAFF,
    "ticket-merging": THE_TICKETS & STAFF,
    "ticket-split": THE_TICKETS & STAFF,
    "ticket-split-preview": THE_TICKETS & STAFF,
    "handbook": SIGNED_IN,
    "handbook-suggestions": SIGNED_IN,
    "article": SIGNED_IN,
    "article-solved": SIGNED_IN,
    "glossary": STAFF,
    "term-new": {"manager", "admin"},
    "term": {"manager", "admin"},
    "ticket-glossary": THE_TICKETS & STAFF,
    "api-terms": STAFF,
    "notifications": SIGNED_IN,
    "notifications-badge": SIGNED_IN,
    "notifications-read": SIGNED_IN,
    "notifications-settings": SIGNED_IN,
    "figures": READS_FIGURES,
    "figure-tickets": READS_FIGURES,
    "figure-tickets-csv": READS_FIGURES,
    "figure-table-csv": READS_FIGURES,
    "figures-xlsx": READS_FIGURES,
    "statements": READS_STATEMENTS,
    "statement": READS_STATEMENTS,
    "statement-pdf": READS_STATEMENTS,
    "statement-xlsx": READS_STATEMENTS,
    "api-statement": READS_STATEMENTS,
    "api-tickets": SIGNED_IN,
    "api-ticket": THE_TICKETS,
    "api-messages": THE_TICKETS,
    "api-replies": THE_TICKETS,
    "api-transitions": THE_TICKETS,
    "api-history": THE_TICKETS,
    "api-explanation": THE_TICKETS,
    "api-calls": THE_TICKETS,
    "api-watchers": THE_TICKETS & STAFF,
    "api-watcher": set(),
    "api-links": THE_TICKETS & STAFF,
    "api-link": set(),
    "api-split": THE_TICKETS & STAFF,
    "api-organisation": THE_TICKETS,
    "api-attachments": THE_TICKETS,
    "api-attachment": THE_TICKETS,
    "api-uploads": SIGNED_IN,
    "api-board": STAFF,
    "api-board-column": STAFF,
    "api-windows": READS_FIGURES,
    "api-teams": STAFF,
    "api-leaves": STAFF,
    "api-leave": {"engineer", "manager", "admin"},
    "api-figures": READS_FIGURES,
    "calendars": STAFF,
    "calendar-year": STAFF,
    "calendar-new": EDITS_CALENDARS,
    "calendar-edit": EDITS_CALENDARS,
    "calendar-import": EDITS_CALENDARS,
    "calendar-mark": EDITS_CALENDARS,
    "calendar-unmark": EDITS_CALENDARS,
    "api-calendars": STAFF,
    "api-calendar": STAFF,
    "api-calendar-days": STAFF,
    "api-policies": EDITS_CALENDARS,
    "api-policy": EDITS_CALENDARS,
    "api-policy-preview": EDITS_CALENDARS,
    "api-recalculations": EDITS_CALENDARS,
    "api-articles": SIGNED_IN,
    "api-article": SIGNED_IN,
    "api-notifications": SIGNED_IN,
    "api-notifications-read": SIGNED_IN,
    "api-preferences": SIGNED_IN,
}
# Open to everybody: the way in, the choice of language and look, the questionnaire behind its signed link, the
# description of the API, the mail of a machine that sends none.
OPEN = {
    "set-language", "set-theme", "survey", "api-survey", "api-schema", "api-docs", "api-token", "kept-mail",
    "kept-message", "account_login", "account_logout", "account_inactive", "account_signup",
    "account_reauthenticate", "account_email", "account_email_verification_sent", "account_change_password",
    "account_set_password", "account_reset_password", "account_confirm_login_code", "account_confirm_email",
    "account_reset_password_from_key_done", "account_reset_password_from_key", "account_reset_password_done",
}  # fmt: skip

# What an address needs to know beside its path. The version is a stale one: nothing is changed here.
ASKED = {
    "ticket-transition": {"action": "cancel", "version": "0"},
    "board-move": {"to": "in_progress", "version": "0"},
    "bulk": {"verb": "take"},
}
# Where a program is told that this is not for its person's role; who does not see the ticket hears of none.
MAY_SAY_SO = {
    "api-watchers", "api-links", "api-split",
    "api-next", "api-terms", "api-canned-replies", "api-ticket-canned-replies",
    "api-board", "api-board-column",
    "api-figures", "api-calendars", "api-calendar", "api-calendar-days", "api-policies", "api-policy",
    "api-policy-preview", "api-recalculations", "api-windows", "api-teams", "api-leaves", "api-leave",
}  # fmt: skip


def patterns(found: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each address with its name; the admin site has a test of its own."""
    for entry in found:
        route = prefix + str(entry.pattern)
        if route.startswith("admin/"):
            continue
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, route)
        else:
            yield route, entry.name or ""


ROUTES = {name: route for route, name in patterns(get_resolver().url_patterns)}


@pytest.fixture
def world():
    """The people by role, and what stands for each placeholder of an address."""
    desk = make_desk()
    call_command("load_handbook", verbosity=0)
    now = clock.now()
    filed, done = now - timedelta(hours=3), now - timedelta(hours=2)
    ticket = make_ticket(desk.customer, at=filed)
    upload = SimpleUploadedFile("截图.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    attachment = store_upload(uploader=desk.customer, upload=upload, at=filed)
    claim(attachments=[attachment], ticket=ticket, uploader=desk.customer)
    solved = act(make_ticket(desk.customer, at=filed), "take", desk.engineer, filed)
    act(solved, "resolve", desk.engineer, done, resolution="好了")
    send_due(at=now)
    run = begin(owner=desk.engineer, key=uuid4(), verb="take", inputs={}, chosen=[], at=now)
    view = save_view(owner=desk.engineer, name="我的", params={"tier": "urgent"}, team=None)
    term = save_term(
        term_id=None,
        text=TermText(term_zh="死锁", term_en="", variants=(), plain_zh="互等", plain_en="waiting"),
    )
    canned = save_reply(actor=desk.engineer, text=Canned(name="我的", body_zh="您好"))
    everyones = save_reply(
        actor=desk.admin, text=Canned(name="大家的", body_zh="您好", visibility="everyone")
    )
    typed = save_draft(ticket=ticket, author=desk.engineer, typed=Typed("写了一半"), at=now)
    away = Leave.objects.create(
        user=desk.engineer, starts_at=now, ends_at=now + timedelta(days=1), updated_at=now
    )
    values = {
        "drafts/<int:pk>": f"drafts/{typed.pk}",
        "people/<int:pk>": f"people/{desk.engineer.pk}",
        "<int:leave_pk>": str(away.pk),
        "<int:leave>": str(away.pk),
        "team/<slug:code>": "team/reports",
        "<str:number>": ticket.number,
        "<str:status>": "new",
        "statements/<slug:code>": "statements/hengxin",
        "<slug:organisation>": "hengxin",
        "<str:month>": f"{now:%Y-%m}",
        "<slug:metric>": "resolution",
        "<int:cycle>": "1",
        "glossary/<int:pk>": f"glossary/{term.pk}",
        "replies/<int:pk>": f"replies/{canned.pk}",
        "canned/<int:pk>": f"canned/{everyones.pk}",
        "views/<int:pk>": f"views/{view.pk}",
        "runs/<uuid:key>": f"runs/{run.key}",
        "<uuid:key>": str(attachment.key),
        "<slug:verb>": "take",
        "<slug:key>": Article.objects.filter(visibility="public").first().key,
        "<str:token>": token_for(Invitation.objects.get().pk),
        "<str:name>": "nothing",
        "<slug:name>": "module",
        "<int:watcher>": "1",
        "<str:other>": "LD-1",
        "<slug:figure>": "fcr",
        "<slug:table>": "products",
        "<slug:code>": "always",
        "<slug:policy>": "standard",
        "<int:year>": "2026",
        r"^confirm-email/(?P<key>[-:\w]+)/$": "confirm-email/nothing/",
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-nothing/",
    }
    return {"anonymous": None, **desk.people()}, values


def address(route: str, values: dict[str, str]) -> str:
    """The route with its placeholders filled; one that has none here fails."""
    for placeholder, value in values.items():
        route = route.replace(placeholder, value)
    assert not set(route) & set("<>^$"), f"no value for {route}"
    return "/" + route


def test_every_address_is_expected_and_every_expectation_has_an_address():
    assert set(ROUTES) == set(FINDS) | OPEN


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_finds_what(client, world, role, method):
    people, values = world
    if people[role] is not None:
        client.force_login(people[role])
    wrong = []
    for name, allowed in FINDS.items():
        answer = _ask(client, method, address(ROUTES[name], values), ASKED.get(name, {}))
        if answer is None or (answer.status_code == 403 and name in MAY_SAY_SO and role not in allowed):
            continue
        if not _as_expected(answer, finds=role in allowed, signed_in=role != "anonymous"):
            wrong.append(f"{name}: {answer.status_code} {answer.headers.get('Location', '')}")
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_open_to_everybody_never_breaks(client, world, method):
    _people, values = world
    for name in OPEN:
        answer = _ask(client, method, address(ROUTES[name], values), {})
        assert answer is None or answer.status_code < 500, name


def test_nobody_finds_a_ticket_that_is_not_there(client, world):
    people, values = world
    for role in sorted(SIGNED_IN):
        client.force_login(people[role])
        for number in ("LD-999999", "LD-0", "nonsense", "LD-" + "9" * 18, "９９９"):
            for name in ("ticket", "ticket-history", "api-ticket", "board-card"):
                answer = client.get(address(ROUTES[name], {**values, "<str:number>": number}))
                assert answer.status_code == 404, (role, name, number)


def _ask(client, method, where, data):
    """The answer; None where the address does not know the method."""
    answer = client.get(where, data) if method == "get" else client.post(where, data)
    return None if answer.status_code == 405 else answer


def _as_expected(answer, *, finds: bool, signed_in: bool) -> bool:
    to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
    if not signed_in:
        return to_sign_in or answer.status_code == 401
    if finds:
        return answer.status_code < 500 and answer.status_code not in {401, 403, 404} and not to_sign_in
    # Of somebody else's ticket neither people nor programs learn that it exists.
    return answer.status_code == 404

"""One step on many tickets: the form it needs, its beginning, and how it goes on.

Without a script a page is answered each time; with one the page of a run sends for the next few by itself.
"""

from http import HTTPStatus
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import agent
from accounts.models import Team, User
from common import clock
from common.htmx import HtmxRequest
from tickets import choices, policies
from tickets.bulk_verbs import VERBS, open_to
from tickets.forms.bulk import BulkForm, read_chosen
from tickets.models import BulkRun, Outcome, Ticket
from tickets.querysets import parse_number
from tickets.services import bulk
from tickets.services.bulk import MOST, Chosen
from tickets.views.filtering import look_at
from tickets.vocabulary import Tier
from tickets.workflow import Action

CHUNK = 10
# How many a request does that a person without scripts sends.
BY_HAND = 100


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """The form of a step for the tickets chosen on the list, or for all that match its filters."""
    user = agent(request)
    verb = _verb(request.POST.get("verb", ""))
    chosen = _matching(request, user) if request.POST.get("all") else _chosen(request)
    return _form(request, user, verb, BulkForm(verb, _people(user)), chosen)


@login_required
@require_POST
def begin(request: HttpRequest, verb: str) -> HttpResponse:
    """Begin a step on the tickets named, and do the first of them. What cannot be taken comes back as typed."""
    user, step, chosen = agent(request), _verb(verb), _chosen(request)
    form = BulkForm(step, _people(user), request.POST)
    key = _key(request.POST.get("key", ""))
    if not form.is_valid() or not 0 < len(chosen) <= MOST:
        return _form(request, user, step, form, chosen, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    at = clock.now()
    run = bulk.begin(owner=user, key=key, verb=step.code, inputs=form.inputs, chosen=chosen, at=at)
    bulk.go_on(run=run, at=at, count=CHUNK)
    return redirect("bulk-run", key=run.key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def run(request: HtmxRequest, key: UUID) -> HttpResponse:
    """How a run of one's own goes; a POST does the next few, and answers with the part that shows it."""
    user = agent(request)
    found = get_object_or_404(BulkRun.objects.select_related("owner"), owner=user, key=key)
    if request.method == "POST":
        bulk.go_on(run=found, at=clock.now(), count=CHUNK if request.htmx else BY_HAND)
        if not request.htmx:
            return redirect("bulk-run", key=found.key)
    template = "tickets/desk/_bulk_run.html" if request.htmx else "tickets/bulk_run.html"
    return render(request, template, _progress(user, found))


def unfinished(user: User) -> BulkRun | None:
    """The newest run of `user` with something left to do, with `left` and `whole`. One query."""
    pending = Count("items", filter=Q(items__outcome=Outcome.PENDING))
    counted = BulkRun.objects.filter(owner=user, items__outcome=Outcome.PENDING).distinct()
    newest = counted.order_by("-pk").values("pk")[:1]
    return BulkRun.objects.filter(pk__in=newest).annotate(left=pending, whole=Count("items")).first()


def _progress(user: User, found: BulkRun) -> dict[str, object]:
    items = list(found.items.all())
    tickets = _tickets(user, [item.number for item in items])
    lines = [
        {"item": item, "ticket": tickets.get(parse_number(item.number) or 0)}
        for item in items
        if item.outcome != Outcome.PENDING
    ]
    return {
        "nav": "tickets",
        "run": found,
        "title": VERBS[found.verb].label,
        "given": _given(found),
        "lines": lines,
        "whole": len(items),
        "done": len(lines),
        "taken": sum(item.outcome == Outcome.DONE for item in items),
        "is_over": len(lines) == len(items),
    }


def _given(run: BulkRun) -> str:
    """What the step is taken with: a tag, a tier, a ticket, a person or a team; empty where it is none of these."""
    inputs = run.inputs
    if "tier" in inputs:
        return str(Tier(inputs["tier"]).label)
    if "into" in inputs:
        return f"LD-{inputs['into']}"
    for name, model in (("assignee", User), ("team", Team)):
        if name in inputs:
            return str(model.objects.filter(pk=inputs[name]).first() or "")
    return str(inputs.get("tag", ""))


def _form(
    request: HttpRequest, user: User, verb: Action, form: BulkForm, chosen: list[Chosen], *, status: int = 200
) -> HttpResponse:
    listed = chosen[:MOST]
    tickets = _tickets(user, [one.number for one in listed])
    roles = policies.roles_in_teams(user)
    rows = []
    for one in listed:
        ticket = tickets.get(parse_number(one.number) or 0)
        capacity = policies.parties(user, ticket, team_roles=roles) if ticket else frozenset()
        possible = ticket is not None and verb.code in open_to(ticket.status, capacity)
        rows.append({"chosen": one, "ticket": ticket, "possible": possible})
    context = {
        "nav": "tickets",
        "verb": verb,
        "form": form,
        "rows": rows,
        "possible": sum(row["possible"] is True for row in rows),
        "problem": _problem(chosen),
        "key": _key(request.POST.get("key", "")),
    }
    return render(request, "tickets/bulk.html", context, status=status)


def _problem(chosen: list[Chosen]) -> str:
    if not chosen:
        return _("Choose at least one ticket on the list.")
    if len(chosen) > MOST:
        return _("At most %(count)d tickets at a time, please.") % {"count": MOST}
    return ""


def _verb(code: str) -> Action:
    if code not in VERBS:
        raise Http404
    return VERBS[code]


def _key(text: str) -> UUID:
    """The key of the form; a new one where it has none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _chosen(request: HttpRequest) -> list[Chosen]:
    return read_chosen(request.POST.getlist("ticket"))


def _matching(request: HttpRequest, user: User) -> list[Chosen]:
    """The newest tickets that match the list's filters, as they are now, no more than a step takes."""
    look = look_at(request.POST, user=user, at=clock.now())
    found = Ticket.objects.visible_to(user).filter(look.filters.condition).order_by("-pk")
    return [Chosen(f"LD-{pk}", version) for pk, version in found.values_list("pk", "version")[:MOST]]


def _people(user: User) -> list[User]:
    return choices.colleagues(choices.teams_of(user))


def _tickets(user: User, numbers: list[str]) -> dict[int, Ticket]:
    """The tickets of those numbers that `user` may see, by id. One query."""
    ids = [pk for number in numbers if (pk := parse_number(number)) is not None]
    return {
        ticket.pk: ticket for ticket in Ticket.objects.visible_to(user).filter(pk__in=ids).defer("search")
    }

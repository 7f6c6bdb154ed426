"""Who watches a ticket, and which tickets it belongs to."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from common import clock
from common.errors import DeskError, InvalidInput
from common.htmx import HtmxRequest
from tickets import conversation
from tickets.forms.relating import LinkForm, RelatingForm, WatcherForm
from tickets.models import LinkKind, Ticket
from tickets.services.linking import link, unlink
from tickets.services.mergeable import check_merge, no_such_ticket
from tickets.services.watching import unwatch, watch
from tickets.views.refusals import status_of
from tickets.views.ticket.acting import done
from tickets.views.ticket.asking import ask, others
from tickets.views.ticket.reader import Reader, reader_of, still_reader


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def watchers(request: HtmxRequest, number: str) -> HttpResponse:
    """The form that adds a watcher; POST `do` says what: watch and unwatch oneself, add or remove somebody."""
    reader = reader_of(request, number)
    if not reader.may_watch:
        raise Http404
    do = request.POST.get("do", "add")
    if do in {"watch", "unwatch"} and request.method == "POST":
        service = watch if do == "watch" else unwatch
        return _take(
            request, reader, WatcherForm(reader.ticket, {}), lambda: _of(service, reader, reader.user)
        )
    if not reader.internal:
        raise Http404
    if do == "remove" and request.method == "POST":
        gone = _watching(reader.ticket, request.POST.get("watcher", ""))
        return _take(request, reader, WatcherForm(reader.ticket, {}), lambda: _of(unwatch, reader, gone))
    form = WatcherForm(reader.ticket, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form(request, reader, form)
    if not form.is_valid():
        return _form(request, reader, form, status=422)
    return _take(request, reader, form, lambda: _of(watch, reader, form.cleaned_data["watcher"]))


def _of(service: Callable[..., Ticket], reader: Reader, user: User) -> Ticket:
    return service(ticket_id=reader.ticket.pk, user=user, actor=reader.user, at=clock.now())


def _watching(ticket: Ticket, pk: str) -> User:
    found = next((user for user in conversation.watchers_of(ticket) if str(user.pk) == pk), None)
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def links(request: HtmxRequest, number: str) -> HttpResponse:
    """The form that links another ticket, proposing `other` as `kind`; POST `do` is add or remove."""
    reader = reader_of(request, number)
    if not reader.internal:
        raise Http404
    if request.method != "POST":
        given = {name: request.GET[name][:24] for name in ("other", "kind") if name in request.GET}
        return _form(request, reader, LinkForm(reader.ticket, initial=given))
    form = LinkForm(reader.ticket, {"kind": LinkKind.RELATED, **request.POST.dict()})
    if not form.is_valid():
        return _form(request, reader, form, status=422)
    return _take(
        request, reader, form, lambda: _linked(reader, form, gone=request.POST.get("do") == "remove")
    )


def _linked(reader: Reader, form: LinkForm, *, gone: bool) -> Ticket:
    shared = {
        "ticket_id": reader.ticket.pk,
        "other_id": form.cleaned_data["other"].pk,
        "actor": reader.user,
        "at": clock.now(),
    }
    if gone:
        return unlink(**shared)
    link(kind=form.cleaned_data["kind"], **shared)
    return reader.ticket


@never_cache
@require_safe
@login_required
def alike(request: HtmxRequest, number: str) -> HttpResponse:
    """The tickets most like this one, as a part of the page."""
    reader = reader_of(request, number)
    if not reader.internal:
        raise Http404
    found = conversation.alike(reader.user, reader.ticket)
    return render(request, "tickets/_alike.html", {"ticket": reader.ticket, "alike": found})


@never_cache
@require_safe
@login_required
def merging(request: HtmxRequest, number: str) -> HttpResponse:
    """What merging into the ticket of the number `into` would do, or why it cannot be, as a part of the form."""
    reader = reader_of(request, number)
    if not reader.internal:
        raise Http404
    into = Ticket.objects.visible_to(reader.user).numbered(request.GET.get("into", "")[:24])
    found = into.select_related("requester", "organisation", "assignee").first()
    refusal = ""
    try:
        if found is None:
            raise no_such_ticket()
        check_merge(source=reader.ticket, into=found, actor=reader.user)
    except InvalidInput as error:
        refusal = next(str(text) for texts in error.fields.values() for text in texts)
    context = {
        "ticket": reader.ticket,
        "into": found,
        "refusal": refusal,
        "asked": bool(request.GET.get("into", "").strip()),
        "messages_here": reader.ticket.messages.count(),
        "running": [clock for clock in reader.ticket.clocks.all() if clock.stopped_at is None],
    }
    return render(request, "tickets/_merge_preview.html", context)


def _take(
    request: HtmxRequest, reader: Reader, form: RelatingForm, change: Callable[[], Ticket]
) -> HttpResponse:
    try:
        ticket = change()
    except InvalidInput as error:
        form.is_valid()
        form.refuse(error)
        return _form(request, reader, form, status=422)
    except DeskError as error:
        now = still_reader(reader.user, reader.ticket.number) or reader
        return _form(request, now, form, status=status_of(error), message=error.message)
    return done(request, reader, ticket)


def _form(
    request: HtmxRequest, reader: Reader, form: RelatingForm, *, status: int = 200, message: str = ""
) -> HttpResponse:
    is_link = isinstance(form, LinkForm)
    return ask(
        request,
        reader,
        form,
        address=reverse("ticket-links" if is_link else "ticket-watchers", args=[reader.ticket.number]),
        title=_("Link another ticket") if is_link else _("Add a watcher"),
        status=status,
        message=message,
        others=others(reader) if is_link else [],
    )

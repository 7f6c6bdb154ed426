"""Notices, and the mail kept on a machine that sends none."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from common import clock
from common.htmx import HtmxRequest
from notifications.channels.email import kept
from notifications.selectors import page_of, unread, unread_since
from notifications.services.reading import mark_read

# As many digits as every 64-bit id has.
DIGITS = 18


@never_cache
@require_safe
@login_required
def notifications(request: HtmxRequest) -> HttpResponse:
    """The reader's notices, newest first; `before` is the id an older page begins below."""
    return _page(request, before=_id(request.GET.get("before")))


@never_cache
@require_safe
@login_required
def badge(request: HttpRequest) -> HttpResponse:
    """The number under the bell; with `since`, a toast for what has come after that id."""
    user = cast(User, request.user)
    since = _id(request.GET.get("since"))
    waiting = unread(user)
    fresh = unread_since(user, newest=since) if since is not None and waiting.newest > since else []
    context = {
        "unread_notices": waiting,
        "fresh": fresh,
        # A name of its own: the layouts include the bell on pages that know other things as "since".
        "bell_since": max(waiting.newest, since or 0),
        "more": len(fresh) - 1,
    }
    return render(request, "notifications/_bell.html", context)


@require_POST
@login_required
def read(request: HtmxRequest) -> HttpResponse:
    """Mark one notice (`id`) as read, or all (`all`), and show the page it was on again."""
    user, one = cast(User, request.user), _id(request.POST.get("id"))
    if one is not None:
        mark_read(user=user, at=clock.now(), ids=[one])
    elif "all" in request.POST:
        mark_read(user=user, at=clock.now())
    if request.htmx:
        return _page(request, before=_id(request.POST.get("before")))
    return redirect("notifications")


def _page(request: HtmxRequest, *, before: int | None) -> HttpResponse:
    user = cast(User, request.user)
    lines, older = page_of(user, before=before)
    context = {"lines": lines, "older": older, "before": before, "nav": "notifications"}
    template = "notifications/_list.html" if request.htmx else "notifications/notifications.html"
    return render(request, template, context)


def _id(text: str | None) -> int | None:
    """A row's id; None for anything else."""
    if text and text.isascii() and text.isdigit() and len(text) <= DIGITS:
        return int(text)
    return None


@never_cache
@require_safe
def kept_mail(request: HttpRequest) -> HttpResponse:
    """The newest mail kept here, for whoever can reach the machine: nothing here is anybody's real mailbox."""
    return render(request, "notifications/kept_mail.html", {"messages_kept": kept.newest()})


@never_cache
@require_safe
def kept_message(request: HttpRequest, name: str) -> HttpResponse:
    """One kept message: its text, and its HTML part cleaned of everything the page's own rules forbid."""
    message = kept.find(name)
    if message is None:
        raise Http404
    return render(request, "notifications/kept_message.html", {"mail": message})

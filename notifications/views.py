"""Notices, and the mail kept on a machine that sends none."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from common import clock
from common.errors import InvalidInput
from common.htmx import HtmxRequest
from notifications.channels.email import kept
from notifications.forms import PreferenceForm
from notifications.selectors import Line, page_of, unread, unread_since
from notifications.services.preferring import prefer, preferences_of, quiet_until
from notifications.services.reading import mark_read
from notifications.vocabulary import Way
from tickets.unsent import drafts_of

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
    fresh = _to_announce(user, since) if since is not None and waiting.newest > since else []
    context = {
        "unread_notices": waiting,
        "fresh": fresh,
        # A name of its own: the layouts include the bell on pages that know other things as "since".
        "bell_since": max(waiting.newest, since or 0),
        "more": len(fresh) - 1,
    }
    return render(request, "notifications/_bell.html", context)


def _to_announce(user: User, since: int) -> list[Line]:
    """What a toast is for: in quiet hours only what is urgent."""
    return unread_since(user, newest=since, urgent_only=quiet_until(user, clock.now()) is not None)


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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """What the reader wants to be told of, by which way, and when not."""
    user = cast(User, request.user)
    stored = preferences_of([user])[user.pk]
    form = PreferenceForm(user, stored, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            prefer(
                user=user,
                off=form.off,
                quiet=form.quiet,
                at=clock.now(),
                digest_at=form.cleaned_data["digest_at"],
            )
        except InvalidInput as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("notifications-settings")
    context = {
        "form": form,
        "ways": [way.label for way in Way],
        "times": [form["quiet_from"], form["quiet_to"]],
        "me": reverse("me"),
        "nav": "notifications",
    }
    return render(request, "notifications/settings.html", context, status=422 if form.is_bound else 200)


def _page(request: HtmxRequest, *, before: int | None) -> HttpResponse:
    user = cast(User, request.user)
    lines, older = page_of(user, before=before)
    context: dict[str, Any] = {"lines": lines, "older": older, "before": before, "nav": "notifications"}
    if not request.htmx and before is None:
        context["drafts"] = drafts_of(user)
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

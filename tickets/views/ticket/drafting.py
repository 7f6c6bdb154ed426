"""Keeping what is typed into the reply box while it is typed."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.models import User
from common import clock
from common.errors import InvalidInput
from common.htmx import HtmxRequest
from tickets.models import ReplyDraft, Ticket
from tickets.services.drafting import drop_draft, save_draft
from tickets.views._uploads import key_in
from tickets.views.ticket.holding import typed_in


@require_POST
@login_required
def draft(request: HtmxRequest, number: str) -> HttpResponse:
    """Keep what the box holds as the reader's draft; an empty box forgets it. 422 for a text that is too long.

    Answers with the instant it was kept at, in milliseconds; 0 if nothing is kept.
    """
    user = cast(User, request.user)
    ticket = Ticket.objects.visible_to(user).numbered(number).only("pk").first()
    if ticket is None:
        raise Http404
    try:
        kept = save_draft(
            ticket=ticket, author=user, typed=typed_in(request), at=clock.now(), key=key_in(request, "key")
        )
    except InvalidInput as error:
        return JsonResponse({"body": error.message}, status=422)
    return JsonResponse({"kept": round(kept.updated_at.timestamp() * 1000) if kept else 0})


@require_POST
@login_required
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft of one's own away."""
    found = ReplyDraft.objects.select_related("ticket").filter(author=cast(User, request.user), pk=pk).first()
    if found is None:
        raise Http404
    drop_draft(ticket=found.ticket, author=cast(User, request.user))
    return redirect("notifications")

"""A reply that has not left yet: taking it back, or letting it go."""

from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from common import clock
from common.htmx import HtmxRequest
from tickets.models import ReplyDraft
from tickets.services import holding
from tickets.services.drafting import PUBLIC, Typed
from tickets.unsent import draft_of
from tickets.views._uploads import key_in, keys_in
from tickets.views.ticket.leaving import leave
from tickets.views.ticket.page import box_of, drafted, regions
from tickets.views.ticket.reader import Reader, reader_of, still_reader


@require_POST
@login_required
def take_back(request: HtmxRequest, number: str) -> HttpResponse:
    """Undo: the reply of `held` comes back into the box, before what has been typed since. 409 if it has left."""
    reader, key = _reader(request, number)
    draft = holding.take_back(
        ticket_id=reader.ticket.pk, author=reader.user, key=key, at=clock.now(), typed=typed_in(request)
    )
    if draft is None:
        # What the sweep could not let leave is in the box; what it could stands in the conversation.
        return _after_the_sweep(request, reader, status=409)
    return _answer(request, reader, draft, key)


@require_POST
@login_required
def let_go(request: HtmxRequest, number: str) -> HttpResponse:
    """Send the reply of `held` now: asked by its author, and by the open page when its moment has come.

    409 with the box, in which it is again, when it is refused.
    """
    reader, key = _reader(request, number)
    gone = holding.let_go(
        ticket_id=reader.ticket.pk, author=reader.user, key=key, at=clock.now(), typed=typed_in(request)
    )
    if gone is None:
        return _after_the_sweep(request, reader, status=200)
    if gone.draft is None:
        return _answer(request, reader, None, key)
    return _answer(request, reader, gone.draft, key, status=409)


def _reader(request: HtmxRequest, number: str) -> tuple[Reader, UUID]:
    """The agent who asks, and the key of what they hold; one nobody has if none is named. Raises Http404."""
    reader = reader_of(request, number)
    if not reader.internal:
        raise Http404
    return reader, key_in(request, "held") or uuid4()


def typed_in(request: HtmxRequest) -> Typed:
    """What the reply box holds that was sent along."""
    return Typed(
        body=request.POST.get("body", ""), kind=request.POST.get("kind", PUBLIC), files=keys_in(request)
    )


def _after_the_sweep(request: HtmxRequest, reader: Reader, *, status: int) -> HttpResponse:
    draft = draft_of(reader.user, reader.ticket)
    if draft is None or not draft.not_left:
        return _answer(request, reader, None, None, status=status)
    return _answer(request, reader, draft, None, status=409)


def _answer(
    request: HtmxRequest, reader: Reader, draft: ReplyDraft | None, key: UUID | None, *, status: int = 200
) -> HttpResponse:
    """The parts of the page that changed, and the box if something came back into it."""
    after = still_reader(reader.user, reader.ticket.number)
    if after is None:
        return leave(request, reader.ticket)
    if not request.htmx:
        return redirect(after.ticket)
    context = regions(after, at=clock.now(), params=request.POST) | {"oob": True}
    box = drafted(draft, after, key=key)
    if box is not None:
        context |= box_of(after, box) | {"returned": True}
    return render(request, "tickets/_held_answer.html", context, status=status)

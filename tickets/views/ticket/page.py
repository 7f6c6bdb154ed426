"""The page itself, and the parts of it that change while it is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Team
from common import clock
from common.htmx import HtmxRequest
from common.text import whole_number
from tickets import conversation
from tickets.conversation import Talk
from tickets.forms.replying import ReplyForm
from tickets.models import Message, ReplyDraft, Ticket
from tickets.routing_rules import team_for
from tickets.services.attaching import unclaimed
from tickets.services.drafting import why_not_left
from tickets.services.replying import has_ended_for_good
from tickets.unsent import draft_of, held_by
from tickets.views._promise import promise_of, stages
from tickets.views._uploads import Files
from tickets.views.ticket.buttons import buttons_of
from tickets.views.ticket.clocks import promised, running
from tickets.views.ticket.matches import matches_of
from tickets.views.ticket.reader import Reader, reader_of
from tickets.views.ticket.stream import stream_of
from tickets.vocabulary import Status

NOTHING_NEW = 204


@never_cache
@require_safe
@login_required
def ticket(request: HtmxRequest, number: str) -> HttpResponse:
    """The page of a ticket; of an htmx request `part` names what is wanted of it: `live` or `earlier`."""
    reader = reader_of(request, number)
    part = request.GET.get("part") if request.htmx else None
    if part == "live":
        return live(request, reader)
    if part == "earlier":
        talk = _talk(reader, request.GET)
        return render(request, "tickets/_earlier.html", _stream(reader, talk))
    return page(request, reader)


def page(request: HtmxRequest, reader: Reader, *, box: Box | None = None, status: int = 200) -> HttpResponse:
    """The whole page, with the reply box as it stands or an empty one."""
    template = "tickets/ticket.html" if reader.internal else "tickets/customer_ticket.html"
    context = regions(reader, at=clock.now(), params=request.GET)
    context |= box_of(reader, box or drafted(draft_of(reader.user, reader.ticket), reader))
    if reader.internal:
        context["articles"] = matches_of(reader)
    context |= {
        "files": conversation.files_of_description(reader.ticket),
        "nav": "tickets" if reader.internal else "portal",
    }
    return render(request, template, context, status=status)


def live(request: HtmxRequest, reader: Reader) -> HttpResponse:
    """What has changed since the page's last look, as fragments that find their places; 204 if nothing has."""
    if reader.last_change == _number(request.GET, "change") and _holds_the_same(reader, request.GET):
        return HttpResponse(status=NOTHING_NEW)
    context = regions(reader, at=clock.now(), params=request.GET)
    context |= {"oob": True, "news": _news(reader, context["talk"].messages, request.GET)}
    return render(request, "tickets/_regions.html", context)


def _holds_the_same(reader: Reader, params: Mapping[str, str]) -> bool:
    """Whether the page shows what its reader holds back: no change says so, for nobody else knows of it."""
    held = held_by(reader.user, reader.ticket) if reader.internal else None
    return params.get("holding", "") == (str(held.key) if held else "")


def regions(reader: Reader, *, at: datetime, params: Mapping[str, str]) -> dict[str, Any]:
    """What the parts of the page show that change while it is open."""
    ticket = reader.ticket
    talk = _talk(reader, params)
    clocks = promised(ticket, at=at)
    shared = _stream(reader, talk) | {
        "talk": talk,
        "buttons": buttons_of(reader),
        "clocks": clocks,
        "due": running(clocks),
        "can_wait": any(action.code == "wait_customer" for action in reader.actions),
        "relatives": conversation.relatives_of(reader.user, ticket),
        # Not the last in time: a call is logged after what was written since.
        "last_message": max((message.pk for message in talk.messages), default=0),
    }
    if reader.internal:
        return shared | {
            "others": conversation.others_of_organisation(reader.user, ticket),
            "changes": ticket.history.count(),
            "held": held_by(reader.user, ticket),
            "watchers": conversation.watchers_of(ticket),
            "linked": conversation.linked_to(reader.user, ticket),
            "elsewhere": _elsewhere(ticket),
        }
    return shared | {
        "watchers": conversation.watchers_of(ticket) if reader.may_watch else [],
        "stages": stages(ticket),
        "promise": promise_of(ticket, list(ticket.clocks.all()), at),
        "is_to_confirm": ticket.status == Status.RESOLVED,
        "closes_at": ticket.resolved_at + settings.AUTO_CLOSE_AFTER if ticket.resolved_at else None,
        "opens_follow_up": has_ended_for_good(ticket, at=at) and ticket.merged_into_id is None,
        "reopens": ticket.status == Status.CLOSED and not has_ended_for_good(ticket, at=at),
    }


def _elsewhere(ticket: Ticket) -> Team | None:
    """The team a ticket like this would go to now, where its module is another one's and nobody handed it over.

    What a person handed over is where they want it.
    """
    module = ticket.module
    if module is None or module.team_id in {None, ticket.team_id} or ticket.handovers or not ticket.is_open:
        return None
    team = team_for(
        product=ticket.product, module=module, category=ticket.category, organisation=ticket.organisation
    ).team
    return team if team is not None and team.pk != ticket.team_id else None


@dataclass(frozen=True)
class Box:
    """The reply box as it was sent and comes back: why, and what others wrote or did (`settled`), if that is it."""

    form: ReplyForm
    files: Files = field(default_factory=Files)
    message: str = ""
    meanwhile: Sequence[Message] = ()
    draft: ReplyDraft | None = None
    settled: bool = False


def drafted(draft: ReplyDraft | None, reader: Reader, *, key: UUID | None = None) -> Box | None:
    """The box with a draft in it, under the key it had before or a new one; None without a draft."""
    if draft is None:
        return None
    initial = {"body": draft.body, "kind": draft.kind, "key": key or uuid4()}
    return Box(
        form=ReplyForm(internal=reader.internal, initial=initial),
        files=Files(unclaimed(uploader=reader.user, keys=[str(file) for file in draft.files])),
        message=why_not_left(draft.not_left) if draft.not_left else "",
        draft=draft,
    )


def box_of(reader: Reader, box: Box | None = None) -> dict[str, Any]:
    """What the reply box shows. Who is told what others did has seen it; else the box keeps its marks."""
    files = box.files if box else Files()
    return {
        "reply": box.form if box else ReplyForm(internal=reader.internal),
        "box": box,
        "called_at": (box.form.data.get("called_at") or "")[:40] if box else "",
        "keeps_mark": box is not None and box.form.is_bound and not (box.meanwhile or box.settled),
        "draft": box.draft if box else None,
        "attachments": files.attachments,
        "file_errors": files.errors,
        "max_bytes": settings.ATTACHMENT_MAX_BYTES,
        "max_files": settings.ATTACHMENTS_PER_MESSAGE,
    }


def _talk(reader: Reader, params: Mapping[str, str]) -> Talk:
    before = _number(params, "before")
    if not before:
        since = _number(params, "since")
        return conversation.talk(reader.ticket, internal=reader.internal, since=since)
    talk = conversation.talk_before(reader.ticket, internal=reader.internal, before=before)
    if talk is None:
        raise Http404
    return talk


def _stream(reader: Reader, talk: Talk) -> dict[str, Any]:
    return {
        "reader": reader,
        "ticket": reader.ticket,
        "items": stream_of(reader, talk),
        "earlier": talk.earlier,
        "since": talk.first,
    }


def _news(reader: Reader, messages: list[Message], params: Mapping[str, str]) -> dict[str, Any] | None:
    """What others wrote since the page's last look, in a sentence; None when nobody did."""
    last = _number(params, "last")
    fresh = [m for m in messages if m.pk > last and m.author_id != reader.user.pk]
    if not fresh:
        return None
    names = list(dict.fromkeys(str(message.author) for message in fresh if message.author))
    text = ngettext("%(count)d new message", "%(count)d new messages", len(fresh)) % {"count": len(fresh)}
    if names:
        text = _("%(news)s from %(names)s") % {"news": text, "names": _(", ").join(names)}
    return {"text": text, "message": fresh[0].pk}


def _number(params: Mapping[str, str], name: str) -> int:
    return whole_number(params.get(name, "")) or 0

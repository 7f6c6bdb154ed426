"""Splitting a part off: choose messages, see what comes of it, open the ticket."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Organisation
from common import clock
from common.errors import DeskError, InvalidInput
from common.htmx import HtmxRequest
from sla.rulebook import Facts
from sla.selectors import prospect
from sla.vocabulary import Metric
from tickets.forms.relating import SplitForm
from tickets.models import Message, MessageKind, Ticket
from tickets.models.ticket import reason_text
from tickets.services.splitting import MOST_MESSAGES, Part, draft_of, split
from tickets.services.weighing import named, weigh
from tickets.views.refusals import status_of
from tickets.views.ticket.reader import Reader, reader_of, still_reader
from tickets.vocabulary import Tier

QUOTE = 160
SHOWN = 100


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def split_off(request: HtmxRequest, number: str) -> HttpResponse:
    """The page, with `message` chosen, or the splitting."""
    reader = _agent(request, number)
    said = _messages(reader.ticket)
    if request.method != "POST":
        chosen = [pk for pk in request.GET.getlist("message") if pk.isascii() and pk.isdigit()]
        initial = {"messages": chosen, "key": str(uuid4())}
        return _page(request, reader, SplitForm(reader.ticket, _choices(said), initial=initial), said)
    form = SplitForm(reader.ticket, _choices(said), request.POST)
    if not form.is_valid():
        return _page(request, reader, form, said, status=422)
    try:
        made = split(
            ticket_id=reader.ticket.pk,
            part=form.part,
            actor=reader.user,
            at=clock.now(),
            key=form.cleaned_data["key"],
        )
    except InvalidInput as error:
        form.refuse(error)
        return _page(request, reader, form, said, status=422)
    except DeskError as error:
        return _page(request, reader, form, said, status=status_of(error), message=error.message)
    return _opened(request, reader, made)


@never_cache
@require_POST
@login_required
def preview(request: HtmxRequest, number: str) -> HttpResponse:
    """What the ticket would be, as a part of the page."""
    reader = _agent(request, number)
    said = _messages(reader.ticket)
    form = SplitForm(reader.ticket, _choices(said), request.POST)
    form.is_valid()
    return render(request, "tickets/_split_preview.html", _outcome(reader.ticket, form, said))


def _agent(request: HtmxRequest, number: str) -> Reader:
    reader = reader_of(request, number)
    if not reader.internal:
        raise Http404
    return reader


def _messages(ticket: Ticket) -> list[Message]:
    """What the customers wrote, the newest last, as much as the page offers."""
    rows = ticket.messages.filter(kind=MessageKind.PUBLIC, by_staff=False).select_related("author")
    return list(rows.order_by("-at", "-id")[:SHOWN])[::-1]


def _choices(said: list[Message]) -> list[tuple[int, str]]:
    return [(message.pk, Truncator(message.body).chars(QUOTE)) for message in said]


def _outcome(ticket: Ticket, form: SplitForm, said: list[Message]) -> dict[str, Any]:
    """The ticket that would be opened by what the form says so far, its tier and by when it is answered."""
    clean, at = form.cleaned_data, clock.now()
    chosen = {str(pk) for pk in clean.get("messages", [])}
    picked = [message for message in said if str(message.pk) in chosen][:MOST_MESSAGES]
    about = {name: clean.get(name) for name in ("product", "module", "category")}
    part = Part(subject=clean.get("subject", ""), messages=[message.pk for message in picked], **about)
    draft, organisation = draft_of(ticket, part, picked), ticket.requester.organisation
    proposed, window = weigh(
        impact=draft.impact,
        category=part.category,
        module=part.module,
        organisation=organisation,
        at=at,
    )
    promised = prospect(_facts(proposed.tier, part, organisation), Metric.FIRST_RESPONSE, at=at)
    return {
        "ticket": ticket,
        "part": part,
        "picked": picked,
        "description": draft.description,
        "proposed": {"tier": proposed.tier, "get_tier_display": Tier(proposed.tier).label},
        "reasons": [reason_text(code, named(window)) for code in proposed.reasons],
        "answer_by": promised.due_at if promised else None,
    }


def _facts(tier: str, part: Part, organisation: Organisation | None) -> Facts:
    return Facts(
        tier=tier,
        organisation=organisation.pk if organisation else None,
        contract_level=organisation.contract_level if organisation else "",
        product=part.product.pk if part.product else None,
        category=part.category.pk if part.category else None,
    )


def _opened(request: HtmxRequest, reader: Reader, made: Ticket) -> HttpResponse:
    """To the new ticket, if it is theirs to see; its module may have led it to another team."""
    text = _("%(new)s is split off from %(old)s.") % {"new": made.number, "old": reader.ticket.number}
    messages.success(request, text)
    return redirect(made if still_reader(reader.user, made.number) else reader.ticket)


def _page(
    request: HtmxRequest,
    reader: Reader,
    form: SplitForm,
    said: list[Message],
    *,
    status: int = 200,
    message: str = "",
) -> HttpResponse:
    shown = SplitForm(reader.ticket, _choices(said), request.POST or form.initial)
    shown.is_valid()
    context = _outcome(reader.ticket, shown, said) | {
        "reader": reader,
        "form": form,
        "said": said,
        "chosen": [str(pk) for pk in form["messages"].value() or []],
        "message": message,
        "nav": "tickets",
    }
    return render(request, "tickets/split.html", context, status=status)

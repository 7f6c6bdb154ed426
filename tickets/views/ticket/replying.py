"""Writing a message from the page."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from common import clock
from common.errors import DeskError, InvalidInput
from common.htmx import HtmxRequest
from common.text import clean_text, render_markdown
from tickets.forms.replying import ReplyForm
from tickets.models import Attachment
from tickets.services.asking import reply_and_wait
from tickets.services.calling import log_call
from tickets.services.drafting import drop_draft
from tickets.services.errors import AnsweredMeanwhile, SettledMeanwhile
from tickets.services.holding import hold, sent_or_held
from tickets.services.replying import BODY_LENGTH, Reply
from tickets.services.replying import reply as write
from tickets.views._uploads import Files, files_of
from tickets.views.refusals import status_of
from tickets.views.ticket.jargon import underlined
from tickets.views.ticket.leaving import leave
from tickets.views.ticket.page import Box, box_of, page, regions
from tickets.views.ticket.reader import Reader, reader_of, still_reader


@require_POST
@login_required
def reply(request: HtmxRequest, number: str) -> HttpResponse:
    """Send what the reply box holds. Whatever is refused comes back with its text."""
    reader = reader_of(request, number)
    form, files = ReplyForm(request.POST, internal=reader.internal), files_of(request, at=clock.now())
    if "remove" in request.POST:
        return _back(request, reader, Box(form, files), 200)
    if not form.is_valid():
        return _back(request, reader, Box(form, files), 422)
    # Looked for before the files are: those of a first sending are no longer the form's to send.
    written = sent_or_held(ticket=reader.ticket, author=reader.user, key=form.cleaned_data["key"])
    if written is None and files.errors:
        return _back(request, reader, Box(form, files), files.status)
    try:
        written = written or _write(request, reader, form, files.attachments)
    except DeskError as error:
        return _back(request, reader, _refused(error, form, files), status_of(error))
    return _sent_before(request, reader, form) if _differs(written, form) else _sent(request, reader, written)


def _refused(error: DeskError, form: ReplyForm, files: Files) -> Box:
    if isinstance(error, InvalidInput):
        form.refuse(error)
        return Box(form, files)
    meanwhile = error.messages if isinstance(error, AnsweredMeanwhile) else ()
    return Box(form, files, error.message, meanwhile, settled=isinstance(error, SettledMeanwhile))


def _write(request: HtmxRequest, reader: Reader, form: ReplyForm, attachments: Sequence[Attachment]) -> Reply:
    sent: dict[str, Any] = {
        "ticket_id": reader.ticket.pk,
        "author": reader.user,
        "body": form.cleaned_data["body"],
        "at": clock.now(),
        "attachments": attachments,
        "key": form.cleaned_data["key"],
        "seen": form.cleaned_data.get("seen"),
    }
    if form.is_call:
        return log_call(**sent, called_at=form.cleaned_data["called_at"])
    sent["going_on"] = form.cleaned_data["going_on"]
    if _can_be_taken_back(request, reader, form):
        return hold(**sent, waits=form.waits)
    return reply_and_wait(**sent) if form.waits else write(**sent, public=form.is_public)


def _can_be_taken_back(request: HtmxRequest, reader: Reader, form: ReplyForm) -> bool:
    """Whether it is held a moment: what staff tell a customer, from a page that can show it and let it go."""
    is_reply = form.is_public and not form.is_call and form.cleaned_data["key"] is not None
    return bool(request.htmx) and reader.internal and is_reply and bool(settings.REPLY_UNDO)


def _differs(written: Reply, form: ReplyForm) -> bool:
    """Whether what was sent before is not the text that is sent now."""
    shown = written.held or written.message
    stored = shown.body if shown else written.ticket.description
    return written.repeated and stored != clean_text(form.cleaned_data["body"])


def _sent_before(request: HtmxRequest, reader: Reader, form: ReplyForm) -> HttpResponse:
    message = _("Your message had arrived already. This text differs from it; send it if it is to follow.")
    return _back(request, reader, Box(form.renewed(), message=message), 409)


def _sent(request: HtmxRequest, reader: Reader, written: Reply) -> HttpResponse:
    drop_draft(ticket=reader.ticket, author=reader.user)
    if written.ticket.pk != reader.ticket.pk:
        return _elsewhere(request, reader, written)
    after = still_reader(reader.user, reader.ticket.number)
    if after is None:
        return leave(request, written.ticket)
    if not request.htmx:
        anchor = f"#m-{written.message.pk}" if written.message else ""
        return redirect(after.ticket.get_absolute_url() + anchor)
    context = regions(after, at=clock.now(), params=request.POST) | box_of(after) | {"oob": True}
    response = render(request, "tickets/_replied.html", context)
    return trigger_client_event(response, "ticket-sent")


def _elsewhere(request: HtmxRequest, reader: Reader, written: Reply) -> HttpResponse:
    """To the follow-up, or to where a merged ticket goes on if that is theirs to see."""
    old, new = reader.ticket, written.ticket
    sees = still_reader(reader.user, new.number) is not None
    if written.message is None:
        text = _("%(old)s had ended, so we go on with it here, in %(new)s.")
    elif sees:
        text = _("%(old)s goes on in %(new)s: your message stands here.")
    else:
        text = _("Your message was put where %(old)s goes on.")
    messages.info(request, text % {"old": old.number, "new": new.number})
    address = (new if sees else old).get_absolute_url()
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _back(request: HtmxRequest, reader: Reader, box: Box, status: int) -> HttpResponse:
    reader = still_reader(reader.user, reader.ticket.number) or reader
    if not request.htmx:
        return page(request, reader, box=box, status=status)
    context = regions(reader, at=clock.now(), params=request.POST) | box_of(reader, box) | {"oob": True}
    return render(request, "tickets/_replied.html", context, status=status)


@require_POST
@login_required
def preview(request: HtmxRequest, number: str) -> HttpResponse:
    """The text of the reply box as it will look."""
    reader = reader_of(request, number)
    text = clean_text(request.POST.get("body", ""))[:BODY_LENGTH]
    html = underlined(reader, request.POST.get("kind", ""), render_markdown(text))
    return render(request, "tickets/_preview.html", {"html": html})

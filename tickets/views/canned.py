"""Looking after canned replies: one's own, one's team's, everyone's."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import agent
from accounts.models import Language, User
from common import clock
from common.errors import DeskError, InvalidInput
from common.text import clean_text, render_markdown
from tickets.canned import PLACEHOLDERS
from tickets.canned import render as fill
from tickets.canned_replies import may_edit, replies_of
from tickets.forms.canning import CannedForm
from tickets.models import CannedReply
from tickets.models.canned import BODY_LENGTH, Visibility
from tickets.policies import roles_in_teams
from tickets.services import canning
from tickets.views._canned import sample_values
from tickets.views.refusals import status_of


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The reader's own replies, their teams', and everyone's."""
    user = agent(request)
    roles = roles_in_teams(user)
    rows: dict[str, list[dict[str, Any]]] = {visibility: [] for visibility in Visibility.values}
    for reply in replies_of(user):
        rows[reply.visibility].append(
            {
                "reply": reply,
                "body": reply.body_for(request.LANGUAGE_CODE)[0],
                "may_edit": may_edit(user, reply, team_roles=roles),
            }
        )
    groups = [
        {"label": label, "code": code, "rows": rows[code]}
        for code, label in (
            (Visibility.PERSONAL, _("My replies")),
            (Visibility.TEAM, _("My teams' replies")),
            (Visibility.EVERYONE, _("Everyone's replies")),
        )
    ]
    return render(request, "tickets/canned_replies.html", {"nav": "tickets", "groups": groups})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Keep a new reply."""
    user = agent(request)
    form = CannedForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            canning.save_reply(actor=user, text=form.text)
        except InvalidInput as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("canned-replies")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _page(request, form, {"title": _("New reply")}, status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a reply. What somebody else saved meanwhile is said, and nothing typed is lost."""
    user = agent(request)
    reply = _editable(user, pk)
    form = CannedForm(user, request.POST if request.method == "POST" else None, reply=reply)
    context: dict[str, Any] = {"title": reply.label, "reply": reply}
    status: int = HTTPStatus.OK
    if form.is_valid():
        try:
            canning.change_reply(reply_id=reply.pk, actor=user, text=form.text, version=form.seen)
        except InvalidInput as error:
            form.refuse(error)
        except DeskError as error:
            status, context["message"] = status_of(error), error.message
            form = form.renewed(user, reply)
        else:
            messages.success(request, _("Saved."))
            return redirect("canned-replies")
    return _page(request, form, context, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else status)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Do away with a reply; one every desk begins with is switched off."""
    user = agent(request)
    reply = _editable(user, pk)
    gone = canning.delete_reply(reply_id=reply.pk, actor=user)
    told = (
        _("The reply “%(name)s” is gone.")
        if gone
        else _("“%(name)s” comes with the desk: it is switched off.")
    )
    messages.success(request, told % {"name": reply.label})
    return redirect("canned-replies")


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The texts of the form as a customer might read them, with made-up values."""
    agent(request)
    at = clock.now()
    shown = [
        (Language(language).label, render_markdown(fill(text, sample_values(language, at=at))))
        for language, name in ((Language.CHINESE, "body_zh"), (Language.ENGLISH, "body_en"))
        if (text := clean_text(request.POST.get(name, ""))[:BODY_LENGTH])
    ]
    return render(request, "tickets/_canned_preview.html", {"shown": shown})


def _editable(user: User, pk: int) -> CannedReply:
    """A reply of theirs to change. Raises Http404 for any other."""
    reply = get_object_or_404(replies_of(user), pk=pk)
    if not may_edit(user, reply, team_roles=roles_in_teams(user)):
        raise Http404
    return reply


def _page(request: HttpRequest, form: CannedForm, more: dict[str, Any], status: int) -> HttpResponse:
    context = {"nav": "tickets", "form": form, "placeholders": PLACEHOLDERS, **more}
    return render(request, "tickets/canned_reply.html", context, status=status)

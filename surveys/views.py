"""The questionnaire behind the link: no login; looking at it records nothing."""

import zoneinfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common import clock
from surveys.forms import SurveyForm, initial_of
from surveys.models import Answer, Invitation
from surveys.selectors import invitation_by_token
from surveys.services.answering import CHANGEABLE_FOR, answer, may_answer
from surveys.services.errors import SurveyClosed

TEMPLATE = "surveys/survey.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Show the questionnaire in its recipient's language, or take the answer."""
    invitation = invitation_by_token(token)
    if invitation is None:
        raise Http404
    reader = invitation.recipient
    with translation.override(reader.language), timezone.override(zoneinfo.ZoneInfo(reader.time_zone)):
        response = _take(request, invitation) if request.method == "POST" else _show(request, invitation)
        response.headers["Content-Language"] = reader.language
        return response


def _show(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    given = _answer_of(invitation)
    asked_again = "solved" in request.GET or "change" in request.GET
    if not may_answer(invitation, given, at=clock.now()) or (given and not asked_again):
        return _page(request, invitation, form=None)
    return _page(
        request, invitation, form=SurveyForm(initial=initial_of(given, solved=request.GET.get("solved", "")))
    )


def _take(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = SurveyForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, form=form, status=422)
    try:
        answer(invitation_id=invitation.pk, said=form.said, at=clock.now())
    except SurveyClosed as error:
        return _page(request, invitation, form=None, refusal=error.message, status=409)
    return HttpResponseRedirect(request.path)


def _page(
    request: HttpRequest,
    invitation: Invitation,
    *,
    form: SurveyForm | None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    given = _answer_of(invitation)
    context = {
        "invitation": invitation,
        "ticket": invitation.resolution.ticket,
        "form": form,
        "from_link": request.method == "GET" and bool(request.GET.get("solved")),
        "given": given,
        "changeable_until": given.answered_at + CHANGEABLE_FOR if given else None,
        "may_change": given is not None and may_answer(invitation, given, at=clock.now()),
        "refusal": refusal,
    }
    return render(request, TEMPLATE, context, status=status)


def _answer_of(invitation: Invitation) -> Answer | None:
    return getattr(invitation, "answer", None)

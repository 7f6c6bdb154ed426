"""Filing a ticket: one page, for customers and for staff who take a case down for one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.selectors import find_customers
from common import clock
from common.errors import DeskError, InvalidInput, TooMany
from common.templatetags.desk import moment
from common.text import clean_line
from sla.rulebook import Facts
from sla.selectors import clocks_of, prospect
from sla.vocabulary import Metric
from tickets.forms.filing import WHO_LENGTH, FilingForm, ImpactForm, customer_of
from tickets.models import Ticket
from tickets.models.ticket import reason_text
from tickets.own_tickets import used_products
from tickets.services.opening import open_ticket
from tickets.services.weighing import named, weigh
from tickets.views._uploads import Files, files_of
from tickets.vocabulary import Tier

# Tells the page's script which kept draft has been filed; see js/filing.js.
FILED_COOKIE = "filed"
PREFILLED = ("subject", "description", "product", "module", "requester")


@dataclass(frozen=True)
class Verdict:
    """The tier that follows from the answers, why, and by when we would answer if it were filed now.

    `hours` is what the tier promises, None where it promises nothing.
    """

    tier: Tier
    reasons: list[str]
    needed_by: datetime | None
    answer_by: datetime | None
    hours: int | None

    @property
    def get_tier_display(self) -> str:
        """The tier's name, as of a ticket."""
        return str(self.tier.label)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """The page, or the filing. A page sent twice files one ticket."""
    user, at = cast(User, request.user), clock.now()
    if request.method == "POST":
        return _take(request, user, at)
    given = {name: request.GET[name][:2000] for name in PREFILLED if request.GET.get(name)}
    form = FilingForm(user=user, at=at, used=used_products(user), initial=_as_asked(given))
    return _page(request, form, Files())


def _as_asked(given: dict[str, str]) -> dict[str, str]:
    """A product named in the address is chosen in the list, which holds all of them."""
    if "product" in given:
        return {
            **given,
            "product": "other",
            "other_product": given["product"],
            "edition": "",
            "product_version": "",
        }
    return given


def _take(request: HttpRequest, user: User, at: datetime) -> HttpResponse:
    files = files_of(request, at=at)
    used = used_products(user)
    if "remove" in request.POST:
        unjudged = FilingForm(user=user, at=at, used=used, initial=request.POST.dict())
        return _page(request, unjudged, files)
    form = FilingForm(request.POST, user=user, at=at, used=used)
    if not form.is_valid():
        return _page(request, form, files, status=422)
    # A repetition comes after its files were claimed: it is answered before they are missed.
    earlier = Ticket.objects.filter(requester=form.filed_for, filing_key=form.filing_key).first()
    if earlier is not None:
        return _filed(request, user, form, earlier)
    if files.errors:
        return _page(request, form, files, status=429 if files.status == 429 else 422)
    return _file(request, user, form, files, at)


def _file(request: HttpRequest, user: User, form: FilingForm, files: Files, at: datetime) -> HttpResponse:
    try:
        ticket = open_ticket(
            requester=form.filed_for,
            actor=user,
            draft=form.draft,
            at=at,
            channel=form.came_by,
            attachments=files.attachments,
            key=form.filing_key,
        )
    except InvalidInput as error:
        for name, texts in error.fields.items():
            form.add_error(name if name in form.fields else None, [str(text) for text in texts])
        return _page(request, form, files, status=422)
    except TooMany as error:
        response = _page(request, form, files, status=429, refusal=error)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    return _filed(request, user, form, ticket)


def _filed(request: HttpRequest, user: User, form: FilingForm, ticket: Ticket) -> HttpResponse:
    """To the ticket, or to the board when staff filed it for a team they do not belong to."""
    first = next((c for c in clocks_of([ticket])[ticket.pk] if c.metric == Metric.FIRST_RESPONSE), None)
    words = {"number": ticket.number, "when": moment(first.due_at) if first else ""}
    if first is None:
        messages.success(request, _("%(number)s is filed.") % words)
    else:
        messages.success(request, _("%(number)s is filed. We answer by %(when)s at the latest.") % words)
    seen = Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()
    response = redirect(ticket if seen else reverse("board"))
    key = str(form.cleaned_data["key"] or "")
    response.set_cookie(
        FILED_COOKIE, key, max_age=7 * 86_400, path=request.path, secure=settings.SECURE, samesite="Lax"
    )
    return response


@require_safe
@login_required
def proposal(request: HttpRequest) -> HttpResponse:
    """The verdict on the answers so far, as a part of the page."""
    form = ImpactForm(request.GET, at=clock.now())
    form.is_valid()
    user = cast(User, request.user)
    whom = customer_of(request.GET.get("requester", "")) if user.is_agent else user
    return render(request, "tickets/_verdict.html", {"verdict": _verdict(form, whom)})


@require_safe
@login_required
def requesters(request: HttpRequest) -> HttpResponse:
    """The customers that `who` may mean, as a part of the page; for staff."""
    if not cast(User, request.user).is_agent:
        raise Http404
    who = clean_line(request.GET.get("who", ""))[:WHO_LENGTH]
    return render(request, "tickets/_requesters.html", {"matches": find_customers(who), "who": who})


def _verdict(form: ImpactForm, whom: User | None) -> Verdict:
    """For the customer it is filed for; staff may not have said for whom yet."""
    organisation, category = whom.organisation if whom else None, form.chosen_category
    proposed, window = weigh(
        impact=form.impact,
        category=category,
        module=form.chosen_module,
        organisation=organisation,
        at=form.at,
    )
    facts = Facts(
        tier=proposed.tier,
        organisation=organisation.pk if organisation else None,
        contract_level=organisation.contract_level if organisation else "",
        category=category.pk if category else None,
    )
    promised = prospect(facts, Metric.FIRST_RESPONSE, at=form.at)
    return Verdict(
        tier=Tier(proposed.tier),
        reasons=[reason_text(code, named(window)) for code in proposed.reasons],
        needed_by=form.impact.deadline_at,
        answer_by=promised.due_at if promised else None,
        hours=round(promised.within / timedelta(hours=1)) if promised else None,
    )


def _whom(form: FilingForm) -> User | None:
    if not form.user.is_agent:
        return form.user
    return form.matches[0] if len(form.matches) == 1 else None


def _page(
    request: HttpRequest,
    form: FilingForm,
    files: Files,
    *,
    status: int = 200,
    refusal: DeskError | None = None,
) -> HttpResponse:
    answers = ImpactForm(request.POST, at=form.at)
    answers.is_valid()
    context = {
        "layout": "layouts/desk.html" if form.user.is_agent else "layouts/site.html",
        "nav": "new",
        "form": form,
        "verdict": _verdict(answers, _whom(form)),
        "refusal": refusal,
        "attachments": files.attachments,
        "file_errors": files.errors,
        "max_bytes": settings.ATTACHMENT_MAX_BYTES,
        "max_files": settings.ATTACHMENTS_PER_MESSAGE,
    }
    return render(request, "tickets/new.html", context, status=status)

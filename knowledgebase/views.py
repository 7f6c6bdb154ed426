"""The handbook: looking for an article, reading it, and ending a filing because it helped."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Language, User
from catalog.models import Module
from common import clock
from common.errors import InvalidInput
from common.htmx import HtmxRequest
from common.text import clean_line
from knowledgebase.forms import Asked
from knowledgebase.models import QUERY_LENGTH
from knowledgebase.selectors import matching, overview, read, search, times_solved
from knowledgebase.services.solving import record_self_service


@require_safe
@login_required
@vary_on_headers("HX-Request")
def handbook(request: HtmxRequest) -> HttpResponse:
    """The shelves; with words or a module a list of articles.

    A request by htmx gets what was found alone, and with a cursor the next rows alone.
    """
    user, language = cast(User, request.user), request.LANGUAGE_CODE
    asked = Asked.from_params(request.GET)
    context = {"asked": asked, "modules": Module.objects.filter(is_active=True), "nav": "handbook"}
    if asked.q or asked.module:
        cursor = clean_line(request.GET.get("cursor", ""))
        try:
            context["page"] = search(user, asked.q, cursor, module=asked.module, language=language)
        except InvalidInput as error:
            raise Http404 from error
    else:
        context["shelves"] = overview(user, language=language)
    template = "knowledgebase/handbook.html"
    if request.htmx:
        template = "knowledgebase/_rows.html" if "cursor" in request.GET else "knowledgebase/_found.html"
    return render(request, template, context)


@require_safe
@login_required
def article(request: HttpRequest, key: str) -> HttpResponse:
    """One article, in the language asked for or else the reader's, as far as it is written in it."""
    user = cast(User, request.user)
    asked = request.GET.get("language", "")
    language = asked if asked in Language.values else request.LANGUAGE_CODE
    reading = read(user, key, language=language)
    if reading is None:
        raise Http404
    context = {
        "article": reading.article,
        "others": [Language(code) for code in reading.other_languages],
        "foreign": reading.article.language != request.LANGUAGE_CODE,
        "q": clean_line(request.GET.get("q", ""))[:QUERY_LENGTH],
        "today": clock.now().date(),
        "solved": times_solved(key) if user.is_agent else None,
        "nav": "handbook",
    }
    return render(request, "knowledgebase/article.html", context)


@require_safe
@login_required
def suggestions(request: HttpRequest) -> HttpResponse:
    """What a customer about to file might read instead: three public articles at most, as a fragment.

    Parameters: `q` or `subject`, and the codes `product` and `module`.
    """
    asked = Asked.from_params(request.GET)
    articles = matching(
        cast(User, request.user),
        asked.q,
        product=asked.product,
        module=asked.module,
        language=request.LANGUAGE_CODE,
        for_customers=True,
    )
    return render(request, "knowledgebase/_suggestions.html", {"articles": articles, "asked": asked})


@require_POST
@login_required
def solved(request: HtmxRequest, key: str) -> HttpResponse:
    """The article helped: record it and lead back; there is nothing left to file. `q` is what was looked for."""
    user = cast(User, request.user)
    reading = read(user, key, language=request.LANGUAGE_CODE)
    if reading is None:
        raise Http404
    query = request.POST.get("q") or request.GET.get("q", "")
    record_self_service(article=reading.article, user=user, query=query, at=clock.now())
    messages.success(
        request, _("Glad it is solved. There is no ticket to file, and we have noted what helped.")
    )
    target = reverse("portal") if user.is_customer else reverse("article", args=[key])
    return HttpResponseClientRedirect(target) if request.htmx else redirect(target)

"""The handbook: looking for an article, reading it, and ending a filing because it helped. Its glossary."""

from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import agent
from accounts.models import Language, User
from catalog.models import Module
from common import clock
from common.errors import InvalidInput
from common.htmx import HtmxRequest
from common.text import clean_line
from knowledgebase.forms import Asked, TermForm
from knowledgebase.models import QUERY_LENGTH, Term
from knowledgebase.selectors import matching, overview, read, search, times_solved
from knowledgebase.services.solving import record_self_service
from knowledgebase.services.terms import save_term


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


@require_safe
@login_required
def glossary(request: HttpRequest) -> HttpResponse:
    """The terms the desk says in plain words, for staff; `q` narrows them down."""
    user = agent(request)
    q = clean_line(request.GET.get("q", ""))[:QUERY_LENGTH]
    terms = [term for term in Term.objects.all() if q.lower() in _all_of(term)]
    context = {"nav": "handbook", "terms": terms, "q": q, "may_edit": user.edits_glossary}
    return render(request, "knowledgebase/glossary.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_term(request: HttpRequest) -> HttpResponse:
    """Keep a new term."""
    return _term(request, Term())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_term(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a term, or switch it off."""
    _editor(request)
    return _term(request, get_object_or_404(Term, pk=pk))


def _term(request: HttpRequest, term: Term) -> HttpResponse:
    _editor(request)
    title = term.label if term.pk else _("New term")
    form = TermForm(request.POST if request.method == "POST" else None, instance=term)
    if form.is_valid():
        try:
            save_term(term_id=term.pk, text=form.text)
        except InvalidInput as error:
            for name, texts in error.fields.items():
                form.add_error(name, texts)
        else:
            messages.success(request, _("Saved."))
            return redirect("glossary")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context: dict[str, Any] = {"nav": "handbook", "form": form, "title": title}
    return render(request, "knowledgebase/term.html", context, status=status)


def _editor(request: HttpRequest) -> User:
    """A manager or administrator. Raises Http404 for anybody else."""
    user = agent(request)
    if not user.edits_glossary:
        raise Http404
    return user


def _all_of(term: Term) -> str:
    return "\n".join((*term.words, term.plain_zh, term.plain_en)).lower()

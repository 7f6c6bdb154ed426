"""The start page, and what a person sets for themselves."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import agent
from accounts.forms import MyPageForm
from accounts.models import Density, Language, User
from common.context import THEME_COOKIE, THEMES

A_YEAR = 365 * 24 * 3600


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Where the day begins: customers with their tickets, staff at the board."""
    return redirect("board" if cast(User, request.user).is_agent else "portal")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone and theme; the ways to another password and out."""
    user = cast(User, request.user)
    form = MyPageForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(user.language):
            messages.success(request, _("Saved."))
        return redirect("me")
    # A form that did not pass has changed the object in memory: the page shows the stored person.
    stored = User.objects.select_related("organisation").get(pk=user.pk)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/me.html", {"form": form, "person": stored}, status=status)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language: in a cookie, and with the account of whoever is signed in."""
    response = _back(request)
    language = request.POST.get("language", "")
    if language in Language.values:
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax", secure=settings.SECURE
        )
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark; anything else follows the system again."""
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=A_YEAR, samesite="Lax", secure=settings.SECURE)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@login_required
@require_POST
def set_density(request: HttpRequest) -> HttpResponse:
    """Remember with the account how close together board and list stand; another word than ours changes nothing."""
    user, density = agent(request), request.POST.get("density", "")
    if density in Density.values:
        User.objects.filter(pk=user.pk).update(density=density)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form stood on; never to another host."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)

"""Saved views: keeping what board or list show, and looking after what is kept."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import agent
from accounts.models import User
from common.errors import InvalidInput
from tickets.forms.saving_views import ViewForm
from tickets.models import SavedView
from tickets.policies import roles_in_teams
from tickets.saved_views import allowed, may_edit, views_of
from tickets.services import saving_views

PAGES = {"board": "board", "list": "tickets"}


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The reader's views, and those of their teams."""
    user = agent(request)
    roles = roles_in_teams(user)
    rows = [
        {
            "view": view,
            "link": reverse("tickets") + link_of(view, user),
            "may_edit": may_edit(user, view, team_roles=roles),
        }
        for view in views_of(user)
    ]
    return render(request, "tickets/saved_views.html", {"nav": "tickets", "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the address under a name; then the page they were set on shows them again."""
    user = agent(request)
    params = allowed(request.GET.dict(), user)
    page = reverse(PAGES.get(request.GET.get("from", ""), "tickets"))
    form = ViewForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            saving_views.save_view(owner=user, params=params, **form.cleaned_data)
        except InvalidInput as error:
            form.refuse(error)
        else:
            return redirect(f"{page}?{urlencode(params)}")
    back = f"{page}?{urlencode(params)}" if params else page
    return _page(request, form, {"title": _("Save this view"), "back": back})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, share it, give it another place."""
    user = agent(request)
    view = _editable(user, pk)
    form = ViewForm(user, request.POST if request.method == "POST" else None, view=view)
    if form.is_valid():
        try:
            saving_views.change_view(view_id=view.pk, actor=user, **form.cleaned_data)
        except InvalidInput as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("saved-views")
    return _page(request, form, {"title": view.name, "view": view, "back": reverse("saved-views")})


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Do away with a view."""
    user = agent(request)
    view = _editable(user, pk)
    saving_views.delete_view(view_id=view.pk, actor=user)
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
    return redirect("saved-views")


def link_of(view: SavedView, user: User) -> str:
    """The query string that shows what the view says, as far as `user`'s own address could say it."""
    return "?" + urlencode(allowed(view.params, user))


def _editable(user: User, pk: int) -> SavedView:
    view = get_object_or_404(views_of(user), pk=pk)
    if not may_edit(user, view):
        raise PermissionDenied
    return view


def _page(request: HttpRequest, form: ViewForm, more: dict[str, object]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"nav": "tickets", "form": form, **more}
    return render(request, "tickets/saved_view.html", context, status=status)

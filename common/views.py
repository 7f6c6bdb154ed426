"""Error pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common.context import desk

# What `api.errors` answers for the same, from where no endpoint has been reached yet.
CODES = {400: "malformed", 403: "not_allowed", 404: "not_found", 500: "server_error"}


def error_page(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """A page that says what happened and what to do; for a program the same as JSON.

    It asks for nobody: who is reading stands in the database, and that may be what is away.
    """
    if request.path.startswith("/api/"):
        body = {"error": CODES.get(status, "refused"), "message": message, "fields": {}}
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    page = render_to_string("error.html", {**desk(request), "status": status, "message": message})
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return error_page(request, 400, _("This request could not be understood. Go back and try again."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return error_page(request, 403, _("You may not do this. Ask your administrator if you should."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same whether there is nothing or it is somebody else's."""
    return error_page(request, 404, _("There is nothing here, or it is not yours to see."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return error_page(
        request,
        500,
        _("Something went wrong on our side. It has been recorded; please try again in a moment."),
    )


def csrf_failure(request: HttpRequest, reason: str = "", **_kwargs: Any) -> HttpResponse:
    """403 for a form whose token is missing or old. The page offers to go back to what was typed."""
    return error_page(
        request,
        403,
        _("This form was open too long or in another sign-in. Go back, reload the page and send again."),
    )

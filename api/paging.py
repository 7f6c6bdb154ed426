"""Keyset paging: {"results": […], "next": address of the next page or null}.

A page begins below a position (the id of the last row before it), so rows that come or go meanwhile neither
repeat nor skip others. Callers get the position as an opaque cursor inside `next`.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from common.errors import InvalidInput

SIZE = 50
PARAMETER = "cursor"
# As many digits as every 64-bit id has.
DIGITS = 18

Row = TypeVar("Row", bound=Model)


def place(request: Request) -> str:
    """Where the page asked for begins, in the list's own terms; '' for the first.

    Raises InvalidInput for no cursor of ours.
    """
    text = request.query_params.get(PARAMETER, "")
    if not text:
        return ""
    try:
        found = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        found = ""
    if not found.isprintable() or not found:
        raise InvalidInput({PARAMETER: [_("This is no cursor of ours. Begin without one.")]})
    return found


def position(request: Request) -> int | None:
    """The row a page begins below; None for the first. Raises InvalidInput for no cursor of ours."""
    found = place(request)
    if found and not (found.isdigit() and len(found) <= DIGITS):
        raise InvalidInput({PARAMETER: [_("This is no cursor of ours. Begin without one.")]})
    return int(found) if found else None


def newest_first(request: Request, rows: QuerySet[Row], *, size: int = SIZE) -> tuple[list[Row], int | None]:
    """The rows of the page asked for, newest first, and the position of the next page."""
    below = position(request)
    chosen = rows.order_by("-pk") if below is None else rows.order_by("-pk").filter(pk__lt=below)
    found = list(chosen[: size + 1])
    return found[:size], found[size - 1].pk if len(found) > size else None


def page(request: Request, results: Sequence[Any], following: int | str | None) -> Response:
    """The answer for one page; `following` is the position or place of the next one, None at the end."""
    address = None
    if following is not None:
        address = further(request.build_absolute_uri(), following)
    return Response({"results": results, "next": address})


def further(address: str, following: int | str) -> str:
    """The list at `address` from a position or place on."""
    cursor = base64.urlsafe_b64encode(str(following).encode()).decode().rstrip("=")
    return replace_query_param(address, PARAMETER, cursor)

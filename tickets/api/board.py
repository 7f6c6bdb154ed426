"""The board over REST: its columns with what stands first in each, and one column further down."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api import paging
from api.schema import CURSOR, errors, paged
from api.views import ApiView, caller
from common import clock
from common.errors import InvalidInput, NotAllowed
from common.text import whole_number
from tickets import filters
from tickets.api.serializers import CardSerializer, Reader
from tickets.api.views import FILTERS, TAG
from tickets.cursors import DueCursor
from tickets.selectors import CARDS_PER_COLUMN, Column, board_columns, board_further, listed
from tickets.vocabulary import Status
from tickets.workflow import BOARD_COLUMNS

# As many as a column of the page begins with.
PER_COLUMN = 20
PER_COLUMN_NAME = "per_column"
HOW_MANY = OpenApiParameter(
    PER_COLUMN_NAME,
    {"type": "integer", "minimum": 1, "maximum": CARDS_PER_COLUMN, "default": PER_COLUMN},
    description=gettext_lazy("How many tickets of a column come at a time."),
)
STATUS = OpenApiParameter("status", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(BOARD_COLUMNS))


class ColumnSerializer(serializers.Serializer[Any]):
    """One column of the board: how many tickets it has, and the first of them by what falls due first."""

    status = serializers.ChoiceField(Status.choices)
    count = serializers.IntegerField()
    cards = CardSerializer(many=True, source="tickets")
    next = serializers.SerializerMethodField(
        help_text=gettext_lazy("Where the rest of the column begins; null where this is all of it.")
    )

    def get_next(self, column: Column) -> str | None:
        """The address of what the column holds after its cards."""
        request: Request = self.context["request"]
        if not column.more:
            return None
        base = request.build_absolute_uri(reverse("api-board-column", args=[column.status]))
        query = request.META.get("QUERY_STRING", "")
        return paging.further(f"{base}?{query}", str(DueCursor.of(column.tickets[-1])))


class BoardSerializer(serializers.Serializer[Any]):
    """The board from left to right."""

    columns = ColumnSerializer(many=True)


class BoardView(ApiView):
    """The engineers' board."""

    @extend_schema(
        operation_id="read_board",
        summary=gettext_lazy("Read the board"),
        description=gettext_lazy(
            "For members of staff: each column's count, and its first tickets by what falls due first. "
            "`next` of a column leads to the others."
        ),
        tags=TAG,
        parameters=[*FILTERS, HOW_MANY],
        responses={200: BoardSerializer, **errors(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """Each column's count, and its first tickets by what falls due first. For members of staff."""
        user = _staff(request)
        chosen = filters.parse(request.query_params, user=user).checked()
        columns = board_columns(user, chosen, depth=_how_many(request))
        context = Reader(user, clock.now()).context | {"request": request}
        return Response(BoardSerializer({"columns": columns}, context=context).data)


class BoardColumnView(ApiView):
    """One column of the engineers' board."""

    @extend_schema(
        operation_id="read_board_column",
        summary=gettext_lazy("Read one column of the board"),
        description=gettext_lazy("For members of staff: its tickets by what falls due first, page by page."),
        tags=TAG,
        parameters=[STATUS, *(each for each in FILTERS if each.name != "status"), HOW_MANY, CURSOR],
        responses={200: paged(CardSerializer, "CardPage"), **errors(401, 403, 404, 422)},
    )
    def get(self, request: Request, status: str) -> Response:
        """A page of it. Raises Http404 for a status that is no column."""
        user = _staff(request)
        if status not in BOARD_COLUMNS:
            raise Http404
        chosen = filters.parse(request.query_params, user=user).checked()
        after, size = DueCursor.parse(paging.place(request)), _how_many(request)
        found = board_further(user, chosen, status=status, after=after, size=size, shape=listed)
        cards = CardSerializer(found.tickets, many=True, context=Reader(user, clock.now()).context)
        return paging.page(request, list(cards.data), found.next_cursor or None)


def _staff(request: Request) -> User:
    """The caller. Raises NotAllowed for a customer."""
    user = caller(request)
    if not user.is_agent:
        raise NotAllowed(_("The board is for members of staff."))
    return user


def _how_many(request: Request) -> int:
    """How many tickets of a column are asked for. Raises InvalidInput for a number out of range, or none."""
    text = request.query_params.get(PER_COLUMN_NAME, "") or str(PER_COLUMN)
    asked = whole_number(text)
    if asked is not None and 1 <= asked <= CARDS_PER_COLUMN:
        return asked
    said = _("A whole number from 1 to %(most)d, please.") % {"most": CARDS_PER_COLUMN}
    raise InvalidInput({PER_COLUMN_NAME: [said]})

"""Closing windows over REST."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.schema import errors
from api.views import ApiView, caller
from catalog.selectors import CHINA
from common import clock
from common.errors import InvalidInput, NotAllowed
from tickets.api.inputs import EARLIEST, LATEST
from tickets.closing_windows import Coming, windows_ahead
from tickets.windows import RuleKind

USUAL, LONGEST = timedelta(days=60), timedelta(days=366)


class ComingSerializer(serializers.Serializer[Any]):
    """One time at which an organisation closes its books; whole days, both ends included."""

    organisation = serializers.CharField(help_text=gettext_lazy("A code."))
    name = serializers.CharField(help_text=gettext_lazy("In the caller's language."))
    rule = serializers.ChoiceField(RuleKind.choices)
    modules = serializers.ListField(child=serializers.CharField(), help_text=gettext_lazy("Codes."))
    first = serializers.DateField()
    last = serializers.DateField()
    provisional = serializers.BooleanField(
        help_text=gettext_lazy("The last day may still move: the year's statutory days are not entered yet.")
    )


class ComingsSerializer(serializers.Serializer[Any]):
    """Windows by organisation, then by date."""

    results = ComingSerializer(many=True)


class WindowsView(ApiView):
    """The closing windows of customers."""

    @extend_schema(
        operation_id="list_windows",
        summary=gettext_lazy("List closing windows"),
        description=gettext_lazy(
            "For managers and administrators: those that touch the days asked for, the next 60 if none are."
        ),
        tags=["tickets"],
        parameters=[
            OpenApiParameter(
                "from", OpenApiTypes.DATE, description=gettext_lazy("The first day; today if left out.")
            ),
            OpenApiParameter(
                "to", OpenApiTypes.DATE, description=gettext_lazy("The last day, within a year.")
            ),
        ],
        responses={200: ComingsSerializer, **errors(401, 403, 422)},
    )
    def get(self, request: Request) -> Response:
        """Those of the days from `from` to `to`."""
        if not caller(request).reads_figures:
            raise NotAllowed(_("Closing windows are for managers and administrators."))
        first = _day(request, "from") or clock.now().astimezone(CHINA).date()
        last = _day(request, "to") or first + USUAL
        if not first <= last <= first + LONGEST:
            raise InvalidInput(
                {"to": [_("The last day must not come before the first, nor a year after it.")]}
            )
        found = windows_ahead(first, (last - first).days + 1)
        return Response(ComingsSerializer({"results": [_data(one) for one in found]}).data)


def _day(request: Request, name: str) -> date | None:
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput({name: [_("Give a day such as 2026-03-31.")]}) from None
    if not EARLIEST <= day.year < LATEST:
        raise InvalidInput({name: [_("This is no moment we could keep to.")]})
    return day


def _data(one: Coming) -> dict[str, Any]:
    window = one.window
    return {
        "organisation": window.organisation.code,
        "name": window.name,
        "rule": window.rule,
        "modules": [module.code for module in window.modules.all()],
        "first": one.span.first,
        "last": one.span.last,
        "provisional": one.is_provisional,
    }

"""What a ticket is about, who watches it, what it belongs to, and what is split off from it."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.fields import LARGEST, Choice, Code, Person, Text
from api.idempotency import idempotent
from api.schema import IDEMPOTENCY_KEY, errors
from api.views import ApiView, caller
from catalog.models import Category, Module, Product
from common import clock
from common.errors import InvalidInput, NotAllowed
from tickets import conversation, policies
from tickets.api.reading import again, find
from tickets.api.serializers import Reader, TicketSerializer, ticket_data
from tickets.api.views import TAG, ConflictSerializer, TicketView
from tickets.models import LinkKind, Ticket
from tickets.models.ticket import SUBJECT_LENGTH
from tickets.services.describing import TEXTS, describe
from tickets.services.linking import CHOSEN, link, unlink
from tickets.services.mergeable import no_such_ticket
from tickets.services.splitting import MOST_MESSAGES, Part, split
from tickets.services.watching import unwatch, watch


class DescriptionSerializer(serializers.Serializer[Any]):
    """What is to be put right, on the version of the ticket its caller has seen; what is left out stays."""

    version = serializers.IntegerField(min_value=1, max_value=LARGEST)
    subject = Text(required=False, max_length=SUBJECT_LENGTH)
    product = Code(Product, required=False, allow_null=True)
    edition = Text(required=False, allow_blank=True, max_length=TEXTS["edition"])
    product_version = Text(required=False, allow_blank=True, max_length=TEXTS["product_version"])
    module = Code(Module, required=False, allow_null=True)
    category = Code(Category, required=False, allow_null=True)


class NewWatcherSerializer(serializers.Serializer[Any]):
    """Who is to watch."""

    watcher = serializers.IntegerField(
        min_value=1, max_value=LARGEST, help_text=gettext_lazy("The id of a person.")
    )


class WatchersSerializer(serializers.Serializer[Any]):
    """Who watches a ticket."""

    results = Person(many=True)


class LinkSerializer(serializers.Serializer[Any]):
    """How a ticket belongs to another: `ticket` is a part of `other`, is the same problem, and so on."""

    ticket = serializers.CharField(source="ticket.number")
    other = serializers.CharField(source="other.number")
    kind = serializers.ChoiceField(LinkKind.choices)


class LinksSerializer(serializers.Serializer[Any]):
    """The links of a ticket."""

    results = LinkSerializer(many=True)


class NewLinkSerializer(serializers.Serializer[Any]):
    """A link to be made."""

    other = Text(max_length=24, help_text=gettext_lazy("The number of the other ticket."))
    kind = Choice([(kind.value, kind.label) for kind in CHOSEN])


class NewPartSerializer(serializers.Serializer[Any]):
    """What is to be split off."""

    subject = Text(max_length=SUBJECT_LENGTH)
    messages = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST),
        max_length=MOST_MESSAGES,
        help_text=gettext_lazy("Ids of messages the customer wrote."),
    )
    product = Code(Product, required=False, allow_null=True, default=None)
    module = Code(Module, required=False, allow_null=True, default=None)
    category = Code(Category, required=False, allow_null=True, default=None)


def _agents_ticket(user: User, number: str) -> Ticket:
    """The ticket, for those who work on it. Raises Http404 where it is not theirs to see, NotAllowed for customers."""
    ticket = find(user, number)
    if not policies.may_note(user, ticket):
        raise NotAllowed(_("You may not do this with %(number)s.") % {"number": ticket.number})
    return ticket


def _other(user: User, number: str) -> Ticket:
    found = Ticket.objects.visible_to(user).numbered(number).first()
    if found is None:
        raise no_such_ticket("other")
    return found


class TicketItselfView(TicketView):
    """One ticket, read and put right."""

    @extend_schema(
        operation_id="put_ticket_right",
        summary=gettext_lazy("Put right what a ticket is about"),
        description=gettext_lazy(
            "For those who work on it. A tier that came of the answers is weighed again; the team stays."
        ),
        tags=TAG,
        request=DescriptionSerializer,
        responses={
            200: TicketSerializer,
            409: OpenApiResponse(
                ConflictSerializer, description=gettext_lazy("The ticket has changed since it was read.")
            ),
            **errors(400, 401, 403, 404, 413, 415, 422),
        },
    )
    def patch(self, request: Request, number: str) -> Response:
        """Subject, product, module and category, as far as they are said."""
        user, at = caller(request), clock.now()
        ticket = _agents_ticket(user, number)
        form = DescriptionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        version = said.pop("version")
        changed = describe(ticket_id=ticket.pk, changes=said, actor=user, at=at, version=version)
        return Response(ticket_data(again(changed), user=user, at=at))


class WatchersView(ApiView):
    """Who watches a ticket."""

    @extend_schema(
        operation_id="list_watchers",
        summary=gettext_lazy("Read who watches a ticket"),
        tags=TAG,
        responses={200: WatchersSerializer, **errors(401, 403, 404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """For those who work on it."""
        return self._answer(request, _agents_ticket(caller(request), number))

    @extend_schema(
        operation_id="add_watcher",
        summary=gettext_lazy("Have somebody watch a ticket"),
        description=gettext_lazy("Somebody who may see it. They are told what happens on it."),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request=NewWatcherSerializer,
        responses={200: WatchersSerializer, **errors(400, 401, 403, 404, 413, 415, 422)},
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """For those who work on it."""
        user = caller(request)
        ticket = _agents_ticket(user, number)
        form = NewWatcherSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        watcher = User.objects.filter(pk=form.validated_data["watcher"]).first()
        if watcher is None:
            raise InvalidInput({"watcher": [_("There is no such person.")]})
        watch(ticket_id=ticket.pk, user=watcher, actor=user, at=clock.now())
        return self._answer(request, ticket)

    def _answer(self, request: Request, ticket: Ticket) -> Response:
        context = Reader(caller(request), clock.now()).context
        shown = {"results": conversation.watchers_of(ticket)}
        return Response(WatchersSerializer(shown, context=context).data)


class WatcherView(ApiView):
    """One watcher of a ticket."""

    @extend_schema(
        operation_id="remove_watcher",
        summary=gettext_lazy("Have somebody watch a ticket no more"),
        tags=TAG,
        responses={204: None, **errors(401, 403, 404)},
    )
    def delete(self, request: Request, number: str, watcher: int) -> Response:
        """For those who work on it."""
        user = caller(request)
        ticket = _agents_ticket(user, number)
        found = next((one for one in conversation.watchers_of(ticket) if one.pk == watcher), None)
        if found is None:
            raise Http404
        unwatch(ticket_id=ticket.pk, user=found, actor=user, at=clock.now())
        return Response(status=204)


class LinksView(ApiView):
    """What a ticket belongs to."""

    @extend_schema(
        operation_id="list_links",
        summary=gettext_lazy("Read which tickets belong together"),
        tags=TAG,
        responses={200: LinksSerializer, **errors(401, 403, 404)},
    )
    def get(self, request: Request, number: str) -> Response:
        """Those the caller may see, for those who work on the ticket."""
        user = caller(request)
        ticket = _agents_ticket(user, number)
        return Response(LinksSerializer({"results": conversation.links_of(user, ticket)}).data)

    @extend_schema(
        operation_id="add_link",
        summary=gettext_lazy("Say that two tickets belong together"),
        description=gettext_lazy(
            "`parent`: the ticket is a part of the other; `duplicate`: both are the same problem; `related`."
        ),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request=NewLinkSerializer,
        responses={201: LinkSerializer, **errors(400, 401, 403, 404, 413, 415, 422)},
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """For those who work on both."""
        user = caller(request)
        ticket = _agents_ticket(user, number)
        form = NewLinkSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        other = _other(user, said["other"])
        at = clock.now()
        made = link(ticket_id=ticket.pk, other_id=other.pk, kind=said["kind"], actor=user, at=at)
        return Response(LinkSerializer(made).data, status=201)


class LinkView(ApiView):
    """One link of a ticket."""

    @extend_schema(
        operation_id="remove_link",
        summary=gettext_lazy("Take a link between two tickets away"),
        tags=TAG,
        responses={204: None, **errors(401, 403, 404, 422)},
    )
    def delete(self, request: Request, number: str, other: str) -> Response:
        """For those who work on both."""
        user = caller(request)
        ticket = _agents_ticket(user, number)
        at, gone = clock.now(), find(user, other)
        unlink(ticket_id=ticket.pk, other_id=gone.pk, actor=user, at=at)
        return Response(status=204)


class SplitView(ApiView):
    """Where a part of a ticket is split off."""

    @extend_schema(
        operation_id="split_ticket",
        summary=gettext_lazy("Split a part off into a ticket of its own"),
        description=gettext_lazy(
            "For the same requester, out of messages they wrote, which stay where they are. It is no follow-up."
        ),
        tags=TAG,
        parameters=[IDEMPOTENCY_KEY],
        request=NewPartSerializer,
        responses={201: TicketSerializer, **errors(400, 401, 403, 404, 413, 415, 422)},
    )
    @idempotent
    def post(self, request: Request, number: str) -> Response:
        """For those who work on it."""
        user, at = caller(request), clock.now()
        ticket = _agents_ticket(user, number)
        form = NewPartSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = split(ticket_id=ticket.pk, part=Part(**form.validated_data), actor=user, at=at)
        return Response(ticket_data(again(made), user=user, at=at), status=201)

"""What a caller may send about tickets. The services judge the words, this judges types, codes and lengths."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import Organisation, Role, Team, User
from accounts.selectors import customers
from api.fields import LARGEST, Choice, Code, Text
from catalog.models import Category, Module, Product
from common.errors import InvalidInput, NotAllowed
from tickets.models import Attachment, Ticket
from tickets.models.ticket import SUBJECT_LENGTH
from tickets.services.attaching import unclaimed
from tickets.services.mergeable import no_such_ticket
from tickets.services.opening import DESCRIPTION_LENGTH, Draft
from tickets.services.replying import BODY_LENGTH
from tickets.services.transition import TEXT_LENGTH, Inputs
from tickets.triage import Impact
from tickets.vocabulary import Deadline, ProductionDown, UsersAffected, Workaround

# Years beyond these are slips of the keyboard, and the furthest of them nothing can reckon with.
EARLIEST, LATEST = 2000, 2100


def _needed(sentence: Any) -> dict[str, Any]:
    return {"required": sentence, "blank": sentence, "null": sentence}


class AttachmentKeys(serializers.ListField):
    """Keys of uploaded files."""

    child = serializers.UUIDField()

    def __init__(self, **kwargs: Any) -> None:
        limit = settings.ATTACHMENTS_PER_MESSAGE
        super().__init__(
            required=False, max_length=limit, help_text=gettext_lazy("Keys of uploads."), **kwargs
        )


class Moment(serializers.DateTimeField):
    """A moment somebody plans with; one without a zone is meant in the caller's."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """The moment with a zone. Raises ValidationError outside this century."""
        if not EARLIEST <= value.year < LATEST:
            raise serializers.ValidationError(_("This is no moment we could keep to."))
        return super().enforce_timezone(value)


# What a program may say instead of a code, where it only knows yes or no or a number of people.
PLAIN_ANSWERS: dict[str, dict[Any, str]] = {
    "production_down": {True: ProductionDown.FULL, False: ProductionDown.NONE},
    "workaround": {True: Workaround.YES, False: Workaround.NONE},
    "deadline": {None: Deadline.NONE, False: Deadline.NONE},
}
# Up to so many people; more are the whole organisation.
PEOPLE = ((1, UsersAffected.ONE), (10, UsersAffected.FEW), (50, UsersAffected.DEPARTMENT))


def _code_of(name: str, value: Any) -> Any:
    """The code a plain answer stands for; whatever else was said, for the field to judge."""
    if name == "users_affected" and type(value) is int and value > 0:
        return next((code for most, code in PEOPLE if value <= most), UsersAffected.ORGANISATION)
    if value is None or isinstance(value, bool):
        return PLAIN_ANSWERS.get(name, {}).get(value, value)
    return value


class ImpactSerializer(serializers.Serializer[Any]):
    """The business impact; what is left out counts as the least alarming answer.

    Beside its codes a field takes the plain answer: true or false for `production_down` and `workaround`, the
    number of people for `users_affected`, null for no `deadline`.
    """

    production_down = Choice(ProductionDown.choices, default=ProductionDown.NONE)
    users_affected = Choice(UsersAffected.choices, default=UsersAffected.ONE)
    deadline = Choice(Deadline.choices, default=Deadline.NONE)
    deadline_at = Moment(required=False, allow_null=True, default=None)
    workaround = Choice(Workaround.choices, default=Workaround.AWKWARD)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The codes of what was said."""
        if isinstance(data, Mapping):
            data = {name: _code_of(str(name), value) for name, value in data.items()}
        return dict(super().to_internal_value(data))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Without a deadline its moment means nothing."""
        return attrs if attrs["deadline"] != Deadline.NONE else {**attrs, "deadline_at": None}


class NewTicketSerializer(serializers.Serializer[Any]):
    """A ticket to be filed."""

    subject = Text(
        max_length=SUBJECT_LENGTH, error_messages=_needed(gettext_lazy("Say in one line what is wrong."))
    )
    description = Text(
        max_length=DESCRIPTION_LENGTH,
        error_messages=_needed(gettext_lazy("Say how it came about: which step, which message, since when.")),
    )
    product = Code(
        Product,
        allow_null=True,
        error_messages={"required": gettext_lazy("Say which product, by its code; null for one not listed.")},
        help_text=gettext_lazy("A code; null where it is not listed."),
    )
    module = Code(
        Module,
        required=False,
        allow_null=True,
        default=None,
        help_text=gettext_lazy("A code; it decides the team."),
    )
    category = Code(Category, required=False, allow_null=True, default=None)
    edition = Text(max_length=60, allow_blank=True, default="")
    product_version = Text(max_length=40, allow_blank=True, default="")
    impact = ImpactSerializer(required=False)
    attachments = AttachmentKeys()
    requester = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=LARGEST,
        help_text=gettext_lazy("For members of staff: the id of the customer it is filed for."),
    )

    @property
    def draft(self) -> Draft:
        """What is to be filed, once it is valid."""
        said = {n: value for n, value in self.validated_data.items() if n not in {"attachments", "requester"}}
        return Draft(**{**said, "impact": Impact(**said.get("impact", {}))})

    def requester_for(self, caller: User) -> User:
        """Whose ticket it becomes: the caller's own unless staff names a customer.

        Raises NotAllowed for a customer who names somebody else, InvalidInput where there is no such customer.
        """
        pk = self.validated_data.get("requester", caller.pk)
        if pk == caller.pk:
            return caller
        if not caller.is_agent:
            raise NotAllowed(_("You can file for yourself only."))
        found = customers().filter(pk=pk).first()
        if found is None:
            raise InvalidInput({"requester": [_("There is no such customer.")]})
        return found


class NewReplySerializer(serializers.Serializer[Any]):
    """A message to be written."""

    body = Text(max_length=BODY_LENGTH, error_messages=_needed(gettext_lazy("Write a few words first.")))
    public = serializers.BooleanField(default=True, help_text=gettext_lazy("False: a note among staff."))
    attachments = AttachmentKeys()


class NewCallSerializer(serializers.Serializer[Any]):
    """A phone call that took place."""

    body = Text(
        max_length=BODY_LENGTH,
        error_messages=_needed(gettext_lazy("Write a few words first.")),
        help_text=gettext_lazy("What was said; the customer reads it."),
    )
    at = Moment(
        required=False,
        default=None,
        allow_null=True,
        help_text=gettext_lazy("When it took place, at most 24 hours ago; now where it is not said."),
    )


class StepSerializer(serializers.Serializer[Any]):
    """An action to be taken, on the version of the ticket its caller has seen."""

    action = Text(max_length=40)
    version = serializers.IntegerField(min_value=1, max_value=LARGEST)
    assignee = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST, help_text=gettext_lazy("The id of a person.")
    )
    team = Text(required=False, max_length=60, help_text=gettext_lazy("The code of a team."))
    tier = Text(required=False, max_length=20)
    into = Text(
        required=False, max_length=24, help_text=gettext_lazy("The number of the ticket it is merged into.")
    )
    resolution = Text(required=False, max_length=TEXT_LENGTH, allow_blank=True)
    reason = Text(required=False, max_length=TEXT_LENGTH, allow_blank=True)
    note = Text(required=False, max_length=TEXT_LENGTH, allow_blank=True)

    def inputs(self, user: User) -> Inputs:
        """What the action is given, once it is valid. Raises InvalidInput for a person, team or ticket there is not.

        Only members of staff are told whether there is such a person: nobody else may name one.
        """
        said = dict(self.validated_data)
        rows = {name: said.pop(name, None) for name in ("assignee", "team", "into")}
        words = {name: said[name] for name in ("tier", "resolution", "reason", "note") if name in said}
        if not user.is_agent:
            return Inputs(**words)
        assignee, team = _agent(rows["assignee"]), _team(rows["team"])
        return Inputs(assignee=assignee, team=team, into=_ticket(rows["into"]), **words)


class NewOrganisationSerializer(serializers.Serializer[Any]):
    """Whose ticket it is to be, on the version of it that its caller has seen."""

    organisation = Code(
        Organisation,
        allow_null=True,
        error_messages={"required": gettext_lazy("Say which organisation, by its code; null for none.")},
        help_text=gettext_lazy("A code; null for none."),
    )
    version = serializers.IntegerField(min_value=1, max_value=LARGEST)


def _agent(pk: int | None) -> User | None:
    if pk is None:
        return None
    found = User.objects.filter(pk=pk, is_active=True).exclude(role=Role.CUSTOMER).first()
    if found is None:
        raise InvalidInput({"assignee": [_("This person does not work in the ticket's team.")]})
    return found


def _ticket(number: str | None) -> Ticket | None:
    if number is None:
        return None
    found = Ticket.objects.numbered(number).first()
    if found is None:
        raise no_such_ticket()
    return found


def _team(code: str | None) -> Team | None:
    if code is None:
        return None
    found = Team.objects.filter(code=code, is_active=True).first()
    if found is None:
        raise InvalidInput({"team": [_("Choose another team that is in use.")]})
    return found


def uploads(keys: list[Any], *, uploader: User) -> list[Attachment]:
    """The files of those keys. Raises InvalidInput for one that is not there, or sent already."""
    wanted = {str(key) for key in keys}
    found = unclaimed(uploader=uploader, keys=sorted(wanted))
    if len(found) != len(wanted):
        raise InvalidInput({"attachments": [_("A file is gone or was sent already. Upload it again.")]})
    return found

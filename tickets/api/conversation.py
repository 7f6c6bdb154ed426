"""How a ticket's messages, files and history are written in JSON."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import Organisation, Team
from api.fields import Instant, Person
from tickets.history_words import PLAIN_NOTES
from tickets.models import Attachment, HistoryEntry, MessageKind
from tickets.models.ticket import Channel


class AttachmentSerializer(serializers.Serializer[Any]):
    """An uploaded file."""

    key = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text=_("In bytes."))
    url = serializers.SerializerMethodField()

    def get_url(self, attachment: Attachment) -> str:
        """Where those who may see the ticket fetch it."""
        return reverse("api-attachment", args=[attachment.key])


class MessageSerializer(serializers.Serializer[Any]):
    """One message."""

    id = serializers.IntegerField()
    at = Instant()
    author = Person(allow_null=True)
    by_staff = serializers.BooleanField()
    public = serializers.SerializerMethodField(help_text=_("False: a note among staff."))
    channel = serializers.ChoiceField(Channel.choices)
    body = serializers.CharField(help_text=_("Markdown."))
    attachments = AttachmentSerializer(many=True, source="attachments.all")

    def get_public(self, message: Any) -> bool:
        """Whether the customer reads it."""
        return bool(message.kind == MessageKind.PUBLIC)


class ReplySerializer(serializers.Serializer[Any]):
    """What came of a reply."""

    ticket = serializers.CharField(
        help_text=_("The number it stands on; another one for a follow-up or a merged ticket.")
    )
    follow_up = serializers.BooleanField()
    message = MessageSerializer(
        allow_null=True, help_text=_("Null for a follow-up, whose description it has become.")
    )


class ChangeSerializer(serializers.Serializer[Any]):
    """One change of a ticket: codes and data, never a sentence of ours."""

    at = Instant()
    actor = Person(allow_null=True, help_text=_("Null: the desk itself."))
    event = serializers.CharField()
    field = serializers.CharField(help_text=_("What changed; empty where something happened."))
    old = serializers.JSONField(allow_null=True)
    new = serializers.JSONField(allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]
    public = serializers.BooleanField(source="is_public")


class MessagesSerializer(serializers.Serializer[Any]):
    """A conversation, oldest first."""

    results = MessageSerializer(many=True)


class AttachmentsSerializer(serializers.Serializer[Any]):
    """The files of a ticket."""

    results = AttachmentSerializer(many=True)


class ChangesSerializer(serializers.Serializer[Any]):
    """A history, oldest first."""

    results = ChangeSerializer(many=True)


def changes_data(
    entries: Sequence[HistoryEntry], *, context: dict[str, Any], inside: bool
) -> list[dict[str, Any]]:
    """A history as its reader may see it: teams and organisations by code; notes among staff only `inside`."""
    written: Any = ChangeSerializer(entries, many=True, context=context)
    shown = [dict(row) for row in written.data]
    codes = _team_codes(shown)
    by_field = {"team": codes, "organisation": _organisation_codes(shown)}
    for row in shown:
        if row["field"] in by_field:
            known = by_field[row["field"]]
            row["old"], row["new"] = (known.get(row[side], row[side]) for side in ("old", "new"))
        if "team" in row["data"]:
            row["data"] = {**row["data"], "team": codes.get(row["data"]["team"], row["data"]["team"])}
        if not inside and row["event"] not in PLAIN_NOTES:
            row["data"] = {name: value for name, value in row["data"].items() if name != "note"}
    return shown


def _values(rows: list[dict[str, Any]], field: str) -> set[Any]:
    return {row[side] for row in rows if row["field"] == field for side in ("old", "new")}


def _organisation_codes(rows: list[dict[str, Any]]) -> dict[Any, str]:
    ids = _values(rows, "organisation") - {None}
    return dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "code")) if ids else {}


def _team_codes(rows: list[dict[str, Any]]) -> dict[Any, str]:
    ids = _values(rows, "team") | {row["data"].get("team") for row in rows}
    # An import holds names where it knew no team of ours.
    known = [pk for pk in ids if isinstance(pk, int)]
    return dict(Team.objects.filter(pk__in=known).values_list("pk", "code"))

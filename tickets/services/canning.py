"""Keeping canned replies."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Role, Team, User
from catalog.models import Module, Product
from common.errors import DeskError, InvalidInput, NotAllowed
from common.text import clean_line, clean_text
from tickets.canned import PLACEHOLDERS, Situation, unknown
from tickets.canned_replies import may_edit, may_keep_for, replies_of
from tickets.models import CannedReply
from tickets.models.canned import BODY_LENGTH, NAME_LENGTH, Visibility
from tickets.policies import roles_in_teams

MOST_EACH = 200


class ChangedMeanwhile(DeskError):
    """Somebody changed the reply after it was read (409)."""


@dataclass(frozen=True)
class Canned:
    """What its editor decides about a reply. `team` is given if and only if it is a team's."""

    name: str
    name_en: str = ""
    body_zh: str = ""
    body_en: str = ""
    visibility: str = Visibility.PERSONAL
    team: Team | None = None
    situation: str = Situation.NONE
    product: Product | None = None
    module: Module | None = None
    is_active: bool = True


@transaction.atomic
def save_reply(*, actor: User, text: Canned) -> CannedReply:
    """Keep a new reply. Raises InvalidInput or NotAllowed."""
    _hold_names(actor)
    if CannedReply.objects.filter(owner=actor).count() >= MOST_EACH:
        raise InvalidInput({"name": [_("At most %(count)d replies each, please.") % {"count": MOST_EACH}]})
    reply = CannedReply(owner=actor)
    _write(reply, actor, text)
    return _stored(reply)


@transaction.atomic
def change_reply(*, reply_id: int, actor: User, text: Canned, version: int) -> CannedReply:
    """Change a reply `actor` sees, as they read it at `version`.

    Raises InvalidInput, NotAllowed, or ChangedMeanwhile for a version that is not the present one.
    """
    _hold_names(actor)
    reply = _held(reply_id, actor)
    if reply.version != version:
        raise ChangedMeanwhile(_("Somebody changed this reply meanwhile. Look at it again, then save."))
    if reply.owner_id is None and text.visibility == Visibility.PERSONAL:
        reply.owner = actor
    _write(reply, actor, text)
    reply.version += 1
    return _stored(reply)


@transaction.atomic
def delete_reply(*, reply_id: int, actor: User) -> bool:
    """Do away with a reply `actor` sees. False: it is one every desk begins with, and only switched off, or the
    next start would bring it again. Raises NotAllowed.
    """
    reply = _held(reply_id, actor)
    if not reply.key:
        reply.delete()
        return True
    reply.is_active, reply.version = False, reply.version + 1
    reply.save(update_fields=["is_active", "version"])
    return False


def count_use(*, reply_id: int, actor: User) -> bool:
    """Somebody has put a reply they see into a message; False when there is none such."""
    return bool(replies_of(actor).filter(pk=reply_id, is_active=True).update(used=F("used") + 1))


def _stored(reply: CannedReply) -> CannedReply:
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError as error:
        # Somebody else gave one of the same team, or of everyone's, the same name a moment ago.
        raise InvalidInput({"name": [_("There is a reply of this name already.")]}) from error
    return reply


def _hold_names(actor: User) -> None:
    """Let the same person count and name their replies once at a time."""
    User.objects.select_for_update().only("pk").get(pk=actor.pk)


def _held(reply_id: int, actor: User) -> CannedReply:
    reply = replies_of(actor).select_for_update(of=("self",)).get(pk=reply_id)
    if not may_edit(actor, reply, team_roles=roles_in_teams(actor)):
        raise NotAllowed(_("This reply is looked after by others."))
    return reply


def _write(reply: CannedReply, actor: User, text: Canned) -> None:
    reply.visibility, reply.team = text.visibility, text.team
    _check_visibility(actor, text)
    reply.name, reply.name_en = clean_line(text.name), clean_line(text.name_en)
    reply.body_zh, reply.body_en = clean_text(text.body_zh), clean_text(text.body_en)
    reply.situation, reply.product, reply.module = text.situation, text.product, text.module
    reply.is_active = text.is_active
    wrong = _wrong_words(reply)
    if "name" not in wrong and _namesakes(reply, actor).exists():
        wrong["name"] = [_("There is a reply of this name already.")]
    if wrong:
        raise InvalidInput(wrong)


def _check_visibility(actor: User, text: Canned) -> None:
    if (text.visibility == Visibility.TEAM) != (text.team is not None):
        raise InvalidInput({"visibility": [_("Choose who finds it.")]})
    if text.team is not None and not may_keep_for(actor, text.team.pk, team_roles=roles_in_teams(actor)):
        raise NotAllowed(_("A team's replies are looked after by who leads it."))
    if text.visibility == Visibility.EVERYONE and actor.role != Role.ADMIN:
        raise NotAllowed(_("Everyone's replies are looked after by administrators."))


def _wrong_words(reply: CannedReply) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if not reply.name:
        wrong["name"] = [_("Give the reply a name.")]
    for name, text, most in (
        ("name", reply.name, NAME_LENGTH),
        ("name_en", reply.name_en, NAME_LENGTH),
        ("body_zh", reply.body_zh, BODY_LENGTH),
        ("body_en", reply.body_en, BODY_LENGTH),
    ):
        if len(text) > most:
            wrong[name] = [_("At most %(count)d characters, please.") % {"count": most}]
    for name, text in (("body_zh", reply.body_zh), ("body_en", reply.body_en)):
        strange = unknown(text)
        if strange:
            wrong.setdefault(name, []).append(_no_placeholder(strange))
    if not (reply.body_zh or reply.body_en):
        wrong["body_zh"] = [_("Write it in at least one language.")]
    return wrong


def _no_placeholder(names: list[str]) -> str:
    return _("No placeholder is called %(names)s. There are: %(known)s.") % {
        "names": _(", ").join(f"“{name}”" for name in names),
        "known": ", ".join(f"{{{{{name}}}}}" for name in PLACEHOLDERS),
    }


def _namesakes(reply: CannedReply, actor: User) -> QuerySet[CannedReply]:
    """Others of the name among those it stands beside."""
    beside = CannedReply.objects.filter(visibility=reply.visibility, name__iexact=reply.name)
    if reply.visibility == Visibility.PERSONAL:
        beside = beside.filter(owner=reply.owner or actor)
    elif reply.visibility == Visibility.TEAM:
        beside = beside.filter(team=reply.team)
    return beside.exclude(pk=reply.pk)

"""What people know and hold."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Certificate, HeldCertificate, Skill
from catalog.skills import Known
from common.errors import InvalidInput


@transaction.atomic
def set_skills(
    *,
    user: User,
    known: Iterable[Known],
    certificates: Mapping[int, date | None],
    named: Mapping[str, date | None] | None = None,
) -> None:
    """Store all that somebody knows, and the certificates they hold, by id, each with its last day if it has one.

    `named` are further ones by a name, which makes a new certificate unless there is one of that name. Raises
    InvalidInput (`named`) for one that was put out of use.
    """
    held = {**certificates, **{_named(name).pk: last for name, last in (named or {}).items()}}
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    user.skills.all().delete()
    Skill.objects.bulk_create(
        Skill(user=user, product_id=one.product, module_id=one.module)
        for one in dict.fromkeys(known)
        if one != Known()
    )
    user.certificates.exclude(certificate__in=held).delete()
    for certificate, last in held.items():
        HeldCertificate.objects.update_or_create(
            user=user, certificate_id=certificate, defaults={"expires_on": last}
        )


def _named(name: str) -> Certificate:
    """The certificate of that name in either language. A new one is called so in both: an administrator knows more."""
    found = Certificate.objects.filter(Q(name_zh__iexact=name) | Q(name_en__iexact=name))
    known = found.order_by("-is_active").first()
    if known is None:
        # The code comes of the name, so that two who name it at the same moment name one.
        code = f"certificate-{hashlib.sha256(name.casefold().encode()).hexdigest()[:12]}"
        known, _made = Certificate.objects.get_or_create(
            code=code, defaults={"name_zh": name, "name_en": name}
        )
    if not known.is_active:
        raise InvalidInput({"named": [_("“%(name)s” is out of use.") % {"name": known.name}]})
    return known

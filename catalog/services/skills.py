"""What people know and hold."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from accounts.models import User
from catalog.models import HeldCertificate, Skill
from catalog.skills import Known


@transaction.atomic
def set_skills(*, user: User, known: Iterable[Known], certificates: Mapping[int, date | None]) -> None:
    """Store all that somebody knows, and the certificates they hold, by id, each with its last day if it has one."""
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    user.skills.all().delete()
    Skill.objects.bulk_create(
        Skill(user=user, product_id=one.product, module_id=one.module)
        for one in dict.fromkeys(known)
        if one != Known()
    )
    user.certificates.exclude(certificate__in=certificates).delete()
    for certificate, last in certificates.items():
        HeldCertificate.objects.update_or_create(
            user=user, certificate_id=certificate, defaults={"expires_on": last}
        )

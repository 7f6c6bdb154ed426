"""The people, teams and categories a source names, as rows of ours; found again by the name's own code."""

import hashlib
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from accounts.models import Language, Role, Team, User
from catalog.models import Category

CODE_LENGTH = 40


def code_of(source: str, name: str) -> str:
    """A code that is the same for the same name, and another for every other."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    readable = slugify(name)[: CODE_LENGTH - len(source) - len(digest) - 2].strip("-")
    return "-".join(part for part in (source, readable, digest) if part)


def people(source: str, names: Iterable[str], *, role: Role) -> dict[str, int]:
    """The ids of the named people by name. New ones cannot sign in and get no mail: they are names."""
    # The domain is reserved for addresses that lead nowhere (RFC 2606).
    emails = {name: f"{code_of(source, name)}@{role}.import.invalid" for name in sorted(set(names))}
    nobodys_password = make_password(None)
    User.objects.bulk_create(
        [
            User(
                email=email,
                name=name,
                role=role,
                is_active=False,
                language=Language.ENGLISH,
                password=nobodys_password,
            )
            for name, email in emails.items()
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    ids = dict(User.objects.filter(email__in=emails.values()).values_list("email", "pk"))
    return {name: ids[email] for name, email in emails.items()}


def teams(source: str, names: Iterable[str]) -> dict[str, int]:
    """The ids of the named teams by name. New ones take no tickets of ours: they are not in use."""
    codes = {name: code_of(source, name) for name in sorted(set(names))}
    made = [
        Team(code=code, name_zh=name, name_en=name, is_active=False, position=1000)
        for name, code in codes.items()
    ]
    Team.objects.bulk_create(made, ignore_conflicts=True)
    ids = dict(Team.objects.filter(code__in=codes.values()).values_list("code", "pk"))
    return {name: ids[code] for name, code in codes.items()}


def categories(source: str, names: Iterable[str]) -> dict[str, int]:
    """The ids of the named categories by name. New ones are not offered to who files a ticket."""
    codes = {name: code_of(source, name) for name in sorted(set(names))}
    made = [
        Category(code=code, name_zh=name, name_en=name, is_active=False, position=1000)
        for name, code in codes.items()
    ]
    Category.objects.bulk_create(made, ignore_conflicts=True)
    ids = dict(Category.objects.filter(code__in=codes.values()).values_list("code", "pk"))
    return {name: ids[code] for name, code in codes.items()}

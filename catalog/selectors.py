"""Reading what the desk works with."""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from catalog.models import Category, DayKind, HeldCertificate, Module, Skill, StatutoryDay
from catalog.skills import Abilities, Asked, Known
from catalog.statutory import missing_years

CHINA = zoneinfo.ZoneInfo("Asia/Shanghai")


def missing_statutory_years(*, at: datetime) -> list[int]:
    """The years whose statutory days ought to be there by `at`, by China's date, and are not. One query."""
    today = at.astimezone(CHINA).date()
    asked = StatutoryDay.objects.filter(date__year__in=(today.year, today.year + 1))
    return missing_years(set(asked.values_list("date__year", flat=True)), today)


def statutory_around(at: datetime, *, ahead: int = 0) -> dict[date, bool]:
    """China's days about the day of `at`, wherever somebody lives, and `ahead` more: worked or off. One query."""
    first, last = (at - timedelta(days=1)).date(), (at + timedelta(days=1 + ahead)).date()
    days = StatutoryDay.objects.filter(date__range=(first, last)).values_list("date", "kind")
    return {day: kind == DayKind.MAKEUP for day, kind in days}


def abilities_of(user_ids: list[int]) -> dict[int, Abilities]:
    """What each of these people knows and holds. Two queries."""
    known: dict[int, set[Known]] = {pk: set() for pk in user_ids}
    held: dict[int, dict[int, date | None]] = {pk: {} for pk in user_ids}
    for user, product, module in Skill.objects.filter(user__in=user_ids).values_list(
        "user", "product", "module"
    ):
        known[user].add(Known(product, module))
    rows = HeldCertificate.objects.filter(user__in=user_ids)
    for user, certificate, last in rows.values_list("user", "certificate", "expires_on"):
        held[user][certificate] = last
    return {pk: Abilities(frozenset(known[pk]), held[pk]) for pk in user_ids}


@dataclass(frozen=True)
class Requirements:
    """Which modules and categories ask for which certificate, by id."""

    modules: Mapping[int, int]
    categories: Mapping[int, int]

    def asked(self, product: int | None, module: int | None, category: int | None) -> Asked:
        """What a ticket of these asks for."""
        wanted = {self.modules.get(module or 0), self.categories.get(category or 0)}
        return Asked(product, module, frozenset(code for code in wanted if code is not None))


def requirements() -> Requirements:
    """The certificates in use that are asked for. Two queries."""
    modules, categories = (
        dict(rows.filter(certificate__is_active=True).values_list("pk", "certificate"))
        for rows in (Module.objects.order_by(), Category.objects.order_by())
    )
    return Requirements(modules, categories)

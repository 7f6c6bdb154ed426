"""What a screen or the API asks about: parameters read into a period, a team and a product."""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Team
from catalog.models import Product
from common.errors import InvalidInput
from dashboards.cohorts import Scope
from dashboards.periods import DAY, Compared, Period, Preset, custom, named

Named = TypeVar("Named", Team, Product)
LONGEST = 5 * 366 * DAY
EARLIEST, LATEST = date(1970, 1, 1), date(2999, 12, 31)
# As many days as a period has whose beginning is not given.
DEFAULT_DAYS = 30


@dataclass(frozen=True)
class Asked:
    """A period with the one before it, and which team and product; None is all of them."""

    compared: Compared
    team: Team | None = None
    product: Product | None = None
    tz: str = ""

    @property
    def period(self) -> Period:
        """The period itself."""
        return self.compared.period

    @property
    def scope(self) -> Scope:
        """The period's instants, with team and product."""
        return self._scope(self.compared.period)

    @property
    def scope_before(self) -> Scope:
        """The same of the period before."""
        return self._scope(self.compared.before)

    def _scope(self, period: Period) -> Scope:
        return Scope(period.start_at, period.end_at, self.team, self.product)

    def query(self, period: Period | None = None, /, **more: str | int) -> str:
        """A query string that asks for the same, or for another period; with `more` behind it."""
        dates = period or self.compared.period
        borders = {"from": str(dates.first), "to": str(dates.end)}
        return urlencode({**borders, **self._rest(), **more})

    def named_query(self, preset: Preset) -> str:
        """A query string that asks for a named period, of the same team and product."""
        return urlencode({"period": preset, **self._rest()})

    def _rest(self) -> dict[str, str]:
        given = {
            "team": self.team.code if self.team else "",
            "product": self.product.code if self.product else "",
            "tz": self.tz,
        }
        return {name: text for name, text in given.items() if text}


@dataclass
class _Reader:
    """Reads one set of parameters and keeps what was wrong with it."""

    params: Mapping[str, str]
    errors: dict[str, list[str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return (self.params.get(name) or "").strip()

    def refuse(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(message)

    def day(self, name: str) -> date | None:
        if not (text := self.text(name)):
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = None
        if found is None or not EARLIEST <= found <= LATEST:
            self.refuse(name, _("Give a date such as 2026-03-01."))
            return None
        return found

    def zone(self, default: zoneinfo.ZoneInfo) -> zoneinfo.ZoneInfo:
        if not (text := self.text("tz")):
            return default
        if text in zoneinfo.available_timezones():
            return zoneinfo.ZoneInfo(text)
        self.refuse("tz", _("Give a time zone such as Asia/Shanghai."))
        return default

    def named(self, name: str, model: type[Named], message: str) -> Named | None:
        if not (code := self.text(name)):
            return None
        found = model.objects.filter(code=code).first()
        if found is None:
            self.refuse(name, message)
        return found

    def compared(self, zone: zoneinfo.ZoneInfo, today: date) -> Compared:
        preset = self._preset()
        first, end, through = self.day("from"), self.day("to"), self.day("through")
        if through is not None:
            end = through + DAY
        if first is None and end is None:
            return named(preset, today=today, zone=zone)
        end = end or max(today, first or today) + DAY
        first = first or end - DEFAULT_DAYS * DAY
        blamed = "through" if through else "to"
        if first >= end:
            self.refuse(blamed, _("The period ends before it begins."))
        elif end - first > LONGEST:
            self.refuse(blamed, _("A period of at most five years, please."))
        return custom(first, max(end, first + DAY), zone)

    def _preset(self) -> Preset:
        text = self.text("period") or Preset.LAST_30_DAYS
        if text in set(Preset):
            return Preset(text)
        self.refuse("period", _("There is no such period."))
        return Preset.LAST_30_DAYS


def read(params: Mapping[str, str], *, zone: zoneinfo.ZoneInfo, at: datetime) -> Asked:
    """What `params` ask about at `at`, for a reader whose days are those of `zone`.

    `from` and `to` are dates, half-open; `through` instead of `to` is the last day itself. Without dates,
    `period` names one of Preset, the last 30 days by default. `team` and `product` are codes, `tz` another
    zone. Raises InvalidInput with every parameter that cannot be taken.
    """
    reader = _Reader(params)
    chosen_zone = reader.zone(zone)
    asked = Asked(
        compared=reader.compared(chosen_zone, at.astimezone(chosen_zone).date()),
        team=reader.named("team", Team, _("There is no such team.")),
        product=reader.named("product", Product, _("There is no such product.")),
        tz=reader.text("tz"),
    )
    if reader.errors:
        raise InvalidInput(reader.errors)
    return asked

"""Numbers, lengths and dates as the figures say them, in the reader's language."""

from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.models import reads_chinese
from common.templatetags.desk import percent
from dashboards.formulae import Bin
from dashboards.periods import Bucket, Period, Preset, Step

NOTHING = "–"
MINUTE, HOUR, DAY = 60, 3600, 86_400
WHOLE_DAY = timedelta(days=1)


def number(value: float) -> str:
    """A count with its thousands apart."""
    return f"{value:,.0f}"


def signed(value: float, digits: int = 0) -> str:
    """With its sign; a true minus, and none on zero."""
    rounded = round(value, digits)
    if rounded == 0:
        return "0"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):,.{digits}f}"


def share(value: float | None) -> str:
    """A share as a percentage; a dash where there is none."""
    return percent(value)


def span(seconds: float | None) -> tuple[str, str]:
    """A length as a number and its unit: ("42", "min"), ("22.1", "h"), ("3.4", "d"); a dash for none."""
    if seconds is None:
        return NOTHING, ""
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f}", _("min")
    if seconds < 2 * DAY:
        return f"{seconds / HOUR:.1f}", _("h")
    return f"{seconds / DAY:.1f}", _("d")


def length(seconds: float | None) -> str:
    """A length in one piece."""
    amount, unit = span(seconds)
    return f"{amount} {unit}".strip()


def day(value: date, *, year: bool) -> str:
    """A day: 10月24日, Oct 24; with its year if asked."""
    if reads_chinese():
        short = f"{value.month}月{value.day}日"
        return f"{value.year}年{short}" if year else short
    return date_format(value, "M j, Y" if year else "M j")


def days(period: Period, *, today: date) -> str:
    """A period's days: 10月24日–11月22日, Oct 24 – Nov 22; with years unless it is all this year's."""
    year = period.first.year != today.year or period.last.year != today.year
    if period.days == 1:
        return day(period.first, year=year)
    joiner = "–" if reads_chinese() else " – "
    return joiner.join((day(period.first, year=year), day(period.last, year=year)))


def piece(bucket: Bucket, step: Step) -> str:
    """A piece of a period on an axis: 11-16 by its first day, 2026-11 for a month."""
    if step == Step.MONTH:
        return f"{bucket.key:%Y-%m}"
    return f"{bucket.first.month}-{bucket.first.day}"


def step_name(step: Step) -> str:
    """What a course over time is cut into."""
    return {Step.DAY: _("by day"), Step.WEEK: _("by week"), Step.MONTH: _("by month")}[step]


def preset_name(preset: Preset) -> str:
    """What a named period is called."""
    return {
        Preset.THIS_WEEK: _("This week"),
        Preset.THIS_MONTH: _("This month"),
        Preset.LAST_MONTH: _("Last month"),
        Preset.LAST_30_DAYS: _("Last 30 days"),
        Preset.THIS_QUARTER: _("This quarter"),
        Preset.THIS_YEAR: _("This year"),
    }[preset]


def bin_name(one: Bin) -> str:
    """A bin of lengths: ≤ 1 h, 1–4 h, > 2 d; in days where its borders are whole days."""
    borders = [border for border in (one.above, one.upto) if border is not None]
    in_days = not any(border % WHOLE_DAY for border in borders)
    unit, size = (_("d"), WHOLE_DAY) if in_days else (_("h"), timedelta(hours=1))
    numbers = [str(border // size) for border in borders]
    sign = "≤ " if one.above is None else "> " if one.upto is None else ""
    return f"{sign}{'–'.join(numbers)} {unit}"


def weekday(number_of_day: int) -> str:
    """Monday is 1."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[number_of_day - 1]


def slot(index: int, hours: int) -> str:
    """A slot of the day: 10–12."""
    return f"{index * hours:02d}–{(index + 1) * hours:02d}"


def joined(names: list[str]) -> str:
    """Names in a row."""
    return ("、" if reads_chinese() else ", ").join(names)

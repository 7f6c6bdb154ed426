"""Template filters for working hours."""

from collections.abc import Sequence
from datetime import date

from django import template
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.models import reads_chinese
from sla.calendar import Span
from sla.calendar_year import Run
from sla.walltime import spans_text

register = template.Library()
register.filter("spans", spans_text)


@register.filter
def weekdays(run: Run) -> str:
    """星期一至星期五, Mon–Fri, or the one weekday."""
    if run.first == run.last:
        return str(WEEKDAYS[run.first] if reads_chinese() else WEEKDAYS_ABBR[run.first])
    if reads_chinese():
        return f"{WEEKDAYS[run.first]}至{WEEKDAYS[run.last]}"
    return f"{WEEKDAYS_ABBR[run.first]}–{WEEKDAYS_ABBR[run.last]}"


@register.filter
def hours_or_off(hours: Sequence[Span]) -> str:
    """The hours, or that there are none."""
    return spans_text(hours) or _("off")


@register.simple_tag
def weekday_heads() -> list[tuple[str, str]]:
    """Short and full names of the weekdays, Monday first: 一 星期一, Mo Monday."""
    names = [str(WEEKDAYS[weekday]) for weekday in range(7)]
    return [(name[-1] if reads_chinese() else name[:2], name) for name in names]


@register.filter
def date_words(day: date) -> str:
    """A date of a known year with its weekday: 2月17日 星期二, Tue, Feb 17."""
    if reads_chinese():
        return f"{day.month}月{day.day}日 {WEEKDAYS[day.weekday()]}"
    return f"{WEEKDAYS_ABBR[day.weekday()]}, {date_format(day, 'M j')}"

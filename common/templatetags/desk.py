"""Template tags of the desk: icons, text, moments, durations."""

from datetime import UTC, datetime, timedelta

from django import template
from django.forms import BoundField, CheckboxInput
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common import clock
from common.models import reads_chinese
from common.text import render_markdown

register = template.Library()
register.filter("markdown", render_markdown, is_safe=True)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; hidden from screen readers unless it has a label."""
    sprite = static("icons.svg")
    if label:
        return format_html(
            '<svg class="i" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name
        )
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)


@register.simple_tag
def avatar(user: object, extra: str = "") -> SafeString:
    """A person's avatar, or the empty one for nobody."""
    if not user:
        label = _("Nobody yet")
        return format_html(
            '<span class="avatar avatar--none {}" role="img" aria-label="{}" title="{}">{}</span>',
            extra, label, label, icon("user"),
        )  # fmt: skip
    name = getattr(user, "name", str(user))
    return format_html(
        '<span class="avatar {}" role="img" aria-label="{}" title="{}">{}</span>',
        extra, name, name, getattr(user, "initial", name[:1]),
    )  # fmt: skip


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, autocomplete: str = "") -> dict[str, object]:
    """A form's field with label, help and errors, tied together for screen readers."""
    checkbox = isinstance(bound.field.widget, CheckboxInput)
    attrs: dict[str, str | bool] = {} if checkbox else {"class": "input"}
    described = [f"{bound.id_for_label}-{part}" for part in ("help", "error") if _has(bound, part)]
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if autocomplete:
        attrs["autocomplete"] = autocomplete
    if str(bound.field.widget.attrs.get("placeholder", "")).startswith(str(bound.label) or " "):
        # Forms of the sign-in library say the label once more.
        attrs["placeholder"] = False
    return {"field": bound, "widget": bound.as_widget(attrs=attrs), "checkbox": checkbox}


def _has(bound: BoundField, part: str) -> bool:
    return bool(bound.help_text) if part == "help" else bool(bound.errors)


@register.filter
def moment(instant: datetime | None) -> str:
    """An instant in words, in the reader's zone: 今天 15:40, tomorrow 09:00, 11月26日 14:10, Nov 26, 14:10."""
    if instant is None:
        return ""
    near = _near(instant)
    comma = "" if near or reads_chinese() else ","
    return f"{near or _date(instant)}{comma} {date_format(timezone.localtime(instant), 'H:i')}"


@register.filter
def day(instant: datetime | None) -> str:
    """The day of an instant in words, in the reader's zone: 今天, tomorrow, 11月26日, Nov 26."""
    return (_near(instant) or _date(instant)) if instant else ""


def _near(instant: datetime) -> str:
    days = (timezone.localtime(instant).date() - timezone.localtime(clock.now()).date()).days
    return {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get(days, "")


def _date(instant: datetime) -> str:
    local = timezone.localtime(instant)
    same_year = local.year == timezone.localtime(clock.now()).year
    if reads_chinese():
        return f"{local.month}月{local.day}日" if same_year else f"{local.year}年{local.month}月{local.day}日"
    return date_format(local, "M j" if same_year else "M j Y")


@register.filter
def iso(instant: datetime | None) -> str:
    """An instant for a machine, in UTC."""
    return instant.astimezone(UTC).isoformat() if instant else ""


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A length of time in its two largest units: 2 天 4 小时, 18 分钟, 40 秒."""
    if value is None:
        return "–"
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    days, rest = divmod(abs(seconds), 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    units = ((days, _("%d d")), (hours, _("%d h")), (minutes, _("%d min")), (seconds, _("%d s")))
    first = next((i for i, (count, _unit) in enumerate(units) if count), len(units) - 1)
    shown = [unit % count for count, unit in units[first : first + 2] if count] or [units[-1][1] % 0]
    return " ".join(shown)


@register.filter
def percent(value: float | None, digits: int = 1) -> str:
    """A share of one as a percentage; a dash where there is none."""
    return "–" if value is None else f"{value * 100:.{digits}f}%"

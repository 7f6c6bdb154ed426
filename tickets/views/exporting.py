"""The filtered list as a file: every ticket the reader may see that the filters let through, in the list's order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import agent
from accounts.models import User
from common import clock
from common.sheets import Value, csv_lines, workbook
from sla.models import Clock
from sla.selectors import current
from sla.vocabulary import ClockState, Metric
from tickets.filters import Filters
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.selectors import ticket_page
from tickets.views.filtering import look_at
from tickets.views.listing import sort_of

# Read a page at a time, so that a hundred thousand rows need no more memory than these.
PAGE = 500
# A spreadsheet opens slowly beyond; the CSV has no end but the list's.
MOST_ROWS = 100_000
HEADINGS = (
    gettext_lazy("Ticket no."), gettext_lazy("Subject"), gettext_lazy("Status"), gettext_lazy("Tier"),
    gettext_lazy("Organisation"), gettext_lazy("Requester"), gettext_lazy("Product"), gettext_lazy("Module"),
    gettext_lazy("Category"), gettext_lazy("Team"), gettext_lazy("Assignee"), gettext_lazy("Channel"),
    gettext_lazy("Tags"), gettext_lazy("Created"), gettext_lazy("First answer"), gettext_lazy("Resolved"),
    gettext_lazy("Closed"), gettext_lazy("Due next"), gettext_lazy("First response kept"),
    gettext_lazy("Resolution kept"),
)  # fmt: skip
# In characters, as the headings go.
WIDTHS = (11, 44, 10, 9, 26, 14, 24, 16, 16, 20, 14, 10, 18, 17, 17, 17, 17, 17, 13, 13)
RELATED = ("organisation", "requester", "product", "module", "category", "team", "assignee")


@login_required
@require_safe
def tickets_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The list as CSV, streamed."""
    asked = _asked(request)
    answer = StreamingHttpResponse(csv_lines(_rows(asked)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_name("csv")}"'
    return answer


@login_required
@require_safe
def tickets_xlsx(request: HttpRequest) -> FileResponse:
    """The list as a workbook."""
    asked = _asked(request)
    file = workbook(_("Tickets"), _rows(asked, most=MOST_ROWS), widths=WIDTHS)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(file, as_attachment=True, filename=_name("xlsx"), content_type=kind)


@dataclass(frozen=True)
class Asked:
    """What is written down, for whom, in which order, and how they read it."""

    user: User
    filters: Filters
    sort: str
    language: str | None
    zone: tzinfo

    @contextmanager
    def as_read(self) -> Iterator[None]:
        """In the language and zone of the reader, whose request is over by the time a stream is written."""
        with translation.override(self.language), timezone.override(self.zone):
            yield


def _asked(request: HttpRequest) -> Asked:
    user = agent(request)
    look = look_at(request.GET, user=user, at=clock.now(), besides=("sort",))
    reading = translation.get_language(), timezone.get_current_timezone()
    return Asked(user, look.filters, sort_of(look.params), *reading)


def _name(extension: str) -> str:
    return f"tickets-{timezone.localtime(clock.now()):%Y-%m-%d}.{extension}"


def _shape(tickets: TicketQuerySet) -> QuerySet[Ticket]:
    return tickets.select_related(*RELATED).defer("description", "search").prefetch_related("clocks")


def _rows(asked: Asked, *, most: int | None = None) -> Iterator[list[Value]]:
    with asked.as_read():
        headings: list[Value] = [str(heading) for heading in HEADINGS]
    yield headings
    after, written = "", 0
    while most is None or written < most:
        with asked.as_read():
            page = ticket_page(
                asked.user, asked.filters, sort=asked.sort, after=after, size=PAGE, shape=_shape
            )
            rows = [_row(ticket) for ticket in page.tickets]
        yield from rows
        written += len(page.tickets)
        if not page.next_cursor:
            return
        after = page.next_cursor


def _row(ticket: Ticket) -> list[Value]:
    clocks = {each.metric: each for each in current(list(ticket.clocks.all()))}
    return [
        ticket.number,
        ticket.subject,
        str(ticket.get_status_display()),
        str(ticket.get_tier_display()),
        ticket.organisation.label if ticket.organisation else "",
        ticket.requester.name,
        *(
            str(part) if part else ""
            for part in (ticket.product, ticket.module, ticket.category, ticket.team)
        ),
        ticket.assignee.name if ticket.assignee else "",
        str(ticket.get_channel_display()),
        " ".join(ticket.tags),
        *(_local(at) for at in _moments(ticket)),
        _kept(clocks.get(Metric.FIRST_RESPONSE)),
        _kept(clocks.get(Metric.RESOLUTION)),
    ]


def _moments(ticket: Ticket) -> tuple[datetime | None, ...]:
    return (
        ticket.created_at,
        ticket.first_responded_at,
        ticket.resolved_at,
        ticket.closed_at,
        ticket.next_due_at,
    )


def _local(at: datetime | None) -> datetime | None:
    """The reader's wall clock; a spreadsheet knows no zones."""
    return timezone.make_naive(at) if at else None


def _kept(promise: Clock | None) -> str:
    if promise is None or promise.state == ClockState.CANCELLED:
        return ""
    if promise.breached:
        return _("no")
    return _("yes") if promise.state == ClockState.STOPPED else ""

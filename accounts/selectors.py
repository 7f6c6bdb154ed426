"""Reading people."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Duty, Leave, Role, User

PEOPLE_SHOWN = 8


def customers() -> QuerySet[User]:
    """Everybody a ticket can be filed for, with their organisation."""
    return User.objects.filter(role=Role.CUSTOMER, is_active=True, is_bot=False).select_related(
        "organisation"
    )


def find_customers(text: str) -> list[User]:
    """The first customers whose name, address or organisation holds `text`; one query."""
    held = (
        Q(name__icontains=text)
        | Q(email__icontains=text)
        | Q(organisation__name__icontains=text)
        | Q(organisation__name_en__icontains=text)
    )
    return list(customers().filter(held).order_by("name", "pk")[:PEOPLE_SHOWN]) if text else []


def find_colleagues(user: User, text: str) -> list[User]:
    """The first members of staff whose name or address holds `text`, of the teams `user` is in; an administrator is
    in every one. One query.
    """
    staff = User.objects.filter(is_active=True, is_bot=False).exclude(role=Role.CUSTOMER)
    if user.role != Role.ADMIN:
        staff = staff.filter(memberships__team__in=user.memberships.values("team"))
    held = Q(name__icontains=text) | Q(email__icontains=text)
    return list(staff.filter(held).distinct().order_by("name", "pk")[:PEOPLE_SHOWN]) if text else []


def on_duty(team_id: int, at: datetime) -> User | None:
    """Who is on duty for the team at `at`; of several, whose duty began last. None where nobody is.

    Duties are half-open: at the instant one ends, the next has begun. Somebody who is on leave, has left the team
    or the desk since, or a program, is not on duty whatever the roster says.
    """
    away = Leave.objects.filter(user=OuterRef("user"), starts_at__lte=at, ends_at__gt=at)
    still_there = Q(user__role=Role.ADMIN) | Q(user__memberships__team=team_id)
    duties = Duty.objects.filter(still_there, ~Exists(away), team=team_id, starts_at__lte=at, ends_at__gt=at)
    people = duties.filter(user__is_active=True, user__is_bot=False).exclude(user__role=Role.CUSTOMER)
    duty = people.select_related("user").order_by("-starts_at", "-id").first()
    return duty.user if duty else None

"""What the filters of board and list can be set to, as their reader may see it. One query each."""

from django.db.models import CharField, Count, Func, QuerySet

from accounts.models import Organisation, Role, Team, User
from catalog.models import Product
from tickets.models import Ticket

# How many people and organisations a menu offers; the search box finds the others.
LONGEST = 60


def teams_of(user: User) -> list[Team]:
    """The teams whose tickets `user` sees."""
    teams = Team.objects.filter(is_active=True)
    return list(teams if user.role == Role.ADMIN else teams.filter(memberships__user=user))


def colleagues(teams: list[Team]) -> list[User]:
    """Who works in `teams`, by name."""
    people = User.objects.filter(is_active=True, memberships__team__in=teams).exclude(role=Role.CUSTOMER)
    return list(people.distinct().order_by("name", "pk")[:LONGEST])


def products() -> QuerySet[Product]:
    """The products in use."""
    return Product.objects.filter(is_active=True)


def organisations(user: User) -> list[Organisation]:
    """The organisations with something on the board, those with the most first."""
    on_board = Ticket.objects.visible_to(user).on_board().exclude(organisation=None).order_by()
    busiest = on_board.values("organisation").annotate(count=Count("pk")).order_by("-count", "organisation")
    ids = [row["organisation"] for row in busiest[:LONGEST]]
    found = Organisation.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def tags(user: User) -> list[str]:
    """The tags on the board, those with the most tickets first."""
    tagged = Ticket.objects.visible_to(user).on_board().exclude(tags=[]).order_by()
    each = tagged.annotate(tag=Func("tags", function="unnest", output_field=CharField())).values("tag")
    return [row["tag"] for row in each.annotate(count=Count("pk")).order_by("-count", "tag")[:LONGEST]]

"""Builds a small desk through the services."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from accounts.models import Organisation, Role, Team, TeamMembership, User
from catalog.base import load_base
from catalog.models import Category, Module, Product
from knowledgebase.content import ArticleText, StepText
from knowledgebase.models import Article
from knowledgebase.services.writing import save_article
from tickets.models import Ticket
from tickets.services.opening import Draft, open_ticket
from tickets.services.transition import Inputs, transition
from tickets.triage import Impact

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
PASSWORD = "a-long-enough-password"


@dataclass
class Desk:
    """The people of the small desk."""

    customer: User
    colleague: User
    stranger: User
    engineer: User
    engineer2: User
    manager: User
    admin: User

    def people(self) -> dict[str, User]:
        """Everybody by role name."""
        return dict(vars(self))


def make_user(
    email: str, role: str = Role.CUSTOMER, *, password: str | None = PASSWORD, **fields: object
) -> User:
    """A user with a real password, or none: on a running desk a password takes a good part of a second to hash."""
    return User.objects.create_user(
        email, password, role=role, **{"name": email.split("@", maxsplit=1)[0], **fields}
    )


def join(user: User, *codes: str, leads: bool = False) -> None:
    """Put a user into teams."""
    for team in Team.objects.filter(code__in=codes):
        TeamMembership.objects.create(team=team, user=user, leads=leads)


def make_desk() -> Desk:
    """Base data, two organisations, one person for each role."""
    load_base()
    own = Organisation.objects.create(code="hengxin", name="恒信集团", name_en="Hengxin Group")
    other = Organisation.objects.create(code="boyuan", name="博远教育", name_en="Boyuan Education")
    desk = Desk(
        customer=make_user("customer@test.example", organisation=own, name="陈静"),
        colleague=make_user("colleague@test.example", organisation=own, name="吴迪", is_contact_manager=True),
        stranger=make_user("stranger@test.example", organisation=other, name="何雨"),
        engineer=make_user("engineer@test.example", Role.ENGINEER, name="周航"),
        engineer2=make_user("engineer2@test.example", Role.ENGINEER, name="赵敏"),
        manager=make_user("manager@test.example", Role.MANAGER, name="王倩"),
        admin=make_user("admin@test.example", Role.ADMIN, name="管理员"),
    )
    join(desk.engineer, "gl", "reports")
    join(desk.engineer2, "platform")
    join(desk.manager, "gl", "reports", "platform", leads=True)
    return desk


def make_ticket(requester: User, *, at: datetime = NOON, **fields: object) -> Ticket:
    """A ticket on the reports module, unless told otherwise."""
    values = {
        "subject": "月结报表看不到",
        "description": "合并底稿打开是空白。",
        "product": Product.objects.get(code="yonyou-nc-cloud"),
        "module": Module.objects.get(code=fields.pop("module", "reports")),
        "category": Category.objects.get(code=fields.pop("category", "defect")),
        "impact": Impact(),
    }
    return open_ticket(requester=requester, draft=Draft(**{**values, **fields}), at=at)


def act(ticket: Ticket, action: str, actor: User | None, at: datetime = NOON, **inputs: object) -> Ticket:
    """One transition."""
    return transition(ticket_id=ticket.pk, action=action, actor=actor, at=at, inputs=Inputs(**inputs))


def make_article(
    key: str, title: str = "打印出来是空白", *, language: str = "zh-hans", **fields: object
) -> Article:
    """A public article on the platform module with one step, unless told otherwise."""
    values = {
        "symptom": "预览正常，打出来是一张白纸。",
        "cause": "模板的纸张比打印机里的大。",
        "steps": (StepText("核对纸张", "打开「打印设置」。", "两边一样大。"),),
        "modules": ("platform",),
        "visibility": "public",
    }
    return save_article(key=key, language=language, text=ArticleText(title=title, **{**values, **fields}))


@contextmanager
def change_between_reads(table: str, change: Callable[[], object]) -> Iterator[None]:
    """Calls `change` once, after the first statement that reads `table`: somebody was quicker than the page."""
    waiting = [change]

    def run(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if waiting and f'FROM "{table}"' in sql:
            waiting.pop()()
        return result

    with connection.execute_wrapper(run):
        yield
    assert not waiting, f"{table} was not read"

"""`python -m devtools.inside WHAT`, run with the settings of a demo desk: what its screens are looked at with.

`facts` prints the tickets, questionnaires and the letter that addresses of screens name, as JSON; `speak LANGUAGE`
makes it everybody's language.
"""

import json
import sys
import time

import django

django.setup()

from accounts.models import User  # noqa: E402
from common import clock  # noqa: E402
from notifications.channels.email import kept  # noqa: E402
from surveys.models import Invitation  # noqa: E402
from surveys.tokens import token_for  # noqa: E402
from tickets.models import Ticket  # noqa: E402
from tickets.services.replying import reply  # noqa: E402

MINE = {"requester__email": "customer@demo.example"}
HELD = {"assignee__email": "engineer@demo.example"}
WORDS = (
    "底稿已经重新生成，请再打开一次“合并工作底稿 → 11 月”。\n\n如果还是空白，请把**报表参数**的截图发给我们。"
)
PATIENCE = 60.0


def facts() -> dict[str, str]:
    """Names in addresses and what they stand for. Writes a reply, so that a letter leaves."""
    worked_on = _ticket(**MINE, **HELD, status="in_progress", subject__startswith="月结报表")
    engineer = User.objects.get(email=HELD["assignee__email"])
    reply(ticket_id=worked_on.pk, author=engineer, body=WORDS, at=clock.now())
    return {
        "mine_new": _ticket(**MINE, status="new").number,
        "mine_open": worked_on.number,
        "mine_resolved": _ticket(**MINE, status="resolved").number,
        "mine_closed": _ticket(**MINE, status="closed").number,
        "new": _ticket(team__code="gl", status="new").number,
        "noted": _ticket(team__code__in=("gl", "reports"), messages__kind="internal").number,
        "waiting": _ticket(**HELD, status="waiting_customer").number,
        "month_end": _ticket(**HELD, status="in_progress", subject__startswith="结账时提示").number,
        "resolved": _ticket(**HELD, status="resolved").number,
        "closed": _ticket(**HELD, status="closed").number,
        "survey_open": _survey(state="sent", asks_recommendation=True),
        "survey_answered": _survey(state="answered"),
        "survey_closed": _survey(answer=None, expires_at__lt=clock.now()),
        "mail": _letter(),
        "engineer": str(engineer.pk),
        "this_month": f"{clock.now():%Y-%m}",
    }


def _ticket(**about: object) -> Ticket:
    return Ticket.objects.filter(**about).order_by("-created_at")[0]


def _survey(**about: object) -> str:
    return token_for(Invitation.objects.filter(**about).order_by("-pk")[0].pk)


def _letter() -> str:
    deadline = time.monotonic() + PATIENCE
    while not (letters := kept.newest()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return letters[0].name


if __name__ == "__main__":
    if sys.argv[1] == "speak":
        User.objects.update(language=sys.argv[2])
    else:
        print(json.dumps(facts()))

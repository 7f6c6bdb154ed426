"""The canned replies of the demo's people, and how often replies have been used."""

from dataclasses import replace

from django.db.models import F

from accounts.models import Team
from catalog.models import Module
from demo.people import Cast
from tickets.base import load_replies
from tickets.models import CannedReply
from tickets.services.canning import Canned, save_reply

USED = {
    "ask-screenshot": 46, "report-blank": 31, "month-end-close-order": 27, "solved-summary": 22, "outage-on-it": 9,
    "repeated-own-it": 7, "how-to-answer": 18, "permission-granted": 14, "slow-take-seriously": 11,
}  # fmt: skip
MINE = Canned(
    name="合并底稿重新生成",
    name_en="Consolidation papers made anew",
    body_zh="{{customer}}，您好：\n\n底稿已经重新生成，请再打开“合并工作底稿”看一下。如果还是空白，请把**报表参数**的截图发给我。",
    body_en=(
        "Hello {{customer}},\n\nThe working papers have been made anew; please open them again. If they are still "
        "blank, send me a picture of the **report parameters**."
    ),
)
TEAMS = Canned(
    name="报表组：期间未计算",
    name_en="Reports team: period not calculated",
    body_zh="{{customer}}，您好：\n\n这张报表的期间还没有计算。我已经提交计算任务，{{due}}可以打开。",
    body_en=(
        "Hello {{customer}},\n\nThe report's period has not been calculated yet. I have started it; "
        "you can open it {{due}}."
    ),
    visibility="team",
)


def keep_words(cast: Cast) -> None:
    """An engineer's own reply, a team's, and what a month of use would have counted."""
    load_replies()
    reports = Module.objects.get(code="reports")
    save_reply(actor=cast.engineers["engineer"], text=_about(MINE, reports))
    team = Team.objects.get(code="reports")
    save_reply(actor=cast.manager, text=_about(TEAMS, reports, team))
    for key, count in USED.items():
        CannedReply.objects.filter(key=key).update(used=F("used") + count)


def _about(text: Canned, module: Module, team: Team | None = None) -> Canned:
    return replace(text, module=module, team=team)

"""What lies on the desk just now: open tickets in every column, some of them pressing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.acting import Story
from demo.cases import Case
from demo.people import Cast
from demo.timeline import Timeline


@dataclass(frozen=True)
class Open:
    """A ticket filed `ago` minutes ago and how far it has come: see the stages of `plan_today`."""

    subject: str
    requester: str
    ago: int
    stage: str
    engineer: str = ""
    turns: int = 1
    # What its engineer has begun to write.
    draft: str = ""


OPEN = (
    Open("全公司都登不上系统", "stranger", 38, "taken", "engineer2"),
    Open("快报上报失败，提示网络超时", "sun.lei", 71, "new"),
    Open("登录提示许可数已满", "gao.yuan", 22, "new"),
    Open("月末系统很慢，打开余额表要等 40 秒以上", "customer", 50, "new"),
    Open("权限：出纳看不到现金日记账", "tang.li", 130, "new"),
    Open("跨年怎么调整以前年度损益？", "stranger", 190, "new"),
    Open("数电票入账后还要打印归档吗？", "xu.min", 360, "assigned", "luo.fan"),
    Open("汇兑损益重估没有生成凭证", "ma.chao", 250, "assigned", "lin.ke"),
    Open("报表审核公式报错 #REF", "liu.fang", 1210, "assigned", "engineer"),
    Open("月结报表看不到，合并底稿空白", "customer", 300, "answered", "engineer", 2),
    Open("预算占用没有释放，单据无法提交", "colleague", 520, "answered", "luo.fan"),
    Open(
        "合并抵销分录模板怎么建",
        "gao.yuan",
        840,
        "answered",
        "engineer",
        2,
        draft="内部往来的抵销分两步：先在“往来对账”里核对双方余额，再",
    ),
    Open("银行对账单导入失败，提示格式不对", "zheng.xue", 610, "answered", "engineer2"),
    Open("结账时提示“存在未记账凭证”", "tang.li", 95, "answered", "engineer"),
    Open("总账与明细账不平，差 0.03 元", "ma.chao", 1500, "waiting", "engineer"),
    Open("资产负债表年初数不对", "liu.fang", 1900, "waiting", "luo.fan"),
    Open("供应商付款单审批后不能推送到银行", "gao.yuan", 420, "waiting", "lin.ke"),
    Open("季度所得税申报表取数为 0", "customer", 1560, "resolved", "luo.fan"),
    Open("凭证生成失败，提示薪资科目映射缺失", "colleague", 480, "resolved", "engineer"),
    Open("余额表导出 Excel 没反应", "xu.min", 260, "resolved", "engineer"),
)


def plan_today(timeline: Timeline, cast: Cast, cases: list[Case], *, now: datetime) -> None:
    """Plan each open ticket: filed, then in order assigned or taken, answered, waiting, resolved."""
    by_subject = {case.subject: case for case in cases}
    for entry in OPEN:
        story = Story(by_subject[entry.subject], cast.customers[entry.requester])
        filed = now - timedelta(minutes=entry.ago)
        timeline.plan(filed, lambda at, story=story: story.file(at) and None)  # type: ignore[misc]
        for part, step in _steps(story, entry, cast):
            timeline.plan(filed + part * timedelta(minutes=entry.ago), step)


def _steps(story: Story, entry: Open, cast: Cast) -> list[tuple[float, Callable[[datetime], None]]]:
    """What happens after the filing, each at its share of the time since then."""
    if entry.stage == "new":
        return []
    engineer = cast.engineers[entry.engineer]
    if entry.stage == "assigned":
        return [(0.3, lambda at: story.assign(engineer, cast.manager, at))]
    steps: list[tuple[float, Callable[[datetime], None]]] = [(0.05, lambda at: story.take(engineer, at))]
    if entry.stage == "taken":
        return steps
    turns = len(story.case.turns) if entry.stage == "resolved" else entry.turns
    for number in range(turns):
        steps.append((0.08 + 0.2 * number, lambda at, number=number: story.turn(number, at)))  # type: ignore[misc]
    if story.case.note:
        steps.append((0.5, story.note))
    if entry.draft:
        steps.append((0.9, lambda at: story.begin_to_write(entry.draft, at)))
    if entry.stage == "waiting":
        steps.append((0.1, story.wait))
    if entry.stage == "resolved":
        steps.append((0.75, story.resolve))
    return steps

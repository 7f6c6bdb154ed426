"""The month behind us: when who asks what, how quickly it is answered, and what they think of it."""

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Team
from demo.acting import Story
from demo.cases import Case
from demo.people import Cast
from demo.timeline import Timeline
from surveys.models import Invitation
from surveys.services.answering import Said, answer
from tickets.models import Ticket
from tickets.vocabulary import Status, Tier

DAYS = 31
SHANGHAI = ZoneInfo("Asia/Shanghai")
# Minutes to the first answer: the usual range by tier, and how it goes when it goes wrong.
FIRST_ANSWER = {Tier.URGENT: (6, 48), Tier.GENERAL: (20, 540), Tier.CONSULTATION: (45, 1300)}
LATE_ANSWER = {Tier.URGENT: (63, 110), Tier.GENERAL: (1450, 1900), Tier.CONSULTATION: (2900, 3300)}
# Minutes between two messages, and from the last one to the resolution.
BETWEEN = {Tier.URGENT: (4, 60), Tier.GENERAL: (15, 240), Tier.CONSULTATION: (15, 240)}
TO_RESOLUTION = {Tier.URGENT: (5, 120), Tier.GENERAL: (10, 600), Tier.CONSULTATION: (10, 600)}
SHARE_LATE, SHARE_HANDED_OVER, SHARE_REJECTED, SHARE_CANCELLED = 0.06, 0.07, 0.05, 0.03
SHARE_CONFIRMED, SHARE_ANSWERED = 0.6, 0.62
REJECTIONS = ("按您说的做了，还是同样的提示。", "只好了一部分，另一家公司还不行。", "今天早上又出现了。")
COMMENTS = (
    "讲得很清楚，按步骤就解决了。",
    "态度很好，就是等的时间有点长。",
    "希望把步骤写进指南，下次可以自己处理。",
    "解释得太专业，看了两遍才懂。",
    "响应很快，谢谢！",
    "",
    "",
    "",
)


class Month:
    """Plans the stories of a month and lets them happen."""

    def __init__(
        self, cast: Cast, cases: list[Case], *, now: datetime, days: int = DAYS, seed: int = 20
    ) -> None:
        self.cast, self.cases, self.now, self.days = cast, cases, now, days
        # The same month every time: a demo that can be talked about.
        self.random = random.Random(seed)  # noqa: S311 (nothing secret hangs on it)
        self.timeline = Timeline(on_sent=self._plan_answer)
        self.stories: dict[int, Story] = {}

    def plan(self) -> None:
        """Plan every filing of the month; what follows from each is planned as it happens."""
        first = (self.now.astimezone(SHANGHAI) - timedelta(days=self.days)).date()
        for day in range(self.days):
            date = first + timedelta(days=day)
            for _number in range(self.random.randint(4, 7) if date.weekday() < 5 else 1):
                minute = int(self.random.triangular(8 * 60, 19 * 60, 10 * 60))
                at = datetime.combine(date, time(minute // 60, minute % 60), SHANGHAI).astimezone(UTC)
                self.timeline.plan(at + timedelta(seconds=self.random.randint(0, 59)), self._file)

    def _file(self, at: datetime) -> None:
        case = self.random.choice(self.cases)
        story = Story(case, self.random.choice(list(self.cast.customers.values())))
        ticket = story.file(at)
        self.stories[ticket.pk] = story
        if self.random.random() < SHARE_CANCELLED:
            self.timeline.plan(
                self._later(at, 5, 15),
                lambda t: story.act("cancel", story.requester, t, reason="重复提交了。"),
            )
            return
        self._plan_first_answer(story, ticket, at)

    def _plan_first_answer(self, story: Story, ticket: Ticket, at: datetime) -> None:
        ranges = LATE_ANSWER if self.random.random() < SHARE_LATE else FIRST_ANSWER
        answered = self._later(at, *ranges[Tier(ticket.tier)])
        taken = at + (answered - at) * self.random.uniform(0.3, 0.8)
        team = ticket.team
        if self.random.random() < SHARE_HANDED_OVER and team is not None:
            other = Team.objects.filter(is_active=True).exclude(pk=team.pk).order_by("pk")[0]
            finder = self.random.choice(self.cast.of_team(team))
            self.timeline.plan(at + (taken - at) / 2, lambda t: story.hand_over(finder, other, t))
            team = other
        engineer = self.random.choice(self.cast.of_team(team))
        self.timeline.plan(taken, lambda t: story.take(engineer, t))
        self._plan_talk(story, Tier(ticket.tier), answered)

    def _plan_talk(self, story: Story, tier: Tier, at: datetime) -> None:
        for number in range(len(story.case.turns)):
            self.timeline.plan(at, lambda t, number=number: story.turn(number, t))  # type: ignore[misc]
            if number == 0 and story.case.note:
                self.timeline.plan(self._later(at, 3, 20), story.note)
            if number == 0 and (story.case.waits or story.case.vendor):
                self.timeline.plan(self._later(at, 1, 2), story.wait)
            at = self._later(at, *BETWEEN[tier])
        self.timeline.plan(self._later(at, *TO_RESOLUTION[tier]), lambda t: self._resolve(story, t))

    def _resolve(self, story: Story, at: datetime) -> None:
        story.resolve(at)
        chance = self.random.random()
        if chance < SHARE_REJECTED:
            reason = self.random.choice(REJECTIONS)
            self.timeline.plan(self._later(at, 60, 900), lambda t: self._reject(story, t, reason))
        elif chance < SHARE_REJECTED + SHARE_CONFIRMED:
            self.timeline.plan(self._later(at, 30, 1500), lambda t: story.end("confirm", t))

    def _reject(self, story: Story, at: datetime, reason: str) -> None:
        story.end("reject", at, reason=reason)
        self._plan_second_try(story, at)

    def _plan_second_try(self, story: Story, at: datetime) -> None:
        self.timeline.plan(self._later(at, 60, 700), lambda t: self._resolve_again(story, t))

    def _resolve_again(self, story: Story, at: datetime) -> None:
        if Ticket.objects.values_list("status", flat=True).get(pk=story.ticket_id) == Status.IN_PROGRESS:
            story.resolve(at)

    def _plan_answer(self, invitation: Invitation, at: datetime) -> None:
        if self.random.random() < SHARE_ANSWERED:
            said = self._opinion(asked=invitation.asks_recommendation)
            self.timeline.plan(self._later(at, 4, 1400), lambda t: self._answer(invitation, said, t))

    def _opinion(self, *, asked: bool) -> Said:
        mood = self.random.choices(("glad", "fine", "cool", "sad"), (52, 30, 13, 5))[0]
        solved = {"glad": "yes", "fine": "yes", "cool": "partly", "sad": "no"}[mood]
        satisfaction = {"glad": (5, 5), "fine": (4, 4), "cool": (3, 4), "sad": (1, 2)}[mood]
        recommend = {"glad": (9, 10), "fine": (7, 9), "cool": (5, 7), "sad": (1, 4)}[mood]
        return Said(
            solved,
            satisfaction=self.random.randint(*satisfaction),
            recommend=self.random.randint(*recommend) if asked else None,
            comment=self.random.choice(COMMENTS) if mood != "sad" else "问题还在，请尽快处理。",
        )

    def _answer(self, invitation: Invitation, said: Said, at: datetime) -> None:
        answer(invitation_id=invitation.pk, said=said, at=at)
        story = self.stories[invitation.resolution.ticket_id]
        if said.solved == "no":
            self._plan_second_try(story, at)

    def _later(self, at: datetime, least: int, most: int) -> datetime:
        """Some minutes later; mostly sooner than later."""
        minutes = self.random.triangular(least, most, least + (most - least) * 0.25)
        return at + timedelta(seconds=round(minutes * 60))

"""The conversation as it is shown: messages, and what else happened folded between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from tickets.conversation import Talk, names_in
from tickets.history_words import ABOUT_CLOCKS
from tickets.models import Message
from tickets.presenting import Step, present
from tickets.views.ticket.reader import Reader

# Steps that stand by themselves: what was said with them is part of the conversation.
SAID = frozenset({"resolve", "reject", "reopen", "cancel", "clock_breached"})
# What customers are told between messages; the rest is in their history.
TOLD_TO_CUSTOMERS = frozenset(
    {
        "take",
        "assign",
        "start",
        "wait_customer",
        "wait_vendor",
        "set_tier",
        "confirm",
        "close",
        "closing_window",
        "window_left",
        "merge",
        "took_in",
    }
    | (SAID - {"clock_breached"})
)


@dataclass(frozen=True)
class Item:
    """One entry of the stream: a message, or the steps between two messages (`said`: one that stands out)."""

    message: Message | None = None
    steps: Sequence[Step] = field(default_factory=list)
    said: bool = False

    @property
    def summary(self) -> str:
        """What people did, in one line; what followed for the clocks is told when it is unfolded."""
        done = [step.text for step in self.steps if step.event not in ABOUT_CLOCKS]
        return _(", ").join(done or [step.text for step in self.steps])


def stream_of(reader: Reader, talk: Talk) -> list[Item]:
    """The stream in order. A step at the instant of a message follows it."""
    steps = present(talk.entries, names_in(talk.entries), reader=reader.user, plain=not reader.internal)
    if not reader.internal:
        steps = [step for step in steps if step.event in TOLD_TO_CUSTOMERS]
    items: list[Item] = []
    waiting = list(steps)
    for message in talk.messages:
        before = [step for step in waiting if step.at < message.at]
        waiting = waiting[len(before) :]
        items += [*_folded(before), Item(message=message)]
    return [*items, *_folded(waiting)]


def _folded(steps: Iterable[Step]) -> list[Item]:
    items: list[Item] = []
    for step in steps:
        if step.event in SAID:
            items.append(Item(steps=[step], said=True))
        elif items and not items[-1].said:
            items[-1] = Item(steps=[*items[-1].steps, step])
        else:
            items.append(Item(steps=[step]))
    return items

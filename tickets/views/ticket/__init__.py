"""The page of one ticket, for whoever may see it: what it shows, and what is done from it."""

from tickets.views.ticket.acting import act
from tickets.views.ticket.canning import canned, canned_used
from tickets.views.ticket.drafting import discard, draft
from tickets.views.ticket.explaining import explanation
from tickets.views.ticket.history import history
from tickets.views.ticket.holding import let_go, take_back
from tickets.views.ticket.page import ticket
from tickets.views.ticket.placing import organisation
from tickets.views.ticket.replying import preview, reply

__all__ = [
    "act",
    "canned",
    "canned_used",
    "discard",
    "draft",
    "explanation",
    "history",
    "let_go",
    "organisation",
    "preview",
    "reply",
    "take_back",
    "ticket",
]

"""The page of one ticket, for whoever may see it: what it shows, and what is done from it."""

from tickets.views.ticket.acting import act
from tickets.views.ticket.canning import canned, canned_used
from tickets.views.ticket.drafting import discard, draft
from tickets.views.ticket.explaining import explanation
from tickets.views.ticket.history import history
from tickets.views.ticket.holding import let_go, take_back
from tickets.views.ticket.jargon import jargon
from tickets.views.ticket.page import ticket
from tickets.views.ticket.placing import organisation
from tickets.views.ticket.presence import presence
from tickets.views.ticket.properties import prop
from tickets.views.ticket.relations import alike, links, merging, watchers
from tickets.views.ticket.replying import preview, reply
from tickets.views.ticket.splitting import preview as split_preview
from tickets.views.ticket.splitting import split_off

__all__ = [
    "act",
    "alike",
    "canned",
    "canned_used",
    "discard",
    "draft",
    "explanation",
    "history",
    "jargon",
    "let_go",
    "links",
    "merging",
    "organisation",
    "presence",
    "preview",
    "prop",
    "reply",
    "split_off",
    "split_preview",
    "take_back",
    "ticket",
    "watchers",
]

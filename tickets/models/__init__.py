"""The tables behind a ticket."""

from tickets.models.bulk import BulkItem, BulkRun, Outcome
from tickets.models.canned import CannedReply
from tickets.models.conversation import Attachment, Message, MessageKind
from tickets.models.held import HeldReply, NotLeft, ReplyDraft
from tickets.models.history import HistoryEntry
from tickets.models.relations import LinkKind, TicketLink, Watcher
from tickets.models.resolution import Resolution
from tickets.models.routing import RoutingRule
from tickets.models.saved_view import SavedView
from tickets.models.ticket import Channel, Ticket
from tickets.models.window import ClosingWindow

__all__ = [
    "Attachment",
    "BulkItem",
    "BulkRun",
    "CannedReply",
    "Channel",
    "ClosingWindow",
    "HeldReply",
    "HistoryEntry",
    "LinkKind",
    "Message",
    "MessageKind",
    "NotLeft",
    "Outcome",
    "ReplyDraft",
    "Resolution",
    "RoutingRule",
    "SavedView",
    "Ticket",
    "TicketLink",
    "Watcher",
]

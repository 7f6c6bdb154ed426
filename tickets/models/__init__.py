"""The tables behind a ticket."""

from tickets.models.bulk import BulkItem, BulkRun, Outcome
from tickets.models.canned import CannedReply
from tickets.models.conversation import Attachment, Message, MessageKind
from tickets.models.history import HistoryEntry
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
    "HistoryEntry",
    "Message",
    "MessageKind",
    "Outcome",
    "Resolution",
    "RoutingRule",
    "SavedView",
    "Ticket",
]

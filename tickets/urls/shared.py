"""Addresses of what customers and staff both use. After the others: a number is any word here."""

from django.urls import path

from tickets.views import files, ticket

urlpatterns = [
    path("uploads/", files.upload, name="upload"),
    path("attachments/<uuid:key>/", files.attachment, name="attachment"),
    path("tickets/<str:number>/", ticket.ticket, name="ticket"),
    path("tickets/<str:number>/replies/", ticket.reply, name="ticket-reply"),
    path("tickets/<str:number>/replies/take-back/", ticket.take_back, name="reply-take-back"),
    path("tickets/<str:number>/replies/let-go/", ticket.let_go, name="reply-let-go"),
    path("tickets/<str:number>/presence/", ticket.presence, name="ticket-presence"),
    path("tickets/<str:number>/draft/", ticket.draft, name="ticket-draft"),
    path("drafts/<int:pk>/discard/", ticket.discard, name="draft-discard"),
    path("tickets/<str:number>/preview/", ticket.preview, name="ticket-preview"),
    path("tickets/<str:number>/canned/", ticket.canned, name="ticket-canned"),
    path("tickets/<str:number>/canned/<int:pk>/used/", ticket.canned_used, name="ticket-canned-used"),
    path("tickets/<str:number>/glossary/", ticket.jargon, name="ticket-glossary"),
    path("tickets/<str:number>/transitions/", ticket.act, name="ticket-transition"),
    path("tickets/<str:number>/organisation/", ticket.organisation, name="ticket-organisation"),
    path("tickets/<str:number>/properties/<slug:name>/", ticket.prop, name="ticket-property"),
    path("tickets/<str:number>/watchers/", ticket.watchers, name="ticket-watchers"),
    path("tickets/<str:number>/links/", ticket.links, name="ticket-links"),
    path("tickets/<str:number>/alike/", ticket.alike, name="ticket-alike"),
    path("tickets/<str:number>/merging/", ticket.merging, name="ticket-merging"),
    path("tickets/<str:number>/split/", ticket.split_off, name="ticket-split"),
    path("tickets/<str:number>/split/preview/", ticket.split_preview, name="ticket-split-preview"),
    path("tickets/<str:number>/history/", ticket.history, name="ticket-history"),
    path(
        "tickets/<str:number>/clocks/<slug:metric>/<int:cycle>/",
        ticket.explanation,
        name="ticket-explanation",
    ),
]

"""Addresses of tickets under `/api/v1/`."""

from django.urls import path

from tickets.api import board, canned, files, relations, steps, teams, views, windows

urlpatterns = [
    path("tickets", views.TicketsView.as_view(), name="api-tickets"),
    path("tickets/next", steps.NextView.as_view(), name="api-next"),
    path("tickets/<str:number>", relations.TicketItselfView.as_view(), name="api-ticket"),
    path("tickets/<str:number>/messages", views.MessagesView.as_view(), name="api-messages"),
    path("tickets/<str:number>/replies", views.RepliesView.as_view(), name="api-replies"),
    path("tickets/<str:number>/transitions", views.TransitionsView.as_view(), name="api-transitions"),
    path("tickets/<str:number>/calls", steps.CallsView.as_view(), name="api-calls"),
    path("tickets/<str:number>/organisation", steps.OrganisationView.as_view(), name="api-organisation"),
    path("tickets/<str:number>/history", views.HistoryView.as_view(), name="api-history"),
    path("tickets/<str:number>/attachments", files.AttachmentsView.as_view(), name="api-attachments"),
    path(
        "tickets/<str:number>/canned-replies",
        canned.TicketCannedRepliesView.as_view(),
        name="api-ticket-canned-replies",
    ),
    path("canned-replies", canned.CannedRepliesView.as_view(), name="api-canned-replies"),
    path("tickets/<str:number>/watchers", relations.WatchersView.as_view(), name="api-watchers"),
    path("tickets/<str:number>/watchers/<int:watcher>", relations.WatcherView.as_view(), name="api-watcher"),
    path("tickets/<str:number>/links", relations.LinksView.as_view(), name="api-links"),
    path("tickets/<str:number>/links/<str:other>", relations.LinkView.as_view(), name="api-link"),
    path("tickets/<str:number>/split", relations.SplitView.as_view(), name="api-split"),
    path("teams", teams.TeamsView.as_view(), name="api-teams"),
    path("leaves", teams.LeavesView.as_view(), name="api-leaves"),
    path("leaves/<int:leave>", teams.LeaveView.as_view(), name="api-leave"),
    path("windows", windows.WindowsView.as_view(), name="api-windows"),
    path("board", board.BoardView.as_view(), name="api-board"),
    path("board/<str:status>", board.BoardColumnView.as_view(), name="api-board-column"),
    path("uploads", files.UploadsView.as_view(), name="api-uploads"),
    path("attachments/<uuid:key>", files.AttachmentView.as_view(), name="api-attachment"),
]

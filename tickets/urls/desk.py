"""Addresses of the engineers' screens."""

from django.urls import path

from tickets.views import (
    board,
    bulk,
    canned,
    exporting,
    listing,
    palette,
    saved_views,
    team,
    team_editing,
    windows,
)

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/next/", board.next_ticket, name="board-next"),
    path("board/cards/<str:number>/", board.card, name="board-card"),
    path("board/cards/<str:number>/move/", board.move, name="board-move"),
    path("palette/", palette.palette, name="palette"),
    path("shortcuts/", palette.shortcuts, name="shortcuts"),
    path("windows/", windows.windows, name="windows"),
    path("team/", team.team, name="team"),
    path("team/people/<int:pk>/", team_editing.person, name="team-person"),
    path("team/people/<int:pk>/hours/", team_editing.hours, name="team-hours"),
    path("team/people/<int:pk>/leaves/", team_editing.leave, name="team-leave"),
    path("team/people/<int:pk>/leaves/<int:leave_pk>/end/", team_editing.leave_end, name="team-leave-end"),
    path("team/people/<int:pk>/skills/", team_editing.skills, name="team-skills"),
    path("team/<slug:code>/assignment/", team_editing.assignment, name="team-assignment"),
    path("views/", saved_views.index, name="saved-views"),
    path("views/new/", saved_views.new, name="saved-view-new"),
    path("views/<int:pk>/", saved_views.edit, name="saved-view"),
    path("views/<int:pk>/delete/", saved_views.delete, name="saved-view-delete"),
    path("replies/", canned.index, name="canned-replies"),
    path("replies/new/", canned.new, name="canned-reply-new"),
    path("replies/preview/", canned.preview, name="canned-reply-preview"),
    path("replies/<int:pk>/", canned.edit, name="canned-reply"),
    path("replies/<int:pk>/delete/", canned.delete, name="canned-reply-delete"),
    path("tickets/", listing.tickets, name="tickets"),
    path("tickets/bulk/", bulk.choose, name="bulk"),
    path("tickets/bulk/runs/<uuid:key>/", bulk.run, name="bulk-run"),
    path("tickets/bulk/<slug:verb>/", bulk.begin, name="bulk-begin"),
    path("tickets/export.csv", exporting.tickets_csv, name="tickets-csv"),
    path("tickets/export.xlsx", exporting.tickets_xlsx, name="tickets-xlsx"),
]

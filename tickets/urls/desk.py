"""Addresses of the engineers' screens."""

from django.urls import path

from tickets.views import board, bulk, exporting, listing, windows

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/next/", board.next_ticket, name="board-next"),
    path("board/cards/<str:number>/", board.card, name="board-card"),
    path("board/cards/<str:number>/move/", board.move, name="board-move"),
    path("windows/", windows.windows, name="windows"),
    path("tickets/", listing.tickets, name="tickets"),
    path("tickets/bulk/", bulk.choose, name="bulk"),
    path("tickets/bulk/runs/<uuid:key>/", bulk.run, name="bulk-run"),
    path("tickets/bulk/<slug:verb>/", bulk.begin, name="bulk-begin"),
    path("tickets/export.csv", exporting.tickets_csv, name="tickets-csv"),
    path("tickets/export.xlsx", exporting.tickets_xlsx, name="tickets-xlsx"),
]

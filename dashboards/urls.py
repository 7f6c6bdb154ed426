"""The addresses of the figures."""

from django.urls import path

from dashboards.views import page, statements, tickets

urlpatterns = [
    path("figures/", page.figures, name="figures"),
    path("figures/figures.xlsx", page.workbook, name="figures-xlsx"),
    path("figures/tables/<slug:table>.csv", page.table_csv, name="figure-table-csv"),
    path("figures/<slug:figure>/tickets/", tickets.figure_tickets, name="figure-tickets"),
    path("figures/<slug:figure>/tickets.csv", tickets.figure_tickets_csv, name="figure-tickets-csv"),
    path("statements/", statements.statements, name="statements"),
    path("statements/<slug:code>/<str:month>/", statements.statement_page, name="statement"),
    path(
        "statements/<slug:code>/<str:month>/statement.pdf",
        statements.statement_file,
        {"ending": "pdf"},
        name="statement-pdf",
    ),
    path(
        "statements/<slug:code>/<str:month>/statement.xlsx",
        statements.statement_file,
        {"ending": "xlsx"},
        name="statement-xlsx",
    ),
]

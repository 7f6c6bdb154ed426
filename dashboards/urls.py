"""The addresses of the figures."""

from django.urls import path

from dashboards import views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/<slug:figure>/tickets/", views.figure_tickets, name="figure-tickets"),
]

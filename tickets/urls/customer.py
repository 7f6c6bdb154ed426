"""Addresses of the customers' screens."""

from django.urls import path

from tickets.views import filing, portal

urlpatterns = [
    path("portal/", portal.portal, name="portal"),
    path("tickets/new/", filing.new, name="ticket-new"),
    path("tickets/new/proposal/", filing.proposal, name="ticket-proposal"),
    path("tickets/new/requesters/", filing.requesters, name="ticket-requesters"),
]

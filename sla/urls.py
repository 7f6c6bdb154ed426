"""The addresses of the calendars."""

from django.urls import path

from sla.views import calendars, importing

urlpatterns = [
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.new, name="calendar-new"),
    path("calendars/<slug:code>/edit/", calendars.edit, name="calendar-edit"),
    path("calendars/<slug:code>/import/", importing.import_days, name="calendar-import"),
    path("calendars/<slug:code>/<int:year>/", calendars.year, name="calendar-year"),
    path("calendars/<slug:code>/<int:year>/mark/", calendars.mark, name="calendar-mark"),
    path("calendars/<slug:code>/<int:year>/unmark/", calendars.unmark, name="calendar-unmark"),
]

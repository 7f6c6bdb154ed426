"""The addresses of notices."""

from django.conf import settings
from django.urls import path

from notifications import views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/badge/", views.badge, name="notifications-badge"),
    path("notifications/settings/", views.settings, name="notifications-settings"),
    path("notifications/read/", views.read, name="notifications-read"),
]
if settings.SHOW_KEPT_MAIL:
    urlpatterns += [
        path("dev/mail/", views.kept_mail, name="kept-mail"),
        path("dev/mail/<str:name>/", views.kept_message, name="kept-message"),
    ]

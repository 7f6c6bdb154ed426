"""The URL table: each app's own, under one root."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("tickets.urls.customer")),
    path("", include("tickets.urls.desk")),
    path("", include("tickets.urls.shared")),
    path("", include("knowledgebase.urls")),
    path("", include("sla.urls")),
    path("", include("surveys.urls")),
    path("", include("notifications.urls")),
    path("", include("dashboards.urls")),
    path("api/", include("api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
handler400 = "common.views.bad_request"
handler403 = "common.views.permission_denied"
handler404 = "common.views.not_found"
handler500 = "common.views.server_error"

"""The addresses of `/api/`. Each app's endpoints are its own; this table says where they are."""

from django.urls import path

from api.tokens import TokenView

urlpatterns = [
    path("v1/auth/token", TokenView.as_view(), name="api-token"),
]

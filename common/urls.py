"""Health checks and other addresses without a domain."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

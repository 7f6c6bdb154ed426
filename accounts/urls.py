"""The addresses of `accounts`; signing in is allauth's."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.me, name="me"),
    path("language/", views.set_language, name="set-language"),
    path("theme/", views.set_theme, name="set-theme"),
    path("density/", views.set_density, name="set-density"),
]

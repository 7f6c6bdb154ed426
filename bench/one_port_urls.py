"""The desk's addresses, and a page for the signed in that asks one question of the database."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from catalog.models import Product
from config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]


@login_required
def measured(request: HttpRequest) -> HttpResponse:
    """Session, user, and one query."""
    return HttpResponse(f"<p>{Product.objects.count()}</p>")


urlpatterns = [path("measured/", measured), *urlpatterns]

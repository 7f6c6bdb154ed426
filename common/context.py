"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = {"light", "dark"}
THEME_COOKIE = "desk_theme"


def desk(request: HttpRequest) -> dict[str, Any]:
    """The chosen theme ('' follows the system) and what the desk is set up with."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "theme": theme if theme in THEMES else "",
        "support_phone": settings.SUPPORT_PHONE,
        "shows_kept_mail": settings.SHOW_KEPT_MAIL,
        "demo": settings.DEMO,
        "open_signup": settings.OPEN_SIGNUP,
    }

"""Log configuration: JSON lines with a request id in production, plain lines for a person at work.

Nothing personal and no secret reaches a line: fields that would carry one are dropped, addresses are kept without
their query and without tokens, and an e-mail address is masked wherever it turns up, in an error's words too.
"""

import re
from typing import Any

import structlog

# The browser's name says more about a person than a log needs.
PERSONAL = {
    "email",
    "user_email",
    "password",
    "secret",
    "token",
    "authorization",
    "cookie",
    "body",
    "ip",
    "user_agent",
}
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
SEGMENT = re.compile(r"[^/\s]+")
# A signed value, or a long one that no person made up.
TOKEN = re.compile(r".*:.*|(?=.*[0-9A-Z])[\w=.-]{20,}")

LEVELS = {
    "django.server": "WARNING",
    # A refused request has its line already, with its id; these come after the id is gone.
    "django.request": "ERROR",
    # Scanners call every machine by every name; each is answered 400.
    "django.security.DisallowedHost": "CRITICAL",
    "django.db.backends": "WARNING",
    "jieba": "WARNING",
    # Both write addresses of robots, which are secrets.
    "apprise": "CRITICAL",
    "urllib3": "ERROR",
    # What becomes of a font on its way into a document.
    "fontTools": "WARNING",
    "celery.beat": "WARNING",
    # Jobs that look for work every few seconds: what fails is told, what went well is not.
    "celery.worker.strategy": "WARNING",
    "celery.app.trace": "WARNING",
    "django_structlog.celery": "WARNING",
}


def drop_personal(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Remove what is secret or personal from a log event, whoever put it there."""
    kept = {key: value for key, value in event.items() if key.lower() not in PERSONAL}
    for name in ("request", "path"):
        if isinstance(kept.get(name), str):
            kept[name] = without_secrets(kept[name])
    return kept


def without_secrets(request: str) -> str:
    """`GET /path/` without its query, tokens replaced."""
    return SEGMENT.sub(lambda part: "…" if TOKEN.fullmatch(part[0]) else part[0], request.partition("?")[0])


def mask_addresses(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Mask e-mail addresses in every text of a log event."""
    return {
        key: EMAIL.sub("…@…", value) if isinstance(value, str) and "@" in value else value
        for key, value in event.items()
    }


def logging_config(*, level: str, plain: bool) -> dict[str, Any]:
    """A `logging.config` dictionary: everything goes to stderr through one structured formatter."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False)
        if plain
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    processors: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, drop_personal]
    if not plain:
        processors += [structlog.processors.format_exc_info, mask_addresses]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [*processors, renderer],
                "foreign_pre_chain": shared,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": quietest} for name, quietest in LEVELS.items()},
    }

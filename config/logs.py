"""Log configuration: JSON lines with a request id in production, plain lines for a person at work."""

from typing import Any

import structlog

PERSONAL = {"email", "user_email", "password", "token", "authorization", "cookie", "body", "ip"}


def drop_personal(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Remove what is secret or personal from a log event, whoever put it there."""
    return {key: value for key, value in event.items() if key.lower() not in PERSONAL}


def logging_config(*, level: str, plain: bool) -> dict[str, Any]:
    """A `logging.config` dictionary: everything goes to stderr through one structured formatter."""
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
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
        processors.append(structlog.processors.format_exc_info)
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
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "django.db.backends": {"level": "WARNING"},
            "jieba": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }

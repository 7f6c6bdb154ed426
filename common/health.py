"""Whether the process lives, and whether it can do its work."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.backoff import NoBackoff
from redis.retry import Retry


class HealthMiddleware:
    """Answers /healthz and /readyz before anything that could fail or redirect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a health check, or pass on."""
        if request.path == "/healthz":
            return JsonResponse({"process": "ok"})
        if request.path == "/readyz":
            return ready()
        return self.get_response(request)


_warnings: list[Callable[[], list[str]]] = []


def warn_of(look: Callable[[], list[str]]) -> None:
    """Ask `look` with every `/readyz` for sentences of what needs somebody's care. Meant for `AppConfig.ready`."""
    if look not in _warnings:
        _warnings.append(look)


def ready() -> JsonResponse:
    """200 when database, broker and migrations are in order, else 503; JSON with a word for each.

    `warnings` are sentences about what works and will not for ever; they leave the status alone.
    """
    parts = {"database": _database(), "broker": _broker()}
    parts["migrations"] = _migrations() if parts["database"] == "ok" else "unknown"
    fine = all(word == "ok" for word in parts.values())
    warnings = [line for look in _warnings for line in look()] if parts["migrations"] == "ok" else []
    return JsonResponse({**parts, "warnings": warnings}, status=200 if fine else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def _broker() -> str:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0)
        ) as client:
            client.ping()
    except redis.RedisError:
        return "unreachable"
    return "ok"


_all_applied = False


def _migrations() -> str:
    global _all_applied  # noqa: PLW0603 (once applied they stay so for the life of the process)
    if not _all_applied:
        executor = MigrationExecutor(connection)
        _all_applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if _all_applied else "missing"

"""Fixtures every test may use."""

import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from django.db import connections

from common import live
from tests.e2e.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Stack]:
    """A desk that runs for the whole session, one for each process of the test run."""
    stack = Stack(tmp_path_factory.mktemp("stack"), worker_id)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Where the run made a database with every table, the test database is its copy."""
    if template := os.environ.get("TEST_TEMPLATE"):
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = template


# Before xdist reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the whole desk share one, and therefore one process of the test run."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Show the logs of the desk with a test that failed."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(stack, Stack):
        report.sections += [(f"{name}.log", text) for name, text in stack.logs().items()]
    return report


@pytest.fixture
def heard(settings: Any) -> Iterator[Callable[..., dict[str, Any] | None]]:
    """What arrives on the desk's channel: a function that gives the next hint, or None."""
    with (
        redis.Redis.from_url(settings.REDIS_URL) as client,
        client.pubsub(ignore_subscribe_messages=True) as pubsub,
    ):
        pubsub.subscribe(live.live_channel())
        pubsub.get_message(timeout=1)

        def next_hint(timeout: float = 1.0) -> dict[str, Any] | None:
            end = time.monotonic() + timeout
            while time.monotonic() < end:
                message = pubsub.get_message(timeout=0.1)
                if message is not None:
                    found: dict[str, Any] = json.loads(message["data"])
                    return found
            return None

        yield next_hint

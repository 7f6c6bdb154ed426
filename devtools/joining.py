"""How `manage.py` finds the desk that `make run` has started: its settings, left in its folder while it runs."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

NAME = "settings.json"
LEFT = (
    "DEMO", "SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MEDIA_ROOT",
    "STATIC_ROOT", "MAIL_DIR",
)  # fmt: skip
# Who has set one of these works with a desk of their own.
OWN = ("DATABASE_URL", "TESTING", "DEBUG", "DEMO")


def data_folder() -> Path:
    """The folder with the data of `make run`: `DATA_DIR`, else `var/` beside the code."""
    return Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parent.parent / "var").resolve()


def leave(folder: Path, environment: Mapping[str, str]) -> None:
    """Leave the settings of a desk that this process runs, readable for its user alone."""
    file = folder / NAME
    file.touch(mode=0o600)
    settings = {name: environment[name] for name in LEFT if name in environment}
    file.write_text(json.dumps({"pid": os.getpid(), "settings": settings}))


def take_away(folder: Path) -> None:
    """The desk has stopped."""
    (folder / NAME).unlink(missing_ok=True)


def join() -> None:
    """Take over the settings of the desk that runs here, unless this process has been given some."""
    if any(name in os.environ for name in OWN):
        return
    try:
        left = json.loads((data_folder() / NAME).read_text())
        os.kill(left["pid"], 0)
    except (OSError, ValueError, KeyError):
        return
    for name, value in left["settings"].items():
        os.environ.setdefault(name, value)

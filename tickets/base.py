"""The canned replies every desk begins with, from files; people change them later."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from catalog.models import Module
from tickets.canned import Situation, unknown
from tickets.models import CannedReply
from tickets.models.canned import Visibility

FOLDER = settings.BASE_DIR / "content" / "replies"


@transaction.atomic
def load_replies(folder: Path = FOLDER) -> None:
    """Create the replies that are missing, for everyone; leave what people have changed as it is.

    Raises ValueError for a placeholder that does not exist, KeyError for a module or situation.
    """
    there = set(CannedReply.objects.exclude(key="").values_list("key", flat=True))
    names = {name.lower() for name in _names_of_all()}
    modules = {module.code: module for module in Module.objects.all()}
    for entry in entries(folder):
        # A name that somebody has given to a reply of everyone's meanwhile is theirs.
        if entry["key"] not in there and entry["name"].lower() not in names:
            CannedReply.objects.create(
                key=entry["key"],
                visibility=Visibility.EVERYONE,
                name=entry["name"],
                name_en=entry["name_en"],
                body_zh=entry["zh"],
                body_en=entry["en"],
                situation=entry.get("situation", Situation.NONE),
                module=modules[entry["module"]] if "module" in entry else None,
            )


def entries(folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """The replies of the files, as written. Raises ValueError for a strange placeholder or situation."""
    for path in sorted(folder.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            strange = unknown(entry["zh"]) + unknown(entry["en"])
            if strange or entry.get("situation", Situation.NONE) not in Situation.values:
                raise ValueError(f"{path.name}: {entry['key']}: {strange or entry['situation']}")
            yield entry


def _names_of_all() -> Iterator[str]:
    yield from CannedReply.objects.filter(visibility=Visibility.EVERYONE).values_list("name", flat=True)

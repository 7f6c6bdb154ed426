"""A process inside the stack that does with the ORM and the factories what tests ask for.

Reads one JSON string of Python source a line and answers one JSON line: {"result": …} with the value the source
left in `result`, or {"error": traceback}.
"""

import json
import os
import sys
import traceback

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

for line in sys.stdin:
    names: dict[str, object] = {}
    try:
        exec(json.loads(line), names)  # noqa: S102 (the tests' own source)
        answer = {"result": names.get("result")}
    except Exception:
        answer = {"error": traceback.format_exc()}
    print(json.dumps(answer, default=str), flush=True)

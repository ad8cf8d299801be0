"""What the audit needs of the machine: its tools, and a demo of its own to look at."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.browser.find_chromium import find, install

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / "build" / "audit"
NPM_FLAGS = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
OLDEST_JAVA = 17


def make_sure_of_tools() -> str:
    """Install what is missing; return the path of Chromium. Ends the program where it cannot."""
    java = {"apt": ["default-jre-headless"], "dnf": ["java-latest-openjdk-headless"]}
    if not has_java() and not (install("Java", brew=["--cask", "temurin"], **java) and has_java()):
        sys.exit(f"No Java for the HTML checker: install Java {OLDEST_JAVA} or newer.")
    npm = {"apt": ["npm"], "dnf": ["npm"], "brew": ["node"]}
    if not shutil.which("npm") and not install("npm", **npm):
        sys.exit("No npm for axe and Lighthouse: install Node.js 18.16 or newer, with npm.")
    wanted = (Path(__file__).parent / "package.json").read_text()
    installed = TOOLS / "installed"  # which package.json it was that went in to the end
    if not installed.exists() or installed.read_text() != wanted:
        TOOLS.mkdir(parents=True, exist_ok=True)
        (TOOLS / "package.json").write_text(wanted)
        run(["npm", "install", "--prefix", TOOLS, "--loglevel", "error", *NPM_FLAGS])
        installed.write_text(wanted)
    return find()


def has_java() -> bool:
    if not shutil.which("java"):
        return False
    said = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr
    version = re.search(r'version "(\d+)', said)  # none from the stub of that name on macOS
    return bool(version) and int(version[1]) >= OLDEST_JAVA


def run(command: list, **options) -> str:
    """Run a command, return its output; end the program with its complaints if it fails."""
    command = [str(word) for word in command]
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def demo(folder: Path):
    """Serve the demo as `make run` does, its data in `folder`; yield its address.

    This process's environment becomes that site's, for Django to be set up in it too.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    secret = secrets.token_urlsafe(50)
    (folder / "secret-key").write_text(secret)
    for name in ("DATABASE_URL", "DATABASE_REPLICA_URL", "DEBUG", "ALLOWED_HOSTS"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "lawsite.settings",
        "BIN": str(Path(sys.executable).parent),
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "SITE_URL": site,
        "SECRET_KEY": secret,
    }
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that `finally` is reached
    with open(folder / "log", "w") as log:
        command = ["sh", "deploy/run.sh"]
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    try:
        while status_of(f"{site}/health/") != 200:
            if server.poll() is not None:
                sys.exit("The demo does not start:\n" + (folder / "log").read_text())
            time.sleep(0.2)
        yield site
    finally:
        stop(server)


def stop(server: subprocess.Popen) -> None:
    """Stop the server and what it started, which all are one process group under its id."""
    for wish in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.pid, wish)
            server.wait(timeout=10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def fetch(url: str, cookie: str = "") -> tuple[int, bytes]:
    """Return status and body, uncompressed."""
    try:
        with urlopen(Request(url, headers={"Cookie": cookie}), timeout=60) as response:
            return response.status, response.read()
    except HTTPError as error:
        return error.code, error.read()


def status_of(url: str) -> int:
    """Return the status, 0 while nobody answers."""
    try:
        return fetch(url)[0]
    except (OSError, HTTPException):
        return 0

"""Find the machine's Chromium or Chrome, or install one through its package client.

Run as a script it finds or installs, and prints the path. It never downloads a browser itself.
"""

import os
import shutil
import subprocess
import sys

# Headless, as root, in a container; asks nothing of the network by itself.
LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MACOS = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
]

APT = ["apt-get", "install", "-y", "--no-install-recommends"]
DNF = ["dnf", "install", "-y"]
BREW = ["brew", "install"]


def find() -> str:
    """Return the path of a Chromium or Chrome, installing one if there is none.

    Ends the program with one line saying what to install where that cannot be done.
    """
    path = look()
    if not path and install(
        "Chromium",
        apt=["chromium", "fonts-noto-cjk"],
        dnf=["chromium", "google-noto-sans-cjk-fonts"],
        brew=["--cask", "google-chrome"],
    ):
        path = look()
    return path or sys.exit(
        "No Chromium found: install Chromium or Google Chrome, or set CHROMIUM to its path."
    )


def look() -> str | None:
    """Return the path of an installed browser; CHROMIUM in the environment comes first."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return shutil.which(wanted) or sys.exit(f"CHROMIUM is not a program: {wanted}")
    return next(filter(None, map(shutil.which, [*NAMES, *MACOS])), None)


def install(what: str, *, apt: list[str], dnf: list[str], brew: list[str]) -> bool:
    """Install packages through the machine's own client; whether that was possible and worked."""
    if shutil.which("brew"):
        commands = [[*BREW, *brew]]
    elif (root := _as_root()) is None:
        return False
    elif shutil.which("apt-get"):
        root = [*root, "env", "DEBIAN_FRONTEND=noninteractive"]
        commands = [[*root, "apt-get", "update"], [*root, *APT, *apt]]
    elif shutil.which("dnf"):
        commands = [[*root, *DNF, *dnf]]
    else:
        return False
    print(f"{what} is missing, installing: {' '.join(commands[-1])}", flush=True)
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            print(done.stderr.strip(), file=sys.stderr)
            return False
    return True


def _as_root() -> list[str] | None:
    """What to put before a command to run it as root; None if this machine does not let us."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and not subprocess.run([*sudo, "true"], capture_output=True).returncode:
        return sudo
    return None


if __name__ == "__main__":
    print(find())

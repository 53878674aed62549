"""Finds a Chromium for the tests of the rendered page; run as a program, it fetches one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTEAD = "Install chromium or google-chrome, or name one in the environment variable CHROMIUM."
NONE = (
    "The tests of the rendered page need Chromium, and there is none on this machine. "
    f"Run `make browser`, which fetches one. Or: {INSTEAD}"
)
PLAYWRIGHT = (sys.executable, "-m", "playwright", "install")


class NoBrowser(Exception):
    """There is no browser; the message says what to do about it."""


def executable(chromium: BrowserType) -> str:
    """Find the browser: the one in CHROMIUM, else Playwright's own, else one on the PATH."""
    named, own = os.environ.get("CHROMIUM"), chromium.executable_path
    if named and not Path(named).is_file():
        raise NoBrowser(f"CHROMIUM names {named}, and there is no such file.")
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    found = named or (own if Path(own).is_file() else on_path)
    if not found:
        raise NoBrowser(NONE)
    return found


def launch(chromium: BrowserType) -> Browser:
    """Start the browser without a window, and without a sandbox, which root could not have."""
    return chromium.launch(executable_path=executable(chromium), chromium_sandbox=False)


def fetch() -> bool:
    """Install a browser, and tell whether that worked: Debian's for root, else and elsewhere Playwright's own."""
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        return _done(*PLAYWRIGHT, "chromium")
    debian = _done(apt, "-qq", "update") and _done(apt, "-qq", "-y", "install", "--no-install-recommends", "chromium")
    return debian or _done(*PLAYWRIGHT, "--with-deps", "chromium")  # Ubuntu's package is a snap


def main() -> int:
    """Fetch a browser unless there is one. The exit status is 1, after a sentence, if there is none in the end."""
    with sync_playwright() as playwright:
        try:
            executable(playwright.chromium)
        except NoBrowser as none:
            if os.environ.get("CHROMIUM"):
                sys.stderr.write(f"{none}\n")
                return 1
            if not fetch():
                sys.stderr.write(f"No Chromium could be fetched. {INSTEAD}\n")
                return 1
    return 0


def _done(*command: str) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=quiet, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main())

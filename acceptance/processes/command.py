"""External commands that a run calls: bounded in time, with errors in a sentence."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterable
from pathlib import Path

from acceptance.trouble import Trouble

SECONDS = 60.0
LAST_LINES = 3


def call(command: str, folder: Path, lines: Iterable[str] = (), seconds: float = SECONDS) -> None:
    """Run a command in a folder, with `lines` as its standard input, and wait for its end.

    No shell is used. Raises Trouble if the command cannot be run, fails, or takes longer than `seconds`.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise Trouble(f"The command “{command}” cannot be read: {error}.", "Correct the profile.") from None
    try:
        done = subprocess.run(  # noqa: S603 - the command of the profile's author
            words,
            cwd=folder,
            input="".join(f"{line}\n" for line in lines),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Trouble(f"The command “{command}” of the profile did not end within {seconds:g} s.") from None
    except OSError as error:
        raise Trouble(
            f"The command “{command}” cannot be run in {folder}: {error.strerror}.", "Correct the profile."
        ) from None
    if done.returncode:
        said = " | ".join(line.strip() for line in done.stdout.splitlines()[-LAST_LINES:]) or "it left no message"
        raise Trouble(f"The command “{command}” of the profile has ended with status {done.returncode}: {said}.")

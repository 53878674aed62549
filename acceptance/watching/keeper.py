"""Runs behave for one round, and ends it in any case.

    python -m acceptance.watching.keeper SECONDS GRACE LOCK ARGUMENTS…

The round is asked to end (SIGTERM) when it has taken so many seconds, or when this process's standard input ends:
the watch closes it, or has died. What does not end within the grace (s) is killed, with all that it has started;
SIGTERM to this process kills it at once. LOCK is the descriptor of the watch's lock, which the round holds too as long
as it runs; -1 for none. Exit status: behave's, 124 if the round took too long, 137 if it had to be killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

TOO_LONG, KILLED = 124, 137  # as timeout(1) has them
_POSIX = os.name == "posix"


def main(seconds: float, grace: float, held: int, arguments: list[str]) -> int:
    """Run the round, and return the exit status."""
    run = subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "behave", *arguments],
        stdin=subprocess.DEVNULL,
        start_new_session=_POSIX,
        pass_fds=() if held < 0 else (held,),
    )
    signal.signal(signal.SIGTERM, lambda *_: _kill_all(run))
    asked = threading.Event()
    for reason in (_parent_has_gone, run.wait):
        threading.Thread(target=_tell, args=(reason, asked), daemon=True).start()
    too_long = not asked.wait(seconds)
    if run.poll() is None:
        run.terminate()
    try:
        status = run.wait(grace)
    except subprocess.TimeoutExpired:
        status = -signal.SIGKILL
    _kill_all(run)
    run.wait()
    if too_long:
        return KILLED if status == -signal.SIGKILL else TOO_LONG
    return KILLED if status < 0 else status


def _tell(wait_for: Callable[[], object], asked: threading.Event) -> None:
    """Wait for a reason to end, and tell of it."""
    wait_for()
    asked.set()


def _parent_has_gone() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever written; a buffered read would keep the interpreter from ending


def _kill_all(run: subprocess.Popen[bytes]) -> None:
    """End what is left of a round: it may have left processes behind, too."""
    with suppress(ProcessLookupError):
        if _POSIX:
            os.killpg(run.pid, signal.SIGKILL)
        run.kill()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))

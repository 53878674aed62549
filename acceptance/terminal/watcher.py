"""Ensures that no program outlives the run that has started it, however the run ends.

The watcher is a process of its own that reads from a pipe whose other end the run holds. Each program writes its id
into that pipe before it becomes the program, and the run takes it back when the program has ended. When the pipe ends,
for any reason, the watcher ends every program that is still noted, with all that it has started in its session.

A closed terminal would end most programs by itself (SIGHUP). This is for those that ignore it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from typing import IO

import psutil

from acceptance.root import ROOT

STOP_SECONDS = 5.0


def members(session: int) -> list[int]:
    """Return the ids of a session's processes. A program that was started at a terminal of its own leads one."""
    found = []
    for process in psutil.pids():
        with contextlib.suppress(OSError):
            if os.getsid(process) == session:
                found.append(process)
    return found


def end_session(session: int, what: int = signal.SIGKILL) -> None:
    """Send a signal to every process of a session. It is sent twice, for processes that are started meanwhile."""
    for _ in range(2):
        for process in members(session):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, what)


class Watcher:
    """The watcher of one run. It is started with the first program; `stop()` ends it, and all that is still noted."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._running: set[int] = set()
        self._lock = threading.Lock()

    def pipe(self) -> int:
        """Return the pipe's file descriptor, for a child process to register by `enter`."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "acceptance.terminal.watcher"],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,  # a Ctrl-C at the terminal does not concern it
                )
                for session in self._running:  # the watcher before this one was ended from outside
                    os.write(self._pipe.fileno(), f"+{session}\n".encode())
            return self._pipe.fileno()

    def note(self, session: int) -> None:
        """Note a program that has entered."""
        with self._lock:
            self._running.add(session)

    def forget(self, session: int) -> None:
        """Take a program back that has ended."""
        with self._lock, contextlib.suppress(BrokenPipeError):
            self._running.discard(session)
            if self._process:
                os.write(self._pipe.fileno(), f"-{session}\n".encode())

    def stop(self) -> None:
        """End the watcher. Calling it again does nothing."""
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)

    @property
    def _pipe(self) -> IO[bytes]:
        assert self._process is not None and self._process.stdin is not None  # noqa: S101, PT018 - for the type checker
        return self._process.stdin


def enter(pipe: int) -> None:
    """Register the calling process: it is about to become a program that leads a session of its own."""
    os.write(pipe, f"+{os.getpid()}\n".encode())
    os.close(pipe)


def watch(lines: Iterable[str]) -> None:
    """Read which programs have begun and ended, until the pipe ends; then end those that are left."""
    noted: dict[int, psutil.Process | None] = {}
    for line in lines:
        process = int(line[1:])
        if line.startswith("+"):
            noted[process] = _process(process)
        else:
            noted.pop(process, None)
    for process, leader in noted.items():
        # If another process has got the number meanwhile, the whole session has gone. psutil tells them apart by a
        # clock that is never set.
        if not psutil.pid_exists(process) or (leader and leader.is_running()):
            end_session(process)


def _process(process: int) -> psutil.Process | None:
    """Return a process, None if there is none."""
    try:
        return psutil.Process(process)
    except psutil.Error:
        return None


if __name__ == "__main__":
    watch(sys.stdin)

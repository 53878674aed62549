"""Watches this process, and the programs that it runs, for the whole of its life."""

import os
import threading
from collections.abc import Mapping, Sequence
from functools import partial

from acceptance.standstill.heartbeat import Heartbeat
from acceptance.standstill.record import RECORD, RUN

_lock = threading.Lock()
_watched_by = 0  # the process whose heart beats
_programs: set[int] = set()


def watch_this_process() -> None:
    """Let this process's heart beat from now on. Calling it again does nothing."""
    global _watched_by
    with _lock:
        if _watched_by != os.getpid():
            _watched_by = os.getpid()
            Heartbeat(partial(RECORD.note, RUN), _watched).start()


def watch_program(pid: int) -> None:
    """Watch how long a program, with all that it starts, waits for a processor, until it is left."""
    watch_this_process()
    with _lock:
        _programs.add(pid)


def leave_program(pid: int) -> None:
    """Watch a program no longer."""
    with _lock:
        _programs.discard(pid)


def _watched() -> Mapping[str, Sequence[int]]:
    with _lock:
        return {f"program {pid}": [pid] for pid in _programs}

"""The heartbeat of the embedded account: a line per beat that tells the run how long the account stood still.

It stood still, too, while its own process, the one that functions are forked from, or a function's waited for a
processor. In the account's own process the timers of functions and workflows count only the time in which the
machine did not stand still: AWS has machines enough, so nothing times out there for lack of a processor.
"""

import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from acceptance.standstill.heartbeat import Heartbeat
from acceptance.standstill.patience import Patience
from acceptance.standstill.processor import parent_of
from acceptance.standstill.record import RECORD

STDOUT = 1
ACCOUNT = "the account"
BEAT = "beat"


def tell_standstill() -> None:
    """Start writing beats to the standard output."""
    processes = _Processes()
    Heartbeat(_tell, processes.of_functions, own=processes.own).start()


def of_line(line: str) -> tuple[float, float, float] | None:
    """Read a beat: from when to when, and how much was lost. None for a line from another source."""
    with suppress(ValueError):
        word, began, ended, lost = line.split()
        if word == BEAT:
            return float(began), float(ended), float(lost)
    return None


def give_timers_their_time() -> None:
    """Let a function's Timeout, and the TimeoutSeconds of a wait for a task token, count only a running machine."""
    from ministack.core import lambda_runtime
    from ministack.services import stepfunctions

    lambda_runtime.threading = stepfunctions.threading = _Threading()


def _tell(began: float, ended: float, lost: float) -> None:
    RECORD.note(ACCOUNT, began, ended, lost)
    with suppress(OSError):  # nothing reads it any more
        os.write(STDOUT, f"{BEAT} {began:.3f} {ended:.3f} {lost:.3f}\n".encode())


class _Processes:
    """The account's own process, the one from which functions are forked, and the functions' by their names."""

    def __init__(self) -> None:
        self._started_by: dict[int, int] = {}

    def own(self) -> Iterable[int]:
        return {os.getpid(), *self._started_by.values()} - {0}

    def of_functions(self) -> Mapping[str, Sequence[int]]:
        from ministack.core import lambda_runtime

        found: dict[str, list[int]] = defaultdict(list)
        with lambda_runtime._lock:
            workers = [worker for workers in lambda_runtime._workers.values() for worker in workers]
        for worker in workers:
            if process := worker._proc:
                found[worker.func_name].append(process.pid)
        pids = [pid for several in found.values() for pid in several]
        self._started_by = {pid: self._started_by.get(pid) or parent_of(pid) for pid in pids}
        return found


class _Threading:
    """The module `threading`, but for waits that end after so many seconds."""

    def __getattr__(self, name: str) -> Any:
        return getattr(threading, name)

    class Thread(threading.Thread):
        """A thread whose join does not count standstills."""

        def join(self, timeout: float | None = None) -> None:
            patience = None if timeout is None else Patience(timeout)
            super().join(timeout)
            while patience and self.is_alive() and not patience.is_over():
                super().join(patience.left)

    class Event(threading.Event):
        """An event whose wait does not count standstills."""

        def wait(self, timeout: float | None = None) -> bool:
            patience = None if timeout is None else Patience(timeout)
            happened = super().wait(timeout)
            while patience and not happened and not patience.is_over():
                happened = super().wait(patience.left)
            return happened

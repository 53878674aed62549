"""Whether the embedded account itself is the limit: its one process works without a pause, or waits for a processor.

MiniStack is one Python process. Once that is busy all the time, calls and workflows queue up in it. How long they do so
says nothing of the system, since AWS has machines enough. So such a time counts as a standstill.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

import psutil

from acceptance.standstill.processor import Delays
from acceptance.standstill.record import now

# From this part of the time on, the process has none left.
FULL = 0.8


class Ceiling:
    """Watches the processes of an account; none is never the limit."""

    def __init__(self, processes: Sequence[int], clock: Callable[[], float] = now) -> None:
        self._processes = processes
        self._clock = clock
        self._delays, self._waited = Delays(with_children=False), 0.0
        self._began, self._worked = clock(), self._work()

    def lost(self) -> tuple[float, float, float]:
        """Return since when (s of `now()`) and until when it was looked at, and for how long it was the limit (s)."""
        began, self._began = self._began, self._clock()
        before, self._worked = self._worked, self._work()
        took = self._began - began
        return began, self._began, took if self._worked - before >= FULL * took else 0.0

    def _work(self) -> float:
        """Return for how long it has worked, or waited for a processor, so far (s)."""
        worked = 0.0
        for pid in self._processes:
            with suppress(psutil.Error):
                times = psutil.Process(pid).cpu_times()
                worked += times.user + times.system
        self._waited += self._delays.since_last_time(self._processes)
        return worked + self._waited

"""What the programs of a run use: processor time and memory."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Usage:
    """`seconds` of processor time, and `bytes` of memory."""

    seconds: float = 0.0
    bytes: int = 0

    def since(self, earlier: Usage) -> Usage:
        """Return what was used since an earlier moment: the processor time, and the memory as it is now."""
        return Usage(max(0.0, self.seconds - earlier.seconds), self.bytes)


def used_by(pids: Iterable[int]) -> Usage:
    """Return what these processes and all that they have started have used so far; those that are gone: nothing."""
    seconds, memory = 0.0, 0
    for pid in pids:
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            for one in (process, *process.children(recursive=True)):
                with suppress(psutil.Error):
                    times = one.cpu_times()
                    seconds += sum(getattr(times, name, 0.0) for name in _TIMES)
                    memory += one.memory_info().rss
    return Usage(seconds, memory)


# The latter two are those of children that have ended.
_TIMES = ("user", "system", "children_user", "children_system")

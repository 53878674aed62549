"""What the programs of a run use: processor time and memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from statistics import fmean, linear_regression

import psutil

# A worker's libraries are loaded as they are first used, so its memory says nothing before so many have come.
WARM = 200


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


def growth(workers: Iterable[Sequence[tuple[int, int]]]) -> float | None:
    """Return by how many bytes a worker grows with each who comes, in the mean; None where too few have come.

    `workers`: of each, how many had come by when, and what it used then (bytes).
    """
    warm = ([(came, used) for came, used in points if came >= WARM] for points in workers)
    slopes = [linear_regression(*zip(*points, strict=True)).slope for points in warm if _grows(points)]
    return fmean(slopes) if slopes else None


def _grows(points: Sequence[tuple[int, int]]) -> bool:
    return len(points) > 2 and points[-1][0] - points[0][0] >= WARM

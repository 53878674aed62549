"""How long processes have waited for a processor, and the machine for memory, disks and its host. On Linux.

A thread that could run and does not, because others do, its share (cgroup) is used up, or its priority is low, waits
for a processor: the kernel counts that as `run_delay`, the second figure of `/proc/<pid>/task/<tid>/schedstat` (ns;
Documentation/scheduler/sched-stats.rst). A thread that sleeps, or waits for an answer, is not counted. Where the kernel
does not count it, the pressure file stands in: the time in which some thread of the whole machine waited
(`/proc/pressure/cpu`, us; Documentation/accounting/psi.rst).
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
_TOTAL = re.compile(rb"^(?P<whose>some|full) .*total=(?P<us>\d+)", re.MULTILINE)
_STEAL = 8  # which figure of a processor's line in /proc/stat is the time that the host gave to others
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Delays:
    """How much longer some processes, and those that they have started, have waited for a processor."""

    def __init__(self, proc: Path = PROC, *, with_children: bool = True) -> None:
        """`with_children`: whether those that they have started count, too."""
        self._proc = proc
        self._with_children = with_children and bool(list(proc.glob("self/task/*/children")))
        self._known: dict[tuple[int, str], int] = {}

    def since_last_time(self, processes: Iterable[int]) -> float:
        """Return for how long their threads have waited since this was asked last (s), all added up.

        A thread that is new counts from its beginning. What threads that have ended waited last is lost.
        """
        return max(0.0, sum(self.by_process(processes).values()))

    def by_process(self, processes: Iterable[int]) -> dict[int, float]:
        """Return the same for each process by itself."""
        known = dict(self._threads(processes))
        waited: dict[int, float] = {}
        for (pid, thread), ns in known.items():
            waited[pid] = waited.get(pid, 0.0) + (ns - self._known.get((pid, thread), 0)) / 1e9
        self._known = known
        return waited

    def _threads(self, processes: Iterable[int]) -> Iterator[tuple[tuple[int, str], int]]:
        left, seen = list(processes), set[int]()
        while left:
            pid = left.pop()
            if pid in seen:
                continue
            seen.add(pid)
            folder = f"{self._proc}/{pid}/task"
            for thread in _listed(folder):
                if figures := _read(f"{folder}/{thread}/schedstat").split():
                    yield (pid, thread), int(figures[1])
                if self._with_children:
                    left += map(int, _read(f"{folder}/{thread}/children").split())


class Pressure:
    """How much longer the whole machine has stood still, for reasons that are no process's own."""

    def __init__(self, proc: Path = PROC, *, counts_delays: bool = True) -> None:
        """`counts_delays`: whether it is known how long those who matter have waited for a processor."""
        self._proc = proc
        self._counts_delays = counts_delays and bool(_read(f"{proc}/self/schedstat"))
        self._known = self._read()

    def since_last_time(self) -> float:
        """Return for how long, for the worst of the reasons, since this was asked last (s)."""
        before, self._known = self._known, self._read()
        return max((now - before.get(reason, now) for reason, now in self._known.items()), default=0.0)

    def _read(self) -> dict[str, float]:
        """Read what is counted: what each processor's host took, and when all threads waited for memory or disks."""
        found = {f"full {name}": self._total(name, b"full") for name in ("memory", "io")}
        if not self._counts_delays:
            found["some cpu"] = self._total("cpu", b"some")
        for line in _read(f"{self._proc}/stat").splitlines():
            name, *figures = line.split()
            if name.startswith(b"cpu") and name != b"cpu" and len(figures) >= _STEAL:
                found[f"steal {name!r}"] = int(figures[_STEAL - 1]) / _TICKS
        return found

    def _total(self, name: str, whose: bytes) -> float:
        found = {one["whose"]: int(one["us"]) for one in _TOTAL.finditer(_read(f"{self._proc}/pressure/{name}"))}
        return found.get(whose, 0) / 1e6


def parent_of(pid: int, proc: Path = PROC) -> int:
    """Return which process has started one, 0 if that is unknown."""
    figures = _read(f"{proc}/{pid}/stat").rpartition(b")")[2].split()
    return int(figures[1]) if len(figures) > 1 else 0


def _read(path: str) -> bytes:
    with suppress(OSError):  # it has ended, or this system has no such file
        descriptor = os.open(path, os.O_RDONLY)
        try:
            return os.read(descriptor, 65536)
        finally:
            os.close(descriptor)
    return b""


def _listed(folder: str) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)  # noqa: PTH208 - ten times a second
    return []

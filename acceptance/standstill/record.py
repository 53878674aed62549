"""The record of when the machine stood still, by its watchers.

A watcher notes for each span of time how much of it some watched part stood still: itself, the embedded
account, a function, a program. The figure is the most that a piece of work can have lost there, however many waited.
Times are of `now()`.
"""

from __future__ import annotations

import os
import threading
import time
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# How long a watcher may be silent before it must be standing still now, in s: two beats and a message's delay.
SILENCE = 0.3
# How long notes are kept, in s: longer than any wait.
KEPT = 3600.0
# The watcher that is the run itself.
RUN = "the run"


def now() -> float:
    """Return the seconds of a monotonic clock. If the operating system has such a clock, it continues in standby."""
    return time.clock_gettime(_CLOCK) if _CLOCK is not None else time.monotonic()


_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", None)


@dataclass(frozen=True, order=True)
class Span:
    """From `began` to `ended` (s of `now()`) so much was `lost` (s)."""

    ended: float
    began: float
    lost: float


class Record:
    """The notes of several watchers, each with a name of its own."""

    def __init__(self, clock: Callable[[], float] = now) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._spans: dict[str, list[Span]] = {}
        self._heard: dict[str, float] = {}  # when each was heard last

    def note(self, watcher: str, began: float, ended: float, lost: float) -> None:
        """Note a watcher's report on a span of time."""
        with self._lock:
            self._heard[watcher] = ended
            if lost > 0:
                spans = self._spans.setdefault(watcher, [])
                insort(spans, Span(ended, began, lost))
                del spans[: bisect_left(spans, ended - KEPT, key=lambda span: span.ended)]

    def forget(self, watcher: str) -> None:
        """Remove a watcher: its silence means nothing from now on."""
        with self._lock:
            self._heard.pop(watcher, None)

    def begin_anew(self) -> None:
        """Forget everything, as a forked process must: no watcher reports to it yet."""
        self._lock = threading.Lock()
        self._spans, self._heard = {}, {}

    @property
    def watches_system(self) -> bool:
        """Whether a part of the system runs here, so that the machine can have delayed it."""
        with self._lock:
            return any(watcher != RUN for watcher in (*self._heard, *self._spans))

    def lost(self, began: float, ended: float) -> float:
        """Return for how much of this time (s) anything stood still.

        That is the maximum delay of work that went from one watched part to the next.
        """
        with self._lock:
            spans = [span for spans in self._spans.values() for span in _around(spans, began, ended)]
            spans += [Span(ended, heard, ended - heard) for heard in self._heard.values() if ended - heard > SILENCE]
        pieces = (_piece(span, began, ended) for span in spans)
        return _together([piece for piece in pieces if piece[0] < piece[1]])

    def lost_lately(self, seconds: float) -> float:
        """Return the same for the last so many seconds."""
        at = self._clock()
        return self.lost(at - seconds, at)


# What is known in this process.
RECORD = Record()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=RECORD.begin_anew)


def lost_between_ms(began_ms: float, ended_ms: float, *, own: bool = False, record: Record = RECORD) -> float:
    """Return by how much (ms) the machine can have delayed work between two times of its clock (epoch ms).

    `own`: the run itself took part; its own standstill does not affect what happened elsewhere.
    """
    if not (own or record.watches_system):
        return 0.0
    ahead = time.time() - now()
    return record.lost(began_ms / 1000 - ahead, ended_ms / 1000 - ahead) * 1000


def seconds(value: float) -> str:
    """Write seconds as people do: `8.2 s`."""
    return f"{value:.1f} s"


def _around(spans: Sequence[Span], began: float, ended: float) -> Iterator[Span]:
    for span in spans[bisect_left(spans, began, key=lambda span: span.ended) :]:
        if span.began < ended:
            yield span


def _piece(span: Span, began: float, ended: float) -> tuple[float, float, float]:
    """Return the part of a span between two times, and which share of it was lost: all of the span's may lie there."""
    began, ended = max(span.began, began), min(span.ended, ended)
    return began, ended, min(1.0, span.lost / (ended - began)) if ended > began else 0.0


def _together(pieces: Sequence[tuple[float, float, float]]) -> float:
    """Add up the losses of possibly overlapping pieces, never more than the whole time."""
    edges = sorted({edge for began, ended, _ in pieces for edge in (began, ended)})
    waiting, lost = sorted(pieces), 0.0
    under_way: list[tuple[float, float]] = []
    for began, ended in pairwise(edges):
        while waiting and waiting[0][0] <= began:
            _, end, share = waiting.pop(0)
            under_way.append((end, share))
        under_way = [(end, share) for end, share in under_way if end > began]
        lost += min(1.0, sum(share for _, share in under_way)) * (ended - began)
    return lost

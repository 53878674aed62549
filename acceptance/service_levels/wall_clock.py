"""Whether this machine's clock was set during a measurement. The embedded account stamps by that clock.

A suspended machine has not set its clock, if it has one that continues meanwhile (acceptance/standstill).
"""

from __future__ import annotations

import time
from statistics import median

from acceptance.standstill.record import now

# A smaller difference is none: the two clocks are not read at the same moment, and slewing affects both.
LEAST_MS = 100.0


def _ahead() -> float:
    """Return how far the wall clock is ahead of the monotonic one (s)."""
    return median(time.time() - now() for _ in range(5))


_at_first = _ahead()


def watch() -> None:
    """Start over: earlier changes do not count."""
    global _at_first
    _at_first = _ahead()


def was_set_by_ms() -> float:
    """Return by how much the clock was set since `watch`, ahead or back, in ms; 0 if it was not."""
    step = abs(_ahead() - _at_first) * 1000
    return step if step >= LEAST_MS else 0.0

"""How many customers arrive when, and when a run is over."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from load.options import Options

GROWTH = 1.5
# After the last arrival those under way are given up when so many times a customer's patience has passed.
DRAIN_TIMES = 4


@dataclass(frozen=True)
class Found:
    """What the search for the limit has found: the highest rate that was met, and the first that was not, and why."""

    met: int
    missed: int
    why: str


class Course:
    """The course of one run. `under_way` tells how many are not known to have ended, `why_missed` what broke."""

    def __init__(
        self,
        options: Options,
        users: int,
        most: int,
        *,
        under_way: Callable[[], int],
        begun: Callable[[], int],
        next_stage: Callable[[], None],
        why_missed: Callable[[], str],
    ) -> None:
        self._options = options
        self._rate, self._run_seconds = users, options.run_seconds
        self._most = most
        self._under_way, self._begun = under_way, begun
        self._next_stage, self._why_missed = next_stage, why_missed
        self._stage_began = 0.0
        self._met = 0
        self._drains_since: float | None = None
        self._at = 0.0
        self.has_begun = False
        self.seconds = 0.0  # for how long customers were to arrive
        self.asked = 0.0  # how many were to arrive so far
        self.found: Found | None = None
        self.why_over = ""

    @property
    def arriving(self) -> int:
        """How many customers are to arrive a second now."""
        return self._rate if self._drains_since is None else 0

    def begin(self, users: int, run_seconds: float) -> None:
        """Begin with so many arrivals a second, for so long (s; 0: until somebody ends it)."""
        self._rate, self._run_seconds = users, run_seconds

    def end(self, why: str) -> None:
        """Let nobody in any more; `why` is said in the report."""
        self.why_over = self.why_over or why

    def rate(self, run_time: float) -> int | None:
        """Return how many are to arrive a second after so long (s), 0 while the last are served, None at the end."""
        self._count(run_time)
        if self._drains_since is None and self._is_over(run_time):
            self._drains_since = run_time
        if self._drains_since is not None:
            waited = run_time - self._drains_since
            return (
                0
                if waited < 2 or (self._under_way() and waited < DRAIN_TIMES * self._options.settings.patience_seconds)
                else None
            )
        if self._options.find and run_time - self._stage_began >= self._options.stage_seconds:
            self._go_on(run_time)
        return self._rate if self._drains_since is None else 0

    def _count(self, run_time: float) -> None:
        """Add what was asked for since the last time."""
        self.has_begun = True
        passed, self._at = max(0.0, run_time - self._at), run_time
        if self.arriving:
            self.seconds += passed
            self.asked += self._rate * passed

    def _is_over(self, run_time: float) -> bool:
        if self._most and max(self._begun(), math.ceil(self.asked)) >= self._most:
            self.end(f"the ceiling of {self._most:,} was reached")
        return bool(self.why_over) or bool(self._run_seconds and run_time >= self._run_seconds)

    def _go_on(self, run_time: float) -> None:
        """Judge the rate that was asked for until now, and ask for more, or end."""
        why = self._why_missed()
        if why:
            self.found = Found(self._met, self._rate, why)
            self._drains_since = run_time
            return
        self._met, self._stage_began = self._rate, run_time
        self._rate = max(self._rate + 1, round(self._rate * GROWTH))
        self._next_stage()

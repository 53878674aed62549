"""Timeouts on a machine that may stand still meanwhile: a standstill is added on top, within bounds."""

from __future__ import annotations

import time
from collections.abc import Callable

from acceptance.standstill.record import RECORD, seconds

# A wait must end: it lasts at most so many times as long as on a machine that never stands still.
MOST = 4.0


class Patience:
    """So many seconds in which the machine does not stand still.

    `clock` is monotonic, in s; `lost` returns how much of the last so many seconds was lost. By a clock that is not the
    machine's nothing was.
    """

    def __init__(
        self,
        least: float,
        clock: Callable[[], float] = time.monotonic,
        lost: Callable[[float], float] | None = None,
    ) -> None:
        self._least = self._until = least
        self._clock = clock
        self.lost_lately = lost or (RECORD.lost_lately if clock is time.monotonic else _nothing)
        self._began = clock()
        self.stood_still = 0.0  # the standstill found when the timeout was about to expire, in s

    @property
    def lasted(self) -> float:
        """How long it has lasted, in s."""
        return self._clock() - self._began

    @property
    def left(self) -> float:
        """How much is left, as far as is known now, in s."""
        return max(0.0, self._until - self.lasted)

    def is_over(self) -> bool:
        """Return whether it has ended. The standstill is looked up only when it is about to end."""
        lasted = self.lasted
        if lasted < self._until:
            return False
        self.stood_still = min(self.lost_lately(lasted), lasted)
        self._until = min(self._least + self.stood_still, self._least * MOST)
        return lasted >= self._until

    @property
    def is_inconclusive(self) -> bool:
        """Whether it has ended before the machine provided all the time to be waited."""
        return self.lasted - self.stood_still < self._least

    @property
    def words(self) -> str:
        """The machine's share in it, "" for none."""
        return f"the machine stood still for {seconds(self.stood_still)} of these {seconds(self.lasted)}"


def _nothing(_: float) -> float:
    return 0.0

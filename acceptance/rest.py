"""A wait's view of the system: is anything under way, and for how long has nothing been?

A wait on a system at rest ends before its timeout. A `Rest` reports what is under way; how long nothing must
have happened before rest is assumed is the run's `Grace`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

# So many times as long as the longest of so many silences: the next one may last longer by chance.
FACTOR = 2.0
LATEST = 50


@dataclass(frozen=True)
class Look:
    """The state, at one moment, of all that a scenario has set off.

    `under_way` describes what is, "" for nothing; `at_rest` describes what has ended or waits for people.
    `sign` changes with each event. `unsure` says why more may be under way than is visible, "" if that is impossible.
    `endless`: the end of what is under way cannot be observed.
    """

    under_way: str = ""
    at_rest: str = ""
    sign: Hashable = None
    unsure: str = ""
    endless: bool = False

    @property
    def words(self) -> str:
        """Why waiting any longer is pointless."""
        known = "; ".join(filter(None, (self.at_rest, self.unsure)))
        return f"nothing was running any more{known and f' ({known})'}"


class Rest(Protocol):
    """Checks all that one scenario has set off."""

    def look(self, patience: float) -> Look:
        """Check it now. A timer of the system's own that ends within `patience` (s) counts as under way."""


class Grace:
    """How long nothing must have happened before a wait ends, learned from this run.

    It is longer than the longest of the latest silences after which an event arrived: invisible work
    takes longer while the machine is busy. `least` is its minimum, in s, and `unsure` the minimum if not
    everything is visible.
    """

    def __init__(self, least: float, unsure: float) -> None:
        self._least = least
        self._unsure = unsure
        self._latest: deque[tuple[float, bool]] = deque(maxlen=LATEST)

    def learn(self, silence: float, look: Look | None = None) -> None:
        """Learn how long (s) nothing had happened before an event, and the last state until then."""
        self._latest.append((silence, bool(look and look.unsure)))

    def after(self, look: Look) -> float:
        """Return it for a state, in s."""
        # Invisible work does not show how long visible work may be silent.
        silences = [silence for silence, unsure in self._latest if look.unsure or not unsure]
        return max(self._unsure if look.unsure else self._least, FACTOR * max(silences, default=0.0))


# On AWS the effects may be shown seconds later, by lists and logs above all.
EMBEDDED_GRACE, AWS_GRACE = (1.0, 5.0), (5.0, 15.0)

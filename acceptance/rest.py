"""What a wait wants to know of the system that it waits for: is anything under way, and for how long has nothing been?

A wait that has come to rest ends before its patience does. What is under way is told by a `Rest`; how long nothing must
have happened before that is believed is the run's `Grace`.
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
    """What was seen at one moment of all that a scenario has set off.

    `under_way` is what is, in words, "" for nothing; `at_rest` is what has ended or waits for people, in words.
    `sign` changes with whatever happens. `unsure` says why more may be under way than can be seen, "" if it cannot.
    `endless`: nobody sees when what is under way is over.
    """

    under_way: str = ""
    at_rest: str = ""
    sign: Hashable = None
    unsure: str = ""
    endless: bool = False

    @property
    def words(self) -> str:
        """Why nothing is waited for any more."""
        known = "; ".join(filter(None, (self.at_rest, self.unsure)))
        return f"nothing is under way any more{known and f' ({known})'}"


class Rest(Protocol):
    """Looks at all that one scenario has set off."""

    def look(self, patience: float) -> Look:
        """Look at it now. A timer of the system's own that ends within `patience` (s) is under way."""


class Grace:
    """How long nothing must have happened before nothing is waited for any more, learned from this run.

    It is longer than the longest of the latest silences after which something came: whatever is not seen on its way
    takes longer while the machine is busy. `least` is the shortest it may be, in s, and `unsure` the shortest where not
    everything can be seen.
    """

    def __init__(self, least: float, unsure: float) -> None:
        self._least = least
        self._unsure = unsure
        self._latest: deque[tuple[float, bool]] = deque(maxlen=LATEST)

    def learn(self, silence: float, look: Look | None = None) -> None:
        """Learn how long (s) nothing had happened before something did, and what was seen last until then."""
        self._latest.append((silence, bool(look and look.unsure)))

    def after(self, look: Look) -> float:
        """Return it for what was seen, in s."""
        # What was not seen on its way says nothing of how long all that is seen may be silent.
        silences = [silence for silence, unsure in self._latest if look.unsure or not unsure]
        return max(self._unsure if look.unsure else self._least, FACTOR * max(silences, default=0.0))


# On AWS what was done may be shown seconds later, by lists and logs above all.
EMBEDDED_GRACE, AWS_GRACE = (1.0, 5.0), (5.0, 15.0)

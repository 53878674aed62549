"""What a load run needs to know of a system: how one of its customers is served, and what must be true afterwards."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, TypeVar

from acceptance.service_levels.levels import Ends, Promise
from acceptance.service_levels.timeline import Hop, Timeline
from acceptance.settings import Settings
from acceptance.standstill.record import RECORD, now
from acceptance.system import System
from acceptance.target import Target
from load.place import Joined
from load.results import LOST, Numbered

_T = TypeVar("_T")
LONGER = 4


class Patience:
    """How long somebody waits for an answer: `seconds`, and longer by what the machine stood still meanwhile."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._began = now()

    def left(self) -> float:
        """Return how much longer to wait (s), 0 when it is over. It never lasts more than four times as long."""
        at = now()
        stood_still = min(RECORD.lost(self._began, at), (LONGER - 1) * self._seconds)
        return max(0.0, self._began + self._seconds + stood_still - at)


@dataclass(frozen=True)
class Turn:
    """When somebody was to act, and by how much later the suite came to do it (both ms, of `now()`)."""

    due: float
    late: float


@dataclass
class Visit:
    """One customer, from the intended arrival on (s of `now()`). `end` is one of results.ENDS."""

    due: float
    key: str = ""
    end: str = LOST
    words: str = ""
    turns: dict[str, Turn] = field(default_factory=dict)
    ends: dict[str, Ends] = field(default_factory=dict)
    without: Sequence[str] = ()  # the keys of service levels that do not concern it
    number: Numbered | None = None
    wrong: list[tuple[str, str]] = field(default_factory=list)  # of which kind, in words

    def takes(self, promise: Promise, act: Callable[[], _T]) -> _T:
        """Do what a service level counts from: the first at the intended arrival, each further one at once."""
        at = now()
        due = at if self.turns else self.due
        self.turns[promise.key] = Turn(due * 1000, (at - due) * 1000)
        return act()

    def measure(self, promises: Sequence[Promise], timeline: Timeline) -> None:
        """Find both ends of each service level in what the cloud has stamped."""
        found = ((promise.key, promise.ends(timeline)) for promise in promises if promise.key in self.turns)
        self.ends = {key: ends for key, ends in found if ends}


class Venue(Protocol):
    """A deployed system, as one worker uses it."""

    @property
    def clock_offset(self) -> float:
        """How far the clocks of two services may differ (ms)."""

    def check(self) -> None:
        """Raise Trouble where nothing can be said about the system any more."""

    def serve(self, visits: Sequence[Visit]) -> None:
        """Let those come who come together, and do for them what has to be done. What became of each is noted.

        A promise that was not kept raises nothing. Raises what boto3 raises where the account refuses a call.
        """

    def doubled(self) -> Iterator[tuple[str, str]]:
        """Yield what was announced more often than it was due since the last time, in words, and of which order."""

    def heard_all(self) -> None:
        """Wait until all that was sent is heard. Raises Trouble where that cannot be."""

    def slowest_hop(self, promise: Promise, visit: Visit) -> Hop | None:
        """Tell where the time went between both ends of a service level."""


class Trade(ABC):
    """A system under load. `promises` are what each customer is promised, in their order."""

    system: ClassVar[type[System]]
    promises: Sequence[Promise]
    counted: ClassVar[str] = "orders"
    at_once: ClassVar[int] = 1  # so many of them come with each arrival
    numbered: ClassVar[bool] = False  # whether each gets a number that has to differ from that of the others
    are_right: ClassVar[str] = "are stored as they were ordered"
    usd_each: ClassVar[float]  # what AWS charges for one, estimated from above: docs/load.md

    def read(self, settings: Settings) -> None:  # noqa: B027 - a default, not something to fill in
        """Take from the settings of a run what the promises depend on. Every process of the run does so first."""

    @abstractmethod
    def prepare(self, target: Target) -> Mapping[str, str]:
        """Deploy the system into an account of the run's own, or see that a deployed one is ready. Raises Trouble.

        Returns what workers have to know besides the account (`Joined.told`); no secret is among it.
        """

    @abstractmethod
    def enter(self, target: Joined) -> Venue:
        """Find the system for one worker. Raises Trouble when it cannot be tested."""

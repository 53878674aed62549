"""What is noted of a scenario while it runs, so that spans can be made of it: when its steps ran, and its orders' ways.

It goes from a worker to the lead with the scenario's verdict, so it holds no more than spans need, and no secrets.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from acceptance.report.cleaning import clean
from acceptance.service_levels.levels import Distribution, Promise
from acceptance.service_levels.timeline import Moment, Timeline, pieces

# More ways than these of one scenario are not reported: a rush hour has hundreds, and its figures say more.
MOST_WAYS = 20


@dataclass(frozen=True)
class StepTimes:
    """When the step of this number, from 0, began and ended (ns since 1970, by this machine's clock)."""

    number: int
    began_ns: int
    ended_ns: int


@dataclass(frozen=True)
class Point:
    """Something that a clock of the cloud has stamped: what it was, at which time (epoch ms), and how exactly (ms)."""

    kind: str
    lane: str
    what: str
    note: str
    at_ms: int
    clock: str
    resolution_ms: int


@dataclass(frozen=True)
class Piece:
    """A hop of a way: where the time passed, from one stamp of the cloud to the next (epoch ms)."""

    where: str
    began_ms: int
    ended_ms: int


@dataclass(frozen=True)
class Way:
    """The way of one order, or of another item of a system: its owner, its key, its stamps, and its hops."""

    whose: str
    key: str
    points: Sequence[Point]
    pieces: Sequence[Piece]
    began_ms: int
    ended_ms: int

    @classmethod
    def of(cls, whose: str, timeline: Timeline) -> Way:
        """Take a timeline's stamps. It must have a moment."""
        stamps = [stamp.ms for one in timeline.moments for stamp in (one.began, one.ended) if stamp]
        return cls(
            clean(whose),
            clean(timeline.key),
            [_point(moment) for moment in timeline.moments],
            [Piece(clean(hop.where), began, began + hop.ms) for began, hop in pieces(timeline)],
            min(stamps),
            max(stamps),
        )


@dataclass(frozen=True)
class JudgedLevel:
    """The latencies of one service level of a system, which may take `budget` ms; key and title as in Promise."""

    system: str
    key: str
    title: str
    budget: float
    distribution: Distribution


@dataclass
class Observed:
    """The notes on one scenario. `began_ns`: as in StepTimes. `no_ways`: why its ways are not known."""

    began_ns: int = field(default_factory=time.time_ns)
    steps: list[StepTimes] = field(default_factory=list)
    ways: Sequence[Way] = ()
    no_ways: str = ""
    levels: Sequence[JudgedLevel] = ()

    def take_step(self, step: Any, steps: Sequence[Any]) -> None:
        """Note a step that has just ended; one that is none of the scenario's `steps` was called by another one."""
        number = next((n for n, one in enumerate(steps) if one is step), None)
        if number is not None:
            ended = time.time_ns()
            self.steps.append(StepTimes(number, ended - round(step.duration * 1e9), ended))

    def take_ways(self, timelines: Callable[[], Mapping[str, Timeline]]) -> None:
        """Note the ways of the scenario's orders. A failure here changes nothing of the scenario."""
        try:
            known = ((whose, one) for whose, one in timelines().items() if one.moments)
            self.ways = [Way.of(whose, one) for whose, one in islice(known, MOST_WAYS)]
        except Exception as error:  # noqa: BLE001 - see above
            self.no_ways = clean(f"{type(error).__name__}: {error}")

    def take_levels(self, system: str, latencies: Iterable[tuple[Promise, Distribution]]) -> None:
        """Note the scenario's checks of a system's service levels."""
        self.levels = [JudgedLevel(system, one.key, one.title, one.budget, values) for one, values in latencies]


def _point(moment: Moment) -> Point:
    stamp = moment.began
    lane, what, note = clean(moment.lane), clean(moment.what), clean(moment.note)
    return Point(moment.kind, lane, what, note, stamp.ms, stamp.clock.name, stamp.clock.resolution)

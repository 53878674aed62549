"""Service levels, and whether they were met.

A latency is an interval: the stamps at its two ends have limited accuracy. Wholly within the budget it is
met, wholly beyond it is missed, and astride it is inconclusive: then neither may be claimed. If the system's
machine stood still meanwhile, the work may have taken that much less than the stamps say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any

from hdrh.histogram import HdrHistogram

from acceptance.breach import NEVER_CAME, Breach
from acceptance.service_levels.percentiles import rank
from acceptance.service_levels.timeline import Hop, Stamp, Timeline, slowest
from acceptance.service_levels.wall_clock import was_set_by_ms
from acceptance.standstill.record import lost_between_ms, seconds
from acceptance.trouble import Inconclusive

# A histogram of 1 ms to one hour, exact to three digits: what HdrHistogram's documentation calls usual.
LOWEST, HIGHEST, DIGITS = 1, 3_600_000, 3


class Compliance(Enum):
    """Whether a service level was met."""

    MET = "met"
    MISSED = "missed"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Latency:
    """How long something took, in ms: at least `earliest`, at most `latest`.

    `stood_still`: for how much of it the machine may have stood still (ms), which is subtracted from `earliest`.
    """

    earliest: float
    latest: float
    stood_still: float = 0.0

    @classmethod
    def between(cls, start: Stamp, end: Stamp, offset: float = 0) -> Latency:
        """Return the time between two stamps. `offset`: how far two clocks may differ (ms), if they are two.

        A clock that was set in between, or may have been, differs from itself.
        """
        apart = was_set_by_ms() + (0 if start.clock is end.clock else offset)
        return cls(max(0, end.ms - start.latest - apart), max(0, end.latest - start.ms + apart))

    def compliance(self, budget: float) -> Compliance:
        """Check it against a budget (ms)."""
        if self.latest <= budget:
            return Compliance.MET
        return Compliance.MISSED if self.earliest > budget else Compliance.INCONCLUSIVE

    def allowing_for(self, stood_still: float, at_least: float = 0.0) -> Latency:
        """Return it as it may have been without the machine's standstill (ms), `at_least` so long (ms)."""
        earliest = max(self.earliest - stood_still, at_least)
        if earliest >= self.earliest:
            return self
        return Latency(max(0.0, earliest), self.latest, self.earliest - earliest)

    @property
    def standstill_words(self) -> str:
        """The machine's share in it, "" for none."""
        if not self.stood_still:
            return ""
        still, whole = seconds(self.stood_still / 1000), seconds(self.latest / 1000)
        return f"the machine stood still for {still} of these {whole}"

    @property
    def exact(self) -> float | None:
        """One figure if it is exact to some ms, else None."""
        return (self.earliest + self.latest) / 2 if self.latest - self.earliest <= 4 else None

    @property
    def words(self) -> str:
        """It in words: a figure if it is exact, else both ends."""
        if self.exact is not None:
            return milliseconds(self.exact)
        return f"between {milliseconds(self.earliest)} and {milliseconds(self.latest)}"


def milliseconds(value: float) -> str:
    """Write ms as people do: `1,840 ms`."""
    return f"{math.floor(value + 0.5):,} ms"


def budget_words(budget: float) -> str:
    """Write a budget as people do: `500 ms`, `1 s`, `1.5 s`."""
    return f"{budget / 1000:g} s" if budget >= 1000 else f"{budget:g} ms"


Ends = tuple[Stamp, Stamp]


def between_events(first: str, last: str) -> Callable[[Timeline], Ends | None]:
    """Return the ends of a service level, from the types of two events, each the first of its type."""
    return partial(_first_to_last, first, last)  # and no closure: promises go from a worker to its lead


def _first_to_last(first: str, last: str, timeline: Timeline) -> Ends | None:
    begun = timeline.first("event", first)
    ended = timeline.first("event", last, since=begun.began.ms) if begun else None
    return (begun.began, ended.began) if begun and ended else None


@dataclass(frozen=True)
class Promise:
    """A service level. `ends` finds its two stamps in a timeline, None unless there are both.

    `key` names it for machines, `title` for a table, `told` in a sentence: "{told} 12 ms after {since}". `heard` is
    the type of the event that ends it, `budget` is in ms. `counted`: the plural of its items in a rush.
    """

    key: str
    title: str
    told: str
    since: str
    heard: str
    budget: float
    ends: Callable[[Timeline], Ends | None]
    counted: str = "requests"

    def within(self, budget: float) -> Promise:
        """Return the same promise with another budget (ms)."""
        return replace(self, budget=budget)


@dataclass(frozen=True)
class Judgement:
    """How a promise was met for one key: its latency, and the hop that took longest."""

    promise: Promise
    latency: Latency
    hop: Hop | None
    clocks: Sequence[str]

    @property
    def compliance(self) -> Compliance:
        """Met, missed, or inconclusive."""
        return self.latency.compliance(self.promise.budget)

    @property
    def lateness(self) -> str:
        """By how much a promise was missed."""
        exact = self.latency.exact
        over = milliseconds((self.latency.earliest if exact is None else exact) - self.promise.budget)
        return f"{over} late" if exact is not None else f"at least {over} late"

    def words(self, **people: str) -> str:
        """Describe it in a sentence; `people` fill the names in the promise's words."""
        told, since = self.promise.told.format(**people), self.promise.since.format(**people)
        budget = budget_words(self.promise.budget)
        late = f", so that is {self.lateness}" if self.compliance is Compliance.MISSED else ""
        sentence = f"{told} {self.latency.words} after {since}; the service level is {budget}{late}."
        if self.compliance is Compliance.MISSED and self.hop:
            sentence += f" {milliseconds(self.hop.ms)} of it passed {self.hop.where}."
        if self.compliance is Compliance.INCONCLUSIVE and self.latency.stood_still:
            sentence += f" Inconclusive: {self.latency.standstill_words}."
        elif self.compliance is Compliance.INCONCLUSIVE:
            step = was_set_by_ms()
            clocks = [*self.clocks, *([f"this machine's clock was set by {milliseconds(step)}"] if step else ())]
            sentence += f" Inconclusive, because the timestamps are too coarse: {', '.join(clocks)}."
        return sentence

    def require(self, **people: str) -> None:
        """Raise AssertionError if the promise was missed, Inconclusive if that is unknown."""
        if self.compliance is Compliance.MISSED:
            raise Breach(self.words(**people), _too_slow(self.promise, self.hop))
        if self.compliance is Compliance.INCONCLUSIVE:
            raise Inconclusive(self.words(**people))


def _too_slow(promise: Promise, hop: Hop | None) -> str:
    """Name the cause of the delay, whichever promise was missed: the longest hop, if it is known."""
    return f"too slow {hop.where if hop else promise.key}"


def judge(promise: Promise, timeline: Timeline, offset: float = 0) -> Judgement | None:
    """Check a promise by a key's timeline; None while it does not contain both of its ends."""
    ends = promise.ends(timeline)
    if ends is None:
        return None
    start, end = ends
    clocks = [f"{stamp.clock.name} (to {milliseconds(stamp.clock.resolution)})" for stamp in ends]
    if offset and start.clock is not end.clock:
        clocks.append(f"their clocks may differ by {milliseconds(offset)}")
    hop = slowest(timeline, start.ms, end.ms)
    latency = allowing_for_standstill(Latency.between(start, end, offset), promise.budget, start, end, timeline)
    return Judgement(promise, latency, hop, list(dict.fromkeys(clocks)))


def allowing_for_standstill(
    latency: Latency,
    budget: float,
    start: Stamp,
    end: Stamp,
    timeline: Timeline | None = None,
    idle: tuple[float, float] | None = None,
) -> Latency:
    """Return a latency between two stamps that is beyond its budget (ms), as it may have been on a quiet machine.

    The machine can have delayed everything that went on meanwhile. But a function whose run the timeline shows took all
    of that run except the time lost within it: that distinguishes a slow one from a starved one.
    While it was `idle` (from, to; epoch ms) by a timer of its own, the machine cannot have delayed it.
    """
    if latency.compliance(budget) is not Compliance.MISSED:
        return latency
    own = start.clock.own or end.clock.own
    busy = [(start.ms, idle[0]), (idle[1], end.latest)] if idle else [(start.ms, end.latest)]
    stood_still = sum(lost_between_ms(began, ended, own=own) for began, ended in busy if began < ended)
    if not stood_still:
        return latency
    return latency.allowing_for(stood_still, max(_worked(timeline, start.ms, end.ms), default=0.0))


def _worked(timeline: Timeline | None, start: float, end: float) -> Iterable[float]:
    """Yield for how long (ms) each run of a function surely took between two times, except the time lost in it."""
    for run in timeline.runs if timeline else ():
        began, ended = max(start, run.began.latest), min(end, run.ended.ms if run.ended else start)
        if began < ended:
            yield ended - began - lost_between_ms(began, ended)


# --- many keys --------------------------------------------------------------------------------------


# A distribution as plain values: its two histograms as HdrHistogram encodes them, in base64, and its standstill (ms).
Packed = tuple[str, str, float]


class Distribution:
    """The latencies of many keys: two histograms, of the earliest and of the latest possible values."""

    def __init__(self, latencies: Iterable[Latency] = ()) -> None:
        self._earliest = HdrHistogram(LOWEST, HIGHEST, DIGITS)
        self._latest = HdrHistogram(LOWEST, HIGHEST, DIGITS)
        self.stood_still = 0.0  # for how long the machine may have stood still, at most, within one of them (ms)
        for latency in latencies:
            self.add(latency)

    def __reduce__(self) -> tuple[Any, ...]:
        return Distribution.unpacked, (self.packed(),)

    def packed(self) -> Packed:
        """Return it as plain values, for another process or a file."""
        return self._earliest.encode().decode(), self._latest.encode().decode(), self.stood_still

    @classmethod
    def unpacked(cls, packed: Packed) -> Distribution:
        """Restore a packed distribution."""
        distribution = cls()
        earliest, latest, distribution.stood_still = packed
        distribution._earliest = HdrHistogram.decode(earliest)
        distribution._latest = HdrHistogram.decode(latest)
        return distribution

    def __len__(self) -> int:
        return int(self._latest.get_total_count())

    def add(self, latency: Latency) -> None:
        """Add one key's latency. One beyond an hour counts as an hour."""
        self._earliest.record_value(max(LOWEST, min(HIGHEST, math.floor(latency.earliest))))
        self._latest.record_value(max(LOWEST, min(HIGHEST, math.ceil(latency.latest))))
        self.stood_still = max(self.stood_still, latency.stood_still)

    def merge(self, other: Distribution) -> None:
        """Add all of another one: percentiles of several runs come from merged histograms, never from averages."""
        self._earliest.add(other._earliest)
        self._latest.add(other._latest)
        self.stood_still = max(self.stood_still, other.stood_still)

    def longest(self) -> Sequence[tuple[int, int]]:
        """Return the maximum each can have taken (ms), as exactly as a histogram records it, and how many of each."""
        return [(int(one.value_iterated_to), one.count_added_in_this_iter_step) for one in _recorded(self._latest)]

    def compliance(self, budget: float) -> Mapping[Compliance, int]:
        """Return how many of them met a budget (ms), how many missed it, and how many may have."""
        met = sum(count for value, count in self.longest() if value <= budget)
        lowest = self._earliest.get_lowest_equivalent_value
        missed = sum(
            one.count_added_in_this_iter_step
            for one in _recorded(self._earliest)
            if lowest(one.value_iterated_to) > budget
        )
        unknown = len(self) - met - missed
        return {Compliance.MET: met, Compliance.MISSED: missed, Compliance.INCONCLUSIVE: unknown}

    def percentile(self, percent: float) -> Latency:
        """Return the latency within which so many per cent of all were."""
        percent = 100 * rank(percent, len(self)) / max(1, len(self))  # the histogram rounds to the nearest one
        earliest = self._earliest.get_value_at_percentile(percent)  # the highest of the values it cannot distinguish
        return Latency(
            self._earliest.get_lowest_equivalent_value(earliest), self._latest.get_value_at_percentile(percent)
        )

    def require(self, promise: Promise, percent: float, slowest_hop: Callable[[], Hop | None] = lambda: None) -> None:
        """Check that so many per cent were within the promise's budget. Raises as Judgement.require does.

        `slowest_hop` describes where the time went for the slowest one; it is called only if the promise was missed.
        """
        latency = self.percentile(percent)
        verdict = latency.compliance(promise.budget)
        half, slowest = self.percentile(50), self.percentile(100)
        share = f"{percent:g} % of {len(self)} {promise.counted}"
        took = f"fewer than {share} got there at all" if is_lost(latency) else f"{share} took {latency.words} at most"
        spread = (
            "half were lost" if is_lost(half) else f"half {half.words}",
            "the slowest was lost" if is_lost(slowest) else f"the slowest {slowest.words}",
        )
        sentence = (
            f"{promise.title}: {took}; the service level is {budget_words(promise.budget)} ({', '.join(spread)})."
        )
        if verdict is Compliance.MISSED:
            hop = None if is_lost(slowest) else slowest_hop()
            where = f" For the slowest, {milliseconds(hop.ms)} passed {hop.where}." if hop else ""
            cause = f"{NEVER_CAME}{promise.heard}" if is_lost(latency) else _too_slow(promise, hop)
            raise Breach(f"{sentence}{where}", cause)
        if verdict is Compliance.INCONCLUSIVE:
            still = f"the machine stood still for {seconds(self.stood_still / 1000)} of the longest"
            why = f": {still}" if self.stood_still else ": the timestamps are too coarse"
            raise Inconclusive(f"{sentence} Inconclusive{why}.")


def _recorded(histogram: HdrHistogram) -> Iterable[Any]:
    """Yield each recorded value of a histogram, the highest of those it cannot distinguish, and its count."""
    return histogram.get_recorded_iterator()  # type: ignore[no-any-return]


@dataclass(frozen=True)
class KeptLevel:
    """A service level with all of its latencies, as it is kept in a file.

    The two histograms are HdrHistogram's own compressed form, in base64.
    """

    key: str
    title: str
    system: str
    budget_ms: float
    earliest: str
    latest: str
    stood_still_ms: float = 0.0


def is_lost(latency: Latency) -> bool:
    """Whether it represents one that never arrived."""
    return latency.latest >= HIGHEST


def from_intended_start(
    arrivals: Sequence[Stamp],
    ends: Sequence[Stamp],
    due: Sequence[float],
    late: Sequence[float],
    offset: float = 0,
    *,
    budget: float = math.inf,
    timelines: Sequence[Timeline | None] = (),
) -> Sequence[Latency]:
    """Return the latencies of requests that arrived by a schedule, each counted from its intended start.

    A request that had to wait before it could even begin has waited for the system too: counted from its real start, a
    stall would hide itself (coordinated omission). `due` is when each was to start, and `late` how much later the suite
    itself started it, both in ms by the suite's clock; only differences of `due` are used. The schedule is laid on the
    cloud's clock so that none arrives before its time. The suite's own delay is not the system's fault, so it widens
    the interval; so does the machine's standstill, where one is beyond the `budget` (ms). `timelines`: as in
    `allowing_for_standstill`, of each.
    """
    step = was_set_by_ms()
    anchor = min(start.ms - planned for start, planned in zip(arrivals, due, strict=True))
    latencies = []
    of_each = timelines or [None] * len(ends)
    for start, end, planned, own, timeline in zip(arrivals, ends, due, late, of_each, strict=True):
        whole = Latency.between(start, end, offset)
        waited = start.ms - (anchor + planned)
        latency = Latency(whole.earliest + max(0, waited - own - step), whole.latest + waited)
        intended = replace(start, ms=math.floor(anchor + planned))
        latencies.append(allowing_for_standstill(latency, budget, intended, end, timeline))
    return latencies


class Levels:
    """Every latency that a run has checked, by promise, and the system of each promise."""

    def __init__(self) -> None:
        self._judged: dict[str, tuple[Promise, Distribution]] = {}
        self.systems: dict[str, str] = {}

    def take(self, judged: Iterable[tuple[Promise, Distribution]], system: str = "") -> None:
        """Add the checks of some promises of a system."""
        for promise, distribution in judged:
            self._judged.setdefault(promise.key, (promise, Distribution()))[1].merge(distribution)
            self.systems.setdefault(promise.key, system)

    def take_all(self, other: Levels) -> None:
        """Add the checks of another session."""
        for promise, distribution in other.judged():
            self.take([(promise, distribution)], other.systems.get(promise.key, ""))

    def judged(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return each checked promise, with all of its latencies."""
        return list(self._judged.values())

    def kept(self) -> Sequence[KeptLevel]:
        """Return them as they are kept in a file."""
        return [
            KeptLevel(
                promise.key, promise.title, self.systems.get(promise.key, ""), promise.budget, *distribution.packed()
            )
            for promise, distribution in self.judged()
        ]

    @classmethod
    def of(cls, kept: Iterable[KeptLevel]) -> Levels:
        """Restore them; their promises know only their names and their budgets."""
        levels = cls()
        for one in kept:
            promise = Promise(one.key, one.title, one.title, "", "", one.budget_ms, lambda _: None)
            latencies = Distribution.unpacked((one.earliest, one.latest, one.stood_still_ms))
            levels.take([(promise, latencies)], one.system)
        return levels

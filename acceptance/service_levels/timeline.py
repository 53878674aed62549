"""When things happened about one key, by the clocks of the cloud and never by the suite's own.

A moment is a point (an event was delivered, a record changed) or a span (a workflow's state, a function's
run). Each end of it is a stamp that names the clock that made it and how exact that clock is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

from acceptance.aws.changes import Change
from acceptance.aws.executions import ENDS
from acceptance.aws.function_logs import Invocation
from acceptance.aws.observer import Observer
from acceptance.aws.tap import Event

Kind = Literal["person", "event", "execution", "state", "function", "record", "change", "message", "service"]

WAITS = "waits for a person"
NEARLY_ALL = 0.9
# The lanes of moments without a name of their own.
BUS, FUNCTIONS = "bus", "functions"


@dataclass(frozen=True)
class Clock:
    """The clock that stamps, and how exactly: `resolution` in ms, by the service's documentation.

    `own`: the run itself stamps, so that its own delay counts.
    """

    name: str
    resolution: int
    own: bool = False


STEP_FUNCTIONS = Clock("Step Functions history", 1)
QUEUE = Clock("SQS SentTimestamp", 1)
STREAM = Clock("DynamoDB stream", 1000)
LOGS = Clock("CloudWatch Logs", 1)


@dataclass(frozen=True)
class Stamp:
    """A reading of a clock: the true time is in [`ms`, `ms` + the clock's resolution), epoch ms."""

    ms: int
    clock: Clock

    @property
    def latest(self) -> int:
        """The latest time that the stamp can mean, epoch ms."""
        return self.ms + self.clock.resolution


@dataclass(frozen=True)
class Moment:
    """Something that happened: who (`lane`) and `what`, from `began` until `ended`.

    A point has no end, nor has a span that is not over (`is_open`). `note` adds to its name.
    """

    kind: Kind
    lane: str
    what: str
    began: Stamp
    ended: Stamp | None = None
    note: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it is a span that is not over yet."""
        return self.kind in ("execution", "state", "function") and self.ended is None


@dataclass(frozen=True)
class Timeline:
    """Everything that is known to have happened to one key, in the order of the stamps."""

    key: str
    moments: Sequence[Moment]

    @classmethod
    def of(cls, key: str, moments: Iterable[Moment]) -> Timeline:
        """Create a timeline of moments in any order."""
        return cls(key, tuple(sorted(moments, key=lambda moment: moment.began.ms)))

    @property
    def runs(self) -> Sequence[Moment]:
        """The runs of functions in it."""
        return [moment for moment in self.moments if moment.kind == "function"]

    def first(self, kind: Kind, what: str, since: int = 0, naming: str = "") -> Moment | None:
        """Return the first moment of this kind and name at or after `since` (epoch ms), if there is one.

        `naming`: only one whose details contain something of this name.
        """
        wanted = (m for m in self.moments if (m.kind, m.what) == (kind, what) and m.began.ms >= since)
        return next((m for m in wanted if not naming or m.detail.get(naming)), None)


@dataclass(frozen=True)
class Hop:
    """The way from one stamp to the next: where the time passed, and how much of it (ms)."""

    where: str
    ms: int


@dataclass(frozen=True)
class _Cut:
    ms: int
    moment: Moment


def hops(timeline: Timeline, start: int, end: int) -> Sequence[Hop]:
    """Cut the time from `start` to `end` (epoch ms) at every stamp of a timeline, and name each piece.

    A piece that passed within a function's run or a workflow's state is named after that; any other one after
    the two stamps around it. Stamps coarser than a millisecond are left out: they would cut where nothing happened.
    """
    return [hop for _, hop in _cut([one for one in timeline.moments if one.kind != "person"], start, end)]


def pieces(timeline: Timeline) -> Sequence[tuple[int, Hop]]:
    """Yield every hop of a timeline that took any time, from the first action on, with when it began (epoch ms)."""
    return [(began, hop) for began, hop in _cut(timeline.moments, 0, sys.maxsize) if hop.ms]


def _cut(moments: Iterable[Moment], start: int, end: int) -> Sequence[tuple[int, Hop]]:
    exact = [moment for moment in moments if moment.kind in _NAMES and moment.began.clock.resolution == 1]
    cuts = [_Cut(ms, moment) for moment in exact for ms in _ends(moment) if start <= ms <= end]
    cuts.sort(key=lambda cut: (cut.ms, list(_NAMES).index(cut.moment.kind)))
    works = [moment for moment in exact if moment.kind in _WORKS and moment.note != WAITS]
    return [(one.ms, Hop(_where(one, other, works), other.ms - one.ms)) for one, other in pairwise(cuts)]


def slowest(timeline: Timeline, start: int, end: int) -> Hop | None:
    """Return the hop between `start` and `end` (epoch ms) that took longest, or None if nothing is known."""
    return max(hops(timeline, start, end), key=lambda hop: hop.ms, default=None)


# The moments that cut the time, and their names. Of several at the same millisecond the first here comes first.
_NAMES = {
    "person": "{lane} ({what})",
    "execution": "the start of the {lane}",
    "state": "the state “{what}” of the {lane}",
    "function": "the function {what}",
    "record": "the record ({what})",
    "event": "the bus ({what})",
    "message": "the {what}",
    "service": "the {what}",
}
# Those that work while they last.
_WORKS = ("function", "state", "service")


def _ends(moment: Moment) -> Sequence[int]:
    """When something new began. A state's successor begins at its end; nothing waits for the end of other spans."""
    if moment.kind == "state" and moment.ended:
        return [moment.began.ms, moment.ended.ms]
    return [moment.began.ms]


def _where(one: _Cut, other: _Cut, works: Sequence[Moment]) -> str:
    """Name a piece after the shortest work that fills nearly all of it, else after the two stamps around it."""
    around = [work for work in works if _shared(work, one.ms, other.ms) >= NEARLY_ALL * (other.ms - one.ms) > 0]
    if around:
        return f"in {_name(min(around, key=lambda work: work.ended.ms - work.began.ms if work.ended else 0))}"
    return f"between {_name(one.moment)} and {_name(other.moment)}"


def _shared(work: Moment, start: int, end: int) -> int:
    return min(work.ended.ms, end) - max(work.began.ms, start) if work.ended else 0


def _name(moment: Moment) -> str:
    return _NAMES[moment.kind].format(lane=moment.lane, what=moment.what)


# --- where moments come from -----------------------------------------------------------------------


def of_key(observer: Observer, key: str, *, with_functions: bool = False) -> Timeline:
    """Return all the cloud's stamps for a key. `with_functions` reads the functions' logs as well."""
    moments = of_events(BUS, observer.events_of(key))
    for lane, executions in observer.executions_of(key).items():
        for one in executions:
            moments += of_history(lane, observer.executions[lane].history(one.arn), one.arn)
    for lane, changes in observer.changes_of(key).items():
        moments += of_changes(lane, changes)
    if with_functions:
        moments += of_invocations(FUNCTIONS, observer.runs(key))
    return Timeline.of(key, moments)


def of_events(lane: str, events: Iterable[Event]) -> list[Moment]:
    """Return the events about a key, as the tap's queue stamped them."""
    return [
        Moment(
            "event",
            lane,
            event.detail_type,
            Stamp(event.sent_ms, QUEUE),
            detail=event.detail if isinstance(event.detail, dict) else {},
        )
        for event in events
    ]


def of_history(lane: str, history: Sequence[Mapping[str, Any]], run: str = "") -> list[Moment]:
    """Return an execution and its states from its history (Step Functions' notation, the oldest first).

    `run` distinguishes the states of several executions in one lane: each moment has it in its details.
    """
    if not history:
        return []
    detail = {"run": run}
    ends = [_stamp(event) for event in history if event["type"] in ENDS]
    over = ends[0] if ends else None
    failed = next((event["type"] for event in history if event["type"] in ENDS[1:]), "")
    moments = [Moment("execution", lane, lane, _stamp(history[0]), over, failed, detail)]
    entered = [(place, event) for place, event in enumerate(history) if "stateEnteredEventDetails" in event]
    for number, (place, event) in enumerate(entered):
        name = event["stateEnteredEventDetails"]["name"]
        until = entered[number + 1][0] if number + 1 < len(entered) else len(history)
        left = [_stamp(e) for e in history[place:until] if e.get("stateExitedEventDetails", {}).get("name") == name]
        # A state that fails is not exited; then the next one, or the execution's end, shows that it is over.
        after = _stamp(history[until]) if until < len(history) else over
        waits = any(_waits(e) for e in history[place:until])
        note = WAITS if waits else ""
        moments.append(Moment("state", lane, name, _stamp(event), left[0] if left else after, note, detail))
    return moments


def of_changes(lane: str, changes: Iterable[Change]) -> list[Moment]:
    """Return the changes of a record, to the second, as its table's stream stamps them."""
    return [Moment("change", lane, change.words, Stamp(change.created_ms, STREAM)) for change in changes]


def of_invocations(lane: str, invocations: Iterable[Invocation]) -> list[Moment]:
    """Return the runs of functions, as their logs report them."""
    return [
        Moment("function", lane, run.function, Stamp(run.began_ms, LOGS), Stamp(run.ended_ms, LOGS))
        for run in invocations
    ]


def _waits(event: Mapping[str, Any]) -> bool:
    return str(event.get("taskScheduledEventDetails", {}).get("resource", "")).endswith(".waitForTaskToken")


def _stamp(event: Mapping[str, Any]) -> Stamp:
    return Stamp(round(event["timestamp"].timestamp() * 1000), STEP_FUNCTIONS)

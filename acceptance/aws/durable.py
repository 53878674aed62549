"""What happened in a durable execution, read from its history: steps, waits, and the invocations between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from acceptance.service_levels.timeline import FUNCTIONS, WAITS, Clock, Moment, Stamp, Timeline

HISTORY = Clock("durable execution history", 1)
# MiniStack's history has whole seconds, except for its invocations.
COARSE_HISTORY = Clock("durable execution history", 1000)
OVER = ("SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED")


@dataclass(frozen=True)
class Operation:
    """A step, a wait or an invocation: when it began and, unless it is under way, when it ended (epoch ms).

    `attempts` counts how often a step's work was begun, as far as the history shows. `first` and `last` are the numbers
    of the invocations, from 0, in which it began and ended.
    """

    kind: str
    name: str
    began: Stamp
    ended: Stamp | None = None
    outcome: str = ""
    attempts: int = 1
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class DurableExecution:
    """A durable execution as it is now. `error` says why it has failed."""

    arn: str
    status: str
    started: Stamp
    ended: Stamp | None
    error: str = ""
    events: Sequence[Mapping[str, Any]] = field(default=(), repr=False)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.status in OVER

    def dead_end(self) -> str | None:
        """Return why it can no longer change, None while it can."""
        return f"it is over: {self.words}" if self.is_over else None

    @property
    def words(self) -> str:
        """Its progress, in a sentence's words."""
        last = self.operations[-1] if self.operations else None
        where = f", last seen at {last.name}" if last else ""
        why = f" because of “{self.error}”" if self.error else ""
        return f"{self.status.lower().replace('_', ' ')}{why}{where}"

    @cached_property
    def operations(self) -> Sequence[Operation]:
        """Its steps and waits, in the order in which they began."""
        found: dict[str, Operation] = {}
        invocation = 0
        for event in self.events:
            kind, what = _parted(event["EventType"])
            invocation += what == "InvocationCompleted"
            if kind:
                key = str(event.get("Id") or event.get("Name"))
                operation = found.get(key) or Operation(
                    kind, event.get("Name") or kind.lower(), _at(event), first=invocation
                )
                found[key] = _gone_on(operation, event, what, invocation, is_new=key not in found)
        return list(found.values())

    @property
    def last_failure(self) -> str:
        """Why the last attempt of a failed step failed, "" if none has: it may have been retried since.

        MiniStack's history contains no attempt before the last one.
        """
        failed = [event.get("StepFailedDetails") or {} for event in self.events if event["EventType"] == "StepFailed"]
        error = (failed[-1].get("Error") or {}).get("Payload") or {} if failed else {}
        return str(error.get("ErrorMessage") or error.get("ErrorType") or "")

    @property
    def steps(self) -> Sequence[Operation]:
        """Its steps only."""
        return [operation for operation in self.operations if operation.kind == "Step"]

    @property
    def succeeded(self) -> Counter[str]:
        """How often each step has succeeded, by its name."""
        events = [event for event in self.events if event["EventType"] == "StepSucceeded"]
        return Counter(event.get("Name") or "a step" for event in events)

    @property
    def invocations(self) -> Sequence[Mapping[str, Any]]:
        """What is known of each ended invocation of the function."""
        return [event["InvocationCompletedDetails"] for event in self.events if "InvocationCompletedDetails" in event]

    @property
    def was_taken_up_again(self) -> bool:
        """Whether a step was retried.

        If the history does not contain attempts, its invocations show it: each wait ends one, so any further invocation
        was ended by a step that failed.
        """
        retried = any(operation.attempts > 1 for operation in self.steps)
        if any(operation.began.clock is HISTORY for operation in self.operations):
            return retried
        waits = sum(operation.kind != "Step" and operation.ended is not None for operation in self.operations)
        return retried or len(self.invocations) > waits + 1


def stamp(at: datetime) -> Stamp:
    """Return a service's time as a stamp; a time in whole seconds is taken to be accurate to the second."""
    return Stamp(round(at.timestamp() * 1000), HISTORY if at.microsecond else COARSE_HISTORY)


def execution(found: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> DurableExecution:
    """Read the answers of GetDurableExecution and GetDurableExecutionHistory (all pages)."""
    invocations = [event["InvocationCompletedDetails"] for event in events if "InvocationCompletedDetails" in event]
    started, ended = stamp(found["StartTimestamp"]), None
    if invocations:
        started = _finer(started, invocations[0]["StartTimestamp"])
    if found.get("EndTimestamp"):
        ended = stamp(found["EndTimestamp"])
        if invocations:
            ended = _finer(ended, invocations[-1]["EndTimestamp"])
    error = found.get("Error") or {}
    return DurableExecution(
        found["DurableExecutionArn"],
        found["Status"],
        started,
        ended,
        error.get("ErrorMessage") or error.get("ErrorType") or "",
        events,
    )


def timeline_of(key: str, executions: Sequence[DurableExecution], function: str) -> Timeline:
    """Return the stamps of the executions about a key: their operations, and the invocations of the `function`."""
    moments, lane = [], "durable execution"
    for seen in executions:
        if seen.started.ms:
            note = seen.status if seen.is_over and seen.status != OVER[0] else ""
            moments.append(Moment("execution", lane, lane, seen.started, seen.ended, note))
        for one in seen.operations:
            note = "" if one.kind == "Step" else WAITS
            moments.append(Moment("state", lane, one.name, one.began, one.ended, note))
        for run in seen.invocations:
            began, ended = stamp(run["StartTimestamp"]), stamp(run["EndTimestamp"])
            moments.append(Moment("function", FUNCTIONS, function, began, ended))
    return Timeline.of(key, moments)


def not_seen_yet(arn: str) -> DurableExecution:
    """Return what is known of an execution that was just submitted and that its service does not show yet."""
    return DurableExecution(arn, "RUNNING", Stamp(0, COARSE_HISTORY), None)


def _finer(coarse: Stamp, at: datetime) -> Stamp:
    """Use the stamp of an invocation that began or ended in the same second, if the execution's is that coarse."""
    fine = stamp(at)
    return fine if coarse.ms <= fine.ms < coarse.latest and coarse.clock is COARSE_HISTORY else coarse


def _parted(event_type: str) -> tuple[str, str]:
    for kind in ("Step", "Wait", "Callback"):
        if event_type.startswith(kind):
            return kind, event_type.removeprefix(kind)
    return "", event_type


def _gone_on(operation: Operation, event: Mapping[str, Any], what: str, invocation: int, *, is_new: bool) -> Operation:
    if what == "Started":
        return replace(operation, ended=None, outcome="", attempts=operation.attempts + (not is_new), last=invocation)
    retry = (event.get(f"{event['EventType']}Details") or {}).get("RetryDetails") or {}
    attempts = max(operation.attempts, retry.get("CurrentAttempt") or 1)
    return replace(operation, ended=_at(event), outcome=what.lower(), attempts=attempts, last=invocation)


def _at(event: Mapping[str, Any]) -> Stamp:
    return stamp(event["EventTimestamp"])

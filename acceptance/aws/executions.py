"""Executions of a workflow, found by what started them, never as "the latest one".

A Step Functions execution does not name its owner, so the list is paged through and each
execution is described once and remembered by its key, which the system declares, and by the id of the event that
started it.
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from acceptance.aws.watched import Key
from acceptance.masking import masked
from acceptance.trouble import Trouble

# Lists lag behind, and an execution is listed by its start.
MARGIN = timedelta(minutes=15)
EPOCH = datetime.fromtimestamp(0, UTC)
History = Sequence[Mapping[str, Any]]
BY_TASK_TOKEN = ".waitForTaskToken"  # noqa: S105 - Step Functions' own suffix
# The last events of histories.
ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
# The types of an execution's last event while it waits for a task token; MiniStack has only the first of them.
_SCHEDULED = "taskScheduledEventDetails"
_HANDED_OUT = (_SCHEDULED, "taskStartedEventDetails", "taskSubmittedEventDetails")


@dataclass(frozen=True)
class Execution:
    """What Step Functions says about an execution. `error` and `cause` are empty unless it failed."""

    arn: str
    status: str
    event_id: str | None
    key: str | None
    error: str
    cause: str

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self.status == "RUNNING"

    @property
    def succeeded(self) -> bool:
        """Whether it succeeded."""
        return self.status == "SUCCEEDED"

    @property
    def why(self) -> str:
        """Its error and cause as the end of a sentence, as far as it has them.

        >>> Execution("arn", "ABORTED", None, None, "", "An operator has stopped it.").why
        ': An operator has stopped it.'
        """
        told = " ".join(filter(None, (self.error, self.cause)))
        return told and f": {told}"


@dataclass(frozen=True)
class Position:
    """Where a running execution is: the number of the last event of its history, and the last state entered.

    `answered_by` is the service call that has handed out the task token which it waits for, such as
    `putEvents.waitForTaskToken`, "" if it waits for none. `bounds` are its waits' timeouts (s), as far as known.
    """

    number: int
    state: str
    answered_by: str = ""
    bounds: Sequence[int] = ()


class Executions:
    """The executions of one state machine, all of them or those that start `from_now_on`."""

    def __init__(self, stepfunctions: Any, state_machine_arn: str, key: Key) -> None:
        """Take a boto3 client, the workflow's ARN, and the key that its executions are found by."""
        self._stepfunctions = stepfunctions
        self._key = key
        self.state_machine_arn = state_machine_arn
        self._since = EPOCH
        self._known: dict[str, Execution] = {}
        self._histories: dict[str, History] = {}
        self._own: dict[str, None] = {}
        self._started: dict[str, datetime] = {}

    def from_now_on(self) -> None:
        """Leave out what started long before the newest execution. The time comes from the list, not from our clock."""
        newest = self._stepfunctions.list_executions(stateMachineArn=self.state_machine_arn, maxResults=1)["executions"]
        self._since = newest[0]["startDate"] - MARGIN if newest else EPOCH

    def start(self, given: Mapping[str, Any]) -> str:
        """Start an execution and return its ARN. It has a name, so a repeated call starts it only once."""
        name = f"acceptance-{uuid.uuid4().hex}"
        try:
            answer = self._stepfunctions.start_execution(
                stateMachineArn=self.state_machine_arn, name=name, input=json.dumps(given)
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise
            # No other caller knows the name: the answer was lost, and the execution has ended by now.
            parts = self.state_machine_arn.split(":")
            return self.note(":".join([*parts[:5], "execution", parts[6], name]))
        self._started[str(answer["executionArn"])] = answer["startDate"]
        return self.note(str(answer["executionArn"]))

    def started(self, arn: str) -> datetime | None:
        """Return when an execution began, as the cloud answered `start`; None if that is not known."""
        return self._started.get(arn)

    def note(self, arn: str) -> str:
        """Note that this run has caused an execution, in any way, and return its ARN."""
        self._own[arn] = None
        return arn

    @property
    def own(self) -> Sequence[str]:
        """The ARNs of the executions that this run has started without an event, in their order."""
        return list(self._own)

    def describe(self, arn: str) -> Execution:
        """Return the execution as it is now; an ended one is requested only once."""
        known = self._known.get(arn)
        if known is None or known.running:
            known = self._known[arn] = _execution(self._stepfunctions.describe_execution(executionArn=arn), self._key)
        return known

    def last_state(self, arn: str) -> str:
        """Return the name of the state that an execution entered last, "" before the first one."""
        events = self._stepfunctions.get_execution_history(
            executionArn=arn, reverseOrder=True, maxResults=20, includeExecutionData=False
        )["events"]
        entered = (event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event)
        return next(entered, "")

    def has_failed(self, arn: str) -> bool:
        """Whether a task of an execution has failed, even if it is tried again."""
        events = self._stepfunctions.get_execution_history(
            executionArn=arn, reverseOrder=True, maxResults=20, includeExecutionData=False
        )["events"]
        return any(event["type"] in ("TaskFailed", "TaskTimedOut") for event in events)

    def position(self, arn: str) -> Position:
        """Return where a running execution is."""
        events = self._stepfunctions.get_execution_history(
            executionArn=arn, reverseOrder=True, maxResults=20, includeExecutionData=False
        )["events"]
        if not events:
            return Position(0, "")
        state = next((e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e), "")
        told: Mapping[str, Any] = next((events[0][name] for name in _HANDED_OUT if name in events[0]), {})
        resource = str(told.get("resource", "")).rpartition(":")[2]
        scheduled: Mapping[str, Any] = next((e[_SCHEDULED] for e in events if _SCHEDULED in e), {})
        bounds = [int(scheduled[name]) for name in ("timeoutInSeconds", "heartbeatInSeconds") if scheduled.get(name)]
        return Position(events[0]["id"], state, resource if resource.endswith(BY_TASK_TOKEN) else "", bounds)

    def history(self, arn: str) -> History:
        """Return an execution's history without its data (which contains task tokens), the oldest event first.

        A history that contains the execution's end is read only once; it may lag behind the execution.
        """
        if arn not in self._histories:
            pages = self._stepfunctions.get_paginator("get_execution_history").paginate(
                executionArn=arn, includeExecutionData=False
            )
            events = [event for page in pages for event in page["events"]]
            if not events or events[-1]["type"] not in ENDS:
                return events
            self._histories[arn] = events
        return self._histories[arn]

    def known(self, key: str) -> Sequence[str]:
        """Return the ARNs of the executions of a key that were found so far."""
        return [e.arn for e in list(self._known.values()) if e.key == key]

    def of_event(self, event_id: str) -> Execution | None:
        """Return the execution that an event started, as it is now, or None while there is none."""

        def matching() -> Sequence[Execution]:
            return self._matching(lambda execution: execution.event_id == event_id)

        found = matching()
        for status in ("RUNNING", None):  # the running ones are few, so they are searched first
            if not found:
                self._look(status)
                found = matching()
        return found[0] if found else None

    def of_key(self, key: str) -> Sequence[Execution]:
        """Return every execution of a key, as they are now. Raises Trouble when no path to it is declared."""
        if not self._key.executions:
            raise Trouble(
                f"No path to the key “{self._key.name}” in executions is declared. "
                "Declare one (Key.executions), such as input.detail.reference."
            )
        self._look(status=None)
        return self._matching(lambda execution: execution.key == key)

    def all(self) -> Sequence[Execution]:
        """Return every execution started since, by any caller, as last read."""
        self._look(status=None)
        return list(self._known.values())

    def running(self) -> Sequence[Execution]:
        """Return the executions that run now, started by any caller.

        New executions are listed a little late, so those that are known to have run count too.
        """
        known = [arn for arn, execution in list(self._known.items()) if execution.running]
        arns = dict.fromkeys([*self._arns("RUNNING", whenever=True), *known])
        return [e for e in map(self.describe, arns) if e.running]

    def stop(self, arn: str, cause: str) -> None:
        """End an execution. One that has already ended stays unchanged."""
        try:
            self._stepfunctions.stop_execution(executionArn=arn, cause=cause)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("ValidationException", "ExecutionDoesNotExist"):
                raise

    def _matching(self, wanted: Any) -> Sequence[Execution]:
        return [self.describe(e.arn) for e in list(self._known.values()) if wanted(e)]

    def _look(self, status: str | None) -> None:
        for arn in self._arns(status):
            if arn not in self._known:
                self.describe(arn)

    def _arns(self, status: str | None, *, whenever: bool = False) -> Iterator[str]:
        extra = {"statusFilter": status} if status else {}
        pages = self._stepfunctions.get_paginator("list_executions").paginate(
            stateMachineArn=self.state_machine_arn, **extra
        )
        for page in pages:
            recent = [
                e
                for e in page["executions"]
                if whenever or max(e["startDate"], e.get("stopDate") or e["startDate"]) > self._since
            ]
            yield from (e["executionArn"] for e in recent)
            if page["executions"] and not recent:
                return  # the list is sorted, the newest first


def _execution(described: Mapping[str, Any], key: Key) -> Execution:
    given = _read(described.get("input"))
    return Execution(
        arn=described["executionArn"],
        status=described["status"],
        event_id=given.get("id") if isinstance(given, dict) else None,
        key=key.in_execution(described.get("name", ""), given, _read(described.get("output"))),
        error=described.get("error", ""),
        # Step Functions quotes a state's whole input in some causes, including task tokens.
        cause=masked(described.get("cause", "")),
    )


def _read(text: str | None) -> Any:
    try:
        return json.loads(text or "{}")
    except json.JSONDecodeError:
        return {}

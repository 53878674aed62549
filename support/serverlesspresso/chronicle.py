"""The cloud's timestamps and logs of one café's orders: timelines, and evidence of a failure."""

from collections.abc import Mapping, Sequence
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.changes import RecordChanges
from acceptance.aws.executions import Executions
from acceptance.aws.function_logs import Invocation
from acceptance.aws.observer import Observer
from acceptance.aws.tap import EventTap
from acceptance.aws.wiring import Wiring
from acceptance.service_levels.timeline import (
    STEP_FUNCTIONS,
    Clock,
    Moment,
    Stamp,
    Timeline,
    of_changes,
    of_events,
    of_history,
    of_invocations,
)
from support.serverlesspresso.messages import SCANNED
from support.serverlesspresso.orders import DOES, Action, Order, name_of
from support.serverlesspresso.parts import Parts
from support.serverlesspresso.watched import ORDER, WATCHED

BUS, PROCESSOR, MANAGER, RECORD, FUNCTIONS = "bus", "order workflow", "action workflow", "record", "functions"
# The function that stores an order stamps it itself.
TS = Clock("the order's own TS", 1)


class Chronicle:
    """Reads an order's history. It makes no calls before it is used, except for the stream's position."""

    def __init__(
        self, account: Account, parts: Parts, tap: EventTap, processors: Executions, actions: Executions
    ) -> None:
        self._processors = processors
        self._actions = actions
        self.wiring = Wiring(
            account.events, account.stepfunctions, parts.event_bus, [parts.order_processor, parts.order_manager]
        )
        self.changes = RecordChanges(account.dynamodb, account.streams, parts.orders_table, ORDER)
        workflows, records = {PROCESSOR: processors, MANAGER: actions}, {RECORD: self.changes}
        self.observer = Observer(account, WATCHED, self.wiring, tap, workflows, records)

    def open(self) -> None:
        """Begin to listen to the changes of the orders' records."""
        self.changes.open()

    def timeline(
        self, order_id: str, actions: Sequence[Action], record: Order | None, *, with_functions: bool = False
    ) -> Timeline:
        """Return everything that happened to an order. `with_functions` asks the functions' logs as well."""
        told = of_events(BUS, self.observer.events_of(order_id))
        moments = [*_scans(told), *told]
        for arn in self._processors.known(order_id):
            moments += of_history(PROCESSOR, self._processors.history(arn), arn)
        for action in actions:
            history = of_history(MANAGER, self._actions.history(action.execution), action.execution)
            moments += [*_taken(action, history), *history]
        moments += opened(record, moments)
        moments += of_changes(RECORD, self.changes.of_key(order_id))
        if with_functions:
            moments += of_invocations(FUNCTIONS, self.runs(order_id))
        return Timeline.of(order_id, moments)

    def stamps(self, order_id: str, actions: Sequence[Action], record: Order | None) -> Timeline:
        """Return an order's timestamps that need no query: its events, its record, when actions began."""
        told = of_events(BUS, self.observer.events_of(order_id))
        moments = [*_scans(told), *told]
        for action in actions:
            at = self._actions.started(action.execution)
            if at:
                began = Stamp(round(at.timestamp() * 1000), STEP_FUNCTIONS)
                moments += _taken(action, [Moment("execution", MANAGER, MANAGER, began)])
        return Timeline.of(order_id, [*moments, *opened(record, moments)])

    def evidence(self, order_id: str, record: Order | None) -> dict[str, Any]:
        """Return an order's state, its last event, its workflows' states, and the functions' logs."""
        return {"the order now": record.content if record else "there is none", **self.observer.evidence(order_id)}

    def runs(self, order_id: str) -> Sequence[Invocation]:
        """Return the runs of the system's functions that logged an order's id; none where logs cannot be read."""
        return self.observer.runs(order_id)

    def all_is_logged(self, order_id: str) -> bool:
        """Whether each run triggered by an order's events is logged by now, or never will be visible to us."""
        return self.observer.all_is_logged(order_id)


def opened(record: Order | None, moments: Sequence[Moment]) -> list[Moment]:
    """When an order was stored at first, by its record's TS; empty where that does not say so.

    Some shops rewrite TS with each update, recognizable by a TS later than an action on the order.
    """
    content = record.content if record else {}
    if not str(content.get("TS", "")).isdigit():
        return []
    acts = [moment.began.ms for moment in moments if moment.kind == "person" and "run" in moment.detail]
    stamp = Stamp(int(content["TS"]), TS)
    return [Moment("record", RECORD, "stored", stamp)] if not acts or stamp.ms <= min(acts) else []


def _scans(told: Sequence[Moment]) -> list[Moment]:
    """The customers' scans, as the bus delivered them."""
    scan = {"action": "scan"}
    return [
        Moment("person", name_of(str(moment.detail.get("userId"))), "scans the code", moment.began, detail=scan)
        for moment in told
        if moment.what == SCANNED
    ]


def _taken(action: Action, history: Sequence[Moment]) -> list[Moment]:
    """When an action was taken: at the start of its workflow."""
    if not history:
        return []
    detail: Mapping[str, Any] = {"action": action.name, "run": action.execution}
    return [Moment("person", name_of(action.by) or "somebody", DOES[action.name], history[0].began, detail=detail)]

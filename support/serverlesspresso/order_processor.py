"""The order processor: the workflow that serves an order, its bounds, and the task tokens by which it goes on."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from acceptance.aws.account import Account, LostAnswer
from acceptance.aws.executions import Execution, Executions
from acceptance.waiting import Pauses
from support.serverlesspresso.menu import READ_AT_THE_SHOP
from support.serverlesspresso.orders import Scan, Workflows
from support.serverlesspresso.profile import ShopProfile

# Words in the names of the workflow's two waiting states, and of the events that these emit.
CHOOSING, MAKING = "Started", "Completion"
WHOLE = "TimeoutSeconds"
BOUNDS = (WHOLE, "HeartbeatSeconds")
USUAL_CAPACITY = 20
# By how much the largest number of running orders is below what they are compared with.
IS_BELOW = {
    **{"NumericGreaterThan": 0, "NumericLessThanEquals": 0, "NumericGreaterThanEquals": 1, "NumericLessThan": 1},
    **{">": 0, "<=": 0, ">=": 1, "<": 1},
}
COMPARISON = re.compile(r"(>=|<=|>|<)\s*(\d+)")
# How often a task token is tried when its answer is lost.
USES = 3
REFUSALS = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")


class Bound(NamedTuple):
    """What ends a wait: the field of the state (HeartbeatSeconds or TimeoutSeconds), and how long it may take."""

    field: str
    seconds: int


class OrderProcessor:
    """The workflows that serve orders."""

    def __init__(
        self,
        account: Account,
        executions: Executions,
        definition: Callable[[], Mapping[str, Any]],
        scan_of: Callable[[str], str],
        shop: ShopProfile = READ_AT_THE_SHOP,
    ) -> None:
        """`definition` reads the deployed workflow; `scan_of` returns the id of the event that scanned an order.

        `shop`: the profile's capacity and times.
        """
        self.executions = executions
        self._account = account
        self._definition = definition
        self._scan_of = scan_of
        self._shop = shop

    @property
    def capacity(self) -> int:
        """How many orders may be under way at once, as the profile or the deployed workflow says."""
        return self._shop.capacity or capacity_of(self._definition())

    def time_out_of(self, wait: str) -> int:
        """The time limit (s) of a wait, CHOOSING or MAKING, in the deployed workflow; 0: none."""
        said = {CHOOSING: self._shop.choosing_seconds, MAKING: self._shop.making_seconds}[wait]
        bound = self.bound_of(wait)
        return said or (bound.seconds if bound else 0)

    def bound_of(self, wait: str) -> Bound | None:
        """Return what ends a wait in the deployed workflow, None where nothing does."""
        return bound_of(self._definition(), wait)

    def free_places(self) -> int:
        """How many more orders the shop can serve now."""
        return self.capacity - len(self.executions.running())

    def serving(self, order_id: str) -> Workflows:
        """Return the workflow that was started by the order's last scan, if there is one.

        Where workflows do not receive the id of their event, these are all that serve the order.
        """
        event_id = self._scan_of(order_id)
        first = self.executions.of_event(event_id) if event_id else None
        return Workflows(order_id, [first]) if first else self.all_of(order_id)

    def all_of(self, order_id: str) -> Workflows:
        """Return every workflow that was ever started for the order."""
        return Workflows(order_id, self.executions.of_key(order_id))

    def of_scan(self, scan: Scan) -> Execution | None:
        """Return the workflow that a scan started, or None while there is none."""
        found = self.executions.of_event(scan.event_id) if scan.event_id else None
        if found or not scan.order_id:
            return found
        of_order = self.all_of(scan.order_id).executions
        own = 1 if self._scan_of(scan.order_id) else 0  # that of the scan which has opened the order
        return next(iter(of_order[own:]), None)

    def use_task_token(self, task_token: str) -> str:
        """Resume an order with a task token. Return "" when it is accepted, or the refusal's name.

        A token is accepted once. So when an answer is lost, it is retried: if accepted then, it had not been before.
        If refused, that may be because of the first try: LostAnswer is raised.
        """
        lost: LostAnswer | None = None
        for _ in Pauses(USES):
            try:
                self._account.stepfunctions.send_task_success(taskToken=task_token, output="{}")
            except LostAnswer as error:
                lost = error
            except ClientError as error:
                code = str(error.response["Error"]["Code"])
                if code not in REFUSALS:
                    raise
                if lost:
                    raise lost from error
                return code
            else:
                return ""
        assert lost is not None  # noqa: S101 - or it would have been answered
        raise lost

    def stop(self, orders: Collection[str], scans: Collection[str]) -> None:
        """End the workflows of these orders, and those that these events have started."""
        for execution in self.executions.running():
            if execution.key in orders or execution.event_id in scans:
                self.executions.stop(execution.arn, "The acceptance scenario has ended.")


def capacity_of(definition: Mapping[str, Any]) -> int:
    """Read the bound of the state that decides about capacity; the café's usual 20 if it cannot be read.

    A workflow that counts the running ones is one of them itself.
    """
    for name, state in _states(definition):
        if "capacity" in name.lower():
            for rule in state.get("Choices", []):
                for comparison, bound in _comparisons(rule):
                    return bound - IS_BELOW[comparison]
    return USUAL_CAPACITY


def bound_of(definition: Mapping[str, Any], wait: str) -> Bound | None:
    """Read what ends a wait, found by a word in its name or in what it emits; None where nothing ends it.

    Of several bounds, the first to pass ends it: a missing heartbeat, the time of the state, or that of the
    whole workflow, less the customer's time before the baristas begin.
    """
    bounds = list(_bounds_of_states(definition, wait))
    whole = definition.get(WHOLE)
    if type(whole) is int:
        before = min((bound.seconds for bound in _bounds_of_states(definition, CHOOSING)), default=0)
        bounds.append(Bound(f"{WHOLE} of the workflow", whole - before if wait == MAKING else whole))
    return min(bounds, key=lambda bound: bound.seconds, default=None)


def _bounds_of_states(definition: Mapping[str, Any], wait: str) -> Iterator[Bound]:
    for name, state in _states(definition):
        if wait in name or wait in _emitted(state):
            yield from (Bound(bound, state[bound]) for bound in BOUNDS if type(state.get(bound)) is int)


def _states(definition: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every state of a workflow by its name, those within others too."""
    for name, state in definition.get("States", {}).items():
        yield name, state
        for inner in (*state.get("Branches", []), state.get("ItemProcessor", {}), state.get("Iterator", {})):
            yield from _states(inner)


def _emitted(state: Mapping[str, Any]) -> str:
    """The detail-types of the events that a state puts onto a bus."""
    given = state.get("Parameters") or state.get("Arguments") or {}
    entries = given.get("Entries", []) if isinstance(given, Mapping) else []
    return " ".join(str(entry.get("DetailType", "")) for entry in entries)


def _comparisons(rule: Any) -> Iterator[tuple[str, int]]:
    """The comparisons with a number in a rule of a Choice state, in either of its languages."""
    if isinstance(rule, Mapping):
        for name, value in rule.items():
            if name in IS_BELOW and type(value) is int:
                yield name, value
            elif name == "Condition":
                yield from ((comparison, int(number)) for comparison, number in COMPARISON.findall(str(value)))
            else:
                yield from _comparisons(value)
    elif isinstance(rule, list):
        for one in rule:
            yield from _comparisons(one)

"""How people use Serverlesspresso: customers scan and choose, baristas claim and complete, Mo runs the shop.

The driver acts through the front (the bus, the order manager) and reads what people see (the
orders, the events, the workflows). It remembers what a scenario created, and takes it away again.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError
from hamcrest import equal_to

from acceptance.aws.account import Account
from acceptance.aws.coverage import Look, events_about, look
from acceptance.aws.executions import Execution, Executions
from acceptance.aws.tap import MARKER_SOURCE, Event, EventTap, remove_tap
from acceptance.service_levels.levels import Judgement, Promise, Verdict, judge
from acceptance.service_levels.timeline import Timeline
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.serverlesspresso.chronicle import Chronicle
from support.serverlesspresso.ids import new_order_id, new_user_id
from support.serverlesspresso.leftovers import find_leftovers
from support.serverlesspresso.messages import SCANNED
from support.serverlesspresso.orders import Action, Order, Scan, SeenAction, SeenOrder, Service, drink_of
from support.serverlesspresso.parts import Parts
from support.serverlesspresso.shop import ICON_PREFIX, Shop
from support.serverlesspresso.watched import ORDER, USER

SOURCE = "awsserverlessda.serverlesspresso"
ICON = f"{ICON_PREFIX}cappuccino-alternative"
PUT_EVENTS_MOST = 10
EVIDENCE_MOST = 3
# A log line takes some seconds to appear on AWS.
LOG_SECONDS = 10.0
LONG = "x" * 5000
# What can be wrong with a scan: its content, made of a user and an order id, and whether that names the order.
FLAWS: dict[str, Callable[[str, str], tuple[Any, bool]]] = {
    "no order": lambda user, order: ({"userId": user}, False),
    "no customer": lambda user, order: ({"orderId": order}, True),
    "a number as its order": lambda user, order: ({"userId": user, "orderId": 4711}, False),
    "a number as its customer": lambda user, order: ({"userId": 4711, "orderId": order}, True),
    "an empty order": lambda user, order: ({"userId": user, "orderId": ""}, False),
    "an empty customer": lambda user, order: ({"userId": "", "orderId": order}, True),
    "a blank order": lambda user, order: ({"userId": user, "orderId": "   "}, False),
    "an order of 5000 letters": lambda user, order: ({"userId": user, "orderId": LONG}, False),
    "a customer of 5000 letters": lambda user, order: ({"userId": LONG, "orderId": order}, True),
    "a list in place of its content": lambda user, order: ([user, order], True),
    "a text in place of its content": lambda user, order: (order, True),
    "an order of 65 letters": lambda user, order: ({"userId": user, "orderId": "x" * 65}, False),
    "a customer of 65 letters": lambda user, order: ({"userId": _padded(user, 65), "orderId": order}, True),
    "the first half of a letter": lambda user, order: ({"userId": user, "orderId": f"{order[:-1]}\ud83c"}, False),
    "the second half of a letter": lambda user, order: ({"userId": user, "orderId": f"{order[:-1]}\udf70"}, False),
}
GONE = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")


@dataclass
class Shift:
    """What one scenario has created, to be taken away at its end."""

    orders: list[str] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


class Cafe:
    """A deployed café, used by one run. Ids of orders and people carry the run's id."""

    def __init__(self, account: Account, parts: Parts, run_id: str, tap: EventTap, *, clock_offset: float = 0) -> None:
        """Take a café apart as found. `clock_offset`: how far the clocks of its services may differ, in ms."""
        self.account = account
        self.clock_offset = clock_offset
        self._parts = parts
        self.run_id = run_id
        self.tap = tap
        self.shop = Shop(account, parts, tap)
        self.processors = Executions(account.stepfunctions, parts.order_processor, ORDER)
        self.processors.from_now_on()
        self.actions = Executions(account.stepfunctions, parts.order_manager, ORDER)
        self.chronicle = Chronicle(account, parts, tap, self.processors, self.actions)
        self._shift = Shift()
        self._run = Shift()
        self._taken: dict[str, list[Action]] = defaultdict(list)
        self._scan_events: dict[str, str] = {}

    # --- customers -------------------------------------------------------------------------

    def new_order_id(self) -> str:
        """Make up an order id that nobody has used, and remember to remove its order."""
        order_id = new_order_id(self.run_id)
        self._shift.orders.append(order_id)
        return order_id

    def new_user_id(self, name: str) -> str:
        """Make up the id of a person, which no other run knows."""
        return new_user_id(name, self.run_id)

    def scan(self, user_id: str, order_id: str | None = None) -> str:
        """Let a customer scan the code and return the id of the order it opens."""
        order_id = order_id or self.new_order_id()
        self._scan({order_id: user_id})
        return order_id

    def scan_all(self, user_ids: Sequence[str]) -> Sequence[str]:
        """Let many customers scan at the same moment and return their orders' ids, in the same order."""
        users = {self.new_order_id(): user_id for user_id in user_ids}
        self._scan(users)
        return list(users)

    def scan_malformed(self, flaw: str, order_id: str = "") -> Scan:
        """Scan a code with a flaw, one of FLAWS. `order_id` names an order that the scan carries."""
        order_id = order_id or self.new_order_id()
        user_id = self.new_user_id("Somebody")
        self._shift.strangers.append(user_id)
        content, names_order = FLAWS[flaw](user_id, order_id)
        event_id = self._put(SCANNED, [json.dumps(content)], refusable=True)[0]
        return Scan(event_id, order_id if names_order else "", user_id)

    def scan_long(self, name: str, length: int) -> Scan:
        """Let a customer scan, with an order id and a user id of so many letters."""
        order_id, user_id = _padded(self.new_order_id(), length), _padded(self.new_user_id(name), length)
        self._shift.orders.append(order_id)
        self._scan({order_id: user_id})
        return Scan(self._scan_events[order_id], order_id, user_id)

    def submit(self, order_id: str, user_id: str, drink: str | None, modifiers: Sequence[str] = ()) -> Action:
        """Let a customer choose a drink for an order."""
        body: dict[str, Any] = {"userId": user_id, "modifiers": list(modifiers), "icon": ICON}
        if drink is not None:
            body["drink"] = drink
        return self._act("", order_id, body=body)

    def cancel(self, order_id: str, *, user_id: str = "", barista: str = "") -> Action:
        """Let a customer or a barista cancel an order."""
        return self._act("cancel", order_id, body={"userId": user_id} if user_id else {}, barista=barista)

    # --- baristas ----------------------------------------------------------------------------

    def claim(self, order_id: str, barista: str | None) -> Action:
        """Let a barista claim an order; None leaves out who it is."""
        return self._act("make", order_id, barista=barista)

    def unclaim(self, order_id: str, barista: str | None) -> Action:
        """Let a barista give an order back; None leaves out who it is."""
        return self._act("unmake", order_id, barista=barista)

    def complete(self, order_id: str, barista: str) -> Action:
        """Let a barista complete an order."""
        return self._act("complete", order_id, barista=barista)

    # --- the shop ----------------------------------------------------------------------------

    @cached_property
    def capacity(self) -> int:
        """How many orders may be under way at once, as the deployed workflow says."""
        return _capacity(self._definition)

    def time_out_of(self, wait: str) -> int:
        """How many seconds the deployed workflow gives a wait, found by a word in its name; 0: no end."""
        bounds = ("TimeoutSeconds", "HeartbeatSeconds")
        waits = [state for name, state in self._definition["States"].items() if wait in name]
        return max((state[bound] for state in waits for bound in bounds if bound in state), default=0)

    # --- what people see -----------------------------------------------------------------------

    def order(self, order_id: str) -> SeenOrder:
        """Return the order as it is now, and what happened to it last."""
        return SeenOrder(order_id, self.record(order_id), self.tap.of_key(order_id), lambda: self._dead_end(order_id))

    def record(self, order_id: str) -> Order | None:
        """Return the stored order, or None if there is none."""
        item = self.account.dynamodb.get_item(
            TableName=self._parts.orders_table, Key=self._order_key(order_id), ConsistentRead=True
        ).get("Item")
        return Order.from_item(item, self._parts.shop_id) if item else None

    def order_of_scan(self, scan: Scan) -> SeenOrder:
        """Return the order that has come of a scan, found by the ids that the scan did carry."""
        record = self.record(scan.order_id) if scan.order_id else self._record_of_user(scan.user_id)
        return SeenOrder(scan.order_id, record, self.told(scan.user_id))

    def orders(self, order_ids: Sequence[str]) -> Sequence[SeenOrder]:
        """Return several orders as they are now."""
        return [self.order(order_id) for order_id in order_ids]

    def events(self, order_id: str) -> Sequence[Event]:
        """Return everything that the café has told on the bus about an order."""
        return tuple(event for event in self.tap.of_key(order_id) if event.source == SOURCE)

    def told(self, user_id: str) -> Sequence[Event]:
        """Return everything that the café has told on the bus to a customer."""
        return tuple(event for event in self.tap.of_key(user_id, USER.name) if event.source == SOURCE)

    def outcome(self, action: Action) -> SeenAction:
        """Return how far an action has come, and what it said."""
        execution = self.actions.describe(action.execution)
        last_state = self.actions.last_state(action.execution) if execution.succeeded else ""
        return SeenAction(action, execution, last_state)

    def service(self, order_id: str) -> Service:
        """Return the workflows that serve the order: one, if all is well."""
        event_id = self._scan_events.get(order_id)
        first = self.processors.of_event(event_id) if event_id else None
        return Service(order_id, [first] if first else [])

    def services(self, order_id: str) -> Service:
        """Return every workflow that was ever started for the order."""
        return Service(order_id, self.processors.of_key(order_id))

    def served_by_scan(self, scan: Scan) -> Execution | None:
        """Return the workflow that a scan started, or None while there is none."""
        return self.processors.of_event(scan.event_id) if scan.event_id else None

    def free_places(self) -> int:
        """How many more orders the shop can serve now."""
        return self.capacity - len(self.processors.running())

    def news_for_baristas(self, order_id: str) -> Sequence[Event]:
        """Return what was told about an order, with the drink's name among the details."""
        return [
            replace(event, detail={**event.detail, "drink": drink_of(event["drinkOrder"]).get("drink")})
            for event in self.events(order_id)
        ]

    # --- the things behind the counter --------------------------------------------------------

    def deliver_again(self, event: Event) -> None:
        """Deliver an event a second time, as EventBridge may do."""
        self._put(event.detail_type, [json.dumps(event.detail)])

    def hear_from_stranger(self, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Let somebody who is not the café say on its bus what only the café says."""
        self._put(detail_type, [json.dumps(detail)], source=MARKER_SOURCE)

    def use_pass(self, task_token: str) -> str:
        """Let an order go on with a pass (a task token). Return "" when it is accepted, or the refusal's name."""
        try:
            self.account.stepfunctions.send_task_success(taskToken=task_token, output="{}")
        except ClientError as error:
            code = str(error.response["Error"]["Code"])
            if code in GONE:
                return code
            raise
        return ""

    def timeline(self, order_id: str, *, with_functions: bool = False) -> Timeline:
        """Return everything that the cloud has stamped about an order. `with_functions`: their runs as well."""
        actions = self._taken.get(order_id, [])
        self.service(order_id)  # so that its workflow is known to the chronicle
        return self.chronicle.timeline(order_id, actions, self.record(order_id), with_functions=with_functions)

    def judge(self, promise: Promise, order_id: str, wait: Waiter) -> Judgement | None:
        """Judge a promise of time for an order; None while not both of its ends are known.

        When it was missed, the functions' logs are asked too which part took the time, as soon as they are written.
        """
        judged = judge(promise, self.timeline(order_id), self.clock_offset)
        if judged is None or judged.verdict is not Verdict.MISSED:
            return judged
        wait.settle(self.chronicle.all_is_logged, order_id, equal_to(True), patience=LOG_SECONDS)
        return judge(promise, self.timeline(order_id, with_functions=True), self.clock_offset)

    def look_back(self) -> Look:
        """Return what is deployed here, and what this run has done with it."""
        orders = {*self._run.orders, *self._shift.orders}
        scans = {*self._run.scans, *self._shift.scans}
        strangers = {*self._run.strangers, *self._shift.strangers}
        return look(
            self.chronicle.wiring,
            {
                self.processors: lambda: [
                    e.arn for e in self.processors.all() if e.key in orders or str(e.event_id) in scans
                ],
                self.actions: lambda: [action.execution for taken in self._taken.values() for action in taken],
            },
            lambda: events_about(self.tap, orders, {USER.name: strangers}),
        )

    def evidence(self, first: Sequence[str] = ()) -> dict[str, Any]:
        """Tell of some of the scenario's orders, the `first` before others, what a reader asks about a failure."""
        orders = list(dict.fromkeys([*first, *self._shift.orders]))[:EVIDENCE_MOST]
        for order_id in orders:
            self.service(order_id)
        return {order_id: self.chronicle.evidence(order_id, self.record(order_id)) for order_id in orders}

    def end_shift(self) -> None:
        """Put the shop's settings back, end every workflow and remove every order of the scenario."""
        shift, self._shift = self._shift, Shift()
        self._run.orders += shift.orders
        self._run.scans += shift.scans
        self._run.strangers += shift.strangers
        try:
            self._tidy_up(shift)
        finally:
            self.shop.put_back()

    def leave(self) -> None:
        """End what came late too: workflows and orders that began after their scenario had ended."""
        self.end_shift()
        self._tidy_up(self._run)

    def sweep(self) -> None:
        """Remove what runs that were killed have left, whoever started them."""
        left = find_leftovers(self.account, self._parts, self.processors)
        for workflow in left.workflows:
            self.processors.stop(workflow.arn, "The acceptance run of this order was killed.")
        self._remove(left.orders)
        for lease in left.leases:
            if self.shop.put_back_for(lease.put_back):
                remove_tap(self.account, self._parts.event_bus, lease.tap)

    def _tidy_up(self, shift: Shift) -> None:
        orders, scans = set(shift.orders), set(shift.scans)
        try:
            for execution in self.processors.running():
                if execution.key in orders or execution.event_id in scans:
                    self.processors.stop(execution.arn, "The acceptance scenario has ended.")
        finally:
            self._remove(shift.orders)
        # A café that takes malformed scans may have stored them under an id that is not ours.
        self._remove([key for user in shift.strangers for key in self._orders_of_user(user)])

    # --- how it is done ------------------------------------------------------------------------

    def _scan(self, users: dict[str, str]) -> None:
        """Send a scan for each order id and its customer, as many at a time as EventBridge takes."""
        order_ids = list(users)
        for start in range(0, len(order_ids), PUT_EVENTS_MOST):
            some = order_ids[start : start + PUT_EVENTS_MOST]
            details = [json.dumps({"userId": users[order_id], "orderId": order_id}) for order_id in some]
            self._scan_events.update(zip(some, self._put(SCANNED, details), strict=True))

    def _act(self, action: str, order_id: str, body: dict[str, Any] | None = None, barista: str | None = "") -> Action:
        who = {} if barista is None else {"baristaUserId": barista}
        started = self.actions.start({"action": action, "body": body or {}, "orderId": order_id, **who})
        return self.took(Action(action, order_id, started, barista or str((body or {}).get("userId", ""))))

    def took(self, action: Action) -> Action:
        """Remember an action that somebody has started, whatever way, and return it."""
        self._taken[action.order_id].append(action)
        return action

    def _dead_end(self, order_id: str) -> str | None:
        """Why an order will not change any more, if that is so."""
        actions = self._taken.get(order_id)
        if actions:
            action = actions[-1]
            seen = self.outcome(action)
            if seen.refused:
                return f"the café refused to {action.verb}: {seen.reason}"
        service = self.service(order_id)
        broken = [e for e in service.executions if not e.running and not e.succeeded]
        return f"the order's workflow has failed: {broken[0].error} {broken[0].cause}".strip() if broken else None

    def _put(
        self, detail_type: str, details: Sequence[str], *, refusable: bool = False, source: str = SOURCE
    ) -> Sequence[str]:
        """Put events and return their ids, "" for one that the bus refuses if it may. Raises Trouble otherwise."""
        answers = self.tap.send(source, detail_type, details)
        event_ids = [answer.get("EventId", "") for answer in answers]
        self._shift.scans.extend(filter(None, event_ids))
        refused = [answer for answer in answers if not answer.get("EventId")]
        if refused and not refusable:
            reason = f"{refused[0].get('ErrorCode')}: {refused[0].get('ErrorMessage')}"
            raise Trouble(f"The event bus did not take an event ({reason}). Run again.")
        return event_ids

    @property
    def _definition(self) -> Mapping[str, Any]:
        return self.chronicle.wiring.definitions[self._parts.order_processor]

    def _order_key(self, order_id: str) -> dict[str, Any]:
        return {"PK": {"S": "orders"}, "SK": {"S": order_id}}

    def _record_of_user(self, user_id: str) -> Order | None:
        found = self._orders_of_user(user_id)
        return self.record(found[0]) if found else None

    def _orders_of_user(self, user_id: str) -> Sequence[str]:
        items = self.account.dynamodb.query(
            TableName=self._parts.orders_table,
            IndexName="GSI-userId",
            KeyConditionExpression="USERID = :user",
            ExpressionAttributeValues={":user": {"S": user_id}},
            Select="SPECIFIC_ATTRIBUTES",  # the policy lets a run see no more of them
            ProjectionExpression="SK",
        )["Items"]
        return [item["SK"]["S"] for item in items]

    def _remove(self, order_ids: Sequence[str]) -> None:
        requests = [{"DeleteRequest": {"Key": self._order_key(order_id)}} for order_id in dict.fromkeys(order_ids)]
        for start in range(0, len(requests), 25):
            batch = {self._parts.orders_table: requests[start : start + 25]}
            while batch:
                batch = self.account.dynamodb.batch_write_item(RequestItems=batch).get("UnprocessedItems", {})


def _padded(text: str, length: int) -> str:
    """An id of so many letters that begins like another one."""
    return f"{text}{'x' * length}"[:length]


def _capacity(definition: Mapping[str, Any]) -> int:
    """Read the bound of the state that decides about capacity; the café's usual 20 if it cannot be read."""
    for name, state in definition["States"].items():
        if "capacity" in name.lower():
            for rule in state.get("Choices", []):
                if "NumericGreaterThan" in rule:
                    return int(rule["NumericGreaterThan"])
    return 20

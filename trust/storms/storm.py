"""A café in a storm: many strange messages at once, one wait for all of them, then a check of each."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hamcrest import greater_than

from acceptance.aws.executions import Execution
from acceptance.waiting import Waiter
from support.serverlesspresso.bus import SOURCE
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.front_door import FrontDoor, Visitor
from support.serverlesspresso.matchers.orders import is_completed, waits_for_a_barista, waits_for_its_drink
from support.serverlesspresso.matchers.workflows import is_over
from support.serverlesspresso.messages import SCANNED
from support.serverlesspresso.orders import Action
from support.serverlesspresso.parts import Parts
from trust.storms.rule import is_on_the_menu, opens_an_order, takes_a_drink
from trust.storms.strange import BYSTANDER, CHOOSING, CUSTOMER, SEED, WAITING

# The shop takes 20 orders and must not be full; some places belong to earlier orders.
WAVE = 16
# Messages that are not scans never take a place.
FLOOD = 100
BARISTA, DRINK = "Ben", "Latte"
NO_EXECUTION = Execution("", "NOT STARTED", None, None, "", "")


@dataclass(frozen=True)
class Wrong:
    """A case that the café treated wrongly."""

    what: str
    case: Any

    def __str__(self) -> str:
        """Describe it with the case as JSON, which shows every character."""
        return f"{self.what}: {json.dumps(self.case)}"


def told(wrong: Sequence[Wrong]) -> str:
    """Describe what went wrong, the smallest example first, and how to reproduce it."""
    smallest = sorted(wrong, key=lambda one: len(json.dumps(one.case)))
    lines = [f"{len(wrong)} strange cases went wrong, the smallest first (STRANGE_INPUT_SEED={SEED}):"]
    return "\n".join([*lines, *(f"- {str(one)[:800]}" for one in smallest[:10])])


class Storm:
    """Sends strange messages to one café, and reports those that it treated wrongly."""

    def __init__(self, cafe: Cafe, parts: Parts, wait: Waiter) -> None:
        self._cafe, self._parts, self._wait = cafe, parts, wait
        self._customers: dict[str, str] = {}  # of every expected order, by its id
        self.sent = self.accepted = 0
        self.endings: Counter[str] = Counter()  # how often actions ended with each error

    # --- ordinary orders -------------------------------------------------------------------------

    def open(self, *order_ids: str, customer: str = CUSTOMER) -> None:
        """Scan for each of the orders, and check that they wait for their drinks."""
        for order_id in order_ids:
            self._cafe.bus.scan(customer, order_id)
            self._customers[order_id] = customer
        for order_id in order_ids:
            self._wait.eventually(self._cafe.order, order_id, waits_for_its_drink(customer))

    def choose(self, order_id: str) -> None:
        """Choose a drink, and check that the order waits for a barista."""
        self._cafe.manager.submit(order_id, self._customers[order_id], DRINK)
        self._wait.eventually(self._cafe.order, order_id, waits_for_a_barista(DRINK))

    def finish(self, order_id: str) -> None:
        """Submit, claim and complete an order that waits for its drink, and check that its workflow succeeds."""
        wrong = self._live([order_id])
        assert not wrong, told(wrong)
        self._wait.eventually(self._cafe.order, order_id, is_completed())
        self._wait.eventually(self._cafe.processor.serving, order_id, is_over())

    def left_over(self) -> tuple[set[str], set[str | None]]:
        """Return the unexpected stored orders, and the orders of workflows that are still running."""
        self._wait.prove_listening()
        running = {execution.key for execution in self._cafe.processor.executions.running()}
        return self._items().keys() ^ self._customers.keys(), running

    # --- scans -----------------------------------------------------------------------------------

    def scans(self, cases: Sequence[Any]) -> Iterator[Wrong]:
        """Send scans and check each: it opened its order, or it ended and left nothing behind."""
        proper = [case for case in cases if opens_an_order(case)]
        improper = [case for case in cases if not opens_an_order(case)]
        for wave in [*_waves(improper, FLOOD), *_waves(proper)]:
            since = _now()
            self.sent += len(wave)
            sent = [(case, self._scan(case)) for case in wave]
            opening = [(c, event) for c, event in sent if opens_an_order(c) and c["orderId"] not in self._customers]
            refused = [(case, event) for case, event in sent if (case, event) not in opening]
            self._settle(self._item, [case["orderId"] for case, _ in opening])
            self._settle(self._has_ended, [event for _, event in refused])
            yield from (Wrong(what, case) for case, event in refused if (what := self._not_refused(case, event)))
            yield from (Wrong(what, case) for case, event in opening if (what := self._not_opened(case, event, since)))
            self._customers |= {case["orderId"]: case["userId"] for case, _ in opening}
            self.accepted += len(opening)
            yield from self._live([case["orderId"] for case, _ in opening])
            self._settle(self._has_ended, [event for _, event in opening])
            yield from (
                Wrong("the order comes to no good end", c) for c, event in opening if not self._served(event).succeeded
            )

    def _scan(self, case: Any) -> str:
        entry = {"Source": SOURCE, "DetailType": SCANNED, "Detail": json.dumps(case)}
        answer = self._cafe.account.events.put_events(Entries=[{"EventBusName": self._parts.event_bus, **entry}])
        return str(answer["Entries"][0].get("EventId", ""))

    def _served(self, event: str) -> Execution:
        """Return the execution of a scan: running if it is pending, none for a list, which EventBridge rejects."""
        if not event:
            return NO_EXECUTION
        return self._cafe.processor.executions.of_event(event) or Execution("", "RUNNING", event, None, "", "")

    def _has_ended(self, event: str) -> bool:
        return not self._served(event).running

    def _not_refused(self, case: Any, event: str) -> str:
        served = self._served(event)
        if served.running:
            return "what is no new order's scan keeps running"
        # A repeated scan is not a mistake; it has no effect.
        right = served.succeeded if opens_an_order(case) else served.error == "InvalidScan"
        return "" if right or not event else f"it ended {served.status} {served.error} {served.cause}"

    def _not_opened(self, case: Any, event: str, since: int) -> str:
        item = self._item(case["orderId"])
        if item is None or not self._served(event).running:
            return f"a proper scan has opened no order ({self._served(event).error})"
        token, stored = item.pop("TaskToken", {}), item.pop("TS", {})
        right = {"PK": "orders", "SK": case["orderId"], "USERID": case["userId"], "ORDERSTATE": "CREATED"}
        if item != {name: {"S": text} for name, text in right.items()}:
            return f"the order is stored as {item}"
        is_now = since <= int(stored.get("N", 0)) <= _now()
        return "" if token.get("S") and is_now else "the order is stored without a token or the time"

    def _live(self, order_ids: Sequence[str]) -> list[Wrong]:
        """Submit, claim and complete orders step by step, each for its own customer."""
        cafe, wrong = self._cafe, []
        steps: list[Callable[[str], Action]] = [
            lambda order_id: cafe.manager.submit(order_id, self._customers[order_id], DRINK),
            lambda order_id: cafe.manager.claim(order_id, BARISTA),
            lambda order_id: cafe.manager.complete(order_id, BARISTA),
        ]
        for step in steps:
            actions = [step(order_id) for order_id in order_ids]
            self._settle(self._is_answered, [action.execution for action in actions])
            self._settle(self._is_numbered, order_ids)
            seen = [cafe.manager.result(action) for action in actions]
            wrong += [
                Wrong(f"it does not {s.action.verb} ({s.reason})", s.action.order_id) for s in seen if not s.accepted
            ]
        return wrong

    # --- submissions -----------------------------------------------------------------------------

    def submissions(self, cases: Sequence[Any]) -> Iterator[Wrong]:
        """Start actions with these inputs and check each: the order has its drink, or nothing changed."""
        menu = self._cafe.shop.menu().options
        start = self._cafe.account.stepfunctions.start_execution

        def send(case: Any, order_id: str) -> str:
            given = {**case, "orderId": order_id} if order_id else case
            return str(start(stateMachineArn=self._parts.order_manager, input=json.dumps(given))["executionArn"])

        for wave in _waves([case for case in cases if not _is_an_ordinary_act(case)]):
            right = [takes_a_drink(case, menu) for case in wave]
            yield from self._submit(wave, right, send, CUSTOMER, lambda case: case["body"])

    def bodies(self, cases: Sequence[Any], door: FrontDoor, visitor: Visitor) -> Iterator[Wrong]:
        """Send the app's requests with these bodies and check each: rejected by the API, or treated as a submission."""
        menu = self._cafe.shop.menu().options
        for case in cases:
            if not isinstance(case, dict) and case is not None:  # an app without content sends null
                answer = door.ask(visitor, "PUT", f"/orders/{CHOOSING}", case)
                if answer.status != 400:
                    yield Wrong(f"the app answers {answer.status} {answer.body}", case)

        def send(case: Any, order_id: str) -> str:
            answer = door.ask(visitor, "PUT", f"/orders/{order_id or CHOOSING}", case)
            return str(answer.body["executionArn"]) if answer.status == 202 else ""

        for wave in _waves([case for case in cases if isinstance(case, dict)]):
            right = [is_on_the_menu(case, menu) for case in wave]
            yield from self._submit(wave, right, send, visitor.user_id, lambda case: case, refusal="InvalidOrder")

    def _submit(
        self,
        wave: Sequence[Any],
        right: Sequence[bool],
        send: Callable[[Any, str], str],
        customer: str,
        body_of: Callable[[Any], Any],
        refusal: str = "",
    ) -> Iterator[Wrong]:
        """Send a wave; valid messages get orders of their own. `refusal`: the error of the others, "" for any."""
        own = [f"{CHOOSING}-{self.sent + number}" if ok else "" for number, ok in enumerate(right)]
        opened = [order_id for order_id in own if order_id]
        self.open(*opened, customer=customer)
        self.sent, self.accepted = self.sent + len(wave), self.accepted + len(opened)
        before = self._items()
        sent = [send(case, order_id) for case, order_id in zip(wave, own, strict=True)]
        self._settle(self._is_answered, sent)
        self._settle(self._is_numbered, opened)
        after = self._items()
        for case, arn, order_id in zip(wave, sent, own, strict=True):
            ended = self._action(arn)
            self.endings[ended.error] += 1
            if ended.succeeded != bool(order_id) or not (ended.succeeded or ended.error == (refusal or ended.error)):
                yield Wrong(f"it ended {ended.status} {ended.error} {ended.cause}", case)
            elif order_id and not _is_drink(after[order_id], body_of(case), customer):
                yield Wrong(f"the drink is stored as {after[order_id].get('drinkOrder')}", case)
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        if changed - set(opened):
            yield Wrong(f"one of these has changed {sorted(changed - set(opened))}", wave)
        for order_id in opened:  # to free its place
            self._cafe.manager.cancel(order_id, barista=BARISTA)
        self._settle(lambda order_id: not self._cafe.processor.serving(order_id).open, opened)

    def _is_answered(self, arn: str) -> bool:
        return not self._action(arn).running

    def _is_numbered(self, order_id: str) -> bool:
        return "orderNumber" in (self._item(order_id) or {})

    def _action(self, arn: str) -> Execution:
        return self._cafe.manager.executions.describe(arn) if arn else NO_EXECUTION

    # --- looking ---------------------------------------------------------------------------------

    def _items(self) -> dict[str, Any]:
        pages = self._cafe.account.dynamodb.get_paginator("scan").paginate(
            TableName=self._parts.orders_table, ConsistentRead=True
        )
        stored = (item for page in pages for item in page["Items"] if item["PK"] != {"S": "customers"})
        return {item["SK"].get("S", str(item["SK"])): item for item in stored}

    def _item(self, order_id: str) -> dict[str, Any] | None:
        key = {"PK": {"S": "orders"}, "SK": {"S": order_id}}
        item: dict[str, Any] | None = self._cafe.account.dynamodb.get_item(
            TableName=self._parts.orders_table, Key=key, ConsistentRead=True
        ).get("Item")
        return item

    def _settle(self, is_so: Callable[[str], Any], names: Sequence[str]) -> None:
        """Wait until the condition holds for all of them, or until the timeout passes without progress.

        A busy machine takes long over a whole wave. The check afterwards reports what did not hold.
        """

        def how_many() -> int:
            return sum(1 for name in names if is_so(name))

        so_far = 0
        while so_far < len(names):
            now = self._wait.settle(how_many, greater_than(so_far), patience=self._wait.patience)
            if now <= so_far:
                return
            so_far = now


def _waves(cases: Sequence[Any], size: int = WAVE) -> Iterator[Sequence[Any]]:
    """Send this many at a time, but never two scans of one order, whose sequence would be undefined."""
    for start in range(0, len(cases), size):
        some = cases[start : start + size]
        yield list({case["orderId"] if opens_an_order(case) else json.dumps(case): case for case in some}.values())


def _is_an_ordinary_act(case: Any) -> bool:
    """Return whether an action may validly change existing orders. The features cover these."""
    known = isinstance(case, dict) and case.get("orderId") in (CHOOSING, WAITING, BYSTANDER)
    return known and case.get("action") in ("make", "unmake", "complete", "cancel") and _names_somebody(case)


def _names_somebody(case: Any) -> bool:
    barista = case.get("baristaUserId")
    return case["action"] in ("complete", "cancel") or (isinstance(barista, str) and barista != "")


def _is_drink(item: Any, body: Any, customer: str) -> bool:
    """Return whether an order contains the drink of a submission, and nothing else of it but the drink's icon."""
    stored = json.loads(item.get("drinkOrder", {}).get("S", "{}"))
    icon = stored.pop("icon", "")
    wanted = {"drink": body["drink"], "modifiers": body.get("modifiers", []), "userId": customer}
    return stored == wanted and isinstance(icon, str)


def _now() -> int:
    return time.time_ns() // 1_000_000

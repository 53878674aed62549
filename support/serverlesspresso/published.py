"""Checks a café's events, records, changes and logs, and what its app shows, against its contracts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hamcrest import empty, not_

from acceptance.aws.executions import Execution
from acceptance.aws.tap import Event
from acceptance.aws.wiring import short_name
from acceptance.contracts import Watch
from acceptance.matchers import as_stored
from acceptance.waiting import Waiter
from support.serverlesspresso.bus import SOURCE
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.function_logs import FunctionLogs
from support.serverlesspresso.orders import ENDED, drink_of
from support.serverlesspresso.tally import Tally

BUS, APP, ORDERS = "bus", "app", "orders"  # as the contracts call them
# How many orders' records of a scenario are checked; a rush hour has more of them, all alike.
MOST = 20
MANAGER = "OrderManager."
# How long messages may follow an end: a duplicate two seconds later is received.
HEARD_OUT_SECONDS = 5.0
# How long it may take until a message that a function fails on is a dead letter: it is called three times.
KEPT_SECONDS = 5.0
# What is the same in what the order manager announces of an order, and in its record: by the names in both.
THE_SAME = {"userId": "USERID", "orderNumber": "orderNumber", "TS": "TS", "drinkOrder": "drinkOrder"}


class Published:
    """One café's published data. `watch` checks it against the contracts; without any, nothing is checked."""

    def __init__(self, watch: Watch, cafe: Cafe) -> None:
        self._watch = watch
        self._cafe = cafe
        self._heard = self._changed = 0
        self._said: dict[Any, list[Event]] = defaultdict(list)
        self._tally = Tally(cafe)
        self._logs = FunctionLogs(cafe)
        self._called: set[tuple[str, str]] = set()

    def hand_over(self, wait: Waiter, unhurried: Waiter) -> None:
        """Check the data of a scenario, once nothing of it is under way. `unhurried` waits also for what seems over."""
        if not self._watch.contracts:
            return
        orders = self._cafe.data.scenario.orders[:MOST]
        records = {order_id: record for order_id in orders if (record := self._hear_out(order_id, wait))}
        if orders:
            self._cafe.tap.prove_listening()
        self._hand_over_events()
        self._hand_over_changes()
        self._hand_over_logs(unhurried)
        self._hand_over_shown()
        for order_id, record in records.items():
            self._watch.finds(ORDERS, record, [order_id])
            self._compare(order_id, record)

    def hand_over_last(self, wait: Waiter, unhurried: Waiter) -> None:
        """Check the data after the last scenario, once nothing of the run is under way."""
        if not self._watch.contracts:
            return
        wait.settle(self._answering, self._cafe.data.all.orders, empty(), patience=HEARD_OUT_SECONDS)
        self._cafe.tap.prove_listening()
        self._hand_over_events()
        self._hand_over_changes()
        self._hand_over_logs(unhurried)

    def _hear_out(self, order_id: str, wait: Waiter) -> Mapping[str, Any]:
        """Return an order's record, when all actions on it are answered and, if it is over, its workflow has ended."""
        wait.settle(self._answering, [order_id], empty(), patience=HEARD_OUT_SECONDS)
        record = self._cafe.table.record(order_id)
        if self._cafe.dialect.state(str(record.get("ORDERSTATE", ""))) in ENDED:
            wait.settle(self._serving, order_id, empty(), patience=HEARD_OUT_SECONDS)
        return {name: _number(value) for name, value in record.items()}

    def _answering(self, orders: Sequence[str]) -> Sequence[Execution]:
        """The actions on these orders without a result so far."""
        manager = self._cafe.manager
        asked = [manager.executions.describe(action.execution) for one in orders for action in manager.taken(one)]
        return [execution for execution in asked if execution.running]

    def _serving(self, order_id: str) -> Sequence[Execution]:
        return self._cafe.processor.serving(order_id).open

    def _hand_over_events(self) -> None:
        events = self._cafe.tap.heard(self._heard)
        self._heard += len(events)
        for event in events:
            said = event.received or event
            if said.source == SOURCE and not event.sending:
                keys = [key for key in (event["orderId"], event["userId"]) if isinstance(key, str)]
                self._watch.hears(BUS, {"detail": said.detail}, keys, said.detail_type)
                for key in keys[:1]:
                    self._said[key].append(event)
        self._logs.note(events)
        for words, key in self._tally.count(events):
            self._watch.breaks(f"{BUS} › {words}", [key])

    def _hand_over_changes(self) -> None:
        """Check the changes of the orders' records, except for those by the suite's clean-up."""
        changes = self._cafe.chronicle.changes.heard(self._changed)
        self._changed += len(changes)
        ours = set(self._cafe.data.earlier.orders)
        for change in changes:
            before, after = (
                {name: _number(value) for name, value in record.items()} for record in (change.before, change.after)
            )
            tidied_up = change.event == "REMOVE" and change.key in ours
            if {**before, **after}.get("PK") == ORDERS and not tidied_up:
                self._watch.changes(ORDERS, before, after, [change.key])

    def _hand_over_shown(self) -> None:
        """Check what the app has shown: nothing but orders, each with the content that apps rely on."""
        shown, self._cafe.data.shown = self._cafe.data.shown, []
        for name, body, user_id in shown:
            self._watch.hears(APP, body, [user_id], name)

    def _hand_over_logs(self, wait: Waiter) -> None:
        for function, order_id in self._logs.with_secrets():
            about = [order_id] if order_id else self._cafe.data.scenario.orders
            self._watch.breaks(f"log of {function} › a secret, such as a task token or a whole event", about)
        if self._logs.failed and self._cafe.account.is_at_hand:
            self._hand_over_dead_letters(wait)
            self._hand_over_failures()

    def _hand_over_failures(self) -> None:
        """Check that no function that an event calls has failed by itself: on AWS it is called again a minute later."""
        data = self._cafe.data
        called = self._cafe.chronicle.wiring.called if not (data.is_disturbed or data.was_disturbed) else frozenset()
        for function in sorted(self._logs.failed & called):
            words = "a failure, though nothing was made to fail: on AWS, who waits for it waits for another minute"
            self._watch.breaks(f"log of {short_name(function)} › {words}", data.scenario.orders)

    def _hand_over_dead_letters(self, wait: Waiter) -> None:
        """Check that nothing is among the dead letters but what a scenario has looked for: each one calls Mo."""
        orders, dead_letters = self._cafe.data.all.orders, self._cafe.dead_letters
        for name, order_id in wait.settle(dead_letters.not_sought, orders, not_(empty()), patience=KEPT_SECONDS):
            words = f"dead letters › {name}: none was expected, but a function failed on one three times; see its log"
            if (name, order_id) not in self._called:
                self._watch.breaks(words, [order_id])
                self._called.add((name, order_id))

    def _compare(self, order_id: str, record: Mapping[str, Any]) -> None:
        """Check that a record is its customer's, and that the order manager's events agree with it."""
        customer = record.get("USERID")
        scanned = self._cafe.bus.customers_of(order_id)
        if scanned and customer is not None and customer not in scanned:
            words = f"{ORDERS} › USERID is “{customer}”, and who scanned the code is “{'” or “'.join(scanned)}”"
            self._watch.breaks(words, [order_id])
        drinks_for = drink_of(record.get("drinkOrder")).get("userId", customer)
        if drinks_for != customer:
            self._watch.breaks(f"{ORDERS} › drinkOrder.userId is not the customer of the order", [order_id])
        for event in self._said.pop(order_id, ()):
            told = event.as_delivered
            for name, stored in THE_SAME.items() if event.detail_type.startswith(MANAGER) else ():
                if told[name] is not None and told[name] != record.get(stored, told[name]):
                    said = f"{BUS} › detail.{name} of {told.detail_type} is not {_whose(name)} of the order"
                    words = f"{said}: it says {as_stored(told[name])}, and stored is {as_stored(record[stored])}"
                    self._watch.breaks(words, [order_id])


def _whose(name: str) -> str:
    return "the customer" if name == "userId" else f"the {name}"


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) and value == int(value) else value

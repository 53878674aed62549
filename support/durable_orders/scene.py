"""The customers of one scenario about online orders, and their orders.

An order takes as long as its confirmation wait. So some customers order once in a run (`Regulars`), and every
scenario about them looks at the same orders; other customers' orders are new.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from hamcrest import any_of, assert_that

from acceptance.aws.disturber import CHECKPOINT, RUN, THROTTLED, Disturbance
from acceptance.earlier import Known, left, one_of
from acceptance.service_levels.levels import Distribution, Promise
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.durable_orders.driver import DurableOrders, Placed
from support.durable_orders.matchers import (
    is_a_receipt,
    is_over,
    is_stored_as_completed,
    waits_for_its_confirmation,
    was_charged_once,
)
from support.durable_orders.online_order import TRIED_AGAIN_SECONDS, OnlineOrder

# How long the first order may take to reach its wait, in s. Not a service level.
PATIENCE_SECONDS = 10.0
# A field a customer may send that must not be stored: a card number that issuers publish for tests.
CARD_NUMBER = "4242424242424242"
# The regulars' orders. They are submitted at once, and wait in parallel.
REGULARS: Mapping[str, Mapping[str, Any]] = {
    "Finn": {},
    "Gus": {"rehearse": "confirmation"},
    "Hana": {},
    "Jon": {},
    "Kai": {"rehearse": "storing"},
    "Lea": {"rehearse": "payment", "rehearseTimes": 3},
    "Max": {"rehearse": "payment", "rehearseTimes": 9},
    "Otto": {"amount": 0.01, "price": 0.01},
    "Paul": {},
    "Rosa": {},
    "Tess": {"rehearse": "storing", "rehearseTimes": 9},
    "Vera": {"cardNumber": CARD_NUMBER, "payment": {"card": CARD_NUMBER}},
}
# Those whose orders meet with failures, where these may be made. The one of the last is stopped, and submitted again.
UNLUCKY: Mapping[str, Mapping[str, Any]] = {
    "Alma": {},
    "Bela": {},
    "Cora": {},
    "Dirk": {},
    "Fay": {},
    "Iris": {},
    "Nele": {"rehearse": "storing", "rehearseTimes": 9},
    "Ole": {},
    "Ute": {"rehearse": "storing", "rehearseTimes": 9},
}
STOPPED = "Fay"
# Who submits the order twice at the same moment.
AT_ONCE = "Hana"
# What fails for the order of each of these customers. A shop that is paid first stores nothing before.
FAILING: Mapping[str, Disturbance] = {
    "Alma": Disturbance(operations=(RUN,), after=1, times=2),
    "Bela": Disturbance(operations=(CHECKPOINT,), also="paid", times=1),
    "Cora": Disturbance(code=THROTTLED, lasting=3.0),
    "Dirk": Disturbance(code=THROTTLED, lasting=3.0, after=1),
    "Iris": Disturbance(also="confirmed", times=3),
    "Paul": Disturbance(after=1, times=1),
    "Rosa": Disturbance(times=1),
    "Ute": Disturbance(also="refund", times=4),
}
# Who submits the order once more at once: with these fields. Hers fails while the first one is still to be stored.
ONCE_MORE: Mapping[str, Mapping[str, Any]] = {"Iris": {"rehearse": "payment", "rehearseTimes": 9}}
OTHER_FIELDS = {"remark": "submitted once more", "amount": 0.01}
# Who submits the order again as soon as it has come to its end: with these fields.
LATER: Mapping[str, Mapping[str, Any]] = {
    "Jon": OTHER_FIELDS,
    "Nele": {"rehearse": None},
    "Ole": {"rehearse": "storing", "rehearseTimes": 9},
}
# The ends of their order ids. Nora's differ in their last characters only: those of one word's case, and of any script.
# Uma's look the same: an ë that is one letter or two, a blank at the end, a letter of double width.
SIMILAR: Mapping[str, Sequence[str]] = {
    "Nora": [f"-{'long' * 20}-{end}" for end in ("one", "two", "ONE", "O’Hara 東京 🍵")],
    "Uma": ["-Zo\u00eb", "-Zoe\u0308", "-Zo\u00eb ", "-\uff3ao\u00eb"],
}
# What may be submitted in place of an order.
NO_ORDER = {"a list": ["order"], "nothing": None}
NO_ID = {"an empty text": "", "a blank text": "  ", "a number": 7, "a list": ["7"], "nothing": None}


class Regulars:
    """The orders that are placed once per run."""

    def __init__(self, orders: DurableOrders, wait: Waiter, *, rehearsals: bool, chaos: bool) -> None:
        self._orders = orders
        self._wait = wait
        self._rehearsals = rehearsals
        unlucky = {name: more for name, more in UNLUCKY.items() if orders.is_embedded or name not in FAILING}
        self._customers = {**REGULARS, **unlucky} if chaos else REGULARS
        self._placed: dict[str, Placed] = {}
        self._similar: dict[str, Sequence[Placed]] = {}
        self._disturbed: dict[str, tuple[ExitStack, Callable[[], bool]]] = {}

    def come(self) -> None:
        """Place all their orders, so that these wait in parallel."""
        self._let_somebody_go_first()
        for name, more in self._customers.items():
            if self._rehearsals or not _rehearses(name, more):
                self._placed[name] = self._orders.take(self._orders.new_order(**more))
        for name, endings in SIMILAR.items():
            self._similar[name] = [self._orders.take(self._orders.new_order(ending)) for ending in endings]
        for name, placed in self._placed.items():
            self._submit(name, placed)
        for placed in (one for similar in self._similar.values() for one in similar):
            self._orders.submit_again(placed)
        if STOPPED in self._placed:
            self._stop(self._placed[STOPPED])

    def _stop(self, placed: Placed) -> None:
        """Stop an order that awaits its confirmation, and submit it again."""
        waits = waits_for_its_confirmation()
        self._wait.settle(self._orders.execution, placed.executions[0], waits, patience=PATIENCE_SECONDS)
        self._orders.stop(placed)
        self._orders.submit_again(placed)

    def _submit(self, name: str, placed: Placed) -> None:
        again = self._orders.submit_again
        if name == AT_ONCE:
            with self._orders.slow_writes(placed):
                self._wait.by_schedule([partial(again, placed), partial(again, placed, **OTHER_FIELDS)], every=0.0)
        elif name in FAILING and self._orders.is_embedded:
            until = ExitStack()
            self._disturbed[name] = until, until.enter_context(self._orders.disturbed(placed, FAILING[name]))
            again(placed)
            if name in ONCE_MORE:
                again(placed, **ONCE_MORE[name])
        else:
            again(placed)

    def look_after(self) -> None:
        """Resubmit the orders that are to be resubmitted, if they have come to their end."""
        for name, more in LATER.items():
            placed = self._placed.get(name)
            if placed and len(placed.executions) == 1 and self._orders.execution(placed.executions[0]).is_over:
                self._orders.submit_again(placed, **more)

    def see_submitted_later(self, name: str) -> None:
        """Wait for a regular's order that is to be resubmitted to come to its end, and resubmit it."""
        placed = self.order_of(name)
        if len(placed.executions) == 1:
            more = self._orders.parts.wait + (TRIED_AGAIN_SECONDS if "rehearse" in placed.content else 0.0)
            self._wait.eventually(self._orders.execution, placed.executions[0], is_over(), more=more)
            self.look_after()

    def similar(self, name: str) -> Sequence[Placed]:
        """Return a regular's orders whose ids are easily confused. Raises Trouble for other customers."""
        return self._similar[one_of(self._similar, name, "customer whose online orders have similar ids")]

    def leave_alone(self, name: str) -> None:
        """Stop the injected failures of a regular's order. Does nothing for other customers.

        Raises Trouble if nothing has failed.
        """
        if name not in self._disturbed:
            return
        until, has_failed = self._disturbed.pop(name)
        with until:
            if not has_failed():
                raise Trouble(f"Nothing that was to fail for {name}'s online order was asked for, so nothing failed.")

    def leave(self) -> None:
        """Stop all injected failures."""
        while self._disturbed:
            _, (until, _) = self._disturbed.popitem()
            until.close()

    def order_of(self, name: str) -> Placed:
        """Return a regular's order. Raises Trouble for other customers."""
        return self._placed[one_of(self._placed, name, "customer who places the usual online order")]

    def _let_somebody_go_first(self) -> None:
        """Warm up the function for other orders: the time of a cold start is not waiting time.

        Two instances are started, since some orders are submitted at the same moment.
        """
        others = [self._orders.take(self._orders.new_order()) for _ in range(2)]
        self._wait.by_schedule([partial(self._orders.submit_again, one) for one in others], every=0.0)
        for one in others:
            begun = any_of(waits_for_its_confirmation(), is_over())
            self._wait.settle(self._orders.execution, one.executions[0], begun, patience=PATIENCE_SECONDS)


class OrderScene:
    """The customers and their orders."""

    unwatched: Sequence[str] = left("No step before this one has looked at the shop's alarms: is a When missing?")

    def __init__(self, orders: DurableOrders, regulars: Regulars, wait: Waiter) -> None:
        self.orders = orders
        self._wait = wait
        self._regulars = regulars
        self.placed: dict[str, OnlineOrder] = Known("{} has not ordered anything in this scenario: is a Given missing?")

    def moves_to(self, orders: DurableOrders) -> None:
        """Use another shop from now on."""
        self.orders = orders

    def order_of(self, name: str) -> OnlineOrder:
        """Return a customer's order. Raises Trouble when the customer has none in this scenario."""
        return self.placed[name]

    def has_ordered(self, name: str) -> None:
        """A regular has placed the usual order."""
        order = self._follow(name, self._regulars.order_of(name))
        if name in FAILING:
            order.leave_alone = partial(self._regulars.leave_alone, name)
        order.rehearses = _rehearses(name, order.placed.content)

    def has_ordered_again_later(self, name: str) -> None:
        """A regular has placed the usual order, and resubmitted it after it had come to its end."""
        self._regulars.see_submitted_later(name)
        self.has_ordered(name)

    def has_ordered_similar(self, name: str) -> None:
        """A regular has placed several orders with easily confused ids."""
        for number, placed in enumerate(self._regulars.similar(name), 1):
            self._follow(f"{name} {number}", placed)

    def orders_with_rehearsal(self, name: str, step: str) -> None:
        """Place a customer's order of which one step fails at first."""
        self._follow(name, self.orders.submit(self.orders.new_order(rehearse=step)))

    def tries_without_id(self, name: str, what: str, **more: Any) -> None:
        """Try to place a customer's order with one of NO_ID as its id, "" for none, and with these fields."""
        given = {"orderId": NO_ID[one_of(NO_ID, what, "thing to give for an id")]} if what else {}
        self._tries(name, {**given, **more})

    def tries_no_order(self, name: str, what: str) -> None:
        """Try to submit one of NO_ORDER in place of a customer's order."""
        self._tries(name, NO_ORDER[one_of(NO_ORDER, what, "thing to submit in place of an order")])

    def _tries(self, name: str, content: Any) -> None:
        """Record what is stored, and submit this."""
        known = self.orders.tables.all_stored()
        self._follow(name, self.orders.submit(content)).stored_before = known

    def awaits_confirmation(self, name: str) -> None:
        """Place a customer's order, and let it come to its wait."""
        order = self._follow(name, self.orders.submit(self.orders.new_order()))
        waits = waits_for_its_confirmation()
        seen = self._wait.settle(order.first, waits, patience=PATIENCE_SECONDS)
        if not waits.matches(seen):
            raise Trouble(f"{name}'s online order does not await its confirmation: it is {seen.words}.")

    def _follow(self, name: str, placed: Placed) -> OnlineOrder:
        self.placed[name] = order = OnlineOrder(self.orders, self._wait, name, placed)
        return order

    def looks_at_the_alarms(self) -> None:
        """Look up which queue of dead letters no alarm watches."""
        self.unwatched = self.orders.unwatched()

    def all_complete(self) -> None:
        """Wait for every order of this scenario to complete."""
        for order in self.placed.values():
            order.completes()

    def sees_each_charged_and_stored(self, amount: str) -> None:
        """Check that each order of this scenario was charged once, and has its own stored item."""
        for name, order in self.placed.items():
            whose = f"{name}, whose order id is {order.order_id!a}"
            assert_that(order.charges(), was_charged_once(amount), whose)
            assert_that(order.stored(), is_stored_as_completed(order.order_id), whose)
            assert_that(order.receipt(), is_a_receipt(order.order_id, amount), whose)

    def charge_keys(self) -> Sequence[str]:
        """Return the reference of each charge of this scenario's orders."""
        return [key for order in self.placed.values() for key in self.orders.tables.charge_keys(order.order_id)]

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return every latency that this scenario has checked."""
        judged = [one for order in self.placed.values() for one in order.judgements]
        return [(one.promise, Distribution([one.latency])) for one in judged]

    def end(self) -> None:
        """Do nothing: all scenarios share the regulars' orders, and the run removes everything at its end."""


def _rehearses(name: str, content: Mapping[str, Any]) -> bool:
    """Return whether a submission of a customer's order, which has this content, injects a failure."""
    return "rehearse" in {**content, **LATER.get(name, {}), **ONCE_MORE.get(name, {})}

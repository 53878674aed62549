"""The customers of one scenario about online orders, and their orders.

An order takes as long as its confirmation wait. So some customers order once in a run (`Regulars`), and every
scenario about them looks at the same orders; other customers' orders are new.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from typing import Any

from hamcrest import any_of, assert_that

from acceptance.aws.durable import DurableExecution
from acceptance.earlier import Known, left, one_of
from acceptance.service_levels.levels import (
    Distribution,
    Judgement,
    Latency,
    Promise,
    allowing_for_standstill,
    milliseconds,
)
from acceptance.service_levels.timeline import Hop, Stamp, Timeline
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.durable_orders.driver import DurableOrders, Placed
from support.durable_orders.matchers import (
    has_failed_for_its_id,
    has_gone_through,
    is_a_receipt,
    is_over,
    is_stored_as_completed,
    waits_for_its_confirmation,
    was_charged_once,
    was_taken_up_again,
)

# How long the first order may take to reach its wait, in s. Not a service level.
PATIENCE_SECONDS = 10.0
# How long the retries of failed steps may take, in s.
TRIED_AGAIN_SECONDS = 10.0
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
# Who submits the order twice at the same moment, and who again as soon as it has completed: with these fields.
AT_ONCE, LATER = "Hana", "Jon"
# By customer of whose order one write fails: how many writes succeed before it.
WRITES_TAKEN: Mapping[str, int] = {"Paul": 1, "Rosa": 0}
OTHER_FIELDS = {"remark": "submitted once more", "amount": 0.01}
# The ends of their order ids. Nora's differ in their last characters only: those of one word's case, and of any script.
# Uma's look the same: an ë that is one letter or two, a blank at the end, a letter of double width.
SIMILAR: Mapping[str, Sequence[str]] = {
    "Nora": [f"-{'long' * 20}-{end}" for end in ("one", "two", "ONE", "O’Hara 東京 🍵")],
    "Uma": ["-Zo\u00eb", "-Zoe\u0308", "-Zo\u00eb ", "-\uff3ao\u00eb"],
}
NO_ID = {"an empty text": "", "a blank text": "  ", "a number": 7, "a list": ["7"], "nothing": None}


def in_time(wait: float, more: float) -> Promise:
    """The service level: an order completes within so many seconds of its wait."""
    return Promise(
        key="durable-order",
        title="An online order completes",
        told="{customer}'s online order completed",
        since="it was submitted",
        heard="",
        budget=(wait + more) * 1000,
        ends=_in_no_timeline,
        counted="orders",
    )


def _in_no_timeline(_: Timeline) -> None:
    """The execution's own timestamps give its duration; there is no timeline to look them up in."""


class Regulars:
    """The orders that are placed once per run."""

    def __init__(self, orders: DurableOrders, wait: Waiter, *, rehearsals: bool) -> None:
        self._orders = orders
        self._wait = wait
        self._rehearsals = rehearsals
        self._placed: dict[str, Placed] = {}
        self._similar: dict[str, Sequence[Placed]] = {}
        self._disturbed: dict[str, ExitStack] = {}

    def come(self) -> None:
        """Place all their orders, so that these wait in parallel."""
        self._let_somebody_go_first()
        for name, more in REGULARS.items():
            if self._rehearsals or "rehearse" not in more:
                self._placed[name] = self._orders.take(self._orders.new_order(**more))
        for name, endings in SIMILAR.items():
            self._similar[name] = [self._orders.take(self._orders.new_order(ending)) for ending in endings]
        for name, placed in self._placed.items():
            self._submit(name, placed)
        for placed in (one for similar in self._similar.values() for one in similar):
            self._orders.submit_again(placed)

    def _submit(self, name: str, placed: Placed) -> None:
        again = self._orders.submit_again
        if name == AT_ONCE:
            with self._orders.slow_writes(placed):
                self._wait.by_schedule([partial(again, placed), partial(again, placed, **OTHER_FIELDS)], every=0.0)
        elif name in WRITES_TAKEN and self._orders.is_embedded:
            self._disturbed[name] = disturbed = ExitStack()
            disturbed.enter_context(self._orders.a_write_fails(placed, after=WRITES_TAKEN[name]))
            again(placed)
        else:
            again(placed)

    def look_after(self) -> None:
        """Resubmit the order that is to be resubmitted, if it has completed."""
        placed = self._placed[LATER]
        if len(placed.executions) == 1 and self._orders.execution(placed.executions[0]).is_over:
            self._orders.submit_again(placed, **OTHER_FIELDS)

    def see_submitted_later(self) -> None:
        """Wait for the order that is to be resubmitted to complete, and resubmit it."""
        placed = self._placed[LATER]
        if len(placed.executions) == 1:
            first, wait = placed.executions[0], self._orders.parts.wait
            self._wait.eventually(self._orders.execution, first, is_over(), more=wait)
            self.look_after()

    def similar(self, name: str) -> Sequence[Placed]:
        """Return a regular's orders whose ids are easily confused. Raises Trouble for other customers."""
        return self._similar[one_of(self._similar, name, "customer whose online orders have similar ids")]

    def leave_alone(self, name: str) -> None:
        """Stop the injected failures of a regular's order. Does nothing for other customers."""
        self._disturbed.pop(name, ExitStack()).close()

    def leave(self) -> None:
        """Stop all injected failures."""
        for name in list(self._disturbed):
            self.leave_alone(name)

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

    _known: Mapping[str, Mapping[str, Any]] = left("No step before this one has tried to order: is a When missing?")

    def __init__(self, orders: DurableOrders, regulars: Regulars, wait: Waiter) -> None:
        self.orders = orders
        self._wait = wait
        self._regulars = regulars
        self._placed: dict[str, Placed] = Known("{} has not ordered anything in this scenario: is a Given missing?")
        self.judgements: list[Judgement] = []

    def moves_to(self, orders: DurableOrders) -> None:
        """Use another shop from now on."""
        self.orders = orders

    @property
    def placed(self) -> Mapping[str, Placed]:
        """The orders of this scenario, by customer."""
        return self._placed

    def order_of(self, name: str) -> Placed:
        """Return a customer's order. Raises Trouble when the customer has none in this scenario."""
        return self._placed[name]

    def has_ordered(self, name: str) -> None:
        """A regular has placed the usual order."""
        self._placed[name] = self._regulars.order_of(name)

    def has_ordered_again_later(self, name: str) -> None:
        """A regular has placed the usual order, and resubmitted it after it completed."""
        self._regulars.see_submitted_later()
        self.has_ordered(name)

    def has_ordered_similar(self, name: str) -> None:
        """A regular has placed several orders with easily confused ids."""
        for number, placed in enumerate(self._regulars.similar(name), 1):
            self._placed[f"{name} {number}"] = placed

    def orders_with_rehearsal(self, name: str, step: str) -> None:
        """Place a customer's order of which one step fails at first."""
        self._placed[name] = self.orders.submit(self.orders.new_order(rehearse=step))

    def tries_without_id(self, name: str, what: str) -> None:
        """Record what is stored, and try to place a customer's order with one of NO_ID as its id, "" for none."""
        self._known = self.orders.all_stored()
        self._placed[name] = self.orders.submit(
            {"orderId": NO_ID[one_of(NO_ID, what, "thing to give for an id")]} if what else {}
        )

    def submissions(self, name: str) -> "Submissions":
        """Return the progress of a customer's order."""
        return Submissions(self.orders.executions(self.order_of(name)))

    def first(self, name: str) -> DurableExecution:
        """Return the progress of the first submission of a customer's order."""
        return self.submissions(name).executions[0]

    def goes_through(self, name: str) -> None:
        """Wait for each submission of a customer's order to complete."""
        try:
            self._wait.eventually(self.submissions, name, has_gone_through(), more=self._usual_seconds(name))
        finally:
            self._regulars.leave_alone(name)

    def _usual_seconds(self, name: str) -> float:
        """Return how long an order takes at most: its wait plus the time for retries."""
        fails = "rehearse" in self.order_of(name).content or name in WRITES_TAKEN
        return self.orders.parts.wait + (TRIED_AGAIN_SECONDS if fails else 0.0)

    def all_go_through(self) -> None:
        """Wait for every order of this scenario to complete."""
        for name in self._placed:
            self.goes_through(name)

    def processed(self, name: str) -> tuple[datetime, datetime]:
        """Return when a customer's order began and, by the first submission that completed, finished."""
        first = self._gone_through(name)
        return _moment(first.started.ms), _moment(_end_of(first).latest)

    def confirmed_since(self, name: str) -> datetime:
        """Return when the wait of a customer's order was over, or when it should have been if it did not wait."""
        first = self._gone_through(name)
        waits = [one.ended.ms for one in first.operations if one.kind != "Step" and one.ended]
        return _moment(max(waits, default=first.started.ms + self.orders.parts.wait * 1000))

    def waits(self, name: str) -> None:
        """Wait until a customer's order awaits its confirmation."""
        self._wait.eventually(self.first, name, waits_for_its_confirmation())

    def sees_tried_again(self, name: str) -> None:
        """Check that a step of a customer's order was retried. The history shows it when the attempt has ended."""
        self._wait.eventually(self.first, name, was_taken_up_again())

    def fails(self, name: str) -> DurableExecution:
        """Wait until a customer's order has ended, or is refused in spite of retries, and return it."""
        refused = any_of(is_over(), has_failed_for_its_id())
        seen: DurableExecution = self._wait.eventually(self.first, name, refused, more=self.orders.parts.wait)
        return seen

    def ends(self, name: str) -> DurableExecution:
        """Wait until a customer's order has ended, and return it."""
        seen: DurableExecution = self._wait.eventually(self.first, name, is_over(), more=self._usual_seconds(name))
        return seen

    def receipt(self, name: str) -> Any:
        """Return the result of the first submission of a customer's order that completed."""
        return self.orders.returned(self._gone_through(name).arn)

    def receipts(self, name: str) -> Sequence[Any]:
        """Return the result of each completed submission of a customer's order."""
        return [self.orders.returned(one.arn) for one in self.submissions(name).successful]

    def sees_each_charged_and_stored(self, amount: str) -> None:
        """Check that each order of this scenario was charged once, and has its own stored item."""
        for name, placed in self._placed.items():
            whose = f"{name}, whose order id is {placed.order_id!a}"
            assert_that(self.charges(name), was_charged_once(amount), whose)
            assert_that(self.stored(name), is_stored_as_completed(placed.order_id), whose)
            assert_that(self.receipt(name), is_a_receipt(placed.order_id, amount), whose)

    def _gone_through(self, name: str) -> DurableExecution:
        """Return the submission that completed first. Raises Trouble when none has."""
        successful = self.submissions(name).successful
        if not successful:
            raise Trouble(f"{name}'s online order has not gone through: is a When missing that waits for it?")
        return successful[0]

    def stored(self, name: str) -> Mapping[str, Any] | None:
        """Return the stored item of a customer's order."""
        return self.orders.stored(self.order_of(name).order_id)

    def kept(self, name: str) -> Mapping[str, Any]:
        """Return all stored data of a customer's order, by place."""
        order_id = self.order_of(name).order_id
        return {
            "the receipt": self.receipt(name),
            "the stored order": self.stored(name),
            "the payment": self.orders.booked(order_id),
        }

    def log(self, name: str) -> Sequence[str]:
        """Return what the shop has logged since a customer's order was placed."""
        return self.orders.log(self.order_of(name))

    def charge_keys(self) -> Sequence[str]:
        """Return the reference of each charge of this scenario's orders."""
        return [key for placed in self._placed.values() for key in self.orders.charge_keys(placed.order_id)]

    def charges(self, name: str) -> Sequence[Mapping[str, Any]]:
        """Return the charges for a customer's order."""
        return self.orders.charges(self.order_of(name).order_id)

    def stored_besides(self, name: str) -> Sequence[str]:
        """Return the orders stored or changed since a customer's attempt that no submission names.

        On a shared account others' orders may appear at any time; each has a submission that names it.
        """
        self.order_of(name)  # without an attempt nothing is proved
        known = self._known
        appeared = {one for one, item in self.orders.all_stored().items() if item != known.get(one)}
        if not appeared:
            return ()
        began = self.first(name).started.ms
        return sorted(appeared - self.orders.submitted_order_ids(began))

    def sees_waited(self, name: str) -> None:
        """Check that an order has taken at least its wait."""
        taken, wait = _taken(self.first(name)), self.orders.parts.wait * 1000
        if taken.latest < wait:
            raise AssertionError(
                f"Expected: an order that takes no less than its wait of {milliseconds(wait)} · but: {taken.words}"
            )
        if taken.earliest < wait:
            raise Trouble(
                f"It is not known whether an order has waited for {milliseconds(wait)}: it took {taken.words}."
            )

    def sees_in_time(self, name: str, more: float) -> None:
        """Check that an order has taken at most so many seconds longer than its wait."""
        execution = self.first(name)
        clocks = [f"{execution.started.clock.name} (to {milliseconds(execution.started.clock.resolution)})"]
        promise = in_time(self.orders.parts.wait, more)
        taken = allowing_for_standstill(
            _taken(execution), promise.budget, execution.started, _end_of(execution), idle=self._timer(execution)
        )
        judgement = Judgement(promise, taken, slowest_part(execution), clocks)
        self.judgements.append(judgement)
        judgement.require(customer=name)

    def _timer(self, execution: DurableExecution) -> tuple[float, float]:
        """Return the start and end (epoch ms) of an order's confirmation wait, which uses no processor."""
        began = next((one.began.ms for one in execution.operations if one.kind != "Step"), execution.started.ms)
        return began, began + self.orders.parts.wait * 1000

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return every latency that this scenario has checked."""
        return [(one.promise, Distribution([one.latency])) for one in self.judgements]

    def end(self) -> None:
        """Do nothing: all scenarios share the regulars' orders, and the run removes everything at its end."""


class Submissions:
    """The progress of each submission of an order."""

    def __init__(self, executions: Sequence[DurableExecution]) -> None:
        self.executions = executions

    @property
    def successful(self) -> Sequence[DurableExecution]:
        """The completed submissions, ordered by their end."""
        done = [one for one in self.executions if one.status == "SUCCEEDED" and one.ended]
        return sorted(done, key=lambda one: one.ended.ms if one.ended else 0)

    @property
    def words(self) -> str:
        """All of them in words."""
        return "; ".join(one.words for one in self.executions)

    def dead_end(self) -> str | None:
        """Return why none of them can still succeed, None while one can."""
        over = [one for one in self.executions if one.is_over]
        return over[0].dead_end() if len(over) == len(self.executions) and not self.successful else None


def _moment(ms: float) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _taken(execution: DurableExecution) -> Latency:
    return Latency.between(execution.started, _end_of(execution))


def _end_of(execution: DurableExecution) -> Stamp:
    if execution.ended is None:
        raise Trouble("The online order has not come to its end: is a When missing that waits for it?")
    return execution.ended


def slowest_part(execution: DurableExecution) -> Hop | None:
    """Return where most of the time went besides the waits."""
    parts = []
    at = execution.started.ms
    for span in execution.operations:
        parts.append(Hop(f"before {span.name}", span.began.ms - at))
        at = span.ended.ms if span.ended else span.began.ms
        if span.kind == "Step":
            parts.append(Hop(f"in {span.name}", at - span.began.ms))
    if execution.ended:
        parts.append(Hop("at the end", execution.ended.ms - at))
    return max(parts, key=lambda hop: hop.ms, default=None)

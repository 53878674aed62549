"""What fails in the café on purpose, for one scenario.

Calls, functions and messages are made to fail on the embedded account only (acceptance/aws/disturbances). What an
operator does can be done on any account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from hamcrest import equal_to

from acceptance.aws.disturbances import disturbed
from acceptance.aws.disturber import BEHIND, CODE, HAND_ON, HOLD, READS, RUN, TELL, THROTTLED, WRITES, Disturbance
from acceptance.earlier import one_of
from acceptance.trouble import Trouble
from support.serverlesspresso.matchers.actions import is_answered
from support.serverlesspresso.matchers.orders import is_cancelled
from support.serverlesspresso.matchers.workflows import is_over
from support.serverlesspresso.messages import SCANNED, SECOND_WAIT, STARTED, STOPPED
from support.serverlesspresso.people import Customer
from support.serverlesspresso.person import Person
from support.serverlesspresso.tracked_order import TrackedOrder
from support.serverlesspresso.world import World

TIMES = {"once": 1, "twice": 2, "three times": 3}
# How long it may take that the café gives a stopped order up, and that it has come to a message, in s.
GIVEN_UP_SECONDS, COME_SECONDS = 10.0, 5.0
# How often a workflow tries a task, and how long that takes at least, in s.
TRIES, TRIES_SECONDS = 5, 8.2
# What a copy of a table may answer that the last write has not reached.
LOOKS_UP = ("GetItem",)
# What the café's workflows ask other services for.
TASKS = ("GetItem", "UpdateItem", "ListExecutions", "Invoke", "PutEvents", "SendTaskSuccess", "SendTaskFailure")
# EventBridge's code for an event that it refuses because there are too many.
FULL = "ThrottlingException"
# The same of any service that a workflow asks.
BUSY = "Throttling"


class Failures:
    """Lets parts of the café fail until the scenario ends."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._until = ExitStack()

    def end(self) -> None:
        """Let nothing fail any more."""
        self._until.close()

    def functions_fail(self, how_often: str, person: Person) -> None:
        """Let the functions that work for a customer fail so often."""
        times = TIMES[one_of(TIMES, how_often, "number of failures")]
        self._begin(Disturbance([person.user_id], operations=(RUN,), times=times))

    def each_task_is_refused_once(self, person: Person, order: TrackedOrder | None) -> None:
        """Let each of TASKS be refused the first time that a workflow asks for it, for a customer or their order."""
        about = [person.user_id, *([order.order_id] if order else ())]
        self._begin(*(Disturbance(about, (), of_tasks=(task,), times=1, code=BUSY) for task in TASKS))

    @contextmanager
    def order_unreadable(self, order: TrackedOrder) -> Iterator[str]:
        """Let an order be read by nobody meanwhile, and yield the code of that failure."""
        with disturbed(self._world.cafe.account, Disturbance([order.order_id], operations=LOOKS_UP)):
            yield CODE

    def bus_refuses_once(self, order: TrackedOrder) -> None:
        """Let the bus refuse the next event about an order that a function puts onto it."""
        self._begin(Disturbance([order.order_id], operations=(TELL,), times=1, code=FULL))

    def orders_without_a_number(self, order: TrackedOrder, drink: str) -> None:
        """Let a customer choose a drink, and the order get no number however often the café tries.

        The first write is that of the drink. See whether the café gives the order up.
        """
        self._orders_refusing_numbers(order, drink, times=TRIES)
        world = self._world
        world.wait.settle(world.cafe.order, order.order_id, is_cancelled(), patience=TRIES_SECONDS + GIVEN_UP_SECONDS)

    def orders_with_a_late_number(self, order: TrackedOrder, drink: str, seconds: float) -> None:
        """Let a customer choose a drink, and the order get no number for so many seconds from the first try on."""
        self._orders_refusing_numbers(order, drink, lasting=seconds)

    def _orders_refusing_numbers(self, order: TrackedOrder, drink: str, **how_long: Any) -> None:
        self._begin(Disturbance([order.order_id], (), of_tasks=("UpdateItem",), after=1, code=THROTTLED, **how_long))
        world = self._world
        order.drink = world.drink(drink)
        world.actions.note(world.cafe.manager.submit(order.order_id, order.customer.user_id, order.drink))

    def tables_are_throttled(self, seconds: float) -> None:
        """Let the tables refuse what this run asks of them, for so many seconds from the first time on."""
        ours = [self._world.cafe.run_id]
        # Only workflows are refused what they read: people may look meanwhile.
        self._begin(Disturbance(ours, operations=WRITES, of_tasks=READS, code=THROTTLED, lasting=seconds))

    def tables_show_late(self, order: TrackedOrder) -> None:
        """Let readers who do not ask for the latest state see an order as it was before its last change.

        So do the workflows that act on it with the shop's settings.
        """
        self._begin(Disturbance([order.order_id], operations=LOOKS_UP, effect=BEHIND))

    def tables_show_settings_late(self) -> None:
        """Let this run's workflows see the shop's settings and its menu as they were before the last change."""
        self._begin(Disturbance([self._world.cafe.run_id], operations=(), of_tasks=LOOKS_UP, effect=BEHIND))

    def nobody_takes_scans(self) -> None:
        """Let what serves scans be gone."""
        self._begin(Disturbance([self._world.cafe.run_id], operations=(self._handing_on(SCANNED),)))

    def nobody_takes_stops(self, order: TrackedOrder) -> None:
        """Let what serves the end of an order's workflow be gone."""
        self._begin(Disturbance([order.order_id], operations=(self._handing_on(STOPPED),)))

    def has_scanned_unheard(self, customer: Customer) -> None:
        """Let a customer have scanned the code when nothing received that."""
        self.nobody_takes_scans()
        customer.scans()
        customer.order.messages.include_dead_letter(SCANNED)
        self.end()

    def has_scanned_again_unnoticed(self, customer: Customer) -> None:
        """Let a customer's scan have been delivered again, and what the café says of the duplicate be late."""
        customer.has_scanned()
        order = customer.order
        handing_on = Disturbance([order.order_id], operations=(self._handing_on(STARTED),), effect=HOLD)
        [has_come] = self._begin(handing_on)
        order.messages.deliver_again(SCANNED)
        if not self._world.wait.settle(lambda: has_come() > 0, equal_to(True), patience=COME_SECONDS):
            raise Trouble(f"The café has not begun anything for the duplicate of {customer.person.name}'s scan.")

    def orders_unheard(self, order: TrackedOrder, drink: str) -> None:
        """Let a customer choose a drink, and the message be late that tells the baristas."""
        [self._has_come] = self._begin(
            Disturbance([order.order_id], operations=(self._handing_on(SECOND_WAIT),), effect=HOLD)
        )
        world = self._world
        order.drink = world.drink(drink)
        world.actions.note(world.cafe.manager.submit(order.order_id, order.customer.user_id, order.drink))
        reached = world.wait.settle(lambda: self._has_come() > 0, equal_to(True), patience=COME_SECONDS)
        if not reached:
            raise Trouble(f"The café did not come to tell the baristas of {order.customer.name}'s order.")
        order.remember()

    def cancels_before_it_is_heard(self, order: TrackedOrder) -> None:
        """Let a customer cancel, and the late message come then."""
        world = self._world
        action = world.cafe.manager.cancel(order.order_id, user_id=order.customer.user_id)
        world.actions.note(action)
        world.wait.settle(world.cafe.manager.result, action, is_answered(), patience=COME_SECONDS)
        self.end()
        world.wait.settle(world.cafe.processor.serving, order.order_id, is_over(), patience=COME_SECONDS)

    def has_cancelled_before_it_is_heard(self, customer: Customer, drink: str) -> None:
        """Let a customer have cancelled before the message that tells the baristas, which has come since."""
        customer.has_scanned()
        self.orders_unheard(customer.order, drink)
        self.cancels_before_it_is_heard(customer.order)
        customer.order.remember()

    def _begin(self, *disturbances: Disturbance) -> Sequence[Any]:
        self._world.cafe.data.is_disturbed = True
        return self._until.enter_context(disturbed(self._world.cafe.account, *disturbances))

    def _handing_on(self, detail_type: str) -> str:
        return f"{HAND_ON}{self._world.cafe.dialect.called(detail_type)}"


class Operator:
    """Somebody who has access to the account that the café runs on."""

    def __init__(self, world: World) -> None:
        self._world = world

    def stops(self, order: TrackedOrder) -> None:
        """Stop the workflow that serves an order, and see whether the café gives the order up.

        Raises Trouble where none serves it.
        """
        processor, wait = self._world.cafe.processor, self._world.wait
        running = processor.all_of(order.order_id).open
        if not running:
            raise Trouble(f"No workflow serves {order.customer.name}'s order: is a Given missing?")
        for execution in running:
            processor.executions.stop(execution.arn, "An operator has stopped it.")
        wait.settle(self._world.cafe.order, order.order_id, is_cancelled(), patience=GIVEN_UP_SECONDS)

    def stops_the_duplicate(self, order: TrackedOrder) -> None:
        """Stop the workflow of an order's duplicate scan. Its effect is not waited for."""
        processor = self._world.cafe.processor
        first = self._world.cafe.bus.scan_of(order.order_id)
        others = [one for one in processor.all_of(order.order_id).open if one.event_id != first]
        if len(others) != 1:
            raise Trouble(f"No workflow serves a duplicate scan of {order.customer.name}'s order: is a Given missing?")
        processor.executions.stop(others[0].arn, "An operator has stopped it.")

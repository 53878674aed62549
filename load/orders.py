"""Locust's file for the durable orders: customers submit an order each, and it completes after its confirmation period.

locust -f load/orders.py --headless -u 5 --run-time 1m --processes 2
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import gevent
from hamcrest.core.string_description import StringDescription

from acceptance.aws.durable import DurableExecution, timeline_of
from acceptance.service_levels.levels import Promise
from acceptance.service_levels.timeline import Hop, slowest
from acceptance.settings import Settings
from acceptance.system import System
from acceptance.target import Target
from load import stages, users
from load.place import Joined
from load.results import DOUBLED, SERVED, WRONG
from load.run import install
from load.trade import Patience, Trade, Venue, Visit
from support.durable_orders.driver import DurableOrders
from support.durable_orders.matchers import is_stored_as_completed
from support.durable_orders.online_order import in_time
from support.durable_orders.settings import DurableOrdersSettings
from support.durable_orders.system import DurableOrdersSystem

# By how much an order may take longer than its confirmation period: features/durable_orders/orders.feature.
MORE_SECONDS = 5.0
# How often an order is asked for that should be over, in s: each time half as often as before.
ASK_AGAIN_SECONDS = 0.25


class OrdersTrade(Trade):
    """The durable orders under load. The service level depends on the confirmation period, which is a setting."""

    system: ClassVar[type[System]] = DurableOrdersSystem
    promises: Sequence[Promise] = (in_time(DurableOrdersSettings().wait, MORE_SECONDS),)
    usd_each: ClassVar[float] = 0.001

    def read(self, settings: Settings) -> None:
        """Take the confirmation period that the orders are deployed with."""
        self.promises = (in_time(settings.of(DurableOrdersSettings).wait, MORE_SECONDS),)

    def prepare(self, target: Target) -> Mapping[str, str]:
        """Deploy them, or leave it to the workers to find them."""
        if not target.settings.on_aws:
            DurableOrdersSystem(target).deploy()
        return {}

    def enter(self, target: Joined) -> Venue:
        """Find the function and its tables."""
        system = DurableOrdersSystem(target, side_by_side=True)
        return OnlineShop(system.enter(target.account), self.promises[0], target.settings.patience_seconds)


class OnlineShop:
    """The online shop as one worker uses it."""

    def __init__(self, orders: DurableOrders, promise: Promise, patience: float) -> None:
        """`patience`: how much longer than its confirmation period an order may take before it counts as lost (s)."""
        self._orders = orders
        self._promise = promise
        self._patience = patience
        self._late: dict[str, DurableExecution] = {}

    @property
    def clock_offset(self) -> float:
        """One clock stamps both ends."""
        return 0.0

    def check(self) -> None:
        """There is no tap that could be lost."""

    def serve(self, visits: Sequence[Visit]) -> None:
        """Let a customer submit an order, and see it through."""
        [visit] = visits
        orders, promise = self._orders, self._promise
        placed = orders.take(orders.new_order())
        visit.key = placed.order_id
        visit.takes(promise, lambda: orders.submit_again(placed))
        seen, pause = orders.execution(placed.executions[0]), ASK_AGAIN_SECONDS
        patience = Patience(orders.parts.wait + self._patience)
        gevent.sleep(0 if seen.is_over else orders.parts.wait)
        while not seen.is_over and patience.left():
            seen = orders.execution(placed.executions[0])
            gevent.sleep(0 if seen.is_over else pause)
            pause *= 2
        if seen.status != "SUCCEEDED" or seen.ended is None:
            visit.words = f"it is {seen.words}"
            return
        visit.end = SERVED
        visit.ends[promise.key] = (seen.started, seen.ended)
        if seen.ended.latest - visit.ends[promise.key][0].ms > promise.budget:
            self._late[visit.key] = seen  # where its time went may be asked
        self._look_at(visit)
        orders.done_with(placed)

    def doubled(self) -> Iterator[tuple[str, str]]:
        """Nothing is announced; what was charged twice is found at each order."""
        return iter(())

    def heard_all(self) -> None:
        """There is nothing to be heard."""

    def slowest_hop(self, promise: Promise, visit: Visit) -> Hop | None:
        """Look at an execution's history for where its time went."""
        seen = self._late.pop(visit.key, None)
        if seen is None:
            return None
        start, end = visit.ends[promise.key]
        return slowest(timeline_of(visit.key, [seen], self._orders.parts.function), start.ms, end.ms)

    def _look_at(self, visit: Visit) -> None:
        """Compare what is stored and charged with what was ordered."""
        stored, matcher = self._orders.tables.stored(visit.key), is_stored_as_completed(visit.key)
        if not matcher.matches(stored):
            said = StringDescription()
            matcher.describe_mismatch(stored, said)
            visit.wrong.append((WRONG, f"it has succeeded, and {said}"))
        charged = len(self._orders.tables.charges(visit.key))
        if self._orders.parts.payments_table and charged != 1:
            visit.wrong.append((DOUBLED if charged > 1 else WRONG, f"it was charged {charged} times"))


LOAD = install(OrdersTrade())


class Customer(users.Arriving):
    """One customer a second."""

    load = LOAD


class Stages(stages.Stages):
    """The course of a run."""

    load = LOAD

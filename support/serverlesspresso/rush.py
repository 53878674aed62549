"""A rush hour: orders that arrive by a schedule, all open at once, and how far each service level was met.

Every phase continues with the remaining orders. A lost order does not stop it: it is checked
at the end, and counts as over every budget.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial

from acceptance.service_levels.levels import HIGHEST, Distribution, Latency, Promise, from_intended_start
from acceptance.service_levels.timeline import Hop, Timeline
from acceptance.waiting import ScheduledCall, Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.matchers.many_orders import all_wait_for_their_drink
from support.serverlesspresso.matchers.messages import all_are_told
from support.serverlesspresso.orders import SeenOrder
from support.serverlesspresso.promises import CLAIM, DRINK, PROMISES, READY, SCAN


class Rush:
    """One rush of customers, and the barista who serves them all."""

    def __init__(self, cafe: Cafe, wait: Waiter, customers: Sequence[str], barista: str) -> None:
        """Create a rush from the user ids of the customers and of the barista."""
        self._cafe = cafe
        self._wait = wait
        self._barista = barista
        self._customers: Mapping[str, str] = {cafe.data.new_order_id(): customer for customer in customers}
        self._done: dict[str, Mapping[str, ScheduledCall]] = {}
        self.judged: dict[Promise, Distribution] = {}

    @property
    def orders(self) -> Sequence[str]:
        """The ids of its orders."""
        return list(self._customers)

    def goes_on(self, every: float, patience: float) -> None:
        """Run all customers' scans, choices, claims and completions, one phase after the other.

        `every` is the interval (s) between two of them; after each phase, `patience` (s) is the longest wait for it to
        have its effect.
        """
        cafe, barista, drink = self._cafe, self._barista, self._cafe.shop.menu().usual.name
        self._phase(SCAN, every, patience, lambda order: cafe.bus.scan(self._customers[order], order))
        # The event may precede the record.
        self._wait.settle(cafe.orders, self.orders, all_wait_for_their_drink(), patience=patience)
        self._phase(DRINK, every, patience, lambda order: cafe.manager.submit(order, self._customers[order], drink))
        self._phase(CLAIM, every, patience, lambda order: cafe.manager.claim(order, barista))
        self._phase(READY, every, patience, lambda order: cafe.manager.complete(order, barista))

    def seen(self) -> Sequence[SeenOrder]:
        """Return its orders as they are now."""
        return self._cafe.orders(self.orders)

    def meets(self, promise: Promise, percent: float) -> None:
        """Check a service level for this percentage of its orders."""
        self.measure(promise).require(promise, percent, lambda: self.slowest_hop(promise))

    def measure(self, promise: Promise) -> Distribution:
        """Return the orders' latencies for a service level; a lost one counts as the longest of all."""
        done = self._done[promise.key]
        ends = {order: promise.ends(self._timelines[order]) for order in done}
        kept = {order: both for order, both in ends.items() if both and order in self._stored}
        measured = partial(
            from_intended_start,
            [start for start, _ in kept.values()],
            [end for _, end in kept.values()],
            [done[order].due for order in kept],
            [done[order].late for order in kept],
            self._cafe.clock_offset,
            budget=promise.budget,
        )
        latencies = measured() if kept else []
        if any(latency.stood_still for latency in latencies):  # then the functions' runs matter
            latencies = measured(timelines=[self._cafe.timeline(order, with_functions=True) for order in kept])
        lost = [Latency(HIGHEST, HIGHEST)] * (len(self.orders) - len(kept))
        self.judged[promise] = Distribution([*lost, *latencies])
        return self.judged[promise]

    def slowest_hop(self, promise: Promise) -> Hop | None:
        """Return where the time went for the order with the longest latency of a service level."""
        kept = {order: both for order in self._stored if (both := promise.ends(self._timelines[order]))}
        if not kept:
            return None
        slowest = max(kept, key=lambda order: kept[order][1].ms - kept[order][0].ms)
        judged = self._cafe.judge(promise, slowest, self._wait)
        return judged.hop if judged else None

    @cached_property
    def _stored(self) -> Sequence[str]:
        """The stored orders: one that was announced but never stored is lost."""
        return [seen.order_id for seen in self.seen() if seen.record]

    @cached_property
    def _timelines(self) -> Mapping[str, Timeline]:
        return {order: self._cafe.timeline(order) for order in self.orders}

    def _phase(self, promise: Promise, every: float, patience: float, act: Callable[[str], object]) -> None:
        """Act on each remaining order in turn, and wait until all customers were notified."""
        previous = PROMISES[PROMISES.index(promise) - 1] if promise is not PROMISES[0] else None
        there = [order for order in self.orders if previous is None or self._told(order, previous)]
        done = self._wait.by_schedule([lambda order=order: act(order) for order in there], every)  # type: ignore[misc]
        self._done[promise.key] = dict(zip(there, done, strict=True))
        if there:
            self._wait.settle(self._events, there, all_are_told(promise.heard, promise.title), patience=patience)

    def _told(self, order: str, promise: Promise) -> bool:
        return any(event.detail_type == promise.heard for event in self._cafe.events(order))

    def _events(self, orders: Sequence[str]) -> Sequence[Sequence[object]]:
        return [self._cafe.events(order) for order in orders]

"""Several people, or one at two terminals, who act at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from acceptance.terminal.console import Console
from support.fulfilment.order import Order
from support.fulfilment.workday import Workday, no_replies


class AtOnce:
    """Actions at the same moment."""

    def __init__(self, day: Workday) -> None:
        self._day = day

    def try_to(self, act: str, attempts: Mapping[str, str]) -> None:
        """Try the same act as several people: by name, for which customer's order."""
        day = self._day
        self._all([(name, day.at_work(name), act, day.orders[customer]) for name, customer in attempts.items()])

    def order(self, customers: Sequence[str], times: int) -> None:
        """Order one lamp as each customer, so many times."""
        day = self._day
        for _ in range(times):
            self._all([(name, day.at_work(name), "order", day.new_order(1, name)) for name in customers])
            for name in customers:
                day.succeed(name, "order", day.replies[name])

    def at_two_terminals(self, name: str, acts: Sequence[str], customer: str) -> None:
        """Do two acts for the same order as a person who is logged in twice."""
        first, (called, second) = self._day.at_work(name), self._day.at_another_terminal(name)
        order = self._day.orders[customer]
        self._all([(name, first, acts[0], order), (called, second, acts[1], order)])

    def _all(self, attempts: Sequence[tuple[str, Console, str, Order]]) -> None:
        """Do each act, and type its last line when all have reached theirs."""
        day = self._day
        day.replies = no_replies()
        meeting = threading.Barrier(len(attempts))

        def meet() -> None:
            with suppress(threading.BrokenBarrierError):  # another person has not reached it
                meeting.wait(day.fulfilment.setup.answer_within)

        def attempt(name: str, console: Console, act: str, order: Order) -> None:
            try:
                values = {"amount": order.amount} if act == "complete" else {}
                day.handle(name, console, act, order, meet, **values)
            finally:
                meeting.abort()

        about = [day.item, *(text for *_, order in attempts for text in (order.id, order.delivery_id) if text)]
        with day.fulfilment.slow_writes(about, seed=len(about)):
            day.wait.by_schedule([partial(attempt, *one) for one in attempts], every=0.0)

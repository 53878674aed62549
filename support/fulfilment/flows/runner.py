"""The flows of one call of `python -m support.fulfilment.flows`: fulfilment deployed once, and removed at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal

from rich.console import Console as Screen

from acceptance.settings import Settings
from acceptance.target import Target
from acceptance.trouble import Trouble
from support.fulfilment.driver import Fulfilment
from support.fulfilment.flows.display import Explanation, LiveProgress
from support.fulfilment.flows.results import Results
from support.fulfilment.order_flows import Flow, ManyFlows, Plan
from support.fulfilment.system import enter

PRICE = Decimal("19.90")


class FlowRunner:
    """Fulfilment on its target. Use it as a context manager: it removes everything it created."""

    def __init__(self, settings: Settings, screen: Screen) -> None:
        self.last: Results | None = None
        self._screen = screen
        self._target = Target(settings)
        self._items: list[str] = []
        self._fulfilment: Fulfilment | None = None

    def __enter__(self) -> FlowRunner:
        try:
            with self._screen.status("Starting …"):
                self._target.start()
                self._fulfilment = enter(self._target)
        except BaseException:
            self._target.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.clean_up()
        finally:
            self._target.stop()

    @property
    def fulfilment(self) -> Fulfilment:
        """Fulfilment, once it was entered."""
        assert self._fulfilment is not None  # noqa: S101 - for the type checker
        return self._fulfilment

    def customer(self, wanted: str) -> str:
        """Return the name of a customer by name or user name. Raises Trouble when there is none; "" is any."""
        customers = self.fulfilment.dialogue.of_role("customer")
        names = [one.name for one in customers if wanted in (one.name, one.user)]
        if wanted and not names:
            known = ", ".join(one.name for one in customers)
            raise Trouble(f"No customer is called {wanted}. {self.fulfilment.dialogue.path} has {known}.")
        return names[0] if wanted else ""

    def run(self, count: int, parallel: int, customer: str = "", delay: float = 0.0, *, demo: bool = False) -> Results:
        """Run flows and keep their results as the last ones. A Ctrl-C ends them; the results show their progress."""
        plan = Plan(self._item(count), customer=self.customer(customer), delay=delay)
        began, clock = time.time(), time.monotonic()
        if demo:
            many, interrupted = self._run(plan, count, parallel, Explanation(self._screen).on_step)
        else:
            with LiveProgress(self._screen, count) as progress:
                many, interrupted = self._run(plan, count, parallel, progress.on_step)
        self.last = Results(many.results, parallel, began, time.monotonic() - clock, interrupted)
        return self.last

    def clean_up(self) -> int:
        """End every running program, and remove this run's orders. Returns the number of programs ended."""
        running = self.fulfilment.running()
        for console in running:
            console.end()
        while self._items:
            self.fulfilment.records.remove(self._items.pop())
        return len(running)

    def _run(self, plan: Plan, count: int, parallel: int, on_step: Callable[[Flow], None]) -> tuple[ManyFlows, bool]:
        many = ManyFlows(self.fulfilment, plan, count, parallel, on_step)
        try:
            many.run()
        except KeyboardInterrupt:
            return many, True
        return many, False

    def _item(self, count: int) -> str:
        """Return the item that the flows order: the dialogue's, or one of their own in the stock."""
        if "item" in self.fulfilment.dialogue.texts:
            return self.fulfilment.dialogue.texts["item"]
        item = self.fulfilment.new_item("lamp")
        self._items.append(item)
        self.fulfilment.records.put_on_the_shelf(item, count, PRICE)
        return item

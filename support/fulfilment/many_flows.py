"""Orders that pass through all five people, one after another or side by side, and the figures of how they went.

A flow is one order on its whole way, in ten steps. Each flow starts programs of its own, and whoever has done their
part leaves. A flow that does not come to its end tells how far it came.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from acceptance.terminal.console import BROKEN, DONE, REFUSED, Console, ConsoleFault, Refusal, Reply
from acceptance.terminal.watcher import end_session
from acceptance.trouble import Trouble
from support.fulfilment.dialogue import ROLES
from support.fulfilment.driver import Fulfilment

INTERRUPTED = "interrupted"
# The ten steps: who does it, its name, and what it means, for who sees it for the first time.
STEPS: Sequence[tuple[str, str, str]] = (
    ("customer", "customer logs in", "The customer starts the portal and logs in."),
    ("customer", "customer orders", "The customer looks at what is on offer, and orders. The order gets its id."),
    ("inventory", "inventory logs in", "Somebody of the inventory starts their program and logs in."),
    ("inventory", "goods are set aside", "The inventory processes the order: its goods are set aside."),
    ("warehouse", "warehouse logs in", "The manager of the warehouse starts their program and logs in."),
    ("warehouse", "packing is authorized", "The warehouse approves: the goods may be picked and packed."),
    ("logistics", "logistics logs in", "The manager of logistics starts their program and logs in."),
    ("logistics", "delivery is planned", "Logistics plans route and schedule. The delivery gets its id."),
    ("delivery", "delivery is accepted", "The courier starts their program, logs in and accepts the delivery."),
    ("delivery", "order is delivered and paid", "The courier hands the goods over and collects the payment."),
)


@dataclass(frozen=True)
class StepResult:
    """How one step of a flow went: done, refused, broken or interrupted, and why not.

    `began` is monotonic, in s as `seconds` is. `could_not_be_checked` tells that something else than the programs was
    broken: nothing is known about these.
    """

    name: str
    outcome: str
    began: float
    seconds: float
    words: str = ""
    could_not_be_checked: bool = False


@dataclass
class FlowResult:
    """How far one flow came, and what was seen on the way."""

    number: int
    people: Mapping[str, str]
    steps: list[StepResult] = field(default_factory=list)
    order_id: str = ""
    delivery_id: str = ""
    amount: str = ""
    consoles: list[Console] = field(default_factory=list)

    @property
    def went_through(self) -> bool:
        """Whether the order is delivered and paid."""
        return len(self.steps) == len(STEPS) and all(step.outcome == DONE for step in self.steps)

    @property
    def could_not_be_checked(self) -> bool:
        """Whether it was stopped by something else than the programs."""
        return any(step.could_not_be_checked for step in self.steps)

    @property
    def done(self) -> int:
        """How many of the steps were done."""
        return sum(step.outcome == DONE for step in self.steps)

    @property
    def seconds(self) -> float:
        """How long it took from its first step to the end of its last one."""
        return self.steps[-1].began + self.steps[-1].seconds - self.steps[0].began if self.steps else 0.0

    @property
    def words(self) -> str:
        """How far it came, in words."""
        if self.went_through:
            return f"flow {self.number}: {self.order_id} is delivered and paid"
        failed = next((step for step in self.steps if step.outcome != DONE), None)
        stopped = f", then “{failed.name}” was {failed.outcome}: {failed.words}" if failed else ""
        return f"flow {self.number} came to step {self.done} of {len(STEPS)}{stopped}"


@dataclass(frozen=True)
class Plan:
    """What flows are to do. `delay` (s) passes between two steps of a flow; `customer` is one for all, or none ("")."""

    item: str
    quantity: int = 1
    route: str = "North"
    schedule: str = "Monday, 9:00"
    customer: str = ""
    delay: float = 0.0


class Flow:
    """One order on its way."""

    def __init__(
        self, fulfilment: Fulfilment, plan: Plan, number: int, stop: threading.Event, tell: Callable[[Flow], None]
    ) -> None:
        """`tell` hears of each step that begins and ends."""
        self.result = FlowResult(number, _people(fulfilment, plan, number))
        self.under_way = ""
        self._fulfilment = fulfilment
        self._plan = plan
        self._stop = stop
        self._tell = tell
        self._console: Console | None = None

    def run(self) -> FlowResult:
        """Take the ten steps until one cannot be done. Ends every program that it has started."""
        acts = (
            *(lambda: self._arrive("customer"), self._order),
            *(lambda: self._arrive("inventory"), lambda: self._at_order("process")),
            *(lambda: self._arrive("warehouse"), lambda: self._at_order("approve")),
            *(lambda: self._arrive("logistics"), self._plan_delivery),
            *(self._accept, lambda: self._at_delivery("complete", amount=self.result.amount)),
        )
        try:
            for (role, name, _), act in zip(STEPS, acts, strict=True):
                if self.result.steps and self._plan.delay:
                    self._stop.wait(self._plan.delay)  # the pace of people; nothing is waited for
                if not self._step(role, name, act):
                    break
        finally:
            self._go()
            self.under_way = ""
            self._tell(self)
        return self.result

    def abort(self) -> None:
        """End the program that is being worked at, from another thread: whoever waits for its answer hears of it."""
        session = self._console.session if self._console else None
        if session:
            end_session(session)

    def _step(self, role: str, name: str, act: Callable[[], Reply | None]) -> bool:
        self.under_way = name
        self._tell(self)
        began, words, troubled = time.monotonic(), "", False
        if self._stop.is_set():
            outcome, words = INTERRUPTED, "The run was interrupted."
        else:
            try:
                came = act()
                outcome = REFUSED if isinstance(came, Refusal) else DONE
                words = came.words if isinstance(came, Refusal) else ""
            except (ConsoleFault, Trouble) as error:
                outcome, words, troubled = BROKEN, str(error), isinstance(error, Trouble)
                if self._stop.is_set():
                    outcome, words, troubled = INTERRUPTED, "The run was interrupted.", False
        self.result.steps.append(StepResult(name, outcome, began, time.monotonic() - began, words, troubled))
        self._tell(self)
        return outcome == DONE

    def _arrive(self, role: str) -> Reply:
        """Let the last person leave, and the next one start their program and log in.

        Raises ConsoleFault when the last one's program has not ended well: the order goes no further.
        """
        self._go()
        if self.result.steps and self.result.steps[-1].outcome != DONE:
            raise ConsoleFault("The program before has not ended well.")
        person = self._fulfilment.person(self.result.people[role])
        console = self._console = self._fulfilment.sits_down(person.name)
        self.result.consoles.append(console)
        console.start()
        return console.log_in(person.user, self._fulfilment.password)

    def _go(self) -> None:
        console, self._console = self._console, None
        if console is None:
            return
        try:
            if self.result.steps and self.result.steps[-1].outcome == DONE:
                console.leave()
        except (ConsoleFault, Trouble) as error:
            if self._stop.is_set():  # it was ended from outside
                return
            last, troubled = self.result.steps[-1], isinstance(error, Trouble)
            self.result.steps[-1] = StepResult(last.name, BROKEN, last.began, last.seconds, str(error), troubled)
        finally:
            console.end()

    def _order(self) -> Reply:
        console, plan = self._at(), self._plan
        looked = console.act("browse")
        if isinstance(looked, Refusal):
            return looked
        outcome = console.act("order", item=plan.item, quantity=str(plan.quantity))
        if not isinstance(outcome, Refusal):
            self.result.order_id, self.result.amount = outcome.found["order"], outcome.found.get("amount", "")
        return outcome

    def _at_order(self, act: str, **more: str) -> Reply:
        return self._at().act(act, order=self.result.order_id, **more)

    def _plan_delivery(self) -> Reply:
        outcome = self._at_order("plan", route=self._plan.route, schedule=self._plan.schedule)
        if not isinstance(outcome, Refusal):
            self.result.delivery_id = outcome.found["delivery"]
        return outcome

    def _accept(self) -> Reply:
        outcome = self._arrive("delivery")
        return outcome if isinstance(outcome, Refusal) else self._at_delivery("accept")

    def _at_delivery(self, act: str, **more: str) -> Reply:
        return self._at().act(act, delivery=self.result.delivery_id, **more)

    def _at(self) -> Console:
        assert self._console is not None  # noqa: S101 - whoever acts has arrived
        return self._console


def _people(fulfilment: Fulfilment, plan: Plan, number: int) -> Mapping[str, str]:
    """Who works for a flow: people of each role take turns."""
    people = {}
    for role in ROLES:
        those = fulfilment.dialogue.of_role(role)
        people[role] = those[number % len(those)].name
    return {**people, "customer": plan.customer} if plan.customer else people


class ManyFlows:
    """Several flows, `parallel` of them at the same time. `tell` hears of each step of each flow, from its thread."""

    def __init__(
        self,
        fulfilment: Fulfilment,
        plan: Plan,
        count: int,
        parallel: int = 1,
        tell: Callable[[Flow], None] = lambda _: None,
    ) -> None:
        self.stop = threading.Event()
        self.flows = [Flow(fulfilment, plan, number, self.stop, tell) for number in range(1, count + 1)]
        self._parallel = parallel

    def run(self) -> Sequence[FlowResult]:
        """Run them, and return how each went, in order. A Ctrl-C ends them all; they tell how far they came."""
        with ThreadPoolExecutor(max_workers=max(1, self._parallel)) as pool:
            running = [pool.submit(flow.run) for flow in self.flows]
            try:
                return [one.result() for one in running]
            except BaseException:
                self.interrupt()
                raise

    def interrupt(self) -> None:
        """Let no further step begin, and end the programs that are being worked at."""
        self.stop.set()
        for flow in self.flows:
            flow.abort()

    @property
    def results(self) -> Sequence[FlowResult]:
        """How far each has come by now."""
        return [flow.result for flow in self.flows]


@dataclass(frozen=True)
class Figures:
    """What several measurements amount to, in s or whatever was measured; percentiles are of the nearest rank."""

    count: int
    average: float
    p50: float
    p95: float
    highest: float

    @staticmethod
    def of(values: Sequence[float]) -> Figures | None:
        """Return the figures of these values, None if there are none."""
        if not values:
            return None
        ordered = sorted(values)

        def percentile(percent: int) -> float:
            return ordered[math.ceil(percent * len(ordered) / 100) - 1]

        return Figures(len(ordered), sum(ordered) / len(ordered), percentile(50), percentile(95), ordered[-1])


@dataclass(frozen=True)
class StepFigures:
    """One step of many flows: how many tried it, how many have done it, and how long those took."""

    name: str
    tried: int
    done: int
    seconds: Figures | None

    @property
    def success_rate(self) -> float | None:
        """The part of those that tried it that have done it, from 0 to 1; None if nobody has tried."""
        return self.done / self.tried if self.tried else None


def of_steps(results: Sequence[FlowResult]) -> Sequence[StepFigures]:
    """Return the figures of each of the ten steps. A step that was interrupted before it ended was not tried."""
    figures = []
    for _, name, _ in STEPS:
        steps = [step for result in results for step in result.steps if step.name == name]
        tried = [step for step in steps if step.outcome != INTERRUPTED]
        took = [step.seconds for step in tried if step.outcome == DONE]
        figures.append(StepFigures(name, len(tried), len(took), Figures.of(took)))
    return figures


def of_programs(results: Sequence[FlowResult]) -> Mapping[str, tuple[Figures | None, Figures | None]]:
    """Return for each role the figures of its programs' start-up times (s) and of their memory (bytes)."""
    consoles = [console for result in results for console in result.consoles]
    return {
        role: (
            Figures.of([one.startup_seconds for one in consoles if one.program.role == role and one.startup_seconds]),
            Figures.of([one.memory for one in consoles if one.program.role == role and one.memory]),
        )
        for role in ROLES
    }

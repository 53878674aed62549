"""Orders that all five people process, one after another or in parallel.

A flow is one order from start to end. Each flow starts programs of its own, and people who have done their
part leave. An incomplete flow reports its progress.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from acceptance.terminal.console import BROKEN, DONE, REFUSED, Console, ConsoleFault, Refusal, Reply, Success
from acceptance.terminal.watcher import end_session
from acceptance.trouble import Trouble
from support.fulfilment.dialogue import ROLES
from support.fulfilment.driver import Fulfilment
from support.fulfilment.order import STEPS, Order, Step

INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class StepResult:
    """The result of one step of a flow: done, refused, broken or interrupted, and why not.

    `began` is monotonic, in s as `seconds` is. `could_not_be_checked`: something other than the programs was
    broken, so the programs could not be checked.
    """

    name: str
    outcome: str
    began: float
    seconds: float
    words: str = ""
    could_not_be_checked: bool = False


@dataclass
class FlowResult:
    """The progress of one flow, and what was observed."""

    number: int
    people: Mapping[str, str]
    steps: list[StepResult] = field(default_factory=list)
    order: Order = field(default_factory=Order)
    consoles: list[Console] = field(default_factory=list)

    @property
    def went_through(self) -> bool:
        """Whether the order is delivered and paid."""
        return len(self.steps) == len(STEPS) and all(step.outcome == DONE for step in self.steps)

    @property
    def could_not_be_checked(self) -> bool:
        """Whether something other than the programs stopped it."""
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
        """Its progress, in words."""
        if self.went_through:
            return f"flow {self.number}: {self.order.id} is delivered and paid"
        failed = next((step for step in self.steps if step.outcome != DONE), None)
        stopped = f", then “{failed.name}” was {failed.outcome}: {failed.words}" if failed else ""
        return f"flow {self.number} came to step {self.done} of {len(STEPS)}{stopped}"


@dataclass(frozen=True)
class Plan:
    """The settings of flows. `delay` (s) lies between two steps of a flow; `customer`: one for all, or none ("")."""

    item: str
    quantity: int = 1
    customer: str = ""
    delay: float = 0.0


class Flow:
    """One order's flow."""

    def __init__(
        self, fulfilment: Fulfilment, plan: Plan, number: int, stop: threading.Event, on_step: Callable[[Flow], None]
    ) -> None:
        """`on_step` is called when a step begins and when it ends."""
        order = Order(item=plan.item, quantity=str(plan.quantity))
        self.result = FlowResult(number, _people(fulfilment, plan, number), order=order)
        self.under_way = ""
        self._fulfilment = fulfilment
        self._delay = plan.delay
        self._stop = stop
        self._on_step = on_step
        self._console: Console | None = None

    def run(self) -> FlowResult:
        """Run the steps until one fails. Ends every program that it has started."""
        try:
            for step in STEPS:
                if self.result.steps and self._delay:
                    self._stop.wait(self._delay)  # people's pace; no condition is awaited
                if not self._take(step):
                    break
        finally:
            self._leave()
            self.under_way = ""
            self._on_step(self)
        return self.result

    def abort(self) -> None:
        """End the program in use, from another thread, which also ends the wait for its answer."""
        session = self._console.session if self._console else None
        if session:
            end_session(session)

    def _take(self, step: Step) -> bool:
        self.under_way = step.name
        self._on_step(self)
        began, words, troubled = time.monotonic(), "", False
        if self._stop.is_set():
            outcome, words = INTERRUPTED, "The run was interrupted."
        else:
            try:
                reply = self._do(step)
                outcome = REFUSED if isinstance(reply, Refusal) else DONE
                words = reply.words if isinstance(reply, Refusal) else ""
            except (ConsoleFault, Trouble) as error:
                outcome, words, troubled = BROKEN, str(error), isinstance(error, Trouble)
                if self._stop.is_set():
                    outcome, words, troubled = INTERRUPTED, "The run was interrupted.", False
        self.result.steps.append(StepResult(step.name, outcome, began, time.monotonic() - began, words, troubled))
        self._on_step(self)
        return outcome == DONE

    def _do(self, step: Step) -> Reply:
        """Do a step's acts until one is refused."""
        console = self._arrive(step.role) if step.arrives else self._console
        assert console is not None  # noqa: S101 - the first step of each role arrives
        reply: Reply = Success()
        if step.arrives:
            reply = console.log_in(self._fulfilment.person(console.person).user, self._fulfilment.password)
        for act in step.acts:
            if isinstance(reply, Success):
                reply = self.result.order.handle(console, act)
        return reply

    def _arrive(self, role: str) -> Console:
        """End the last person's program, and start the next one's.

        Raises ConsoleFault when the last one's program did not exit cleanly: the order goes no further.
        """
        self._leave()
        if self.result.steps and self.result.steps[-1].outcome != DONE:
            raise ConsoleFault("The program before has not ended well.")
        console = self._console = self._fulfilment.sits_down(self.result.people[role])
        self.result.consoles.append(console)
        console.start()
        return console

    def _leave(self) -> None:
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


def _people(fulfilment: Fulfilment, plan: Plan, number: int) -> Mapping[str, str]:
    """Return the people of a flow: those of each role take turns."""
    people = {}
    for role in ROLES:
        those = fulfilment.dialogue.of_role(role)
        people[role] = those[number % len(those)].name
    return {**people, "customer": plan.customer} if plan.customer else people


class ManyFlows:
    """Several flows, `parallel` of them at the same time.

    `on_step` is called when a step of a flow begins and when it ends, from that flow's thread.
    """

    def __init__(
        self,
        fulfilment: Fulfilment,
        plan: Plan,
        count: int,
        parallel: int = 1,
        on_step: Callable[[Flow], None] = lambda _: None,
    ) -> None:
        self.stop = threading.Event()
        self.flows = [Flow(fulfilment, plan, number, self.stop, on_step) for number in range(1, count + 1)]
        self._parallel = parallel

    def run(self) -> Sequence[FlowResult]:
        """Run them, and return their results, in order. A Ctrl-C ends them all; they report their progress."""
        with ThreadPoolExecutor(max_workers=max(1, self._parallel)) as pool:
            running = [pool.submit(flow.run) for flow in self.flows]
            try:
                return [one.result() for one in running]
            except BaseException:
                self.interrupt()
                raise

    def interrupt(self) -> None:
        """Start no further step, and end the programs in use."""
        self.stop.set()
        for flow in self.flows:
            flow.abort()

    @property
    def results(self) -> Sequence[FlowResult]:
        """The progress of each so far."""
        return [flow.result for flow in self.flows]

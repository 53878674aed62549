"""The shared state of one scenario's people: their orders, their programs, and the replies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from hamcrest import assert_that

from acceptance.earlier import Known, left
from acceptance.terminal.console import Console, ConsoleFault, Reply, Success
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.fulfilment.driver import Fulfilment
from support.fulfilment.matchers import was_done
from support.fulfilment.order import Order

UNTRIED = "{} has not tried anything in this scenario: is a When missing?"


class Workday:
    """The state of one scenario. `orders` are those of this scenario, by customer; `placed` all of them.

    `attempts` are the replies to one step's several attempts, by attempt.
    """

    attempts: Mapping[str, Reply] = left("No one has tried several things in this scenario: is a When missing?")

    def __init__(self, fulfilment: Fulfilment, wait: Waiter) -> None:
        self.fulfilment = fulfilment
        self.wait = wait
        self.items: list[str] = []
        self.orders: dict[str, Order] = Known("{} has not ordered anything in this scenario: is a Given missing?")
        self.placed: list[tuple[str, Order]] = []
        self.replies = no_replies()
        # What fails on purpose until the next attempt is over, and whether it has.
        self.failing = ExitStack()
        self.have_failed: Callable[[], bool] = lambda: False
        self._own: list[Console] = []
        self._used: dict[str, tuple[Console, int, int]] = Known(UNTRIED)

    @property
    def item(self) -> str:
        """The name of this scenario's own lamps. Raises Trouble when there are none."""
        if not self.items:
            raise Trouble("No step before this one has put lamps on the shelf: is a Given missing?")
        return self.items[-1]

    def new_order(self, count: int, customer: str) -> Order:
        """Return an order of so many lamps that a customer is about to place."""
        return Order(item=self.item, quantity=str(count), customer=self.fulfilment.person(customer).user)

    def attempt(self, name: str, act: str, order: Order, /, **values: str) -> Reply:
        """Try one act for an order as a person, and record the reply. A program that crashes is ended.

        One that ends because of what fails on purpose is to blame, even if its exit status blames the surroundings.
        """
        console = self.at_work(name)
        with self.failing:
            try:
                return self.handle(name, console, act, order, None, **values)
            except (ConsoleFault, Trouble) as error:
                self.fulfilment.send_home(name)
                if isinstance(error, Trouble) and self.have_failed():
                    raise ConsoleFault(f"{error} Only calls to its tables have failed.") from error
                raise

    def handle(
        self,
        name: str,
        console: Console,
        act: str,
        order: Order,
        before_the_last_line: Callable[[], object] | None,
        /,
        **values: str,
    ) -> Reply:
        """Do one act for an order at a program as a person, and record the reply, and the order if it was placed."""
        reply = self.replies[name] = order.handle(console, act, before_the_last_line, **values)
        if order.id and isinstance(reply, Success) and all(order is not known for _, known in self.placed):
            self.orders[name] = order
            self.placed.append((name, order))
        return reply

    def succeed(self, name: str, act: str, reply: Reply) -> Mapping[str, str]:
        """Return the values in the program's answer. Raises AssertionError where the act was refused."""
        assert_that(reply, was_done(), f"{name} wanted to do “{act}”")
        return reply.found if isinstance(reply, Success) else {}

    def reply_to(self, name: str) -> Reply:
        """Return the program's reply to a person's last attempt. Raises Trouble when there was none."""
        return self.replies[name]

    # --- programs -----------------------------------------------------------------------------------

    def at_work(self, name: str) -> Console:
        """Return the program at which a person works, logged in."""
        console = self._use(self.fulfilment.at_work(name))
        if console.session is None:
            try:
                self.fulfilment.begin(console)
            except (ConsoleFault, Trouble):
                self.fulfilment.send_home(name)
                raise
        return console

    def starts(self, console: Console) -> None:
        """Start a program for this scenario only."""
        self._own.append(self._use(console))
        console.start()

    def at_another_terminal(self, name: str) -> tuple[str, Console]:
        """Log a person in at a second program, besides their first. Returns their name there."""
        console, called = self.fulfilment.sits_down(name), f"{name} at another terminal"
        self._own.append(console)
        self.fulfilment.begin(console)
        self._used[called] = (console, 0, 0)
        return called, console

    def program_of(self, name: str) -> Console:
        """Return the program that a person used last. Raises Trouble when there is none."""
        return self._used[name][0]

    def has_started(self, console: Console) -> bool:
        """Whether a program was started for this scenario only."""
        return console in self._own

    def at_their_programs(self) -> Sequence[str]:
        """Return all people whose programs run."""
        return [name for name, (console, _, _) in self._used.items() if console.session]

    @property
    def consoles(self) -> Sequence[tuple[Console, int, int]]:
        """Each person's program, and the first entry of its transcript and the first span of this scenario."""
        return list(self._used.values())

    def ends(self) -> Sequence[Callable[[], object]]:
        """Return the calls that end the programs started for this scenario only."""
        return [console.end for console in self._own]

    def _use(self, console: Console) -> Console:
        begun = (console, len(console.transcript), len(console.activities))
        known = self._used.get(console.person)
        if known is None or known[0] is not console:
            self._used[console.person] = begun
        return console


def no_replies() -> dict[str, Reply]:
    """Return no replies. Asking for one raises Trouble."""
    return Known(UNTRIED)

"""An order's flow through five people: its steps, and the input of each program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from acceptance.earlier import Known
from acceptance.terminal.console import Console, Reply, Success
from acceptance.terminal.dialogue import Signature
from support.fulfilment.dialogue import ROLES

# Default input where a scenario gives none.
USUAL = {
    "route": "North, past the mill",
    "schedule": "Monday, 9:00",
    "reason": "It is not the right colour.",
    "answer": "yes",
    "amount": "",  # unless the portal prints it
}

# The order stays the same, however its number was typed.
IDENTIFIERS = ("order", "delivery")


@dataclass(frozen=True)
class Step:
    """A step of the flow: who takes it, its name, and its explanation for first-time users.

    The person `arrives` by starting their program and logging in; `acts` are done in this order.
    """

    role: str
    name: str
    meaning: str
    acts: Sequence[str] = ()
    arrives: bool = False


STEPS: Sequence[Step] = (
    Step("customer", "customer logs in", "The customer starts the portal and logs in.", arrives=True),
    Step(
        "customer",
        "customer orders",
        "The customer looks at what is on offer, and orders. The order gets its id.",
        acts=("browse", "order"),
    ),
    Step("inventory", "inventory logs in", "Someone at the inventory starts their program and logs in.", arrives=True),
    Step(
        "inventory",
        "goods are reserved",
        "The inventory processes the order: its goods are reserved.",
        acts=("process",),
    ),
    Step(
        "warehouse",
        "warehouse logs in",
        "The manager of the warehouse starts their program and logs in.",
        arrives=True,
    ),
    Step(
        "warehouse",
        "packing is authorized",
        "The warehouse approves: the goods may be picked and packed.",
        acts=("approve",),
    ),
    Step("logistics", "logistics logs in", "The manager of logistics starts their program and logs in.", arrives=True),
    Step(
        "logistics",
        "delivery is planned",
        "Logistics plans route and schedule. The delivery gets its id.",
        acts=("plan",),
    ),
    Step(
        "delivery",
        "delivery is accepted",
        "The courier starts their program, logs in and accepts the delivery.",
        acts=("accept",),
        arrives=True,
    ),
    Step(
        "delivery",
        "order is delivered and paid",
        "The courier hands the goods over and collects the payment.",
        acts=("complete",),
    ),
)
# Each role's first act for an order from the previous role.
FIRST_ACTS: Mapping[str, str] = {
    step.role: step.acts[0] for step in reversed(STEPS) if step.acts and step.role != "customer"
}


class Order:
    """An order, and its known values by the dialogue's names: `item`, `order`, `delivery`, …

    `done_by` are the people who have done acts for it, by the acts.
    """

    def __init__(self, **known: str) -> None:
        self.known: dict[str, str] = Known("Nothing is known of the {} of this order yet: is a Given missing?")
        self.known.update(USUAL, **known)
        self.done_by: dict[str, str] = {}

    @property
    def id(self) -> str:
        """Its id, "" before it is placed."""
        return self.known.get("order", "")

    @property
    def delivery_id(self) -> str:
        """The id of its delivery, "" before that is planned."""
        return self.known.get("delivery", "")

    @property
    def amount(self) -> str:
        """The amount to pay, "" where the portal did not print it."""
        return self.known["amount"]

    def handle(
        self, console: Console, act: str, /, before_the_last_line: Callable[[], object] | None = None, **values: str
    ) -> Reply:
        """Do one act for it at a program; these values take precedence over known ones.

        If it succeeds, these values and those in the program's answer become known. Raises Trouble for a
        value that is not yet known.
        """
        signature = _signature(console, act)
        given = self._given(signature, values)
        reply = console.act(act, before_the_last_line=before_the_last_line, **given)
        if isinstance(reply, Success):
            self.done_by[act] = console.person
            yielded = (*signature.yields, *signature.may_yield)
            same = {name: self.known[name] for name in IDENTIFIERS if name in self.known}
            found = {name: reply.found[name] for name in yielded if name in reply.found}
            self.known.update({**values, **found, **same})
        return reply

    def come_to_the_last_line(self, console: Console, act: str) -> None:
        """Begin an act for it, up to the last line."""
        console.come_to_the_last_line(act, **self._given(_signature(console, act), {}))

    def break_off(self, console: Console, act: str) -> None:
        """Begin an act for it, and kill the program before the last line is typed."""
        console.break_off(act, **self._given(_signature(console, act), {}))

    def _given(self, signature: Signature, values: Mapping[str, str]) -> Mapping[str, str]:
        return {name: values[name] if name in values else self.known[name] for name in signature.gives}


def _signature(console: Console, act: str) -> Signature:
    """Return an act's inputs; none for an unknown act, which the console refuses."""
    return ROLES[console.program.role].get(act, Signature())

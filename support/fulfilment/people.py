"""The people of one scenario, and their acts at their programs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from hamcrest import assert_that, equal_to

from acceptance.terminal.console import ConsoleFault, Reply, Success
from acceptance.trouble import Trouble
from support.fulfilment.books import Books
from support.fulfilment.order import USUAL, Order
from support.fulfilment.workday import Workday

# A feature table's word for an empty line.
NOTHING = "nothing"
# The key that writes nothing: in the middle of a text, it begins a command to whoever's terminal shows that text.
ESCAPE = "\x1b"


class Person:
    """A person at their program."""

    def __init__(self, day: Workday, name: str) -> None:
        self._day = day
        self.name = name

    @property
    def role(self) -> str:
        """The role in which they work."""
        return self._day.fulfilment.person(self.name).role

    @property
    def reply(self) -> Reply:
        """The program's reply to their last attempt. Raises Trouble when there was none."""
        return self._day.reply_to(self.name)

    @property
    def names(self) -> Collection[str]:
        """The names by which programs may call them."""
        person = self._day.fulfilment.person(self.name)
        return {person.name, person.called, person.user}

    def tries_to(self, act: str, customer: str = "", **values: str) -> Reply:
        """Try one act of the dialogue, for a customer's order or with values, and record the reply."""
        order = self._day.orders[customer] if customer else Order()
        return self._day.attempt(self.name, act, order, **values)

    def does(self, act: str, customer: str = "", **values: str) -> Mapping[str, str]:
        """Do one act of the dialogue, which must succeed, and return the values in its reply."""
        return self._day.succeed(self.name, act, self.tries_to(act, customer, **values))

    def looks_up_pasted(self, customer: str) -> None:
        """Look up a customer's order, whose number has blanks around it as if it was copied from a mail."""
        self.tries_to("look", customer, order=f"  {self._day.orders[customer].id} ")

    def plans_with_escape(self, customer: str) -> None:
        """Plan the delivery of a customer's order, with a key in the route that writes nothing."""
        self.does("plan", customer, route=f"{USUAL['route']}{ESCAPE}, then left")

    def tries_each(self, act: str, what: str, values: Sequence[str], customer: str = "") -> None:
        """Try an act once for each of these values of one input, and record every reply."""
        day, replies = self._day, dict[str, Reply]()
        for value in values:
            new = day.new_order(1, self.name) if act == "order" else Order()
            order = day.orders[customer] if customer else new
            replies[f"“{value}”"] = day.attempt(self.name, act, order, **{what: "" if value == NOTHING else value})
        day.attempts = replies

    def tries_half_way(self, act: str, customer: str) -> None:
        """Try an act of which only the first write succeeds, if it makes more than one.

        The program may end in any way; the records must be consistent.
        """
        day, order = self._day, self._day.orders[customer]
        about = [text for text in (day.item, order.id, order.delivery_id) if text]
        day.at_work(self.name)
        with day.fulfilment.only_one_write(about), suppress(ConsoleFault, Trouble):
            day.attempt(self.name, act, order, **{"amount": order.amount} if act == "complete" else {})

    def breaks_down_amid(self, act: str, customer: str) -> None:
        """Kill their program while they handle a customer's order."""
        self._day.orders[customer].break_off(self._day.at_work(self.name), act)
        self._day.fulfilment.send_home(self.name)

    def lists(self, act: str) -> Sequence[str]:
        """Return their program's output for a listing act."""
        reply = self.tries_to(act)
        self._day.succeed(self.name, act, reply)
        return reply.printed.splitlines() if isinstance(reply, Success) else []


class Customer(Person):
    """A customer at the portal."""

    def orders(self, count: int) -> None:
        """Order so many lamps."""
        self._day.succeed(self.name, "order", self.tries_to_order(count))

    def tries_to_order(self, count: int) -> Reply:
        """Try to order so many lamps, and record the reply."""
        return self._day.attempt(self.name, "order", self._day.new_order(count, self.name))


class Courier(Person):
    """A courier, who brings goods to customers."""

    def __init__(self, day: Workday, name: str, books: Books) -> None:
        super().__init__(day, name)
        self._books = books

    def hands_over(self, customer: str, amount: str) -> None:
        """Hand the goods over. The program asks for the price and accepts it, if it prints the price."""
        printed = self.does("complete", customer, amount=amount)
        price = f"{self._books.record(customer).order['amount']:.2f}"
        for what in ("asked", "paid"):
            assert_that(printed.get(what, price), equal_to(price), f"the amount shown to {self.name} ({what})")

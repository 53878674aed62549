"""The people of one scenario about fulfilment, what they do at their programs, and what these reply."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from hamcrest import assert_that, equal_to

from acceptance.earlier import Known
from acceptance.service_levels.levels import Distribution, Promise
from acceptance.terminal.console import Console, ConsoleFault, Reply, Success
from acceptance.trouble import Trouble
from acceptance.undo import undo_all
from acceptance.waiting import Waiter
from support.fulfilment.driver import Fulfilment
from support.fulfilment.matchers import all_went_through, is_in_all_books, shows, was_done
from support.fulfilment.order import FIRST_ACTS, Order
from support.fulfilment.order_flows import FlowResult, ManyFlows, Plan
from support.fulfilment.records import OrderRecord, Stock

PRICE = Decimal("19.90")


class FulfilmentScene:
    """Who has ordered what, who works where, and what their programs replied."""

    def __init__(self, fulfilment: Fulfilment, wait: Waiter) -> None:
        self.fulfilment = fulfilment
        self._wait = wait
        self._item = ""
        self._orders: dict[str, Order] = Known("{} has not ordered anything in this scenario: is a Given missing?")
        self._replies: dict[str, Reply] = _no_replies()
        self._own: list[Console] = []
        self._used: dict[str, tuple[Console, int, int]] = {}
        self.flows: Sequence[FlowResult] = ()

    # --- the shelf and the books ------------------------------------------------------------------

    @property
    def item(self) -> str:
        """The name of this scenario's own lamps. Raises Trouble when there are none."""
        if not self._item:
            raise Trouble("No step before this one has put lamps on the shelf: is a Given missing?")
        return self._item

    def puts_on_the_shelf(self, count: int) -> None:
        """Let so many lamps be in stock."""
        self._item = self._item or self.fulfilment.new_item("lamp")
        self.fulfilment.records.put_on_the_shelf(self.item, count, PRICE)

    def stock(self) -> Stock:
        """Return how many lamps there are."""
        return self.fulfilment.records.stock(self.item)

    def record(self, customer: str) -> OrderRecord:
        """Return what the books hold of a customer's order."""
        return self.fulfilment.records.of_order(self._orders[customer].id)

    @property
    def orders(self) -> Mapping[str, str]:
        """The ids of this scenario's orders, by customer."""
        return {customer: order.id for customer, order in self._orders.items()}

    # --- people at their programs -------------------------------------------------------------------

    def begin_anew(self, people: Sequence[str]) -> None:
        """Let these people start their programs and log in, whether or not they were at work before."""
        for person in people:
            self.fulfilment.send_home(person)
            self._at_work(person)

    def logs_in(self, name: str, password: str | None = None) -> None:
        """Let a person start their program and try to log in, with their own password or another one."""
        right = self.fulfilment.password
        self._log_in(self.fulfilment.sits_down(name), right if password is None else password)

    def logs_in_at(self, name: str, colleague: str) -> None:
        """Let a person try to log in at a colleague's program, with their own name and password."""
        program = self.fulfilment.person(colleague).role
        self._log_in(self.fulfilment.sits_at(program, name), self.fulfilment.password)

    def tries_to(self, name: str, act: str, customer: str = "", **values: str) -> Reply:
        """Let a person try one act of the dialogue, for a customer's order or with values, and note the reply."""
        return self._try(name, act, self._orders[customer] if customer else Order(), **values)

    def does(self, name: str, act: str, customer: str = "", **values: str) -> Mapping[str, str]:
        """Let a person do one act of the dialogue, which must succeed, and return what it yields."""
        return self._succeed(name, act, self.tries_to(name, act, customer, **values))

    def at_the_same_moment(self, act: str, attempts: Mapping[str, str]) -> None:
        """Let several people try the same act at the same moment: by name, for which customer's order."""
        self._replies = _no_replies()
        for name in attempts:
            self._at_work(name)
        self._wait.by_schedule(
            [partial(self.tries_to, name, act, customer) for name, customer in attempts.items()], every=0.0
        )

    def breaks_down_amid(self, name: str, act: str, customer: str) -> None:
        """Let a person's program break down while they handle a customer's order."""
        self._orders[customer].break_off(self._at_work(name), act)
        self.fulfilment.send_home(name)

    def reply_to(self, name: str) -> Reply:
        """Return the program's reply to a person's last attempt. Raises Trouble when there was none."""
        return self._replies[name]

    def replies(self) -> Sequence[Reply]:
        """Return the replies to everybody's last attempt. Raises Trouble when there was none."""
        if not self._replies:
            raise Trouble("Nobody has done anything in this scenario: is a When missing?")
        return list(self._replies.values())

    # --- an order's way -----------------------------------------------------------------------------

    def orders_lamps(self, customer: str, count: int) -> None:
        """Let a customer order so many lamps."""
        order = Order(item=self.item, quantity=str(count))
        self._succeed(customer, "order", self._try(customer, "order", order))
        self._orders[customer] = order

    def passed_on(self, customer: str, people: Sequence[str]) -> None:
        """Let each of these people do their part for a customer's order, one after the other."""
        for name in people:
            role = self.fulfilment.person(name).role
            if role not in FIRST_ACTS:
                raise Trouble(f"{name} has no part in the way of {customer}'s order: their role is {role}.")
            self.does(name, FIRST_ACTS[role], customer)

    def hands_over(self, courier: str, customer: str, amount: str) -> None:
        """Let a courier hand the goods over. The program asks for the price and takes it, as far as it prints that."""
        printed = self.does(courier, "complete", customer, amount=amount)
        price = f"{self.record(customer).order['amount']:.2f}"
        for what in ("asked", "paid"):
            assert_that(printed.get(what, price), equal_to(price), f"the amount that {courier} was told ({what})")

    def sees_everybody_agree(self, customer: str) -> None:
        """See that the programs of all who are at work show a customer's order as it is in the books."""
        entry = self.record(customer)
        names = [
            name for name, (console, _, _) in self._used.items() if console.session and self._may_look(name, customer)
        ]
        if not names:
            raise Trouble(f"Nobody at work can look at {customer}'s order in this scenario: is a Given missing?")
        seen = {}
        for name in names:
            shown = dict(self.does(name, "look", customer))
            state = self.fulfilment.dialogue.states
            seen[name] = {**shown, "state": state.get(shown["state"], shown["state"])}
        assert_that(seen, shows(entry))

    def _may_look(self, name: str, customer: str) -> bool:
        """Customers see their own orders only."""
        return name == customer or self.fulfilment.person(name).role != "customer"

    def pass_through(self, count: int, parallel: int) -> None:
        """Let so many orders pass through everybody, side by side."""
        many = ManyFlows(self.fulfilment, Plan(self.item), count, parallel)
        self.flows = many.run()

    def sees_all_through(self) -> None:
        """See that every order has passed through everybody, and is delivered and paid in all books.

        Raises Trouble where that cannot be known, unless one has failed for another reason.
        """
        if not self.flows:
            raise Trouble("No orders have passed through everybody's hands in this scenario: is a When missing?")
        unknown = [flow for flow in self.flows if flow.could_not_be_checked]
        known = [flow for flow in self.flows if not flow.could_not_be_checked]
        if known or not unknown:
            assert_that(known, all_went_through())
        if unknown:
            raise Trouble("; ".join(flow.words for flow in unknown))
        for flow in self.flows:
            assert_that(self.fulfilment.records.of_order(flow.order.id), is_in_all_books("delivered"))

    # --- the end ------------------------------------------------------------------------------------

    @property
    def consoles(self) -> Sequence[tuple[Console, int, int]]:
        """Everybody's program, and from which entry of its transcript and which span on this scenario used it."""
        return [*self._used.values(), *((console, 0, 0) for flow in self.flows for console in flow.consoles)]

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Nothing: no promise of time is judged here."""
        return ()

    def end(self) -> None:
        """Send those home who were here for this scenario only, and remove its lamps with every order of them."""
        item = [partial(self.fulfilment.records.remove, self._item)] if self._item else []
        undo_all([*(console.end for console in self._own), *item])

    def _try(self, name: str, act: str, order: Order, /, **values: str) -> Reply:
        console = self._at_work(name)
        try:
            reply = self._replies[name] = order.handle(console, act, **values)
        except (ConsoleFault, Trouble):
            self.fulfilment.send_home(name)
            raise
        return reply

    def _succeed(self, name: str, act: str, reply: Reply) -> Mapping[str, str]:
        assert_that(reply, was_done(), f"{name} wanted to {act}")
        return reply.found if isinstance(reply, Success) else {}

    def _log_in(self, console: Console, password: str) -> None:
        self._own.append(self._use(console))
        console.start()
        self._replies[console.person] = console.log_in(self.fulfilment.person(console.person).user, password)

    def _at_work(self, name: str) -> Console:
        console = self._use(self.fulfilment.at_work(name))
        if console.session is None:
            try:
                self.fulfilment.begin(console)
            except (ConsoleFault, Trouble):
                self.fulfilment.send_home(name)
                raise
        return console

    def _use(self, console: Console) -> Console:
        begun = (console, len(console.transcript), len(console.activities))
        known = self._used.get(console.person)
        if known is None or known[0] is not console:
            self._used[console.person] = begun
        return console


def _no_replies() -> dict[str, Reply]:
    return Known("{} has not tried anything in this scenario: is a When missing?")

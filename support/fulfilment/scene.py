"""The people of one scenario about fulfilment, what they do at their programs, and what they are told there."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from hamcrest import assert_that, equal_to

from acceptance.earlier import Known
from acceptance.service_levels.levels import Distribution, Promise
from acceptance.trouble import Trouble
from acceptance.undo import undo_all
from acceptance.waiting import Waiter
from support.fulfilment.books import Entry, Stock
from support.fulfilment.consoles import Console, ConsoleFault, Done, Outcome
from support.fulfilment.driver import Fulfilment
from support.fulfilment.many_flows import FlowResult, ManyFlows, Plan
from support.fulfilment.matchers import all_went_through, is_in_all_books, shows, was_done

PRICE = Decimal("19.90")
ROUTE, SCHEDULE, REASON = "North, past the mill", "Monday, 9:00", "It is not the right colour."


class FulfilmentScene:
    """Who has ordered what, who works where, and what they were told."""

    def __init__(self, fulfilment: Fulfilment, wait: Waiter) -> None:
        self.fulfilment = fulfilment
        self._wait = wait
        self._item = ""
        self._orders: dict[str, str] = Known("{} has not ordered anything in this scenario: is a Given missing?")
        self._outcomes: dict[str, Outcome] = _nothing_done()
        self._own: list[Console] = []
        self._used: dict[str, tuple[Console, int, int]] = {}
        self.flows: Sequence[FlowResult] = ()

    # --- things ----------------------------------------------------------------------------------

    @property
    def item(self) -> str:
        """The name of the lamps of this scenario, which nobody else orders. Raises Trouble when there are none."""
        if not self._item:
            raise Trouble("No step before this one has put lamps on the shelf: is a Given missing?")
        return self._item

    def puts_on_the_shelf(self, count: int) -> None:
        """Let so many lamps be in stock."""
        self._item = self._item or self.fulfilment.new_item("lamp")
        self.fulfilment.books.put_on_the_shelf(self.item, count, PRICE)

    def stock(self) -> Stock:
        """Return how many lamps there are."""
        return self.fulfilment.books.stock(self.item)

    def entry(self, customer: str) -> Entry:
        """Return what the books hold of a customer's order."""
        return self.fulfilment.books.entry(self.order_of(customer))

    def order_of(self, customer: str) -> str:
        """Return the id of a customer's order. Raises Trouble when there is none in this scenario."""
        return self._orders[customer]

    @property
    def orders(self) -> Mapping[str, str]:
        """The ids of this scenario's orders, by customer."""
        return self._orders

    # --- people at their programs -------------------------------------------------------------------

    def begin_anew(self, people: Sequence[str]) -> None:
        """Let these people start their programs and log in, whether or not they were at work before."""
        for person in people:
            self.fulfilment.send_home(person)
            self._at_work(person)

    def logs_in(self, name: str, password: str | None = None) -> None:
        """Let somebody start a program and try to log in, with their own password or another one."""
        right = self.fulfilment.password
        self._log_in(self.fulfilment.sits_down(name), right if password is None else password)

    def logs_in_at(self, name: str, colleague: str) -> None:
        """Let somebody try to log in at somebody else's program, with their own name and password."""
        program = self.fulfilment.person(colleague).role
        self._log_in(self.fulfilment.sits_at(program, name), self.fulfilment.password)

    def tries_to(self, name: str, act: str, **values: str) -> Outcome:
        """Let somebody do something that may be refused, and note the outcome."""
        console = self._at_work(name)
        try:
            outcome = self._outcomes[name] = console.act(act, **values)
        except (ConsoleFault, Trouble):
            self.fulfilment.send_home(name)
            raise
        return outcome

    def breaks_down_amid(self, name: str, act: str, **values: str) -> None:
        """Let somebody's program break down while they do something."""
        self._at_work(name).break_off(act, **values)
        self.fulfilment.send_home(name)

    def does(self, name: str, act: str, **values: str) -> Mapping[str, str]:
        """Let somebody do something that must succeed, and return what it yields."""
        outcome = self.tries_to(name, act, **values)
        assert_that(outcome, was_done(), f"{name} wanted to {act}")
        return outcome.found if isinstance(outcome, Done) else {}

    def outcome(self, name: str) -> Outcome:
        """Return what somebody's last attempt came to."""
        return self._outcomes[name]

    def outcomes(self) -> Sequence[Outcome]:
        """Return what everybody's last attempt came to. Raises Trouble when there was none."""
        if not self._outcomes:
            raise Trouble("Nobody has done anything in this scenario: is a When missing?")
        return list(self._outcomes.values())

    # --- an order's way -----------------------------------------------------------------------------

    def orders_lamps(self, customer: str, count: int) -> None:
        """Let a customer order so many lamps."""
        self._orders[customer] = self.does(customer, "order", item=self.item, quantity=str(count))["order"]

    def passed_on(self, customer: str, people: Sequence[str]) -> None:
        """Let each of these people do their part for a customer's order, one after the other."""
        parts: Mapping[str, Callable[[str, str], object]] = {
            "inventory": self.sets_aside,
            "warehouse": self.approves,
            "logistics": self.plans,
            "delivery": self.accepts,
        }
        for name in people:
            role = self.fulfilment.person(name).role
            if role not in parts:
                raise Trouble(f"{name} has no part in the way of {customer}'s order: their role is {role}.")
            parts[role](name, customer)

    def sets_aside(self, name: str, customer: str) -> None:
        """Let somebody of the inventory process a customer's order."""
        self.does(name, "process", order=self.order_of(customer))

    def approves(self, name: str, customer: str) -> None:
        """Let somebody authorize picking and packing."""
        self.does(name, "approve", order=self.order_of(customer))

    def plans(self, name: str, customer: str) -> None:
        """Let somebody plan the delivery."""
        self.does(name, "plan", order=self.order_of(customer), route=ROUTE, schedule=SCHEDULE)

    def tries_to_plan(self, name: str, customer: str) -> None:
        """Let somebody try to plan the delivery."""
        self.tries_to(name, "plan", order=self.order_of(customer), route=ROUTE, schedule=SCHEDULE)

    def accepts(self, name: str, customer: str) -> None:
        """Let a courier accept the delivery."""
        self.does(name, "accept", delivery=self.delivery_of(customer))

    def hands_over(self, courier: str, customer: str, amount: str) -> None:
        """Let a courier hand the goods over. What the program asks for and takes is the price, as far as it tells."""
        told = self.does(courier, "complete", delivery=self.delivery_of(customer), amount=amount)
        price = f"{self.entry(customer).order['amount']:.2f}"
        for what in ("asked", "paid"):
            assert_that(told.get(what, price), equal_to(price), f"the amount that {courier} was told ({what})")

    def is_refused_the_goods(self, courier: str, customer: str) -> None:
        """Let a courier bring the goods, and take them back since the customer refuses them."""
        self.does(courier, "refuse", delivery=self.delivery_of(customer), reason=REASON)

    def tries_to_bring_back(self, courier: str, customer: str) -> None:
        """Let a courier try to take goods back."""
        self.tries_to(courier, "refuse", delivery=self.delivery_of(customer), reason=REASON)

    def delivery_of(self, customer: str) -> str:
        """Return the id of the delivery of a customer's order, as the books have it."""
        return self.entry(customer).delivery_id

    def at_the_same_moment(self, attempts: Mapping[str, tuple[str, Mapping[str, str]]]) -> None:
        """Let several people each try something at the same moment: by name, what, and with which values."""
        self._outcomes = _nothing_done()
        for name in attempts:
            self._at_work(name)

        def attempt(name: str) -> Callable[[], Outcome]:
            act, values = attempts[name]
            return lambda: self.tries_to(name, act, **values)

        self._wait.by_schedule([attempt(name) for name in attempts], every=0.0)

    def sees_everybody_agree(self, customer: str) -> None:
        """See that the programs of all who are at work show a customer's order as it is in the books."""
        entry = self.entry(customer)
        names = [
            name for name, (console, _, _) in self._used.items() if console.session and self._may_look(name, customer)
        ]
        if not names:
            raise Trouble(f"Nobody at work can look at {customer}'s order in this scenario: is a Given missing?")
        seen = {}
        for name in names:
            shown = dict(self.does(name, "look", order=self.order_of(customer)))
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
            assert_that(self.fulfilment.books.entry(flow.order_id), is_in_all_books("delivered"))

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
        item = [partial(self.fulfilment.books.remove, self._item)] if self._item else []
        undo_all([*(console.end for console in self._own), *item])

    def _log_in(self, console: Console, password: str) -> None:
        self._own.append(self._use(console))
        console.start()
        self._outcomes[console.person] = console.log_in(self.fulfilment.person(console.person).user, password)

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
        begun = (console, len(console.transcript), len(console.spans))
        known = self._used.get(console.person)
        if known is None or known[0] is not console:
            self._used[console.person] = begun
        return console


def _nothing_done() -> dict[str, Outcome]:
    return Known("{} has not tried anything in this scenario: is a When missing?")

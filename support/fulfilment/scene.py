"""The people of one scenario about fulfilment, what they do at their programs, and what these reply."""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import partial

from hamcrest import assert_that, equal_to

from acceptance.earlier import Known, left, one_of
from acceptance.service_levels.levels import Distribution, Promise
from acceptance.terminal.console import Console, ConsoleFault, Refusal, Reply, Success
from acceptance.trouble import Trouble
from acceptance.undo import undo_all
from acceptance.waiting import Waiter
from support.fulfilment.dialogue import ROLES
from support.fulfilment.driver import Fulfilment
from support.fulfilment.matchers import (
    AGREES,
    SET_ASIDE,
    all_went_through,
    are_there,
    hides_what_is_typed,
    is_in_all_books,
    shows,
    shows_what_is_typed,
    wait_for,
    was_done,
)
from support.fulfilment.order import FIRST_ACTS, Order
from support.fulfilment.order_flows import FlowResult, ManyFlows, Plan
from support.fulfilment.records import OrderRecord, Stock

PRICE = Decimal("19.90")
WRONG = "not the password"
# What somebody might take for a password that is right.
NEARLY_RIGHT: Mapping[str, Callable[[str], str]] = {
    "without its last letter": lambda password: password[:-1],
    "with one letter more": lambda password: f"{password}x",
    "with capital and small letters exchanged": str.swapcase,
    "that is empty": lambda _: "",
}
LOGIN_TRIES = 3
# Entries that are so large that one page of what DynamoDB returns (1 MB) does not hold so many of them.
MANY, PADDING = 30, 40_000
# What a table of a feature calls a line in which nothing is typed.
NOTHING = "nothing"
NOBODY = "nobody"
ANYTHING_BUT_PARTS = ("look", "choose", "waiting", "stock", "browse", "order")


class FulfilmentScene:
    """Who has ordered what, who works where, and what their programs replied."""

    attempts: Mapping[str, Reply] = left("Nobody has tried several things in this scenario: is a When missing?")
    before: OrderRecord = left("Nobody has looked at the books before: is a When missing?")

    def __init__(self, fulfilment: Fulfilment, wait: Waiter) -> None:
        self.fulfilment = fulfilment
        self._wait = wait
        self._items: list[str] = []
        self._orders: dict[str, Order] = Known("{} has not ordered anything in this scenario: is a Given missing?")
        self._placed: list[tuple[str, Order]] = []
        self._shelf = 0
        self._many: Sequence[str] = ()
        self._replies: dict[str, Reply] = _no_replies()
        self._own: list[Console] = []
        self._used: dict[str, tuple[Console, int, int]] = {}
        self.flows: Sequence[FlowResult] = ()

    # --- the shelf and the books ------------------------------------------------------------------

    @property
    def item(self) -> str:
        """The name of this scenario's own lamps. Raises Trouble when there are none."""
        if not self._items:
            raise Trouble("No step before this one has put lamps on the shelf: is a Given missing?")
        return self._items[-1]

    def puts_on_the_shelf(self, count: int, price: Decimal = PRICE, name: str = "") -> None:
        """Let so many lamps be in stock, those of this scenario or new ones with a name."""
        if name or not self._items:
            self._items.append(self.fulfilment.new_item(name or "lamp"))
        self._shelf = count
        self.fulfilment.records.put_on_the_shelf(self.item, count, price)

    def puts_many_on_the_shelf(self) -> None:
        """Let there be more kinds of lamps than one page of the books holds."""
        self.puts_on_the_shelf(1)
        self._many = [f"{self.item}-{number:02}" for number in range(MANY)]
        self.fulfilment.records.put_many_on_the_shelf(self._many, PADDING)

    def changes_the_price(self, price: Decimal) -> None:
        """Let a lamp cost another price from now on."""
        self.fulfilment.records.set_price(self.item, price)

    def many_are_waiting(self) -> None:
        """Let more orders wait for the inventory than one page of the books holds."""
        self._many = self.fulfilment.records.place_many(self.item, MANY, PADDING)

    @property
    def many(self) -> Sequence[str]:
        """The names, or ids, of what is more than one page of the books holds, in their order."""
        if not self._many:
            raise Trouble("Nothing in this scenario is more than a page: is a Given missing?")
        return self._many

    def stock(self) -> Stock:
        """Return how many lamps there are."""
        return self.fulfilment.records.stock(self.item)

    def record(self, customer: str) -> OrderRecord:
        """Return what the books hold of a customer's order."""
        return self._entry(self._orders[customer])

    def _entry(self, order: Order) -> OrderRecord:
        return self.fulfilment.records.of_order(order.id, dict(order.known))

    def entries(self) -> Sequence[OrderRecord]:
        """Return what the books hold of all orders of this scenario's lamps, whoever knows of them."""
        records = self.fulfilment.records
        return [records.of_order(str(one["order_id"])) for one in records.orders_of(self.item)]

    @property
    def order_ids(self) -> Sequence[str]:
        """The ids of all orders that were placed in this scenario."""
        return [order.id for _, order in self._placed]

    def own_entries(self) -> Sequence[OrderRecord]:
        """Return what the books hold of all orders that were placed in this scenario."""
        return [self._entry(order) for _, order in self._placed]

    def placed(self) -> Sequence[tuple[str, str, int, Decimal]]:
        """Return the orders that customers were told of: id, customer, quantity, and the amount that was printed."""
        return [
            (order.id, self.fulfilment.person(name).user, int(order.known["quantity"]), Decimal(order.amount))
            for name, order in self._placed
        ]

    def sees_in_all_books(self, customer: str, state: str) -> None:
        """See that a customer's order is in this state in all books, and that the stock agrees with all orders."""
        assert_that(self.record(customer), is_in_all_books(state))
        self._sees_the_stock_agree()

    def sees_the_books_agree(self, customer: str) -> None:
        """See that whatever was done with a customer's order is in all books, or in none."""
        state = self.record(customer).state
        if state not in AGREES:
            raise AssertionError(f"Expected: an order in a state that the books know · but: it is “{state}”")
        self.sees_in_all_books(customer, state)

    def _sees_the_stock_agree(self) -> None:
        entries = self.own_entries()
        set_aside = sum(int(one.order["quantity"]) for one in entries if one.state in SET_ASIDE)
        gone = sum(int(one.order["quantity"]) for one in entries if one.state == "delivered")
        assert_that(self.stock(), are_there(self._shelf - set_aside - gone, set_aside))

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

    def tries_passwords(self, name: str, kinds: Sequence[str]) -> None:
        """Let a person try to log in with each of these passwords (NEARLY_RIGHT), and note every reply."""
        replies = dict[str, Reply]()
        console = self.fulfilment.sits_down(name)
        for kind in kinds:
            if replies and console.has_ended:  # a program may end when several passwords were wrong
                console = self.fulfilment.sits_down(name)
            password = NEARLY_RIGHT[one_of(NEARLY_RIGHT, kind, "kind of password")](self.fulfilment.password)
            self._log_in(console, password)
            replies[f"the password {kind}"] = self._replies[name]
            if not isinstance(self._replies[name], Refusal):
                break
        self.attempts = replies

    def tries_wrong_passwords(self, name: str) -> None:
        """Let a person try as many wrong passwords at their program as it takes."""
        console = self.fulfilment.sits_down(name)
        for _ in range(LOGIN_TRIES):
            self._log_in(console, WRONG)
            if not isinstance(self._replies[name], Refusal):
                return

    def has_ended(self, name: str) -> bool:
        """Whether the program at which a person has tried to log in has ended."""
        self.reply_to(name)
        return self._used[name][0].has_ended

    def orders_where_somebody_failed(self, customer: str, other: str, count: int) -> None:
        """Let a customer log in where somebody else has just failed to, and order so many lamps there."""
        console = self.fulfilment.sits_down(customer)
        self._own.append(self._use(console))
        console.start()
        failed = console.log_in(self.fulfilment.person(other).user, WRONG)
        if not isinstance(failed, Refusal):
            raise Trouble(f"{other} was let in with a wrong password, so nothing can be said about who comes next.")
        self._succeed(customer, "log in", self._sign_in(console, self.fulfilment.password))
        order = self._new_order(count, customer)
        reply = order.handle(console, "order")
        self._note_order(customer, order, reply)
        self._succeed(customer, "order", reply)

    def comes_to_the_password(self, name: str) -> None:
        """Let a person start their program, and type their user name."""
        console = self.fulfilment.sits_down(name)
        self._own.append(self._use(console))
        console.start()
        console.come_to_the_password(self.fulfilment.person(name).user)

    def gives_up_at_the_password(self, name: str) -> None:
        """Let a person leave by Ctrl-C when they are asked for their password."""
        self.comes_to_the_password(name)
        self._used[name][0].interrupt()

    def shows_typing(self, name: str) -> bool:
        """Whether the terminal of a person shows now what they type."""
        return self._used[name][0].shows_typing()

    def sees_typing_hidden(self, name: str) -> None:
        """See that what a person types now is not shown."""
        self._wait.eventually(self.shows_typing, name, hides_what_is_typed())

    def sees_typing_shown(self, name: str) -> None:
        """See that what a person types now is shown."""
        self._wait.eventually(self.shows_typing, name, shows_what_is_typed())

    def tries_to(self, name: str, act: str, customer: str = "", **values: str) -> Reply:
        """Let a person try one act of the dialogue, for a customer's order or with values, and note the reply."""
        return self._try(name, act, self._orders[customer] if customer else Order(), **values)

    def does(self, name: str, act: str, customer: str = "", **values: str) -> Mapping[str, str]:
        """Let a person do one act of the dialogue, which must succeed, and return what it yields."""
        return self._succeed(name, act, self.tries_to(name, act, customer, **values))

    def tries_each(self, name: str, act: str, what: str, values: Sequence[str], customer: str = "") -> None:
        """Let a person try an act once for each of these values of one thing that is typed, and note every reply."""
        replies = dict[str, Reply]()
        for value in values:
            order = self._orders[customer] if customer else self._new_order(1, name) if act == "order" else Order()
            replies[f"“{value}”"] = self._try(name, act, order, **{what: "" if value == NOTHING else value})
        self.attempts = replies

    def try_everything_again(self, people: Sequence[str], customer: str) -> None:
        """Let each of these people try all that is their part in the way of an order, and note every reply."""
        self.before, replies = self.record(customer), dict[str, Reply]()
        for name in people:
            for act in ROLES[self.fulfilment.person(name).role]:
                if act not in ANYTHING_BUT_PARTS:
                    replies[f"{name}'s {act}"] = self.tries_to(name, act, customer)
        self.attempts = replies

    def at_the_same_moment(self, act: str, attempts: Mapping[str, str]) -> None:
        """Let several people try the same act at the same moment: by name, for which customer's order."""
        self._all_at_once([(name, self._at_work(name), act, self._orders[one]) for name, one in attempts.items()])

    def order_at_the_same_moment(self, customers: Sequence[str], times: int) -> None:
        """Let customers order one lamp each at the same moment, so many times."""
        for _ in range(times):
            self._all_at_once([(one, self._at_work(one), "order", self._new_order(1, one)) for one in customers])
            for name in customers:
                self._succeed(name, "order", self._replies[name])

    def at_two_terminals(self, name: str, acts: Sequence[str], customer: str) -> None:
        """Let a person who has logged in twice do two things for the same order at the same moment."""
        first, second = self._at_work(name), self.fulfilment.sits_down(name)
        self._own.append(second)
        self.fulfilment.begin(second)
        order, another = self._orders[customer], f"{name} at another terminal"
        self._used[another] = (second, 0, 0)
        self._all_at_once([(name, first, acts[0], order), (another, second, acts[1], order)])

    def _all_at_once(self, attempts: Sequence[tuple[str, Console, str, Order]]) -> None:
        """Let each of these do an act, and type its last line when all of them have come to theirs."""
        self._replies = _no_replies()
        meeting = threading.Barrier(len(attempts))

        def meet() -> None:
            with suppress(threading.BrokenBarrierError):  # somebody else has not come so far
                meeting.wait(self.fulfilment.setup.answer_within)

        def attempt(name: str, console: Console, act: str, order: Order) -> None:
            try:
                values = {"amount": order.amount} if act == "complete" else {}
                self._replies[name] = order.handle(console, act, meet, **values)
                self._note_order(name, order, self._replies[name])
            finally:
                meeting.abort()

        about = [self.item, *(text for *_, order in attempts for text in (order.id, order.delivery_id) if text)]
        with self.fulfilment.slow_writes(about, seed=len(about)):
            self._wait.by_schedule([partial(attempt, *one) for one in attempts], every=0.0)

    def tries_half_way(self, name: str, act: str, customer: str) -> None:
        """Let a person try an act of which the books take the first entry only, if it makes more than one.

        How the program ends by that is its own matter; what the books say then is not.
        """
        order = self._orders[customer]
        about = [text for text in (self.item, order.id, order.delivery_id) if text]
        self._at_work(name)
        with self.fulfilment.only_one_write(about), suppress(ConsoleFault, Trouble):
            self._try(name, act, order, **{"amount": order.amount} if act == "complete" else {})

    def lists(self, names: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return what waits for each of these people, as their programs list it."""
        return {name: self._printed(name, "waiting") for name in names}

    def _printed(self, name: str, act: str) -> Sequence[str]:
        reply = self.tries_to(name, act)
        self._succeed(name, act, reply)
        return reply.printed.splitlines() if isinstance(reply, Success) else []

    def sees_waiting_for(self, person: str, customer: str) -> None:
        """See that a customer's order is in the list of this person, and in nobody else's; "nobody" has none."""
        dialogue = self.fulfilment.dialogue
        roles = [role for role, acts in ROLES.items() if "waiting" in acts]
        names = [dialogue.of_role(role)[0].name for role in roles]
        if person != NOBODY:
            own = dialogue.person(person).role
            names = [person if role == own else name for role, name in zip(roles, names, strict=True)]
        self._wait.eventually(self.lists, names, wait_for(self.record(customer), person))

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
        self._succeed(customer, "order", self._try(customer, "order", self._new_order(count, customer)))

    def _new_order(self, count: int, customer: str) -> Order:
        return Order(item=self.item, quantity=str(count), customer=self.fulfilment.person(customer).user)

    def _note_order(self, customer: str, order: Order, reply: Reply) -> None:
        """Remember an order that was placed."""
        if order.id and isinstance(reply, Success) and all(order is not known for _, known in self._placed):
            self._orders[customer] = order
            self._placed.append((customer, order))

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
        items = [partial(self.fulfilment.records.remove, item) for item in self._items]
        many = [partial(self.fulfilment.records.take_off_the_shelf, self._many)] if self._many else []
        undo_all([*(console.end for console in self._own), *items, *many])

    def _try(self, name: str, act: str, order: Order, /, **values: str) -> Reply:
        console = self._at_work(name)
        try:
            reply = self._replies[name] = order.handle(console, act, None, **values)
            self._note_order(name, order, reply)
        except (ConsoleFault, Trouble):
            self.fulfilment.send_home(name)
            raise
        return reply

    def _succeed(self, name: str, act: str, reply: Reply) -> Mapping[str, str]:
        assert_that(reply, was_done(), f"{name} wanted to {act}")
        return reply.found if isinstance(reply, Success) else {}

    def _log_in(self, console: Console, password: str) -> None:
        if console not in self._own:
            self._own.append(self._use(console))
            console.start()
        self._sign_in(console, password)

    def _sign_in(self, console: Console, password: str) -> Reply:
        reply = console.log_in(self.fulfilment.person(console.person).user, password)
        self._replies[console.person] = reply
        return reply

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

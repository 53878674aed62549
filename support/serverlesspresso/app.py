"""The shop's app, as people use it: their requests, and its responses."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from urllib.parse import quote

from acceptance.earlier import left, one_of
from support.serverlesspresso.front_door import Answer, FrontDoor, Visitor
from support.serverlesspresso.matchers.orders import is_being_made_by, is_unclaimed
from support.serverlesspresso.orders import Action
from support.serverlesspresso.people import Barista, Customer
from support.serverlesspresso.person import Person
from support.serverlesspresso.tracked_order import TrackedOrder
from support.serverlesspresso.world import World

# What the app shows, as the contracts call it.
AN_ORDER, ORDERS = "order", "orders"
# Bodies that only a faulty app sends.
UNREADABLE = {
    "half an order": '{"drink": ',
    "a list": "[]",
    "a value that is no number": '{"drink": NaN}',
    "boxes in boxes without end": "[" * 100_000,
}


# Ids that no shop creates, and that a query built by concatenation takes for a part of itself.
STRANGE_IDS = {
    "a name with an apostrophe": "O'Neill",
    "a condition that always holds": "0' OR PK = 'orders' OR '' = '",
    "a name beyond the alphabet": "注文-☕",
}


class App:
    """The app in one scenario. It connects on first use; a person of None is not signed in."""

    answer: Answer = left("No step before this one has asked the app for anything: is a When missing?")
    failure: str = left("No step before this one has looked at what cannot be read: is a When missing?")
    stored: Sequence[str] = left("No step before this one has stored many orders: is a Given missing?")
    ways_in: Sequence[str] = left("No step before this one has signed anybody in: is a When missing?")
    admits_strangers: bool = left("No step before this one has looked at who may create an account: is a When missing?")
    refusals: Sequence[str] = left("No step before this one has tried to sign in: is a When missing?")

    def __init__(self, world: World, front_door: Callable[[], FrontDoor]) -> None:
        """`front_door` finds the shop's HTTP API."""
        self._world = world
        self._front_door = front_door

    # --- customers ---------------------------------------------------------------------------------

    def has_scanned(self, customer: Customer, ending: str = "") -> None:
        """Sign a customer in, who then has an order opened; its id ends as said."""
        self._is_known(customer.person)
        customer.has_scanned(ending)

    def has_many_orders(self, customer: Customer, how_many: int) -> None:
        """Sign a customer in who has so many orders, stored as newly opened.

        They are written to the table, without a scan, each with a task token of some thousand letters: no shop has so
        many customers at once.
        """
        self._is_known(customer.person)
        cafe = self._world.cafe
        self.stored = [cafe.data.new_order_id() for _ in range(how_many)]
        cafe.table.put_opened(self.stored, customer.person.user_id)

    def has_timed_out_unstored(self, customer: Customer) -> None:
        """Sign a customer in whose order timed out before it was stored: only its end is known.

        It is written to the table: a shop comes to that only if its function fails for minutes.
        """
        self._is_known(customer.person)
        world, person = self._world, customer.person
        world.orders[person.name] = world.track(world.cafe.data.new_order_id(), person.name)
        world.cafe.table.put_timed_out(customer.order.order_id, person.user_id)

    def has_ordered(self, customer: Customer, drink: str) -> None:
        """Sign a customer in, who then has ordered a drink; the baristas see it."""
        self.has_scanned(customer)
        self.orders(customer.person, drink, customer.order)
        customer.order.reaches_the_baristas(customer.order.drink)

    def orders(self, who: Person, drink: str, order: TrackedOrder, in_the_name_of: Person | None = None) -> None:
        """Choose a drink for an order, possibly claiming to be another person."""
        name = in_the_name_of.user_id if in_the_name_of else ""
        order.drink = self._world.drink(drink)
        self._started(who, "", order, self._front_door().order(self._visitor(who), order.order_id, order.drink, name))

    def orders_with_choices(self, customer: Customer) -> None:
        """Choose a drink with an option of each of its choices."""
        order = customer.order
        order.chosen = self._world.cafe.shop.menu().with_choices.with_a_choice_of_each
        order.drink = order.chosen.drink
        visitor, who = self._sign_in(customer.person), customer.person
        answer = self._front_door().order(visitor, order.order_id, order.drink, modifiers=order.chosen.modifiers)
        self._started(who, "", order, answer)

    def stranger_orders(self, drink: str, order: TrackedOrder) -> None:
        """Choose a drink for an order without being signed in."""
        self.answer = self._front_door().order(None, order.order_id, self._world.drink(drink))

    def sends(self, who: Person, what: str, order: TrackedOrder) -> None:
        """Order by one of UNREADABLE."""
        text = UNREADABLE[one_of(UNREADABLE, what, "thing to send to the app")]
        self.answer = self._front_door().send(self._sign_in(who), order.order_id, text)

    def asks_to(self, who: Person, action: str, order: TrackedOrder) -> None:
        """Ask for an action that the app does not know."""
        self.answer = self._front_door().act(self._sign_in(who), order.order_id, action)

    # --- baristas, and what both do ----------------------------------------------------------------

    def acts(self, who: Person, action: str, order: TrackedOrder, in_the_name_of: Person | None = None) -> None:
        """Take an action on an order, possibly claiming to be another person: make, unmake, complete or cancel."""
        body = {"baristaUserId": in_the_name_of.user_id} if in_the_name_of else None
        self._started(who, action, order, self._front_door().act(self._sign_in(who), order.order_id, action, body))

    def has_claimed(self, barista: Barista, order: TrackedOrder) -> None:
        """Sign a barista in, who then has claimed an order."""
        self._is_known(barista.person)
        self.acts(barista.person, "make", order)
        order.becomes(is_being_made_by(barista.person.user_id))

    def has_given_back(self, barista: Barista, order: TrackedOrder) -> None:
        """Have a barista give back what they make."""
        self.acts(barista.person, "unmake", order)
        order.becomes(is_unclaimed())

    # --- looking -----------------------------------------------------------------------------------

    def looks_up(self, who: Person, order: TrackedOrder) -> None:
        """Look at one order."""
        self._looks(who, f"/orders/{order.order_id}", AN_ORDER)

    def looks_up_strange_id(self, who: Person, what: str) -> None:
        """Look at the order that has one of STRANGE_IDS."""
        order_id = quote(STRANGE_IDS[one_of(STRANGE_IDS, what, "id of an order")], safe="")
        self._looks(who, f"/orders/{order_id}", AN_ORDER)

    def lists_own_orders(self, who: Person, of: Person | None = None) -> None:
        """Look at one's own orders; `of`: ask for another person's instead."""
        query = {"userId": of.user_id} if of else {}
        self._looks(who, "/myOrders", ORDERS, **query)

    def lists_orders(self, who: Person | None, **state: str) -> None:
        """Look at the baristas' list; `state`: only orders in this state."""
        self._looks(who, "/orders", ORDERS, **state)

    def signs_in(self, who: Person) -> None:
        """Sign a person in, and look up in which ways the app may do that."""
        self._sign_in(who)
        self.ways_in = self._front_door().ways_in()

    def is_looked_at_by_a_stranger(self) -> None:
        """Look up whether a visitor may create an account."""
        self.admits_strangers = self._front_door().admits_strangers()

    def is_tried_by_strangers(self) -> None:
        """Try to sign in as a user who does not exist, and as one who does, with a wrong password."""
        self.refusals = [self._front_door().try_to_sign_in(name) for name in ("nobody", "Ada")]

    # --- how ---------------------------------------------------------------------------------------

    def _looks(self, who: Person | None, path: str, what: str, **query: str) -> None:
        """Look at an order, or at orders; what is shown is checked against the contracts."""
        self.answer = self._front_door().ask(self._visitor(who), "GET", path, **query)
        if who and self.answer.status == HTTPStatus.OK:
            self._world.cafe.data.shown.append((what, self.answer.body, who.user_id))

    def _sign_in(self, who: Person) -> Visitor:
        return self._front_door().sign_in(who.name)

    def _visitor(self, who: Person | None) -> Visitor | None:
        return self._sign_in(who) if who else None

    def _is_known(self, who: Person) -> None:
        """Set a person's user id to the app's."""
        who.user_id = self._sign_in(who).user_id

    def _started(self, who: Person, action: str, order: TrackedOrder, answer: Answer) -> None:
        """Keep a response, and record the action that it started."""
        self.answer = answer
        if isinstance(answer.body, dict) and "executionArn" in answer.body:
            started = Action(action, order.order_id, answer.body["executionArn"], who.user_id)
            self._world.actions.note(self._world.cafe.manager.note(started))

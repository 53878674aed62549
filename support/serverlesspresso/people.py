"""The people of a scenario: customers, baristas, Mo who runs the shop, and strangers on the café's bus.

Their verbs come in two tenses: a person *does* (a When: started, not waited for) and a person
*has done* (a Given: done and checked, with the order remembered as it was then).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from hamcrest.core.matcher import Matcher

from acceptance.earlier import left, one_of
from acceptance.trouble import Trouble
from support.serverlesspresso.alarms import unnoticed
from support.serverlesspresso.bus import FLAWS
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.matchers.actions import is_accepted, is_answered
from support.serverlesspresso.matchers.messages import tells
from support.serverlesspresso.matchers.orders import is_a, is_cancelled, is_completed, waits_for_its_drink
from support.serverlesspresso.menu import ChosenDrink, MenuItem
from support.serverlesspresso.messages import SCANNED, SECOND_WAIT, STARTED
from support.serverlesspresso.order_processor import CHOOSING, MAKING
from support.serverlesspresso.orders import Action
from support.serverlesspresso.person import Person
from support.serverlesspresso.shop import AT_ONCE, LINES, OF_A_CUSTOMER
from support.serverlesspresso.tracked_order import TrackedOrder
from support.serverlesspresso.world import ANY_DRINK, World

# How two ids can differ so that they look the same, or are taken for one.
ALIKE: Mapping[str, Callable[[str], str]] = {
    "its first letter's case": lambda user_id: user_id[0].swapcase() + user_id[1:],
    "a blank before it": " {}".format,
}
# How the ids of two orders can end so that they are taken for one.
ENDINGS: Mapping[str, tuple[str, str]] = {
    "the last letter's case": ("x", "X"),
    "a blank at the end": ("", " "),
}


class Customer:
    """A customer, who scans the code and orders."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self.person = world.person(name)

    @property
    def order(self) -> TrackedOrder:
        """Their own order. Raises Trouble when there is none in this scenario."""
        return self._world.orders[self.person.name]

    def is_nearly_called(self, other: Person, what: str) -> None:
        """Have an id that is like another person's but for one of ALIKE."""
        self.person.user_id = ALIKE[one_of(ALIKE, what, "difference between two ids")](other.user_id)
        self._world.cafe.data.scenario.people.append(self.person.user_id)

    def scans(self, ending: str = "") -> None:
        """Scan the code of an order whose id has this ending."""
        name, cafe = self.person.name, self._world.cafe
        order_id = cafe.bus.scan(self.person.user_id, cafe.data.new_order_id(ending))
        self._world.orders[name] = self._world.track(order_id, name)

    def scans_nearly_the_code_of(self, other: "Customer", what: str) -> None:
        """Scan a code just after another customer. The ids of the two orders are alike but for one of ENDINGS."""
        world, data = self._world, self._world.cafe.data
        theirs, own = ENDINGS[one_of(ENDINGS, what, "difference between two ids")]
        first = data.new_order_id(theirs)
        second = first.removesuffix(theirs) + own
        data.scenario.orders.append(second)
        for customer, order_id in ((other, first), (self, second)):
            name = customer.person.name
            world.orders[name] = world.track(world.cafe.bus.scan(customer.person.user_id, order_id), name)

    def scans_code_of(self, order: TrackedOrder) -> None:
        """Scan the code of an existing order."""
        self._world.cafe.bus.scan(self.person.user_id, order.order_id)

    def scans_code_of_length(self, length: int) -> None:
        """Scan a code with so many letters, with a user id of as many."""
        self._world.track_scan(self._world.cafe.bus.scan_long(self.person.name, length))

    def orders(
        self, drink: str | None, modifiers: Sequence[str] | None = (), on: TrackedOrder | None = None, **besides: str
    ) -> None:
        """Choose a drink for their own order, or for another one. None: leave the drink out. `besides` is sent too."""
        order = on or self.order
        chosen = self._world.drink(drink) if drink else drink
        order.drink = chosen or ""
        submitted = self._world.cafe.manager.submit(order.order_id, self.person.user_id, chosen, modifiers, **besides)
        self._world.actions.note(submitted)

    def orders_chosen(self, chosen: ChosenDrink) -> None:
        """Choose a drink with some of the menu's choices for their own order."""
        self.order.chosen = chosen
        self.orders(chosen.drink, chosen.modifiers)

    def cancels(self, order: TrackedOrder | None = None) -> None:
        """Cancel their own order, or another one."""
        order_id = (order or self.order).order_id
        self._world.actions.note(self._world.cafe.manager.cancel(order_id, user_id=self.person.user_id))

    def orders_and_cancels(self, drink: str) -> None:
        """Choose a drink, and cancel as soon as it is stored, before the café has notified the baristas."""
        with self._world.overlap.slowed_down():
            self.orders(drink)
            self.order.becomes(is_a(self.order.drink))
            self.cancels()
            self._world.actions.are_answered()

    def hears(self, matcher: Matcher[Any]) -> None:
        """Wait for an event to this customer about any order."""
        self._world.wait.eventually(self._world.cafe.events_to, self.person.user_id, matcher)

    def does_not_choose_in_time(self) -> None:
        """Scan the code, and let the shop's time for choosing pass."""
        self.scans()
        self.order.workflows.time_out(CHOOSING)

    def orders_and_is_left_in_the_lurch_by(self, barista: "Barista", drink: str) -> None:
        """Choose a drink that a barista claims and does not complete in the shop's time for that."""
        self.has_ordered(drink)
        barista.has_claimed_in_time(self.order)
        self.order.workflows.time_out(MAKING)

    def orders_in_vain(self, drink: str) -> None:
        """Choose a drink that no barista makes in the shop's time for that."""
        self.has_scanned()
        self.orders(drink)
        self.order.workflows.time_out(MAKING)

    @property
    def remembered_days(self) -> int:
        """In how many days the shop's data about this customer expires, rounded; -1 for never."""
        return self._world.cafe.table.days_remembered(self.person.user_id)

    def is_nearly_forgotten(self) -> None:
        """Let the shop's data about this customer expire in a day."""
        self._world.cafe.table.forget_tomorrow(self.person.user_id)

    @property
    def remembered_orders(self) -> Sequence[str]:
        """The ids of earlier orders in the shop's data about this customer. Raises Trouble without earlier orders."""
        earlier = [one for one in self._world.cafe.data.scenario.orders if one != self.order.order_id]
        if not earlier:
            raise Trouble(f"{self.person.name} has had no earlier order in this scenario: is a Given missing?")
        remembered = str(self._world.cafe.table.remembered(self.person.user_id))
        return [one for one in earlier if one in remembered]

    def has_scanned(self, ending: str = "") -> None:
        """Have an order opened, and be notified of it; its id has this ending."""
        self.scans(ending)
        self.order.becomes(waits_for_its_drink(self.person.user_id))
        self.order.messages.include(tells(STARTED, f"{self.person.name} can choose"))
        self.order.remember()

    def has_ordered(self, drink: str) -> None:
        """Have chosen a drink, which the baristas see."""
        self.has_scanned()
        self.has_chosen(drink)

    def has_chosen(self, drink: str) -> None:
        """Have chosen a drink for an order that was opened before; the baristas see it."""
        self.orders(drink)
        self.order.reaches_the_baristas(self.order.drink)

    def has_tried_to_order(self, drink: str) -> None:
        """Have chosen a drink, and have had any answer."""
        self.has_scanned()
        self.orders(drink)
        self._world.actions.last_is(is_answered())

    def has_cancelled(self) -> None:
        """Have cancelled an order that the baristas saw; the café has finished it."""
        self.has_ordered(ANY_DRINK)
        self.has_cancelled_it()

    def has_cancelled_before_choosing(self) -> None:
        """Have cancelled an order without a drink; the café has finished it."""
        self.has_scanned()
        self.has_cancelled_it()

    def has_cancelled_it(self) -> None:
        """Have cancelled their own order; the café has finished it."""
        self.cancels()
        self.order.becomes(is_cancelled())
        self.order.is_over()


class Barista:
    """A barista, who claims orders and completes them."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self.person = world.person(name)

    def claims(self, order: TrackedOrder) -> None:
        """Claim an order."""
        self._world.actions.note(self._claim(order))

    def gives_back(self, order: TrackedOrder) -> None:
        """Give an order back."""
        self._world.actions.note(self._give_back(order))

    def completes(self, order: TrackedOrder) -> None:
        """Complete an order."""
        self._world.actions.note(self._world.cafe.manager.complete(order.order_id, self.person.user_id))

    def cancels(self, order: TrackedOrder) -> None:
        """Cancel an order."""
        self._world.actions.note(self._world.cafe.manager.cancel(order.order_id, barista=self.person.user_id))

    def has_claimed(self, customer: Customer) -> None:
        """Have claimed a customer's order."""
        customer.has_ordered(ANY_DRINK)
        self.has_claimed_it(customer.order)

    def has_claimed_it(self, order: TrackedOrder) -> None:
        """Have claimed an order that awaits a barista."""
        self._has_done(order, self._claim(order))

    def has_claimed_in_time(self, order: TrackedOrder) -> None:
        """Have claimed an order before its time is up. Raises Trouble when that was too late."""
        claim = self._claim(order)
        self._world.actions.note(claim)
        self._world.actions.are_answered()
        if not self._world.cafe.manager.result(claim).accepted:
            raise Trouble(
                f"{self.person.name} could not claim {order.customer.name}'s order before its time was up, so what "
                "becomes of a claimed one cannot be checked.",
                "Run again when the machine is less busy.",
            )

    def has_given_back(self, customer: Customer) -> None:
        """Have claimed a customer's order, and given it back."""
        self.has_claimed(customer)
        self._has_done(customer.order, self._give_back(customer.order))

    def has_completed(self, customer: Customer) -> None:
        """Have completed a customer's order without claiming it; the café has finished it."""
        customer.has_ordered(ANY_DRINK)
        self.has_completed_it(customer.order)

    def has_served(self, customer: Customer) -> None:
        """Have finished a customer's order, regardless of its record; the café has finished it."""
        customer.has_ordered(ANY_DRINK)
        self.completes(customer.order)
        customer.order.is_over()

    def has_made(self, customer: Customer) -> None:
        """Have claimed and completed a customer's order; the café has finished it."""
        self.has_claimed(customer)
        self.has_completed_it(customer.order)

    def _claim(self, order: TrackedOrder) -> Action:
        return self._world.cafe.manager.claim(order.order_id, self.person.user_id)

    def _give_back(self, order: TrackedOrder) -> Action:
        return self._world.cafe.manager.give_back(order.order_id, self.person.user_id)

    def _has_done(self, order: TrackedOrder, action: Action) -> None:
        self._world.actions.note(action)
        self._world.actions.last_is(is_accepted())
        order.remember()

    def has_completed_it(self, order: TrackedOrder) -> None:
        """Have completed an order that awaits a barista; the café has finished it."""
        self.completes(order)
        order.becomes(is_completed())
        order.is_over()


class Owner:
    """Mo, who runs the shop. Mo's changes are restored when the scenario ends."""

    before: Mapping[str, Any] = left("No step before this one has updated the shop: is a When missing?")
    menu: Sequence[MenuItem] = left("No step before this one has looked at the menu: is a When missing?")
    limits: Mapping[str, int] = left("No step before this one has looked at the shop's limits: is a When missing?")
    refusal: str = left("No step before this one has opened a shop in vain: is a When missing?")
    is_removed: bool = left("No step before this one has removed a shop: is a When missing?")
    unwatched: Sequence[str] = left("No step before this one has looked at the shop's alarms: is a When missing?")
    unnoticed: Sequence[str] = left("No step before this one has looked at the shop's alarms: is a When missing?")
    times: Mapping[str, int] = left("No step before this one has looked at the shop's times: is a When missing?")

    def __init__(self, world: World) -> None:
        self._world = world

    def opens_the_shop(self) -> None:
        """Open the shop."""
        self._world.cafe.shop.set_open(True)

    def closes_the_shop(self) -> None:
        """Close the shop."""
        self._world.cafe.shop.set_open(False)

    def takes_the_sign_off(self) -> None:
        """Set the shop neither open nor closed."""
        self._world.cafe.shop.leave_open_undecided()

    def runs_out_of(self, drink: str) -> None:
        """Take a drink off the menu."""
        self._world.cafe.shop.set_available(drink, False)

    def has_again(self, drink: str) -> None:
        """Put a drink on the menu again."""
        self._world.cafe.shop.set_available(drink, True)

    def puts_on_the_menu(self, drink: str) -> None:
        """Put another drink on the menu, which comes without choices."""
        self._world.cafe.shop.add_drink(drink)

    def puts_on_the_menu_without(self, what: str) -> None:
        """Put a line at the top of the menu that lacks something."""
        self._world.cafe.shop.add_line_without(one_of(LINES, what, "part of a line of the menu"))

    def sends_dead_letters_again(self, order: TrackedOrder) -> None:
        """Send the messages about an order again that nobody could serve."""
        self._world.cafe.dead_letters.send_again(order.order_id)

    def lets_in(self, how_many: int) -> None:
        """Allow so many orders more than are open now."""
        are_open = self._world.cafe.processor.capacity - self._world.free_places()
        self._world.cafe.shop.set_limit(AT_ONCE, are_open + how_many)

    def allows_a_customer(self, how_many: int) -> None:
        """Allow a customer so many open orders."""
        self._world.cafe.shop.set_limit(OF_A_CUSTOMER, how_many)

    def takes_the_limits_off(self) -> None:
        """Say nothing of how many orders the shop allows."""
        self._world.cafe.shop.remove_limits()

    def sees_it_updated(self, update: Callable[[Cafe], None]) -> None:
        """Update the shop, and remember its earlier settings."""
        self.before = self.settings()
        update(self._world.cafe)

    def opens_a_shop_in_vain(self, open_one: Callable[[], str]) -> None:
        """Open another shop, which cannot store its menu."""
        self.refusal = open_one()

    def removes_a_shop(self, open_and_remove: Callable[[], bool]) -> None:
        """Open another shop, and remove it."""
        self.is_removed = open_and_remove()

    def settings(self) -> Mapping[str, Any]:
        """Return the shop's settings now, and how many numbers were given."""
        return {**self._world.cafe.shop.settings(), "numbers given": self._world.cafe.counter.given}

    def looks_at_the_limits(self) -> None:
        """Look up how many orders the shop allows."""
        self.limits = {name: self._world.cafe.shop.limit(name) for name in (OF_A_CUSTOMER, AT_ONCE)}

    def looks_at_the_alarms(self) -> None:
        """Look up which dead letters, and which workflows that serve stopped orders, no alarm watches."""
        cafe = self._world.cafe
        self.unwatched = cafe.dead_letters.unwatched()
        self.unnoticed = unnoticed(cafe.account, cafe.parts.order_processor)

    def dead_letters_kept(self) -> timedelta | None:
        """Return how long the shop keeps dead letters at least; None when it keeps none."""
        return self._world.cafe.dead_letters.shortest_kept()

    def looks_at_the_menu(self) -> None:
        """Look at the menu."""
        self.menu = self._world.cafe.shop.menu().items

    def looks_at_the_times(self) -> None:
        """Look up how long the shop waits for people."""
        self.times = {wait: self._world.cafe.processor.time_out_of(wait) for wait in (CHOOSING, MAKING)}


class Stranger:
    """A stranger to the café: a person without a name, or another system on the café's bus."""

    refusal: str = left("No step before this one has tried to use a confirmation code: is a When missing?")

    def __init__(self, world: World) -> None:
        self._world = world

    def claims(self, order: TrackedOrder, name: str | None) -> None:
        """Claim an order with an empty name, or None at all."""
        self._world.actions.note(self._world.cafe.manager.claim(order.order_id, name))

    def gives_back(self, order: TrackedOrder, name: str | None) -> None:
        """Give an order back with an empty name, or None at all."""
        self._world.actions.note(self._world.cafe.manager.give_back(order.order_id, name))

    def cancels(self, order: TrackedOrder, name: str | None) -> None:
        """Cancel an order as a customer with an empty name, or None at all."""
        self._world.actions.note(self._world.cafe.manager.cancel(order.order_id, user_id=name))

    def scans(self, flaw: str, order: TrackedOrder | None = None) -> None:
        """Scan a code with one of FLAWS. `order`: one that the scan carries."""
        order_id = order.order_id if order else ""
        self._world.track_scan(self._world.cafe.bus.scan_malformed(one_of(FLAWS, flaw, "flaw of a scan"), order_id))

    def uses_task_token(self, order: TrackedOrder, number: int = 0) -> None:
        """Use one of an order's task tokens, counted from 1; 0: the last one."""
        self._world.cafe.data.scenario.meddled.append(order.order_id)
        self.refusal = self._world.cafe.processor.use_task_token(order.messages.task_token(number))

    def has_used_task_token(self, order: TrackedOrder) -> None:
        """Have used an order's current task token; the café has finished it."""
        self.uses_task_token(order)
        if self.refusal:
            raise Trouble(
                f"The confirmation code of {order.customer.name}'s order was refused, though it had not been used."
            )
        order.is_over()

    def says_that_somebody_scanned(self) -> None:
        """Announce on the bus that a customer has scanned the code."""
        order_id = self._world.order_that_does_not_exist().order_id
        self._says(SCANNED, {"orderId": order_id, "userId": self._world.person("Somebody").user_id})

    def says_something_else(self) -> None:
        """Announce something else than a scan on the bus, of a customer and an order, as the café's own scanner."""
        order_id = self._world.order_that_does_not_exist().order_id
        self._world.cafe.bus.say_something_else({"orderId": order_id, "userId": self._world.person("Somebody").user_id})

    def says_that_another_was_opened(self, order: TrackedOrder) -> None:
        """Announce on the bus that another order was opened, with the task token of this one."""
        other = self._world.order_that_does_not_exist().order_id
        self._says(STARTED, {**order.messages.first(STARTED).detail, "orderId": other})

    def says_that_it_has_number(self, order: TrackedOrder, number: int) -> None:
        """Announce on the bus that an order has got a number."""
        self._says(SECOND_WAIT, {**order.messages.first(STARTED).detail, "orderNumber": number})

    def _says(self, detail_type: str, detail: Mapping[str, object]) -> None:
        self._world.cafe.bus.say_as_stranger(detail_type, detail)

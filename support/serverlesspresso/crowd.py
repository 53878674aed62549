"""Many customers at once."""

from collections.abc import Sequence
from typing import Any

from hamcrest import equal_to
from hamcrest.core.matcher import Matcher

from acceptance.earlier import left
from acceptance.trouble import Trouble
from support.serverlesspresso.matchers.many_orders import (
    all_are_numbered,
    all_wait_for_a_barista,
    all_wait_for_their_drink,
    are_numbered_without_gap_after,
    are_stored,
)
from support.serverlesspresso.matchers.messages import all_hear_of_it, tells_choices
from support.serverlesspresso.matchers.workflows import is_over
from support.serverlesspresso.menu import ChosenDrink
from support.serverlesspresso.tracked_order import TrackedOrder
from support.serverlesspresso.world import World

RUSH_SECONDS_EACH = 2.0
# Each that is opened at the same moment may start a cold function; only what a scenario is about needs them all.
AT_A_TIME = 5


class Crowd:
    """Customers without names of their own, with an order each."""

    chosen: Sequence[ChosenDrink] = left("No step before this one has let a crowd order: is a When missing?")
    _room: int = left("No step before this one has let many customers scan at the same moment: is a When missing?")
    _latecomers: Sequence[TrackedOrder] = left(
        "No step before this one has let more customers scan: is a When missing?"
    )
    _given: int = left("No step before this one says which numbers were given before: is a Given missing?")

    def __init__(self, world: World) -> None:
        self._world = world
        self._members: list[TrackedOrder] = []

    @property
    def members(self) -> Sequence[TrackedOrder]:
        """Their orders. Raises Trouble when there is no crowd."""
        if not self._members:
            raise Trouble("No step before this one has let several customers in: is a Given missing?")
        return self._members

    @property
    def order_ids(self) -> Sequence[str]:
        """The ids of their orders. Raises Trouble when there is no crowd."""
        return [order.order_id for order in self.members]

    @property
    def more_seconds(self) -> float:
        """The additional time for a crowd: each of its calls may start a cold function."""
        return RUSH_SECONDS_EACH * len(self._members)

    def comes(self, how_many: int) -> None:
        """Send so many more customers' scans, a few at a time, and wait for all their orders to open."""
        for first in range(0, how_many, AT_A_TIME):
            newcomers = self._scan("Customer", min(AT_A_TIME, how_many - first), after=len(self._members))
            self._members.extend(newcomers)
            self._see([order.order_id for order in newcomers], all_wait_for_their_drink())

    def fills_the_shop(self, but: int = 0) -> None:
        """Send scans of as many customers as the shop has room for. `but`: so many places stay free."""
        self.comes(self._world.free_places() - but)

    def choose(self, chosen: Sequence[ChosenDrink]) -> None:
        """Choose a drink for each customer at the same moment, each the next one of `chosen`."""
        self.chosen = chosen
        submit = self._world.cafe.manager.submit
        self._world.actions.note(
            *(
                submit(order.order_id, order.customer.user_id, one.drink, one.modifiers)
                for order, one in zip(self.members, chosen, strict=True)
            )
        )

    def all_choose(self, drink: str) -> None:
        """Choose the same drink for all customers at the same moment."""
        self.choose([ChosenDrink(self._world.drink(drink))] * len(self.members))

    def all_choose_and_overlap(self, drink: str) -> None:
        """Choose the same drink for all customers, in a café that is slowed down until they all have numbers."""
        with self._world.overlap.slowed_down():
            self.all_choose(drink)
            self._settle(all_are_numbered())

    def choose_in_turn(self, drink: str) -> None:
        """Choose a drink for each customer once the one before has a number."""
        cafe, chosen = self._world.cafe, self._world.drink(drink)
        for order in self.members:
            self._world.actions.note(cafe.manager.submit(order.order_id, order.customer.user_id, chosen))
            self._world.wait.settle(cafe.orders, [order.order_id], all_are_numbered())

    def has_numbers_given_before(self, how_many: int) -> None:
        """Raise the café's counter to so many given numbers, or that many in a later thousand."""
        self._given = self._world.cafe.counter.raise_to(how_many)

    def get_the_very_next_numbers(self) -> None:
        """Check that they get the next consecutive numbers."""
        self.become(are_numbered_without_gap_after(self._given))

    def scans_at_once(self) -> None:
        """Send half as many scans again as the shop has room for, at the same moment, and record who is admitted."""
        cafe = self._world.cafe
        self._room = self._world.free_places()
        how_many = self._room + (self._room + 1) // 2
        with self._world.overlap.slowed_down():
            newcomers = self._scan("Customer", how_many)
            self._members.extend(newcomers)
            order_ids = [order.order_id for order in newcomers]
            self._world.wait.settle(cafe.decided, order_ids, equal_to(True), patience=self._patience)

    def fills_the_room(self) -> None:
        """Check that as many of them are admitted as there was room for, and never more.

        Raises Trouble where others took some of the room meanwhile.
        """
        cafe, as_many = self._world.cafe, are_stored(self._room)
        self._settle(as_many)
        if not as_many.matches(cafe.orders(self.order_ids)):
            cafe.refuse_interference()
        self._see(self.order_ids, as_many)
        self._world.wait.never(cafe.orders, self.order_ids, are_stored(self._room + 1))

    def others_are_turned_away(self) -> None:
        """Check that each customer without an order is notified that the shop cannot take one."""
        self._see_turned_away([one for one in self.order_ids if not self._world.cafe.table.order(one)])

    def comes_late(self, how_many: int) -> None:
        """Let so many customers scan when the shop has taken in all that it can serve."""
        self._latecomers = self._scan("Latecomer", how_many)

    def latecomers_are_turned_away(self) -> None:
        """Check that each customer who came late is notified that the shop cannot take an order."""
        # Whether anything is under way is not asked meanwhile: that looks at each of their workflows.
        self._see_turned_away([order.order_id for order in self._latecomers], even_at_rest=True)

    def comes_for_everything(self) -> None:
        """Create customers for each drink on the menu, with each of its choices, as far as there is room.

        Raises Trouble when there is no room for each drink.
        """
        ways = self._world.cafe.shop.menu().ways
        room = self._world.free_places()
        drinks = len({way.drink for way in ways})
        if room < drinks:
            raise Trouble(
                f"The menu has {drinks} drinks and the shop has room for {room} more orders now, "
                "so not all of them can be ordered at once. Try when fewer orders are open."
            )
        self.comes(len(ways[:room]))
        self.choose(ways[:room])

    def one_has_left(self) -> None:
        """Have one of them cancel; the café is done with the order."""
        leaver = self.members[0]
        cancelled = self._world.cafe.manager.cancel(leaver.order_id, user_id=leaver.customer.user_id)
        self._world.actions.note(cancelled)
        leaver.workflows.last_becomes(is_over())

    def become(self, matcher: Matcher[Any]) -> None:
        """Wait for all their orders to match."""
        self._see(self.order_ids, matcher)

    def reach_the_baristas(self) -> None:
        """Check that each of their orders awaits a barista, with the chosen drink."""
        self.become(all_wait_for_a_barista(self.chosen))

    def are_told_to_the_baristas(self) -> None:
        """Check that the baristas are notified of each of their orders, with the chosen drink and options."""
        for order, one in zip(self.members, self.chosen, strict=True):
            order.messages.show_the_baristas(tells_choices(one))

    @property
    def _patience(self) -> float:
        return self._world.wait.patience + self.more_seconds

    def _scan(self, called: str, how_many: int, after: int = 0) -> Sequence[TrackedOrder]:
        """Send so many customers' scans at the same moment; their numbers follow `after`."""
        names = [f"{called}{after + number}" for number in range(1, how_many + 1)]
        order_ids = self._world.cafe.bus.scan_all([self._world.person(name).user_id for name in names])
        return list(map(self._world.track, order_ids, names))

    def _see_turned_away(self, order_ids: Sequence[str], *, even_at_rest: bool = False) -> None:
        """Check that the customers who scanned for these orders are notified that the shop cannot take them."""
        cafe = self._world.cafe
        self._world.wait.eventually(
            lambda: [cafe.turned_away(order_id) for order_id in order_ids],
            all_hear_of_it(),
            more=self.more_seconds,
            even_at_rest=even_at_rest,
        )

    def _settle(self, matcher: Matcher[Any]) -> None:
        """Wait until all their orders match, without a verdict."""
        self._world.wait.settle(self._world.cafe.orders, self.order_ids, matcher, patience=self._patience)

    def _see(self, order_ids: Sequence[str], matcher: Matcher[Any]) -> None:
        self._world.wait.eventually(self._world.cafe.orders, order_ids, matcher, more=self.more_seconds)

"""The stage of one scenario: all people and things that a step can name. The package explains the classes."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from acceptance.earlier import left
from acceptance.load import Stream
from acceptance.service_levels.levels import Distribution, Promise
from acceptance.waiting import Unmet, Waiter
from support.serverlesspresso.actions import Actions
from support.serverlesspresso.app import App
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.crowd import Crowd
from support.serverlesspresso.failures import Failures, Operator
from support.serverlesspresso.front_door import FrontDoor
from support.serverlesspresso.further_orders import FurtherOrders
from support.serverlesspresso.matchers.orders import is_completed
from support.serverlesspresso.menu import Menu
from support.serverlesspresso.people import Barista, Customer, Owner, Stranger
from support.serverlesspresso.person import Person
from support.serverlesspresso.rush_hour import RushHour
from support.serverlesspresso.same_moment import SameMoment
from support.serverlesspresso.tracked_order import TrackedOrder, TrackedScan
from support.serverlesspresso.world import World

# The customer who was served before the scenario's own people came.
PASSER_BY = "Somebody"


class Scene:
    """The people, their orders, and the last actions."""

    stream: Stream = left("No step before this one has let customers keep coming: is a When missing?")

    def __init__(self, cafe: Cafe, wait: Waiter, front_door: Callable[[], FrontDoor]) -> None:
        """`front_door` finds the shop's HTTP API, on first use."""
        self._front_door = front_door
        self.moves_to(cafe, wait)

    def moves_to(self, cafe: Cafe, wait: Waiter) -> None:
        """Switch to another café, with a new state."""
        self._world = World(cafe, wait)
        self.app = App(self._world, self._front_door)
        self.crowd = Crowd(self._world)
        self.rush_hour = RushHour(self._world, self.crowd)
        self.further_orders = FurtherOrders(self._world)
        self.same_moment = SameMoment(self._world)
        self.failures = Failures(self._world)
        self.operator = Operator(self._world)
        self.owner = Owner(self._world)
        self.stranger = Stranger(self._world)

    @property
    def unmet(self) -> Sequence[Unmet]:
        """The waits that timed out."""
        return self._world.wait.unmet

    def end(self) -> None:
        """Remove the scenario's leftovers."""
        try:
            self.failures.end()
        finally:
            self._world.cafe.end_scenario()

    # --- people and orders ---------------------------------------------------------------------------

    def person(self, name: str) -> Person:
        """Return a person."""
        return self._world.person(name)

    def customer(self, name: str) -> Customer:
        """Return a customer."""
        return Customer(self._world, name)

    def barista(self, name: str) -> Barista:
        """Return a barista."""
        return Barista(self._world, name)

    def order_of(self, name: str) -> TrackedOrder:
        """Return a customer's order. Raises Trouble when the customer has none in this scenario."""
        return self._world.orders[name]

    def order_that_does_not_exist(self) -> TrackedOrder:
        """Return an order that was never opened."""
        return self._world.order_that_does_not_exist()

    @property
    def scan(self) -> TrackedScan:
        """The last irregular scan. Raises Trouble when there is none."""
        return self._world.scan

    @property
    def actions(self) -> Actions:
        """The last actions."""
        return self._world.actions

    @property
    def menu(self) -> Menu:
        """The shop's menu as it is now."""
        return self._world.cafe.shop.menu()

    # --- service levels ----------------------------------------------------------------------------

    def is_in_full_swing(self) -> None:
        """Have the shop serve an order, so that it is warmed up.

        Its record is not checked: service levels are separate.
        """
        self.barista("Cleo").has_served(self.customer(PASSER_BY))

    # --- for the report ------------------------------------------------------------------------------

    @property
    def cafe(self) -> Cafe:
        """The café of this scenario."""
        return self._world.cafe

    def overlap_notes(self) -> Sequence[str]:
        """Return how actions were made to overlap, if they were."""
        return self._world.overlap.notes

    def names(self) -> Mapping[str, str]:
        """Return all people's names by their user ids; on aws, app users share one."""
        of_each: dict[str, list[str]] = defaultdict(list)
        for person in self._world.people.values():
            of_each[person.user_id].append(person.name)
        return {user_id: "/".join(names) for user_id, names in of_each.items()}

    def orders_of_people(self) -> Mapping[str, TrackedOrder]:
        """Return the orders of those who have a name of their own, by that name."""
        return {name: order for name, order in self._world.orders.items() if name != PASSER_BY}

    def orders_in_question(self) -> Sequence[str]:
        """Return the ids of the orders that a failure is about: people's own, and those that the rush hour lost."""
        rushed = self.rush_hour.rush.seen() if self.rush_hour.has_begun else ()
        lost = [order.order_id for order in rushed if not is_completed().matches(order)]
        return [*(order.order_id for order in self.orders_of_people().values()), *lost]

    def rushed(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return the service levels checked for the rush hour, if there is one."""
        return list(self.rush_hour.rush.judged.items()) if self.rush_hour.has_begun else []

    def streamed(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return what was judged of customers who kept coming, if they did."""
        return list(self.stream.judged.items()) if "stream" in vars(self) else []

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return every latency that this scenario has checked."""
        judged = [one for person in self._world.people.values() for one in person.judgements]
        return [*((one.promise, Distribution([one.latency])) for one in judged), *self.rushed(), *self.streamed()]

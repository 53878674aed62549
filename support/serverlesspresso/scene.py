"""The stage of one scenario: everybody and everything that a step can name. See the package about the cut."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from acceptance.earlier import left
from acceptance.load import Stream
from acceptance.service_levels.levels import Distribution, Promise
from acceptance.trouble import Trouble
from acceptance.waiting import Unmet, Waiter
from support.serverlesspresso.actions import Actions
from support.serverlesspresso.app import App
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.crowd import Crowd
from support.serverlesspresso.failures import Failures, Operator
from support.serverlesspresso.front_door import FrontDoor
from support.serverlesspresso.matchers import is_completed
from support.serverlesspresso.people import Barista, Customer, Owner, Stranger
from support.serverlesspresso.rush import Rush
from support.serverlesspresso.same_moment import SameMoment
from support.serverlesspresso.tracked_order import Person, TrackedOrder, TrackedScan
from support.serverlesspresso.world import World

# Who was served before the scenario's own people came.
PASSER_BY = "Somebody"


class Scene:
    """Who is there, whose order is whose, and what was done last."""

    stream: Stream = left("No step before this one has let customers keep coming: is a When missing?")

    def __init__(self, cafe: Cafe, wait: Waiter, front_door: Callable[[], FrontDoor]) -> None:
        """`front_door` finds the shop's HTTP API, when somebody uses it."""
        self._front_door = front_door
        self._rush: Rush | None = None
        self.moves_to(cafe, wait)

    def moves_to(self, cafe: Cafe, wait: Waiter) -> None:
        """Let everything happen in another café, and begin anew there."""
        self._world = World(cafe, wait)
        self.app = App(self._world, self._front_door)
        self.crowd = Crowd(self._world)
        self.same_moment = SameMoment(self._world)
        self.failures = Failures(self._world)
        self.operator = Operator(self._world)
        self.owner = Owner(self._world)
        self.stranger = Stranger(self._world)

    @property
    def unmet(self) -> Sequence[Unmet]:
        """What was waited for in vain."""
        return self._world.wait.unmet

    def end(self) -> None:
        """Take away what the scenario has left."""
        try:
            self.failures.end()
        finally:
            self._world.cafe.end_scenario()

    # --- who is there, and what ----------------------------------------------------------------------

    def person(self, name: str) -> Person:
        """Return somebody."""
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
        """Return an order that nobody has opened."""
        return self._world.order_that_does_not_exist()

    @property
    def scan(self) -> TrackedScan:
        """The last scan that had something odd about it. Raises Trouble when there is none."""
        return self._world.scan

    @property
    def actions(self) -> Actions:
        """What was done last."""
        return self._world.actions

    # --- service levels ----------------------------------------------------------------------------

    def is_in_full_swing(self) -> None:
        """Let the shop have served an order, so that nothing in it has to be started first.

        What is stored about it is not looked at: time is judged apart.
        """
        self.barista("Cleo").has_served(self.customer(PASSER_BY))

    def begins_rush(self, how_many: int) -> None:
        """Let so many customers and a barista be ready for a rush hour."""
        self._rush = self.crowd.begins_rush(how_many)

    def rushes(self, orders_a_second: float) -> None:
        """Let the rush hour happen."""
        self.rush.goes_on(1 / orders_a_second, patience=self.crowd.more_seconds)

    @property
    def rush(self) -> Rush:
        """The rush hour of this scenario. Raises Trouble when there is none."""
        if self._rush is None:
            raise Trouble("There is no rush hour in this scenario: is a Given missing?")
        return self._rush

    # --- for the report ------------------------------------------------------------------------------

    @property
    def cafe(self) -> Cafe:
        """The café that everything happens in."""
        return self._world.cafe

    def overlap_notes(self) -> Sequence[str]:
        """Return how things were made to overlap, if they were."""
        return self._world.overlap.notes

    def names(self) -> Mapping[str, str]:
        """Return everybody's name by their user id; on aws, those who use the app share one."""
        of_each: dict[str, list[str]] = defaultdict(list)
        for person in self._world.people.values():
            of_each[person.user_id].append(person.name)
        return {user_id: "/".join(names) for user_id, names in of_each.items()}

    def orders_of_people(self) -> Mapping[str, TrackedOrder]:
        """Return the orders of those who have a name of their own, by that name."""
        return {name: order for name, order in self._world.orders.items() if name != PASSER_BY}

    def orders_in_question(self) -> Sequence[str]:
        """Return the ids of the orders that a failure is about: people's own, and those that the rush hour lost."""
        rushed = self._rush.seen() if self._rush else ()
        lost = [order.order_id for order in rushed if not is_completed().matches(order)]
        return [*(order.order_id for order in self.orders_of_people().values()), *lost]

    def rushed(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return what was judged of the rush hour, if there is one."""
        return list(self._rush.judged.items()) if self._rush else []

    def streamed(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return what was judged of customers who kept coming, if they did."""
        return list(self.stream.judged.items()) if "stream" in vars(self) else []

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return every latency that this scenario has judged."""
        judged = [one for person in self._world.people.values() for one in person.judgements]
        return [*((one.promise, Distribution([one.latency])) for one in judged), *self.rushed(), *self.streamed()]

"""The shared state of one scenario's people: their café, their orders, and the last actions."""

from functools import cached_property

from hamcrest import empty

from acceptance.earlier import Known, left
from acceptance.waiting import Waiter
from support.serverlesspresso.actions import Actions
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.orders import Scan
from support.serverlesspresso.overlap import Overlap
from support.serverlesspresso.person import Person
from support.serverlesspresso.tracked_order import TrackedOrder, TrackedScan

NOBODY = "nobody"
ANY_DRINK = "drink"
# What an app sends besides the choice.
NOTE = "This one is free of charge."


class World:
    """The state of one scenario. A name stands for a person; each scenario has a new state."""

    scan: TrackedScan = left("No step before this one has scanned a code that is looked at here: is a When missing?")

    def __init__(self, cafe: Cafe, wait: Waiter) -> None:
        self.cafe = cafe
        self.wait = wait
        self.actions = Actions(cafe, wait)
        self.people: dict[str, Person] = {}
        self.orders: dict[str, TrackedOrder] = Known(
            "{} has not ordered anything in this scenario: is a Given missing?"
        )

    @cached_property
    def overlap(self) -> Overlap:
        """How actions are made to overlap in this scenario."""
        return Overlap(self.cafe.account, self.cafe.seed)

    def person(self, name: str) -> Person:
        """Return a person, created on first use."""
        if name not in self.people:
            self.people[name] = Person(name, self.cafe.data.new_user_id(name))
        return self.people[name]

    def drink(self, called: str) -> str:
        """Return the drink that a sentence means: “a drink” is one that can be ordered, whichever the shop has."""
        return self.cafe.shop.menu().usual.name if called == ANY_DRINK else called

    def free_places(self) -> int:
        """Return how many more orders the shop can serve now, beside those that this scenario has opened."""
        self.wait.settle(self.cafe.unlisted, empty())
        return self.cafe.processor.free_places()

    def track(self, order_id: str, name: str) -> TrackedOrder:
        """Track a person's order, without making it their main one."""
        return TrackedOrder(self.cafe, self.wait, order_id, self.person(name))

    def track_scan(self, scan: Scan) -> None:
        """Track the outcome of a scan."""
        self.scan = TrackedScan(self.cafe, self.wait, scan)

    def order_that_does_not_exist(self) -> TrackedOrder:
        """Return an order that was never opened."""
        self.orders[NOBODY] = TrackedOrder(self.cafe, self.wait, self.cafe.data.new_order_id(), Person(NOBODY, ""))
        return self.orders[NOBODY]

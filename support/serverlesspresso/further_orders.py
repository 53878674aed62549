"""A customer with more than one order, and how many the shop allows."""

from collections.abc import Sequence

from hamcrest import equal_to

from acceptance.earlier import left
from support.serverlesspresso.matchers.many_orders import are_stored
from support.serverlesspresso.matchers.orders import is_stored
from support.serverlesspresso.people import Customer
from support.serverlesspresso.shop import OF_A_CUSTOMER
from support.serverlesspresso.tracked_order import TrackedOrder
from support.serverlesspresso.world import World


class FurtherOrders:
    """The orders of a customer besides their own one."""

    last: TrackedOrder = left("No step before this one has scanned a further code: is a When missing?")
    _at_once: Sequence[str] = left("No step before this one has scanned several codes at once: is a When missing?")

    def __init__(self, world: World) -> None:
        self._world = world

    def has_all_that_are_allowed(self, customer: Customer) -> None:
        """Have as many orders opened as the shop allows a customer; the last one is the main one."""
        for _ in range(self._world.cafe.shop.limit(OF_A_CUSTOMER)):
            customer.has_scanned()

    def scans(self, customer: Customer) -> None:
        """Scan the code of a further order."""
        person = customer.person
        self.last = self._world.track(self._world.cafe.bus.scan(person.user_id), person.name)

    def has_scanned_in_vain(self, customer: Customer) -> None:
        """Have scanned the code of a further order, which is not opened."""
        self.scans(customer)
        self.last.never_opens()

    def is_opened(self) -> None:
        """Check that the further scan opens an order."""
        self.last.becomes(is_stored())

    def scans_too_many(self, customer: Customer) -> None:
        """Scan the codes of one order more than the shop allows a customer, all at the same moment."""
        codes = self._world.cafe.shop.limit(OF_A_CUSTOMER) + 1
        cafe, wait = self._world.cafe, self._world.wait
        with self._world.overlap.slowed_down():
            self._at_once = cafe.bus.scan_all([customer.person.user_id] * codes)
            wait.settle(cafe.decided, self._at_once, equal_to(True))

    def are_opened_but_one(self) -> None:
        """Check that all but one of the orders scanned at the same moment are opened, and never all of them."""
        cafe, wait, scanned = self._world.cafe, self._world.wait, self._at_once
        wait.eventually(cafe.orders, scanned, are_stored(len(scanned) - 1))
        wait.settle(cafe.decided, scanned, equal_to(True))
        wait.never(cafe.orders, scanned, are_stored(len(scanned)))

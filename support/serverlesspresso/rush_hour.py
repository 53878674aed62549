"""The rush hour of a scenario: the shop is warmed up for it, and it goes on as the sentence says."""

from collections.abc import Sequence

from hamcrest import greater_than_or_equal_to

from acceptance.earlier import left
from acceptance.trouble import Trouble
from support.serverlesspresso.crowd import Crowd
from support.serverlesspresso.matchers.workflows import all_are_over
from support.serverlesspresso.orders import Workflows
from support.serverlesspresso.rush import Rush
from support.serverlesspresso.world import ANY_DRINK, World


class RushHour:
    """A rush of customers for whom the shop has room."""

    rush: Rush = left("There is no rush hour in this scenario: is a Given missing?")

    def __init__(self, world: World, crowd: Crowd) -> None:
        """`crowd`: those who warm the shop up."""
        self._world = world
        self._crowd = crowd

    def begins(self, how_many: int) -> None:
        """Prepare so many customers and a barista, for all of whom the shop has room.

        A first rush has warmed up the shop's functions: docs/decisions/0013-cold-starts-are-not-part-of-the-promises.md
        """
        cafe, wait, crowd = self._world.cafe, self._world.wait, self._crowd
        room, most = self._world.free_places(), cafe.processor.capacity
        if most < how_many:
            raise Trouble(
                f"The shop serves {most} orders at once, and the rush hour needs room for {how_many}. "
                "Say in the profile that this is not promised (not_made)."
            )
        if room < how_many:
            raise Trouble(
                f"The shop has room for {room} more orders now, and the rush hour needs {how_many}. Try later."
            )
        crowd.comes(how_many)
        crowd.all_choose(ANY_DRINK)
        crowd.reach_the_baristas()
        for order in crowd.members:
            cafe.manager.cancel(order.order_id, user_id=order.customer.user_id)
        wait.eventually(self._services, crowd.order_ids, all_are_over(), more=crowd.more_seconds)
        # The shop counts by a list, which lags behind on AWS.
        enough = greater_than_or_equal_to(how_many)
        wait.eventually(cafe.processor.free_places, enough, more=crowd.more_seconds, even_at_rest=True)
        customers = [self._world.person(f"Guest{number}").user_id for number in range(1, how_many + 1)]
        self.rush = Rush(cafe, wait, customers, self._world.person("Ben").user_id)

    def goes_on(self, orders_a_second: float) -> None:
        """Run it, with so many orders a second."""
        self.rush.goes_on(1 / orders_a_second, patience=self._crowd.more_seconds)

    @property
    def has_begun(self) -> bool:
        """Whether this scenario has a rush hour."""
        return "rush" in vars(self)

    def _services(self, order_ids: Sequence[str]) -> Sequence[Workflows]:
        return [self._world.cafe.processor.serving(order_id) for order_id in order_ids]

"""The data that a run creates in a café, by ids that carry the run's own, so that it can be removed."""

from dataclasses import dataclass, field
from typing import Any

from support.serverlesspresso.ids import new_order_id, new_user_id


@dataclass
class Created:
    """The ids of orders, of events that scanned, and of people. A stranger's order may have an id that is not ours.

    `meddled` are the orders whose task tokens were used by others than the café.
    """

    orders: list[str] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    meddled: list[str] = field(default_factory=list)

    def __add__(self, other: "Created") -> "Created":
        """Return both together."""
        return Created(
            self.orders + other.orders,
            self.scans + other.scans,
            self.strangers + other.strangers,
            self.people + other.people,
            self.meddled + other.meddled,
        )


class RunData:
    """The ids that a run creates, and the data under them: in this scenario, and in all before."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.scenario = Created()
        self.earlier = Created()
        self.shown: list[tuple[str, Any, str]] = []  # what the app has shown: an order or orders, the body, to whom
        self.is_disturbed = False  # whether this scenario has made a part of the café fail
        self.was_disturbed = False  # whether the one before has: a function that failed then is called again meanwhile

    def new_order_id(self, ending: str = "") -> str:
        """Create an unused order id with this ending, and register its order for removal."""
        order_id = new_order_id(self.run_id, ending)
        self.scenario.orders.append(order_id)
        return order_id

    def new_user_id(self, name: str) -> str:
        """Create the id of a person, unknown to other runs, and register their data for removal."""
        user_id = new_user_id(name, self.run_id)
        self.scenario.people.append(user_id)
        return user_id

    def end_scenario(self) -> Created:
        """Return the scenario's data, and begin another scenario."""
        ended, self.scenario = self.scenario, Created()
        self.was_disturbed, self.is_disturbed = self.is_disturbed, False
        self.earlier += ended
        return ended

    @property
    def all(self) -> Created:
        """The run's data so far."""
        return self.earlier + self.scenario

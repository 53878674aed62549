"""What a run creates in a café, by ids that carry its own, so that it can be taken away again."""

from dataclasses import dataclass, field

from support.serverlesspresso.ids import new_order_id, new_user_id


@dataclass
class Created:
    """The ids of orders, of events that scanned, and of people. A stranger's order may have an id that is not ours.

    `meddled` are the orders whose task tokens somebody else than the café has used.
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
    """The ids that a run makes up, and what was created by them: in this scenario, and in all before."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.scenario = Created()
        self.earlier = Created()

    def new_order_id(self, ending: str = "") -> str:
        """Make up an order id that nobody has used, and that ends as said, and note to remove its order."""
        order_id = new_order_id(self.run_id, ending)
        self.scenario.orders.append(order_id)
        return order_id

    def new_user_id(self, name: str) -> str:
        """Make up the id of a person, which no other run knows, and note to remove what is kept of them."""
        user_id = new_user_id(name, self.run_id)
        self.scenario.people.append(user_id)
        return user_id

    def end_scenario(self) -> Created:
        """Return what the scenario has created, and begin another one."""
        ended, self.scenario = self.scenario, Created()
        self.earlier += ended
        return ended

    @property
    def all(self) -> Created:
        """What the run has created so far."""
        return self.earlier + self.scenario

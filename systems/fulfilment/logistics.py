"""The logistics program: plan routes and schedules."""

import sys

from desk import orders, tables
from desk.people import Person
from desk.terminal import look_up, prompt, run, show


def waiting(_: Person) -> None:
    """Show the approved orders."""
    show(
        tables.in_state("orders", orders.APPROVED),
        lambda one: f"{one['order_id']}: {one['quantity']} x {one['item']}",
        "No order waits.",
    )


def plan(person: Person) -> None:
    """Plan the delivery of an order."""
    delivery = orders.plan(prompt("Order"), prompt("Route"), prompt("Schedule"), person)
    print(f"Delivery {delivery['delivery_id']} is planned for {delivery['order_id']}.")


def main() -> int:
    """Run the program."""
    choices = [("Orders that wait", waiting), ("Plan a delivery", plan), ("Look up an order", look_up)]
    return run("Logistics", "logistics", choices)


if __name__ == "__main__":
    sys.exit(main())

"""The inventory program: process orders and reserve their goods."""

import sys

from desk import orders, tables
from desk.people import Person
from desk.terminal import look_up, prompt, run, show


def waiting(_: Person) -> None:
    """Show the orders that are not yet processed."""
    show(
        tables.in_state("orders", orders.PLACED),
        lambda one: f"{one['order_id']}: {one['quantity']} x {one['item']}",
        "No order waits.",
    )


def process(person: Person) -> None:
    """Reserve goods for an order."""
    order = orders.allocate(prompt("Order"), person)
    print(f"{order['quantity']} x {order['item']} are reserved for {order['order_id']}.")


def stock(_: Person) -> None:
    """Show the stock."""
    show(
        orders.offers(),
        lambda one: f"{one['item']}: {one['available']} available, {one['reserved']} reserved",
        "The stock is empty.",
    )


def main() -> int:
    """Run the program."""
    choices = [
        ("Orders that wait", waiting),
        ("Process an order", process),
        ("Stock", stock),
        ("Look up an order", look_up),
    ]
    return run("Inventory", "inventory", choices)


if __name__ == "__main__":
    sys.exit(main())

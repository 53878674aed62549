"""The warehouse program: authorize picking and packing."""

import sys

from desk import orders, tables
from desk.people import Person
from desk.terminal import look_up, prompt, run, show


def waiting(_: Person) -> None:
    """Show the orders whose goods are reserved."""
    show(
        tables.in_state("orders", orders.ALLOCATED),
        lambda one: f"{one['order_id']}: {one['quantity']} x {one['item']}",
        "No order waits.",
    )


def approve(person: Person) -> None:
    """Authorize picking and packing of an order."""
    order_id = prompt("Order")
    if prompt("Authorize picking and packing (yes/no)").lower() not in ("yes", "y"):
        raise orders.No(f"{order_id} stays as it is.")
    orders.approve(order_id, person)
    print(f"{order_id} is approved for picking and packing.")


def main() -> int:
    """Run the program."""
    choices = [("Orders that wait", waiting), ("Approve an order", approve), ("Look up an order", look_up)]
    return run("Warehouse", "warehouse", choices)


if __name__ == "__main__":
    sys.exit(main())

"""The customer portal: see what is on offer, order, and follow your orders."""

import sys

from desk import orders
from desk.people import Person
from desk.terminal import look_up, prompt, run, show


def browse(_: Person) -> None:
    """Show what is on offer."""
    print("On offer:")
    show(
        orders.offers(),
        lambda one: f"{one['item']}: {orders.money(one['price'])} each, {one['available']} in stock",
        "Nothing.",
    )


def order(person: Person) -> None:
    """Place an order."""
    placed = orders.place(person, prompt("Item"), prompt("Quantity"))
    print(f"Thank you. Your order is {placed['order_id']}, {orders.money(placed['amount'])} to pay on delivery.")


def main() -> int:
    """Run the portal."""
    own = ("Look up one of my orders", lambda person: look_up(person, only_own=True))
    return run("Customer portal", "customer", [("See what is on offer", browse), ("Order", order), own])


if __name__ == "__main__":
    sys.exit(main())

"""The delivery program: accepts deliveries, hands the goods over, and collects the payment."""

import sys

from desk import orders, tables
from desk.people import Person
from desk.terminal import look_up, prompt, run, show


def waiting(_: Person) -> None:
    """Show the deliveries that no courier has accepted yet."""
    show(
        tables.in_state("deliveries", orders.PLANNED),
        lambda one: f"{one['delivery_id']}: {one['order_id']}, {one['route']}, {one['schedule']}",
        "No delivery waits.",
    )


def accept(person: Person) -> None:
    """Accept a delivery."""
    delivery = orders.accept(prompt("Delivery"), person)
    print(f"{delivery['delivery_id']} is yours: {delivery['route']}, {delivery['schedule']}.")


def complete(person: Person) -> None:
    """Hand the goods over and collect the payment."""
    delivery_id = prompt("Delivery")
    order = orders.to_hand_over(delivery_id, person)
    print(f"To collect: {orders.money(order['amount'])}")
    collected = prompt("Collected")
    orders.complete(delivery_id, collected, person)
    print(f"{delivery_id} is completed. {orders.money(order['amount'])} was collected for {order['order_id']}.")


def give_back(person: Person) -> None:
    """Take back the goods that the customer refuses."""
    delivery_id = prompt("Delivery")
    order = orders.give_back(delivery_id, prompt("Reason"), person)
    print(f"{delivery_id} goes back. {order['quantity']} x {order['item']} are in stock again.")


def main() -> int:
    """Run the program."""
    choices = [
        ("Deliveries that wait", waiting),
        ("Accept a delivery", accept),
        ("Complete a delivery", complete),
        ("The customer refuses a delivery", give_back),
        ("Look up an order", look_up),
    ]
    return run("Delivery", "delivery", choices)


if __name__ == "__main__":
    sys.exit(main())

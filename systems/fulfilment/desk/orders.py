"""The rules for orders. Each rule is a condition of a write, so two people cannot break it at the same moment.

placed → allocated → approved → planned → under way → delivered, or refused by the customer.
"""

import secrets
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from botocore.exceptions import ClientError

from desk import tables
from desk.people import Person

PLACED, ALLOCATED, APPROVED, PLANNED = "placed", "allocated", "approved", "planned"
UNDER_WAY, DELIVERED, REFUSED = "under way", "delivered", "refused"
# The states of a delivery.
ACCEPTED, COMPLETED = "accepted", "completed"
MOST = 1000
# How often a write is attempted when other writes at the same moment get in first.
TRIES = 5


class No(Exception):
    """A refusal by the rules, as a sentence for the person at the terminal."""


def money(amount: Decimal) -> str:
    """Format an amount with two decimals."""
    return f"{amount:.2f}"


def offers() -> list[dict]:
    """Return everything on offer."""
    return sorted(tables.read_all("stock"), key=lambda item: item["item"])


def place(customer: Person, item: str, quantity: str) -> dict:
    """Place an order. The stock is checked later, when inventory processes the order."""
    offered = tables.read("stock", item=item) if item else None
    if not offered:
        raise No(f"Nothing called {item or 'that'} is on offer.")
    if not quantity.isdecimal() or not 1 <= int(quantity) <= MOST:
        raise No(f"The quantity is a whole number from 1 to {MOST}.")
    order = {
        "order_id": f"ORD-{secrets.token_hex(4).upper()}",
        "state": PLACED,
        "customer": customer.user,
        "customer_name": customer.name,
        "item": item,
        "quantity": int(quantity),
        "amount": offered["price"] * int(quantity),
        "placed_at": _now(),
    }
    try:
        tables.ask(
            "put_item",
            TableName=tables.name_of("orders"),
            Item=tables.typed(order),
            ConditionExpression="attribute_not_exists(order_id)",
        )
    except ClientError as error:
        # botocore retries a call whose response was lost; the retry then finds its own order.
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException" or find(order["order_id"]) != order:
            raise
    return order


def find(order_id: str) -> dict:
    """Return an order. Raises No if it does not exist."""
    order = tables.read("orders", order_id=order_id) if order_id else None
    if not order:
        raise No(f"There is no order {order_id}.")
    return order


def allocate(order_id: str, by: Person) -> dict:
    """Reserve the goods of a placed order."""
    order = find(order_id)
    quantity = order["quantity"]
    _write(
        _move("orders", {"order_id": order_id}, PLACED, ALLOCATED, allocated_by=by.name, allocated_at=_now()),
        _stock(order, "available >= :quantity", available=-quantity, reserved=quantity),
        why=lambda: _why_not_allocated(order_id),
    )
    return find(order_id)


def _why_not_allocated(order_id: str) -> str:
    order = find(order_id)
    if order["state"] != PLACED:
        return f"{order_id} has already been processed by {order.get('allocated_by', 'somebody else')}."
    stock = tables.read("stock", item=order["item"])
    available = stock["available"] if stock else 0
    if available >= order["quantity"]:
        return ""
    return f"Not enough in stock: {order['quantity']} x {order['item']} are wanted, {available} are available."


def approve(order_id: str, by: Person) -> dict:
    """Authorize picking and packing of an order whose goods are reserved."""
    find(order_id)
    _write(
        _move("orders", {"order_id": order_id}, ALLOCATED, APPROVED, approved_by=by.name, approved_at=_now()),
        why=lambda: _why_not_in(order_id, ALLOCATED, "approved_by"),
    )
    return find(order_id)


def plan(order_id: str, route: str, schedule: str, by: Person) -> dict:
    """Plan the delivery of an approved order, and return the delivery."""
    find(order_id)
    if not route or not schedule:
        raise No("A delivery needs a route and a schedule.")
    now = _now()
    delivery = {
        "delivery_id": f"DEL-{secrets.token_hex(4).upper()}",
        "order_id": order_id,
        "state": PLANNED,
        "route": route,
        "schedule": schedule,
        "planned_by": by.name,
        "planned_at": now,
    }
    put = {
        "TableName": tables.name_of("deliveries"),
        "Item": tables.typed(delivery),
        "ConditionExpression": "attribute_not_exists(delivery_id)",
    }
    told = {"planned_by": by.name, "planned_at": now, "delivery_id": delivery["delivery_id"]}
    _write(
        _move("orders", {"order_id": order_id}, APPROVED, PLANNED, **told),
        {"Put": put},
        why=lambda: _why_not_in(order_id, APPROVED, "planned_by"),
    )
    return delivery


def find_delivery(delivery_id: str) -> tuple[dict, dict]:
    """Return a delivery and its order. Raises No if there is no such delivery."""
    delivery = tables.read("deliveries", delivery_id=delivery_id) if delivery_id else None
    if not delivery:
        raise No(f"There is no delivery {delivery_id}.")
    return delivery, find(delivery["order_id"])


def accept(delivery_id: str, by: Person) -> dict:
    """Assign a planned delivery to a courier."""
    delivery, _ = find_delivery(delivery_id)
    _write(
        _move("deliveries", {"delivery_id": delivery_id}, PLANNED, ACCEPTED, **_courier(by), accepted_at=_now()),
        _move("orders", {"order_id": delivery["order_id"]}, PLANNED, UNDER_WAY, accepted_by=by.name),
        why=lambda: _why_not_delivery(delivery_id, PLANNED, by),
    )
    return delivery


def _courier(person: Person) -> dict:
    """Return a delivery's courier, with the user name: two people may have the same name."""
    return {"courier": person.name, "courier_user": person.user}


def to_hand_over(delivery_id: str, by: Person) -> dict:
    """Return the order of a delivery that this courier has accepted and not yet finished."""
    delivery, order = find_delivery(delivery_id)
    if delivery["state"] != ACCEPTED or delivery["courier_user"] != by.user:
        raise No(_why_not_delivery(delivery_id, ACCEPTED, by))
    return order


def complete(delivery_id: str, collected: str, by: Person) -> dict:
    """Hand the goods over and record the payment, both in one transaction."""
    order = to_hand_over(delivery_id, by)
    if _amount(collected) != order["amount"]:
        raise No(f"{money(order['amount'])} is to be collected, not {collected or 'nothing'}.")
    now = _now()
    _write(
        _move(
            *("deliveries", {"delivery_id": delivery_id}, ACCEPTED, COMPLETED),
            collected=order["amount"],
            completed_at=now,
        ),
        _move(
            *("orders", {"order_id": order["order_id"]}, UNDER_WAY, DELIVERED),
            paid=order["amount"],
            paid_at=now,
            delivered_by=by.name,
        ),
        _stock(order, "reserved >= :quantity", reserved=-order["quantity"]),
        why=lambda: _why_not_delivery(delivery_id, ACCEPTED, by),
    )
    return order


def give_back(delivery_id: str, reason: str, by: Person) -> dict:
    """Return refused goods to stock, without a payment."""
    order = to_hand_over(delivery_id, by)
    now, quantity = _now(), order["quantity"]
    told = {"refused_at": now, "reason": reason or "no reason given"}
    _write(
        _move("deliveries", {"delivery_id": delivery_id}, ACCEPTED, REFUSED, **told),
        _move("orders", {"order_id": order["order_id"]}, UNDER_WAY, REFUSED, **told),
        _stock(order, "reserved >= :quantity", reserved=-quantity, available=quantity),
        why=lambda: _why_not_delivery(delivery_id, ACCEPTED, by),
    )
    return order


def _why_not_in(order_id: str, wanted: str, done_by: str) -> str:
    order = find(order_id)
    if order["state"] == wanted:
        return ""
    if done_by in order:
        return f"{order_id} has already been processed by {order[done_by]}."
    return f"{order_id} is {order['state']}, not {wanted}."


def _why_not_delivery(delivery_id: str, wanted: str, by: Person) -> str:
    delivery, _ = find_delivery(delivery_id)
    courier = delivery.get("courier_user")
    if delivery["state"] == wanted and courier in (None, by.user):
        return ""
    if courier and courier != by.user:
        return f"{delivery_id} has already been accepted by {delivery['courier']}."
    return f"{delivery_id} is {delivery['state']}, not {wanted}."


def _move(table: str, key: dict, old: str, new: str, **more) -> dict:
    """Return an update that moves an item from one state to the next, if it is still in the first."""
    names = {f"#{name}": name for name in ("state", *more)}
    values = {":old": old, ":new": new, **{f":{name}": value for name, value in more.items()}}
    changes = ", ".join(["#state = :new", *(f"#{name} = :{name}" for name in more)])
    return {
        "Update": {
            "TableName": tables.name_of(table),
            "Key": tables.typed(key),
            "UpdateExpression": f"SET {changes}",
            "ConditionExpression": "#state = :old",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": tables.typed(values),
        }
    }


def _stock(order: dict, condition: str, **changes) -> dict:
    """Return an update that moves goods between available and reserved."""
    values = {":quantity": order["quantity"], **{f":{name}": change for name, change in changes.items()}}
    return {
        "Update": {
            "TableName": tables.name_of("stock"),
            "Key": tables.typed({"item": order["item"]}),
            "UpdateExpression": "ADD " + ", ".join(f"{name} :{name}" for name in changes),
            "ConditionExpression": condition,
            "ExpressionAttributeValues": tables.typed(values),
        }
    }


def _write(*changes: dict, why) -> None:
    """Make all of these changes or none. Raises No with the reason `why()`; retries if that is "" (a lost race)."""
    for _ in range(TRIES):
        try:
            tables.ask("transact_write_items", TransactItems=list(changes))
            return
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise
        reason = why()
        if reason:
            raise No(reason)
    raise No("Too many people are working on this at once. Try again.")


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

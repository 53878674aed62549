"""Fulfilment's tables: orders, stock, deliveries. Read for checks; written to put goods into the stock."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.items import plain, typed
from support.fulfilment.parts import FulfilmentTables


@dataclass(frozen=True)
class Stock:
    """How many of an item can be sold, and how many are reserved for orders."""

    available: int
    reserved: int

    @property
    def words(self) -> str:
        """Both in words."""
        return f"{self.available} available and {self.reserved} reserved"


@dataclass(frozen=True)
class OrderRecord:
    """The records of one order. `delivery` and `paid` are "" and None where there is none.

    `typed` is the input of people for the order at their programs, by the dialogue's names, where known.
    `done` are the names of who has done acts for it, by the acts.
    """

    order: Mapping[str, Any]
    delivery: Mapping[str, Any]
    stock: Stock
    typed: Mapping[str, str] = field(default_factory=dict)
    done: Mapping[str, Collection[str]] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """The order's state, "unknown" if there is no such order."""
        return str(self.order.get("state", "unknown"))

    @property
    def delivery_id(self) -> str:
        """The id of the order's delivery, "" if it has none."""
        return str(self.order.get("delivery_id", ""))

    @property
    def delivery_state(self) -> str:
        """The state of the order's delivery, "" if it has none."""
        return str(self.delivery.get("state", ""))

    @property
    def paid(self) -> Decimal | None:
        """The amount paid for the order."""
        return self.order.get("paid")


class Records:
    """The tables of one account."""

    def __init__(self, account: Account, tables: FulfilmentTables) -> None:
        self._dynamodb = account.dynamodb
        self._tables = tables

    def put_on_the_shelf(self, item: str, count: int, price: Decimal) -> None:
        """Put an item of this run into the stock."""
        self._put(self._tables.stock, {"item": item, "price": price, "available": count, "reserved": 0})

    def set_price(self, item: str, price: Decimal) -> None:
        """Change an item's price. Its quantity stays the same."""
        self._dynamodb.update_item(
            TableName=self._tables.stock,
            Key=typed({"item": item}),
            UpdateExpression="SET price = :price",
            ExpressionAttributeValues=typed({":price": price}),
        )

    def place_many(self, item: str, count: int, padding: int) -> Sequence[str]:
        """Write unprocessed orders of an item, each later than the one before, and return their ids.

        `padding` is the length of extra text in each, so that they do not fit on one page of DynamoDB results.
        """
        began = datetime.now(UTC) - timedelta(minutes=count)
        ids = [f"ORD-{uuid.uuid4().hex[:8].upper()}" for _ in range(count)]
        for number, order_id in enumerate(ids):
            order = {
                "order_id": order_id,
                "state": "placed",
                "customer": "nobody",
                "customer_name": "Nobody",
                "item": item,
                "quantity": 1,
                "amount": 1,
                "placed_at": (began + timedelta(minutes=number)).isoformat(timespec="milliseconds"),
                "remark": "." * padding,
            }
            self._put(self._tables.orders, order)
        return ids

    def put_many_on_the_shelf(self, items: Sequence[str], padding: int) -> None:
        """Put one of each of these items into the stock, each with extra text of this length."""
        for item in items:
            entry = {"item": item, "price": 1, "available": 1, "reserved": 0, "remark": "." * padding}
            self._put(self._tables.stock, entry)

    def of_order(self, order_id: str, typed: Mapping[str, str] | None = None) -> OrderRecord:
        """Return an order's records now, with the input typed for it."""
        order = self._get(self._tables.orders, order_id=order_id)
        delivery_id = order.get("delivery_id")
        delivery = self._get(self._tables.deliveries, delivery_id=delivery_id) if delivery_id else {}
        return OrderRecord(order, delivery, self.stock(str(order.get("item", "none"))), typed or {})

    def person(self, user: str) -> Mapping[str, Any]:
        """Return what is stored about a person who may log in."""
        return self._get(self._tables.staff, user=user)

    def stock(self, item: str) -> Stock:
        """Return the stock of an item."""
        found = self._get(self._tables.stock, item=item)
        return Stock(int(found.get("available", 0)), int(found.get("reserved", 0)))

    def orders_of(self, item: str) -> list[Mapping[str, Any]]:
        """Return the ids of every order of an item and of its delivery, of all customers."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._tables.orders,
            FilterExpression="#item = :item",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=typed({":item": item}),
            Select="SPECIFIC_ATTRIBUTES",  # the policy allows a run to read no more
            ProjectionExpression="order_id, delivery_id",
            ConsistentRead=True,
        )
        return [plain(found) for page in pages for found in page["Items"]]

    def take_off_the_shelf(self, items: Sequence[str]) -> None:
        """Remove items from the stock, and nothing else."""
        for item in items:
            self._delete(self._tables.stock, item=item)

    def remove(self, item: str) -> None:
        """Remove an item, with every order of it and their deliveries."""
        for order in self.orders_of(item):
            if "delivery_id" in order:
                self._delete(self._tables.deliveries, delivery_id=order["delivery_id"])
            self._delete(self._tables.orders, order_id=order["order_id"])
        self._delete(self._tables.stock, item=item)

    def _get(self, table: str, **key: Any) -> Mapping[str, Any]:
        found = self._dynamodb.get_item(TableName=table, Key=typed(key), ConsistentRead=True)
        return plain(found.get("Item", {}))

    def _put(self, table: str, item: Mapping[str, Any]) -> None:
        self._dynamodb.put_item(TableName=table, Item=typed(item))

    def _delete(self, table: str, **key: Any) -> None:
        self._dynamodb.delete_item(TableName=table, Key=typed(key))

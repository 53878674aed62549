"""What fulfilment's tables hold: orders, stock, deliveries. Read for checks; written to put goods into the stock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.items import plain, typed
from support.fulfilment.parts import FulfilmentTables


@dataclass(frozen=True)
class Stock:
    """How many of an item can be sold, and how many are set aside for orders."""

    available: int
    reserved: int

    @property
    def words(self) -> str:
        """Both in words."""
        return f"{self.available} available and {self.reserved} set aside"


@dataclass(frozen=True)
class OrderRecord:
    """What the tables hold about one order. `delivery` and `paid` are "" and None where there is none."""

    order: Mapping[str, Any]
    delivery: Mapping[str, Any]
    stock: Stock

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
        """What was paid for the order."""
        return self.order.get("paid")


class Records:
    """The tables of one account."""

    def __init__(self, account: Account, tables: FulfilmentTables) -> None:
        self._dynamodb = account.dynamodb
        self._tables = tables

    def put_on_the_shelf(self, item: str, count: int, price: Decimal) -> None:
        """Put an item of the run's own into the stock."""
        self._put(self._tables.stock, {"item": item, "price": price, "available": count, "reserved": 0})

    def of_order(self, order_id: str) -> OrderRecord:
        """Return what the tables hold about an order now."""
        order = self._get(self._tables.orders, order_id=order_id)
        delivery_id = order.get("delivery_id")
        delivery = self._get(self._tables.deliveries, delivery_id=delivery_id) if delivery_id else {}
        return OrderRecord(order, delivery, self.stock(str(order.get("item", "none"))))

    def stock(self, item: str) -> Stock:
        """Return how many there are of an item."""
        found = self._get(self._tables.stock, item=item)
        return Stock(int(found.get("available", 0)), int(found.get("reserved", 0)))

    def orders_of(self, item: str) -> list[Mapping[str, Any]]:
        """Return the ids of every order of an item and of its delivery, of all customers."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._tables.orders,
            FilterExpression="#item = :item",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=typed({":item": item}),
            Select="SPECIFIC_ATTRIBUTES",  # the policy lets a run see no more of them
            ProjectionExpression="order_id, delivery_id",
            ConsistentRead=True,
        )
        return [plain(found) for page in pages for found in page["Items"]]

    def remove(self, item: str) -> None:
        """Take an item off the shelf, with every order of it and their deliveries."""
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

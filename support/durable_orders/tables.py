"""The tables of the orders and of their payments."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.items import plain, typed
from support.durable_orders.parts import DurableParts

# A table's name, and the key of an item in it.
ItemKey = tuple[str, Mapping[str, Any]]


class OrderTables:
    """What is stored of orders, and booked for them."""

    def __init__(self, account: Account, parts: DurableParts) -> None:
        self._account = account
        self._parts = parts

    def stored(self, order_id: str) -> Mapping[str, Any] | None:
        """Return an order's item in the table, with numbers as Decimals; None if there is none."""
        answer = self._account.dynamodb.get_item(
            TableName=self._parts.orders_table, Key=typed({"orderId": order_id}), ConsistentRead=True
        )
        return plain(answer["Item"]) if "Item" in answer else None

    def charges(self, order_id: str) -> Sequence[Mapping[str, Any]]:
        """Return every charge that was booked for an order."""
        return [item for item in self.booked(order_id) if "amount" in item]

    def booked(self, order_id: str) -> Sequence[Mapping[str, Any]]:
        """Return every entry of an order's payment."""
        return list(map(plain, self._entries(order_id)))

    def charge_keys(self, order_id: str) -> Sequence[str]:
        """Return the key of each charge of an order: without the order's id, if it consists of more."""
        names = self._parts.payments_key[1:] or self._parts.payments_key
        return ["/".join(str(one[name]) for name in names) for one in self.charges(order_id)]

    def all_stored(self) -> Mapping[str, Mapping[str, Any]]:
        """Return everything in the orders' table, by the orders' ids."""
        scan = self._account.dynamodb.get_paginator("scan")
        pages = scan.paginate(TableName=self._parts.orders_table, ConsistentRead=True)
        items = [plain(item) for page in pages for item in page["Items"]]
        return {str(item["orderId"]): item for item in items}

    def time_to_live(self) -> str:
        """Return the attribute by which the table expires orders (TTL), "" if it expires none."""
        told = self._account.dynamodb.describe_time_to_live(TableName=self._parts.orders_table)
        described = told["TimeToLiveDescription"]
        return str(described["AttributeName"]) if described["TimeToLiveStatus"] in ("ENABLED", "ENABLING") else ""

    def keys_of(self, order_id: str) -> Sequence[ItemKey]:
        """Return the keys of an order's items in the two tables."""
        parts, entries = self._parts, self._entries(order_id)
        stored = [(parts.orders_table, typed({"orderId": order_id}))] if self.stored(order_id) is not None else []
        return [*stored, *((parts.payments_table, {name: one[name] for name in parts.payments_key}) for one in entries)]

    def remove(self, order_id: str, besides: Collection[ItemKey]) -> None:
        """Remove an order's items besides these."""
        for table, key in self.keys_of(order_id):
            if (table, key) not in besides:
                self._account.dynamodb.delete_item(TableName=table, Key=key)

    def _entries(self, order_id: str) -> Sequence[Mapping[str, Any]]:
        if not self._parts.payments_table:
            return ()
        pages = self._account.dynamodb.get_paginator("query").paginate(
            TableName=self._parts.payments_table,
            KeyConditionExpression="orderId = :id",
            ExpressionAttributeValues=typed({":id": order_id}),
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

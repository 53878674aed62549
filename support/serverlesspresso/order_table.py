"""The table that the café keeps its orders in."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.items import plain, typed, write_all
from acceptance.trouble import Trouble
from support.serverlesspresso.dialect import STATES
from support.serverlesspresso.orders import Order
from support.serverlesspresso.parts import Parts

A_DAY = 86_400
# 130 such tokens are more than one page of DynamoDB's holds.
LONG_TOKEN = 9_000
# Why an order is over whose customer has chosen no drink in time.
CAUSE = "Customer timedout"


class OrderTable:
    """The orders as they are stored."""

    def __init__(self, account: Account, parts: Parts) -> None:
        self._account = account
        self._table = parts.orders_table
        self._dialect = parts.dialect

    def order(self, order_id: str) -> Order | None:
        """Return the stored order, or None if there is none."""
        item = self._item(order_id)
        return Order.from_item(item, self._dialect) if item else None

    def record(self, order_id: str) -> Mapping[str, Any]:
        """Return an order's record as it is stored, all of it; empty if there is none."""
        return plain(self._item(order_id))

    def order_of_user(self, user_id: str) -> Order | None:
        """Return an order of a customer's, or None if there is none."""
        found = self.ids_of_user(user_id)
        return self.order(found[0]) if found else None

    def ids_of_user(self, user_id: str) -> Sequence[str]:
        """Return the ids of a customer's orders."""
        pages = self._account.dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="GSI-userId",
            KeyConditionExpression="USERID = :user",
            ExpressionAttributeValues={":user": {"S": user_id}},
            Select="SPECIFIC_ATTRIBUTES",  # the policy allows a run to read no more
            ProjectionExpression="SK",
        )
        return [plain(item)["SK"] for page in pages for item in page["Items"]]

    def _item(self, order_id: str) -> Mapping[str, Any]:
        answer = self._account.dynamodb.get_item(TableName=self._table, Key=key_of(order_id), ConsistentRead=True)
        return answer.get("Item") or {}

    def put_opened(self, order_ids: Sequence[str], user_id: str) -> None:
        """Store orders of a customer's as they are when they are opened, too many for one page of DynamoDB's (1 MB)."""
        opened = {"USERID": user_id, "ORDERSTATE": STATES["CREATED"], "TaskToken": "x" * LONG_TOKEN}
        stamped = {**opened, "TS": time.time_ns() // 1_000_000}
        items = [{**key_of(order_id), **typed(stamped)} for order_id in order_ids]
        write_all(self._account.dynamodb, self._table, [{"PutRequest": {"Item": item}} for item in items])

    def put_timed_out(self, order_id: str, user_id: str) -> None:
        """Store an order of a customer's whose time was up before it was stored: it has no time of its scan."""
        ended = {"USERID": user_id, "ORDERSTATE": STATES["CANCELLED"], "cause": CAUSE}
        self._account.dynamodb.put_item(TableName=self._table, Item={**key_of(order_id), **typed(ended)})

    def days_remembered(self, user_id: str) -> int:
        """In how many days a customer's data besides the orders expires, rounded; -1 for never.

        Raises Trouble where there is none.
        """
        expires = self.remembered(user_id).get(self._expiry())
        return -1 if expires is None else round((int(expires) - time.time()) / A_DAY)

    def forget_tomorrow(self, user_id: str) -> None:
        """Let a customer's data besides the orders expire in a day. Raises Trouble where it never does."""
        self.remembered(user_id)
        name = self._expiry()
        if not name:
            raise Trouble(f"{self._table} forgets nothing, so this cannot be checked.")
        self._account.dynamodb.update_item(
            TableName=self._table,
            Key=key_of_customer(user_id),
            UpdateExpression="SET #name = :tomorrow",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":tomorrow": {"N": str(int(time.time()) + A_DAY)}},
        )

    def _expiry(self) -> str:
        """The name of the attribute that says when an item expires, "" for none."""
        answer = self._account.dynamodb.describe_time_to_live(TableName=self._table)
        return str(answer["TimeToLiveDescription"].get("AttributeName", ""))

    def remembered(self, user_id: str) -> Mapping[str, Any]:
        """Return a customer's data besides the orders. Raises Trouble where there is none."""
        key = key_of_customer(user_id)
        answer = self._account.dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        if "Item" not in answer:
            raise Trouble(
                f"{self._table} holds nothing about a customer beside the orders, so it cannot be checked.",
                "Leave this scenario out by the profile (not_made).",
            )
        return plain(answer["Item"])

    def remove(self, order_ids: Sequence[str], people: Sequence[str] = ()) -> None:
        """Remove orders, and other data of people, whether they exist or not."""
        keys = [*map(key_of, dict.fromkeys(order_ids)), *map(key_of_customer, dict.fromkeys(people))]
        write_all(self._account.dynamodb, self._table, [{"DeleteRequest": {"Key": key}} for key in keys])


def key_of(order_id: str) -> dict[str, Any]:
    """Return the key of an order in the table (DynamoDB's notation)."""
    return {"PK": {"S": "orders"}, "SK": {"S": order_id}}


def key_of_customer(user_id: str) -> dict[str, Any]:
    """Return the shipped café's key for a customer's open orders (DynamoDB's notation)."""
    return {"PK": {"S": "customers"}, "SK": {"S": user_id}}

"""Store a scanned order with the task token of its first wait, if its customer may have another open order."""

import json
import math
import os
import time

import boto3

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
CONFIG_TABLE = os.environ["CONFIG_TABLE"]
# A customer's list of orders expires after this time without a scan.
A_WEEK = 604_800
# The pauses add up to 5 s, which outlasts a short throttling; after a failure Lambda retries only a minute later.
TRIES_MOST = 12
PAUSES_SECONDS = [min(0.01 * 2**number, 1.0) for number in range(TRIES_MOST)]
NO_ORDERS = {"L": []}
dynamodb = boto3.client("dynamodb")
stepfunctions = boto3.client("stepfunctions")


def handler(event, _context):
    """Store the order of an `OrderProcessor.WorkflowStarted` event, once.

    EventBridge may deliver this event, or the scan before it, more than once. The first stored token is the order's;
    an execution with another token is ended, because it would never be resumed. So is an execution whose customer
    already has as many open orders as the shop allows.
    """
    detail = event["detail"]
    order_id, token = detail["orderId"], detail["TaskToken"]
    own_token = _store(order_id, detail["userId"], token)
    if own_token is None:
        _end(token, "TooManyOrders", "The customer has as many open orders as the shop allows.")
    elif own_token != token:
        _end(token, "DuplicateScan", "The order has been scanned before.")
    print(json.dumps({"orderId": order_id, "stored": own_token == token}))


def _store(order_id, user_id, token):
    """Store the order unless it exists, and return its stored token; None if its customer may have no further order.

    An item per customer lists their open orders. It is written in one transaction with the order, and only if it is
    unchanged since it was read, so two simultaneous scans cannot both pass the limit.
    """
    if _write(order_id, user_id, token, NO_ORDERS, [{"S": order_id}]):
        return token  # the usual case: the customer had no list yet
    for pause in PAUSES_SECONDS:
        listed = _read(ORDERS_TABLE, PK="customers", SK=user_id).get("orders", NO_ORDERS)
        still_open = [one for one in listed["L"] if _is_open(one["S"])]
        has_room = len(still_open) < _allowed()
        if has_room and _write(order_id, user_id, token, listed, [*still_open, {"S": order_id}]):
            return token
        stored = _read(ORDERS_TABLE, PK="orders", SK=order_id)
        if stored:
            return stored.get("TaskToken", {}).get("S", "")
        if not has_room:
            return None
        time.sleep(pause)  # noqa: TID251 - there is nothing to wait for but time
    raise RuntimeError("too many others are writing at the same moment")


def _write(order_id, user_id, token, listed, orders):
    """Store an order with its customer's `orders`. Return False if it exists, or if the list is no longer `listed`."""
    now_ms = time.time_ns() // 1_000_000
    order = {
        "PK": {"S": "orders"},
        "SK": {"S": order_id},
        "USERID": {"S": user_id},
        "ORDERSTATE": {"S": "CREATED"},
        "TaskToken": {"S": token},
        "TS": {"N": str(now_ms)},
    }
    customer = {
        "PK": {"S": "customers"},
        "SK": {"S": user_id},
        "orders": {"L": orders},
        "expires": {"N": str(now_ms // 1000 + A_WEEK)},
    }
    once = {"ConditionExpression": "attribute_not_exists(SK)"}
    unchanged = {
        "ConditionExpression": "attribute_not_exists(SK) OR orders = :listed",
        "ExpressionAttributeValues": {":listed": listed},
    }
    puts = [
        {"TableName": ORDERS_TABLE, "Item": order, **once},
        {"TableName": ORDERS_TABLE, "Item": customer, **unchanged},
    ]
    try:
        dynamodb.transact_write_items(TransactItems=[{"Put": put} for put in puts])
    except dynamodb.exceptions.TransactionCanceledException:
        return False
    return True


def _is_open(order_id):
    return _read(ORDERS_TABLE, PK="orders", SK=order_id).get("ORDERSTATE") == {"S": "CREATED"}


def _allowed():
    """Return how many open orders a customer may have: at least one, and any number without the setting."""
    allowed = _read(CONFIG_TABLE, PK="config").get("maxOrdersPerUser", {}).get("N")
    return math.inf if allowed is None else int(allowed)


def _read(table, **key):
    """Return an item by a consistent read, or {}."""
    typed = {name: {"S": value} for name, value in key.items()}
    return dynamodb.get_item(TableName=table, Key=typed, ConsistentRead=True).get("Item", {})


def _end(token, error, cause):
    """End the execution that waits for this token, unless that wait has ended."""
    gone = (
        stepfunctions.exceptions.TaskTimedOut,
        stepfunctions.exceptions.TaskDoesNotExist,
        stepfunctions.exceptions.InvalidToken,
    )
    try:
        stepfunctions.send_task_failure(taskToken=token, error=error, cause=cause)
    except gone:
        pass  # the event was late: its wait has ended

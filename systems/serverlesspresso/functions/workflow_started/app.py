"""Stores a scanned order together with the token of its first wait, if its customer may have one more."""

import json
import math
import os
import time

import boto3

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
CONFIG_TABLE = os.environ["CONFIG_TABLE"]
# When nothing has been heard of a customer for so long, it is forgotten which orders they had.
A_WEEK = 604_800
# Together the pauses last 5 s. So long may a table be throttled; a function that fails is called again a minute later.
TRIES_MOST = 12
PAUSES_SECONDS = [min(0.01 * 2**number, 1.0) for number in range(TRIES_MOST)]
NO_ORDERS = {"L": []}
dynamodb = boto3.client("dynamodb")
stepfunctions = boto3.client("stepfunctions")


def handler(event, _context):
    """Store the order of an `OrderProcessor.WorkflowStarted` event, once.

    EventBridge may deliver this event, or the scan before it, more than once. The first token that
    is stored is the order's own; an execution that comes with another one is ended, because nobody
    would ever resume it. So is one whose customer has as many open orders as the shop allows.
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
    """Store the order unless it exists, and return the token stored for it; None if its customer may have no more.

    A customer's open orders are listed in an item of their own, which is written together with the order, and only as
    long as nobody else has written it since it was read: two scans at the same moment cannot both find it short.
    """
    if _write(order_id, user_id, token, NO_ORDERS, [{"S": order_id}]):
        return token  # as of most customers: nothing was known of this one
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
    """Store an order with its customer's `orders`. False: it is stored already, or these are no longer `listed`."""
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
    """How many open orders a customer may have, one at least; a shop that does not say allows any number."""
    allowed = _read(CONFIG_TABLE, PK="config").get("maxOrdersPerUser", {}).get("N")
    return math.inf if allowed is None else int(allowed)


def _read(table, **key):
    """Read an item as it is now, {} if there is none."""
    typed = {name: {"S": value} for name, value in key.items()}
    return dynamodb.get_item(TableName=table, Key=typed, ConsistentRead=True).get("Item", {})


def _end(token, error, cause):
    """End the execution that waits for this token; an execution that has moved on is left alone."""
    gone = (
        stepfunctions.exceptions.TaskTimedOut,
        stepfunctions.exceptions.TaskDoesNotExist,
        stepfunctions.exceptions.InvalidToken,
    )
    try:
        stepfunctions.send_task_failure(taskToken=token, error=error, cause=cause)
    except gone:
        pass  # the event came late: its wait ended long ago

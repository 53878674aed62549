"""Process an order in five steps. After an interruption it continues with the first step that is not done."""

import json
import os
import time
import uuid
from datetime import UTC, datetime
from decimal import Decimal

import boto3
from aws_durable_execution_sdk_python import durable_execution, durable_step
from aws_durable_execution_sdk_python.config import Duration, JitterStrategy, StepConfig
from aws_durable_execution_sdk_python.retries import RetryStrategyConfig, create_retry_strategy

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
PAYMENTS_TABLE = os.environ["PAYMENTS_TABLE"]
CONFIRMATION_WAIT = Duration.from_seconds(int(os.environ["CONFIRMATION_WAIT_SECONDS"]))
REHEARSALS_ALLOWED = os.environ["REHEARSALS"] == "allowed"
PRICE = Decimal("99.99")
KEPT_SECONDS = 30 * 24 * 3600
STEPS = ("payment", "confirmation", "storing")
# A failure of an outside service may be over in a moment. An invalid order stays invalid.
AGAIN = StepConfig(
    create_retry_strategy(
        RetryStrategyConfig(max_attempts=4, initial_delay=Duration.from_seconds(1), jitter_strategy=JitterStrategy.NONE)
    )
)
NEVER_AGAIN = StepConfig(create_retry_strategy(RetryStrategyConfig(max_attempts=1)))
dynamodb = boto3.client("dynamodb")


class InvalidOrder(Exception):
    """The order is invalid; retrying does not help."""


class OutOfService(Exception):
    """A service that a step needs does not respond; a retry may succeed."""


@durable_execution
def handler(order, context):
    """Process one order and return its receipt. An order that is submitted again gets its first receipt.

    `orderId` is the customer's own text. `rehearse` injects a failure: the step of that name fails at its first attempt
    or its first `rehearseTimes` attempts. The deployment must allow that.
    """
    validated = context.step(validate_order(order), config=NEVER_AGAIN)
    order_id, rehearsed = validated["orderId"], (order.get("rehearse"), order.get("rehearseTimes", 1))
    paid = context.step(take_payment(order_id, rehearsed), config=AGAIN)
    context.wait(CONFIRMATION_WAIT, name="wait_for_confirmation")
    confirmed = context.step(confirm_order(order_id, rehearsed), config=AGAIN)
    stored = context.step(store_order([validated, paid, confirmed], rehearsed), config=AGAIN)
    return {
        "orderId": order_id,
        "status": "completed",
        "steps": [validated, paid, confirmed],
        "completedAt": stored["timestamp"],
        "persistence": stored,
    }


@durable_step
def validate_order(_step, order):
    """Reject an invalid order."""
    order_id = order.get("orderId") if isinstance(order, dict) else None
    if not isinstance(order_id, str) or not order_id.strip():
        raise InvalidOrder("The order has no orderId.")
    rehearsed, times = order.get("rehearse"), order.get("rehearseTimes", 1)
    if rehearsed is not None and not (REHEARSALS_ALLOWED and rehearsed in STEPS and times in range(1, 10)):
        raise InvalidOrder("The order asks for a rehearsal that is not allowed here.")
    _log(order_id, "validated")
    return {"orderId": order_id, "status": "validated"}


@durable_step
def take_payment(_step, order_id, rehearsed):
    """Charge the order, unless it has been charged already.

    This step may run more than once, and the order may be submitted more than once: only the first run writes the mark.
    """
    _rehearse("payment", order_id, rehearsed)
    charge = {
        "orderId": {"S": order_id},
        "entry": {"S": f"charge#{uuid.uuid4().hex}"},
        "amount": {"N": str(PRICE)},
        "chargedAt": {"S": _now()},
    }
    mark = {"orderId": {"S": order_id}, "entry": {"S": "mark"}, "charge": charge["entry"]}
    try:
        dynamodb.transact_write_items(
            TransactItems=[
                {"Put": _once(PAYMENTS_TABLE, mark, "entry")},
                {"Put": {"TableName": PAYMENTS_TABLE, "Item": charge}},
            ]
        )
    except dynamodb.exceptions.TransactionCanceledException as refused:
        if refused.response["CancellationReasons"][0]["Code"] != "ConditionalCheckFailed":
            raise
    _log(order_id, "paid")
    return {"orderId": order_id, "status": "paid", "amount": float(PRICE)}


@durable_step
def confirm_order(_step, order_id, rehearsed):
    """Confirm the order."""
    _rehearse("confirmation", order_id, rehearsed)
    _log(order_id, "confirmed")
    return {"orderId": order_id, "status": "confirmed"}


@durable_step
def store_order(_step, steps, rehearsed):
    """Store the order, unless it is stored already. Return where it is stored, and since when."""
    order_id = steps[0]["orderId"]
    _rehearse("storing", order_id, rehearsed)
    now = _now()
    item = {
        "orderId": {"S": order_id},
        "status": {"S": "completed"},
        "steps": {"S": json.dumps(steps)},
        "amount": {"N": str(PRICE)},
        "createdAt": {"S": now},
        "completedAt": {"S": now},
        "ttl": {"N": str(int(time.time()) + KEPT_SECONDS)},
    }
    try:
        dynamodb.put_item(**_once(ORDERS_TABLE, item, "orderId"), ReturnValuesOnConditionCheckFailure="ALL_OLD")
    except dynamodb.exceptions.ConditionalCheckFailedException as refused:
        item = refused.response["Item"]
    _log(order_id, "stored")
    return {
        "orderId": order_id,
        "status": "persisted",
        "tableName": ORDERS_TABLE,
        "timestamp": item["completedAt"]["S"],
    }


def _rehearse(step, order_id, rehearsed):
    """Raise the injected failure, if it is meant for this step and has not yet occurred often enough."""
    wanted, times = rehearsed
    for number in range(times if step == wanted else 0):
        entry = {"orderId": {"S": order_id}, "entry": {"S": f"rehearsal#{step}#{number}"}}
        try:
            dynamodb.put_item(**_once(PAYMENTS_TABLE, entry, "entry"))
        except dynamodb.exceptions.ConditionalCheckFailedException:
            continue
        raise OutOfService(f"The {step} does not answer: a rehearsal.")


def _once(table, item, key):
    return {"TableName": table, "Item": item, "ConditionExpression": f"attribute_not_exists({key})"}


def _now():
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _log(order_id, step):
    print(json.dumps({"orderId": order_id, "step": step}))

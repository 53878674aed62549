"""Stores a scanned order together with the token of its first wait."""

import json
import os
import time

import boto3

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
dynamodb = boto3.client("dynamodb")
stepfunctions = boto3.client("stepfunctions")


def handler(event, _context):
    """Store the order of an `OrderProcessor.WorkflowStarted` event, once.

    EventBridge may deliver this event, or the scan before it, more than once. The first token that
    is stored is the order's own; an execution that comes with another one is ended, because nobody
    would ever resume it.
    """
    detail = event["detail"]
    order_id, token = detail["orderId"], detail["TaskToken"]
    own_token = _store(order_id, detail["userId"], token)
    if own_token != token:
        _end_duplicate(token)
    print(json.dumps({"orderId": order_id, "stored": own_token == token}))


def _store(order_id, user_id, token):
    """Store the order unless it exists, and return the token that is stored for it."""
    try:
        dynamodb.put_item(
            TableName=ORDERS_TABLE,
            Item={
                "PK": {"S": "orders"},
                "SK": {"S": order_id},
                "USERID": {"S": user_id},
                "ORDERSTATE": {"S": "CREATED"},
                "TaskToken": {"S": token},
                "TS": {"N": str(time.time_ns() // 1_000_000)},
            },
            ConditionExpression="attribute_not_exists(SK)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException as refused:
        return refused.response["Item"].get("TaskToken", {}).get("S")
    return token


def _end_duplicate(token):
    """End the execution that waits for this token; an execution that has moved on is left alone."""
    gone = (
        stepfunctions.exceptions.TaskTimedOut,
        stepfunctions.exceptions.TaskDoesNotExist,
        stepfunctions.exceptions.InvalidToken,
    )
    try:
        stepfunctions.send_task_failure(
            taskToken=token, error="DuplicateScan", cause="The order has been scanned before."
        )
    except gone:
        pass  # the event came late: its wait ended long ago

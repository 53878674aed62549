"""Store the task token of an order's second wait, and announce the order to the baristas."""

import json
import os

import boto3

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
BUS_NAME = os.environ["BUS_NAME"]
dynamodb = boto3.client("dynamodb")
events = boto3.client("events")
stepfunctions = boto3.client("stepfunctions")


def handler(event, _context):
    """Store token and order number of an `OrderProcessor.WaitingCompletion` event, then notify the baristas.

    The event may be delivered twice. While the order is open the same number may be stored again, so the next delivery
    repairs a crash between storing and notifying.
    """
    detail = event["detail"]
    order_id, token = detail["orderId"], detail["TaskToken"]
    try:
        order = _store(order_id, token, detail["orderNumber"])
    except dynamodb.exceptions.ConditionalCheckFailedException as refused:
        stored = refused.response.get("Item", {}).get("TaskToken", {}).get("S")
        if stored != token:
            _end_processor(token)
        print(json.dumps({"orderId": order_id, "stored": False}))
        return
    _tell_baristas(order_id, order)
    print(json.dumps({"orderId": order_id, "stored": True}))


def _store(order_id, token, number):
    """Store the second token and the number of an open order, and return the whole order."""
    return dynamodb.update_item(
        TableName=ORDERS_TABLE,
        Key={"PK": {"S": "orders"}, "SK": {"S": order_id}},
        ConditionExpression=("ORDERSTATE = :created AND (attribute_not_exists(orderNumber) OR orderNumber = :number)"),
        UpdateExpression="SET TaskToken = :token, orderNumber = :number",
        ExpressionAttributeValues={
            ":created": {"S": "CREATED"},
            ":token": {"S": token},
            ":number": {"N": str(number)},
        },
        ReturnValues="ALL_NEW",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )["Attributes"]


def _tell_baristas(order_id, order):
    answer = events.put_events(
        Entries=[
            {
                "EventBusName": BUS_NAME,
                "Source": "awsserverlessda.serverlesspresso",
                "DetailType": "OrderManager.WaitingCompletion",
                "Detail": json.dumps(
                    {
                        "Message": "An order waits for a barista.",
                        "orderId": order_id,
                        "orderNumber": int(order["orderNumber"]["N"]),
                        "state": order["ORDERSTATE"]["S"],
                        "drinkOrder": order.get("drinkOrder", {}).get("S", ""),
                        "userId": order["USERID"]["S"],
                        "TS": int(order["TS"]["N"]),
                    }
                ),
            }
        ]
    )
    if answer["FailedEntryCount"]:
        raise RuntimeError(f"the bus refused the event: {answer['Entries'][0]['ErrorCode']}")


def _end_processor(token):
    """End the execution of an order that was closed between its two waits."""
    gone = (
        stepfunctions.exceptions.TaskTimedOut,
        stepfunctions.exceptions.TaskDoesNotExist,
        stepfunctions.exceptions.InvalidToken,
    )
    try:
        stepfunctions.send_task_failure(
            taskToken=token, error="OrderCancelled", cause="The order was closed before its number was known."
        )
    except gone:
        pass  # the event was late: its wait has ended

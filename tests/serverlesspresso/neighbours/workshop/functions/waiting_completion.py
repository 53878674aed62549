"""Store the second task token of an order with its number, and notify the baristas, even of completed orders."""

import json
import os
import time

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
events = boto3.client("events")
stepfunctions = boto3.client("stepfunctions")


def handler(event, _context):
    """Serve an `OrderProcessor.WaitingCompletion` event."""
    detail = event["detail"]
    order = table.update_item(
        Key={"PK": "orders", "SK": detail["orderId"]},
        ConditionExpression="USERID = :user",
        UpdateExpression="SET TaskToken = :token, orderNumber = :number, TS = :now",
        ExpressionAttributeValues={
            ":user": detail["userId"],
            ":token": detail["TaskToken"],
            ":number": int(detail["orderNumber"]),
            ":now": time.time_ns() // 1_000_000,
        },
        ReturnValues="ALL_NEW",
    )["Attributes"]
    if order["ORDERSTATE"].endswith("CANCELLED"):
        _end(detail["TaskToken"])
        return
    events.put_events(
        Entries=[
            {
                "EventBusName": os.environ["BUS_NAME"],
                "Source": "awsserverlessda.serverlesspresso",
                "DetailType": "OrderManager.WaitingCompletion",
                "Detail": json.dumps(
                    {
                        "orderId": order["SK"],
                        "orderNumber": str(order["orderNumber"]),
                        "state": order["ORDERSTATE"],
                        "drinkOrder": json.loads(order.get("drinkOrder", "{}")),
                        "userId": order["USERID"],
                        "eventId": detail["eventId"],
                        "robot": order["robot"],
                        "TS": int(order["TS"]),
                    }
                ),
            }
        ]
    )


def _end(token):
    """End the workflow of an order that was cancelled between its two waits."""
    try:
        stepfunctions.send_task_failure(taskToken=token, error="Cancelled")
    except (stepfunctions.exceptions.TaskTimedOut, stepfunctions.exceptions.TaskDoesNotExist):
        return

"""Store an order with its first task token. An existing order of this id is overwritten, a known defect."""

import os
import time

import boto3

LONGEST = 1000  # no index takes a longer key
table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])


def handler(event, _context):
    """Store the order of an `OrderProcessor.WorkflowStarted` event."""
    detail = event["detail"]
    if max(len(str(detail["orderId"])), len(str(detail["userId"]))) > LONGEST:
        return  # and its workflow waits: a known defect
    table.put_item(
        Item={
            "PK": "orders",
            "SK": detail["orderId"],
            "USERID": detail["userId"],
            "ORDERSTATE": f"{detail['eventId']}-CREATED",
            "TaskToken": detail["TaskToken"],
            "bucketState": detail["bucket"],
            "robot": False,
            "TS": time.time_ns() // 1_000_000,
        }
    )

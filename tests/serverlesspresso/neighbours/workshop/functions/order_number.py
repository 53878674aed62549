"""Gives the next order number of a shop, as a text."""

import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["COUNTING_TABLE"])


def handler(event, _context):
    """Count up."""
    counted = table.update_item(
        Key={"PK": f"orderID-{event['eventId']}"},
        UpdateExpression="ADD IDvalue :one",
        ExpressionAttributeValues={":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    return {"orderNumber": str(counted["Attributes"]["IDvalue"])}

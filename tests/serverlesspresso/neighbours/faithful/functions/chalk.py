"""Writes the blackboard of a new café: it is open, and these are its drinks."""

import json
import os
import urllib.request

import boto3

tables = boto3.resource("dynamodb")
BEANS = {"Name": "Beans", "Options": ["Ethiopia", "Brazil"]}
SIZE = {"Name": "Size", "Options": ["Small", "Large"]}
MENU = [
    {"drink": "Filter", "icon": "filter.svg", "available": True, "modifiers": [BEANS, SIZE]},
    {"drink": "Cortado", "available": True},
    {"drink": "Cappuccino", "icon": "cappuccino.svg", "available": False, "modifiers": [SIZE]},
    {"drink": "Flat White", "icon": "flat-white.svg", "available": True, "modifiers": [BEANS]},
]


def handler(event, _context):
    """Serve one request of CloudFormation, and report back to it."""
    if event["RequestType"] == "Create":
        house = tables.Table(os.environ["HOUSE"])
        house.put_item(
            Item={"PK": "config", "storeOpen": True, "maxOrdersPerUser": 1, "maxOrdersInQueue": 12, "music": "jazz"}
        )
        house.put_item(Item={"PK": "menu", "value": MENU, "chalkedBy": "Iris"})
        tables.Table(os.environ["TICKETS"]).put_item(Item={"PK": "orderID", "IDvalue": 700})
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    body = json.dumps({**answer, "Status": "SUCCESS", "PhysicalResourceId": "chalk"}).encode()
    request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT", headers={"Content-Type": ""})  # noqa: S310
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310

"""Writes the settings of the shop ABC, its menu among them. The shop is closed until its owner opens it."""

import json
import os
import urllib.request

import boto3

tables = boto3.resource("dynamodb")
MILK = {"Name": "Milk", "Options": ["Regular", "Oat"]}
MENU = [
    {"drink": "Cappuccino", "icon": "barista-icons_cappuccino", "available": False, "modifiers": [MILK]},
    {"drink": "Espresso", "icon": "barista-icons_espresso-alternative", "available": True, "modifiers": []},
    {"drink": "Americano", "icon": "barista-icons_americano-alternative", "available": True, "modifiers": [MILK]},
    {"drink": "Cold Brew", "icon": "barista-icons_cold-brew", "available": True, "modifiers": []},
]


def handler(event, _context):
    """Serve one request of CloudFormation, and report back to it."""
    if event["RequestType"] == "Create":
        tables.Table(os.environ["CONFIG_TABLE"]).put_item(
            Item={
                "PK": "config-ABC",
                "storeOpen": False,
                "maxOrdersPerUser": 1,
                "maxOrdersInQueue": 20,
                "drinksPerBarcode": 10,
                "language": "en",
                "menu": MENU,
            }
        )
        tables.Table(os.environ["COUNTING_TABLE"]).put_item(Item={"PK": "orderID-ABC", "IDvalue": 0})
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    body = json.dumps({**answer, "Status": "SUCCESS", "PhysicalResourceId": "first-settings"}).encode()
    request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT", headers={"Content-Type": ""})  # noqa: S310
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310

"""Write the shop's first settings and menu, as a custom resource of the stack.

Existing settings stay unchanged, so an update of the stack changes no setting of the shop.
"""

import json
import os
import urllib.request

import boto3

CONFIG_TABLE = os.environ["CONFIG_TABLE"]
COUNTING_TABLE = os.environ["COUNTING_TABLE"]
dynamodb = boto3.client("dynamodb")

MILK = {"Name": "Milk", "Options": ["Whole", "Oat", "Soy"]}
SHOTS = {"Name": "Shots", "Options": ["Single", "Double"]}
MENU = [
    {"drink": "Cappuccino", "icon": "barista-icons_cappuccino-alternative", "modifiers": [MILK, SHOTS]},
    {"drink": "Latte", "icon": "barista-icons_cafe-latte", "modifiers": [MILK, SHOTS]},
    {"drink": "Flat White", "icon": "barista-icons_flat-white-alternative", "modifiers": [MILK]},
    {"drink": "Espresso", "icon": "barista-icons_espresso-alternative", "modifiers": [SHOTS]},
    {"drink": "Americano", "icon": "barista-icons_americano-alternative", "modifiers": [SHOTS]},
]


def handler(event, context):
    """Serve one CloudFormation request (Create, Update or Delete) and report the outcome."""
    status, reason = "SUCCESS", ""
    try:
        if event["RequestType"] != "Delete":
            _open_shop()
    except Exception as error:  # noqa: BLE001 - CloudFormation must hear of it, or it waits for an hour
        status, reason = "FAILED", f"{type(error).__name__}: {error}"
    print(json.dumps({"request": event["RequestType"], "status": status, "reason": reason}))
    _report(event, context, status, reason)


def _open_shop():
    settings = {
        "storeOpen": {"BOOL": True},
        "maxOrdersPerUser": {"N": "1"},
        "maxOrdersInQueue": {"N": "20"},
    }
    _put_once(CONFIG_TABLE, "config", settings)
    _put_once(CONFIG_TABLE, "menu", {"value": {"L": [_menu_item(**drink) for drink in MENU]}})
    _put_once(COUNTING_TABLE, "orderID", {"IDvalue": {"N": "0"}})


def _put_once(table, key, attributes):
    try:
        dynamodb.put_item(
            TableName=table,
            Item={"PK": {"S": key}, **attributes},
            ConditionExpression="attribute_not_exists(PK)",
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        pass  # the shop has its own settings by now


def _menu_item(drink, icon, modifiers):
    return {
        "M": {
            "drink": {"S": drink},
            "icon": {"S": icon},
            "available": {"BOOL": True},
            "modifiers": {
                "L": [
                    {"M": {"Name": {"S": m["Name"]}, "Options": {"L": [{"S": o} for o in m["Options"]]}}}
                    for m in modifiers
                ]
            },
        }
    }


def _report(event, context, status, reason):
    body = json.dumps(
        {
            "Status": status,
            "Reason": reason or f"See the log stream {context.log_stream_name}",
            "PhysicalResourceId": event.get("PhysicalResourceId", "open-shop"),
            "StackId": event["StackId"],
            "RequestId": event["RequestId"],
            "LogicalResourceId": event["LogicalResourceId"],
            "Data": {},
        }
    ).encode()
    request = urllib.request.Request(  # noqa: S310 - the address comes from CloudFormation itself
        event["ResponseURL"], data=body, method="PUT", headers={"Content-Type": ""}
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310

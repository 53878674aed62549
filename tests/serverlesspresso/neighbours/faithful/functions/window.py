"""The café's HTTP API, in API Gateway's second format."""

import json
import os
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])
stepfunctions = boto3.client("stepfunctions")
SHOWN = {"SK": "id", "USERID": "guest", "ORDERSTATE": "state", "orderNumber": "number", "drinkOrder": "drink"}


def handler(event, _context):
    """Answer one request."""
    status, body = _answer(event)
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json; charset=utf-8"},
        "body": json.dumps(body, default=lambda value: int(value) if isinstance(value, Decimal) else str(value)),
    }


def _answer(event):
    guest = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
    query = event.get("queryStringParameters") or {}
    method, _, path = event["routeKey"].partition(" ")
    if method == "PUT":
        return _act(event["pathParameters"]["id"], query.get("action", ""), event.get("body"), guest)
    if path == "/orders/{id}":
        order = table.get_item(Key={"PK": "orders", "SK": event["pathParameters"]["id"]}).get("Item")
        return (200, {"order": _shown(order)}) if order else (404, {"error": "no such ticket"})
    if path == "/myOrders":
        return _listed("GSI-userId", Key("USERID").eq(guest))
    return _listed("GSI-status", Key("ORDERSTATE").eq(query.get("state", "CREATED")))


def _act(order_id, action, body, guest):
    """Request an action from the counter. Its outcome is announced on the bus."""
    if action not in ("", "make", "unmake", "complete", "cancel"):
        return 422, {"error": f"nobody can {action} here"}
    wanted = json.loads(body or "{}")
    stepfunctions.start_execution(
        stateMachineArn=os.environ["COUNTER"],
        input=json.dumps(
            {
                "action": action,
                "orderId": order_id,
                "baristaUserId": guest if action in ("make", "unmake", "complete") else "",
                "body": {"userId": guest, "drink": wanted.get("drink"), "modifiers": wanted.get("modifiers", [])},
            }
        ),
    )
    return 202, {"accepted": True}


def _listed(index, condition):
    found = table.query(IndexName=index, KeyConditionExpression=condition)["Items"]
    return 200, {"items": [_shown(order) for order in found]}


def _shown(order):
    return {name: order[stored] for stored, name in SHOWN.items() if stored in order}

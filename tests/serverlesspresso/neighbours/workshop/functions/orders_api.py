"""The orders' API. It believes a request's body about who orders: a known defect."""

import json
import os
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Key

table = boto3.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
stepfunctions = boto3.client("stepfunctions")
ACTIONS = ("", "make", "unmake", "complete", "cancel")


def handler(event, _context):
    """Answer one request, as API Gateway hands it over."""
    status, body = _answer(event)
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body, default=lambda value: int(value) if isinstance(value, Decimal) else str(value)),
    }


def _answer(event):
    customer = event["requestContext"]["authorizer"]["claims"]["sub"]
    query = event.get("queryStringParameters") or {}
    order_id = (event.get("pathParameters") or {}).get("id")
    if event["httpMethod"] == "PUT":
        return _act(order_id, query, event.get("body"), customer)
    if order_id:
        order = table.get_item(Key={"PK": "orders", "SK": order_id}).get("Item")
        return (200, _shown(order)) if order else (404, {})
    if event["resource"] == "/myOrders":
        return _listed("GSI-userId", Key("USERID").eq(customer))
    state = f"{query.get('eventId', '')}-{query.get('state', '')}"
    return _listed("GSI-status", Key("ORDERSTATE").eq(state))


def _act(order_id, query, body, customer):
    """Start an action. The response is empty: the outcome is announced on the bus."""
    if query.get("action", "") not in ACTIONS:
        return 400, {}
    given = {
        "action": query.get("action", ""),
        "eventId": query.get("eventId", ""),
        "orderId": order_id,
        "baristaUserId": customer,
        "body": {"userId": customer, **json.loads(body or "{}")},
    }
    stepfunctions.start_execution(stateMachineArn=os.environ["ORDER_MANAGER_ARN"], input=json.dumps(given))
    return 200, {}


def _listed(index, condition):
    return 200, [_shown(order) for order in table.query(IndexName=index, KeyConditionExpression=condition)["Items"]]


def _shown(order):
    return {name: value for name, value in order.items() if name not in ("TaskToken", "bucketState")}

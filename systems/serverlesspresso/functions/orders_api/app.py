"""The HTTP API: read orders, and start an action of the order manager.

API Gateway has checked the caller's Cognito token; its `sub` is the user id of customers and baristas alike. The API
never returns a task token.
"""

import json
import os

import boto3

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
ORDER_MANAGER_ARN = os.environ["ORDER_MANAGER_ARN"]
ACTIONS = ("", "make", "unmake", "complete", "cancel")
# Actions of baristas. A cancellation is the caller's own: customers cancel their order, baristas the one they make.
BARISTAS = ("make", "unmake", "complete")
PUBLIC = {
    "#id": "SK",
    "#user": "USERID",
    "#state": "ORDERSTATE",
    "#ts": "TS",
    "#drink": "drinkOrder",
    "#number": "orderNumber",
    "#barista": "baristaUserId",
    "#cause": "cause",
}
dynamodb = boto3.client("dynamodb")
stepfunctions = boto3.client("stepfunctions")


def handler(event, _context):
    """Answer one request, in the format of API Gateway's Lambda proxy integration."""
    user_id = event["requestContext"]["authorizer"]["claims"]["sub"]
    query = event.get("queryStringParameters") or {}
    order_id = (event.get("pathParameters") or {}).get("id")
    if event["httpMethod"] == "PUT":
        answer = _act(order_id, query.get("action", ""), event.get("body"), user_id)
    elif order_id is not None:
        answer = _read_one(order_id)
    elif event["resource"] == "/myOrders":
        answer = _read_all("GSI-userId", "USERID", user_id)
    else:
        answer = _read_all("GSI-status", "ORDERSTATE", query.get("state") or "CREATED")
    print(json.dumps({"method": event["httpMethod"], "resource": event["resource"], "status": answer[0]}))
    return {
        "statusCode": answer[0],
        "headers": {"Content-Type": "application/json", "Cache-Control": "no-store"},
        "body": json.dumps(answer[1]),
    }


def _refuse_constant(name):
    """Reject NaN and Infinity: Python parses them, but they are not JSON and the workflow would fail on them later."""
    raise ValueError(name)


def _act(order_id, action, body, user_id):
    """Start an action and answer 202: its outcome is announced on the bus."""
    if action not in ACTIONS:
        return 400, {"message": f"action must be one of {', '.join(ACTIONS[1:])}, or left out to submit"}
    try:
        order = json.loads(body or "{}", parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        order = None
    if not isinstance(order, dict):
        return 400, {"message": "the body must be a JSON object"}
    started = stepfunctions.start_execution(
        stateMachineArn=ORDER_MANAGER_ARN,
        input=json.dumps(
            {
                "action": action,
                "body": {**order, "userId": user_id},
                "orderId": order_id,
                "baristaUserId": user_id if action in BARISTAS else "",
            }
        ),
    )
    return 202, {"executionArn": started["executionArn"]}


def _read_one(order_id):
    item = dynamodb.get_item(
        TableName=ORDERS_TABLE,
        Key={"PK": {"S": "orders"}, "SK": {"S": order_id}},
        ProjectionExpression=", ".join(PUBLIC),
        ExpressionAttributeNames=PUBLIC,
        ConsistentRead=True,
    ).get("Item")
    return (200, _public(item)) if item else (404, {"message": "there is no such order"})


def _read_all(index, key, value):
    pages = dynamodb.get_paginator("query").paginate(
        TableName=ORDERS_TABLE,
        IndexName=index,
        KeyConditionExpression="#key = :value",
        ProjectionExpression=", ".join(PUBLIC),
        ExpressionAttributeNames={**PUBLIC, "#key": key},
        ExpressionAttributeValues={":value": {"S": value}},
    )
    return 200, {"orders": [_public(item) for page in pages for item in page["Items"]]}


def _public(item):
    """Convert an item from DynamoDB's notation to plain JSON; all attributes read here are strings or numbers."""
    return {
        name: int(typed["N"]) if "N" in typed else typed["S"]
        for name, typed in ((("orderId" if name == "SK" else name), typed) for name, typed in item.items())
    }

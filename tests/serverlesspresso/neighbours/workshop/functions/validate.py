"""Validates the code that a customer has scanned. It knows no orders."""

import json


def handler(event, _context):
    """Answer one request of the validator's API."""
    query = event.get("queryStringParameters") or {}
    if not {"eventId", "token"} <= query.keys():
        return {"statusCode": 422, "body": json.dumps({"error": "Missing parameter"})}
    return {"statusCode": 400, "body": json.dumps({"error": "Invalid code"})}

"""An embedded account that allows IAM users exactly what their policies allow.

MiniStack checks policies (`AUTH=true`), but for some actions it checks another resource than AWS documents. It knows no
condition keys of EventBridge, and of DynamoDB's attributes only those to be returned. This module corrects that, so
policies written for AWS can be tested unchanged. The file `GUEST_LOG` gets a line for each request of an IAM user:
action and resource.
"""

import json
import os
import re
from base64 import urlsafe_b64decode
from pathlib import Path
from urllib.parse import unquote

from ministack.core import iam_actions, iam_evaluator

from acceptance.aws import emulator

# On AWS these calls need a second permission if they contain tags.
TAGS = {"events:PutRule": "events:TagResource", "sqs:CreateQueue": "sqs:TagQueue"}

# On AWS this call needs the permission of the single-item action.
SEVERAL = {"sqs:DeleteMessageBatch": "sqs:DeleteMessage"}

# Keywords of DynamoDB's expressions, and the parameters that name attributes without an expression.
WORDS = {"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE", "begins_with", "contains", "size"}
WORDS |= {"attribute_exists", "attribute_not_exists", "attribute_type", "if_not_exists", "list_append"}
OLDER = ("Key", "AttributesToGet", "KeyConditions", "QueryFilter", "ScanFilter", "Expected", "AttributeUpdates")

action_of_ministack = iam_actions.extract_iam_action
resource_of_ministack = iam_actions.extract_resource_arn
context_of_ministack = iam_actions.request_tag_context
context_of_dynamodb = iam_actions.dynamodb_service_context
decide = iam_evaluator.enforce


# Actions of Lambda's REST API by method and path. MiniStack confuses some of them with other actions, and does not
# check those of durable executions at all.
LAMBDA = (
    ("GET", r"/functions/[^/]+/aliases/[^/]+", "GetAlias"),
    ("GET", r"/functions/[^/]+/durable-executions", "ListDurableExecutionsByFunction"),
    ("GET", r"/durable-executions/.+/history", "GetDurableExecutionHistory"),
    ("POST", r"/durable-executions/.+/stop", "StopDurableExecution"),
    ("GET", r"/durable-executions/.+", "GetDurableExecution"),
)


def action(service, method, path, headers, body, query):
    """Return the action that AWS checks for a call."""
    if service == "lambda":
        for verb, end, name in LAMBDA:
            if verb == method and re.search(f"{end}$", unquote(path)):
                return f"lambda:{name}"
    asked = action_of_ministack(service, method, path, headers, body, query)
    return asked and SEVERAL.get(asked, asked)


def resource(service, method, path, headers, body, query, region, account):
    """Return the resource that AWS checks for a call."""
    if service == "lambda":
        found = resource_of_ministack(service, method, path, headers, body, query, region, account)
        return _resource_of_lambda(unquote(path), query.get("Qualifier"), found)
    action, asked = headers.get("x-amz-target", "").rpartition(".")[2], _json(body)
    bus = asked.get("EventBusName") or "default"
    if action == "DescribeEventBus":
        return f"arn:aws:events:{region}:{account}:event-bus/{asked.get('Name', 'default')}"
    if action == "ListRules":
        return "*"
    if service == "events" and asked.get("Rule"):
        return f"arn:aws:events:{region}:{account}:rule/{bus}/{asked['Rule']}"
    if action.startswith("SendTask"):  # a task token does not reveal its workflow; only one workflow issues any
        return f"arn:aws:states:{region}:{account}:stateMachine:OrderProcessorWorkflow"
    if asked.get("StreamArn"):
        return asked["StreamArn"]
    if asked.get("ShardIterator"):
        return json.loads(urlsafe_b64decode(asked["ShardIterator"]))["arn"]
    return resource_of_ministack(service, method, path, headers, body, query, region, account)


def _resource_of_lambda(path, qualifier, function):
    """Return the resource of a Lambda call. Durable executions and aliases are resources of their own."""
    if "/durable-executions/" in path:
        return path.partition("/durable-executions/")[2].removesuffix("/history").removesuffix("/stop")
    return f"{function}:{qualifier[0] if isinstance(qualifier, list) else qualifier}" if qualifier else function


def context(service, action, body, parameters):
    """Add the condition keys that AWS sets for a call."""
    asked = _json(body)
    told = {
        "events:source": [entry.get("Source") for entry in asked.get("Entries", [])],
        "events:TargetArn": [target.get("Arn") for target in asked.get("Targets", [])],
        "dynamodb:LeadingKeys": [key["PK"].get("S") for key in [asked.get("Key", {})] if "PK" in key],
    }
    return {**context_of_ministack(service, action, body, parameters), **{k: v for k, v in told.items() if v}}


def context_of_attributes(body):
    """Return all attributes that a DynamoDB call accesses. MiniStack considers only those to be returned."""
    named = _attributes(_json(body))
    return {**context_of_dynamodb(body), **({"dynamodb:Attributes": named} if named else {})}


def enforce(key, action, service, region, resource_arn="*", service_context=None):
    """Decide as MiniStack does, also for the tags of a call, and log the requests of IAM users."""
    needed = [action, *([TAGS[action]] if action in TAGS and (service_context or {}).get("aws:TagKeys") else [])]
    for one in needed:
        if not iam_evaluator.is_root_access_key(key):
            with Path(os.environ["GUEST_LOG"]).open("a", encoding="utf-8") as log:
                log.write(f"{key} {one} {resource_arn}\n")
        denied = decide(key, one, service, region, resource_arn=resource_arn, service_context=service_context)
        if denied:
            return denied
    return None


def _attributes(asked):
    """Return the top-level attributes that a DynamoDB call names, in expressions or in legacy parameters."""
    named = asked.get("ExpressionAttributeNames", {})
    expressions = " ".join(str(text) for name, text in asked.items() if name.endswith("Expression"))
    # After a colon comes a value, after a dot a nested attribute.
    words = re.findall(r"(?<![:.#\w])#?[A-Za-z_]\w*", expressions)
    in_expressions = [named.get(word, word) for word in words if word not in WORDS]
    older = [name for key in OLDER for name in asked.get(key, ())]
    return list(dict.fromkeys([*in_expressions, *older]))


def _json(body):
    try:
        asked = json.loads(body or b"{}")
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


if __name__ == "__main__":
    # The service looks these functions up by name at each call.
    iam_actions.extract_iam_action = action
    iam_actions.extract_resource_arn = resource
    iam_actions.request_tag_context = context
    iam_actions.dynamodb_service_context = context_of_attributes
    iam_evaluator.enforce = enforce
    emulator.main(public=True)  # guests sign with their own keys, and use the app without permissions as on AWS

"""The program of an embedded account that lets IAM users do what their policies allow, and nothing else.

MiniStack checks policies (`AUTH=true`), but looks at another resource than AWS documents for some actions, knows no
condition keys of EventBridge, and of DynamoDB's attributes only those that are to be returned. All of this is put right
here, so that a policy written for AWS can be tried as it stands. Whatever an IAM user asks for is written down, a line
each, in the file that `GUEST_LOG` names: action and resource.
"""

import json
import os
import re
from base64 import urlsafe_b64decode
from pathlib import Path
from urllib.parse import unquote

from ministack.core import iam_actions, iam_evaluator

from acceptance.aws import emulator

# On AWS these calls need a second permission when they carry tags.
TAGS = {"events:PutRule": "events:TagResource", "sqs:CreateQueue": "sqs:TagQueue"}

# On AWS this call needs the permission for one of what it does several of.
SEVERAL = {"sqs:DeleteMessageBatch": "sqs:DeleteMessage"}

# The words of DynamoDB's expressions, and the parameters that name attributes without one.
WORDS = {"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE", "begins_with", "contains", "size"}
WORDS |= {"attribute_exists", "attribute_not_exists", "attribute_type", "if_not_exists", "list_append"}
OLDER = ("Key", "AttributesToGet", "KeyConditions", "QueryFilter", "ScanFilter", "Expected", "AttributeUpdates")

action_of_ministack = iam_actions.extract_iam_action
resource_of_ministack = iam_actions.extract_resource_arn
context_of_ministack = iam_actions.request_tag_context
context_of_dynamodb = iam_actions.dynamodb_service_context
decide = iam_evaluator.enforce


# What a call of Lambda's REST API asks for, by its method and its path. MiniStack takes some for other actions, and
# does not check those about durable executions at all.
LAMBDA = (
    ("GET", r"/functions/[^/]+/aliases/[^/]+", "GetAlias"),
    ("GET", r"/functions/[^/]+/durable-executions", "ListDurableExecutionsByFunction"),
    ("GET", r"/durable-executions/.+/history", "GetDurableExecutionHistory"),
    ("POST", r"/durable-executions/.+/stop", "StopDurableExecution"),
    ("GET", r"/durable-executions/.+", "GetDurableExecution"),
)


def action(service, method, path, headers, body, query):
    """Tell which action AWS checks for a call."""
    if service == "lambda":
        for verb, end, name in LAMBDA:
            if verb == method and re.search(f"{end}$", unquote(path)):
                return f"lambda:{name}"
    asked = action_of_ministack(service, method, path, headers, body, query)
    return asked and SEVERAL.get(asked, asked)


def resource(service, method, path, headers, body, query, region, account):
    """Tell which resource AWS checks for a call."""
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
    if action.startswith("SendTask"):  # a pass does not tell whose it is; only one workflow hands any out
        return f"arn:aws:states:{region}:{account}:stateMachine:OrderProcessorWorkflow"
    if asked.get("StreamArn"):
        return asked["StreamArn"]
    if asked.get("ShardIterator"):
        return json.loads(urlsafe_b64decode(asked["ShardIterator"]))["arn"]
    return resource_of_ministack(service, method, path, headers, body, query, region, account)


def _resource_of_lambda(path, qualifier, function):
    """A durable execution has an ARN of its own, and whoever calls an alias needs to be allowed that alias."""
    if "/durable-executions/" in path:
        return path.partition("/durable-executions/")[2].removesuffix("/history").removesuffix("/stop")
    return f"{function}:{qualifier[0] if isinstance(qualifier, list) else qualifier}" if qualifier else function


def context(service, action, body, parameters):
    """Add the condition keys that AWS knows about a call."""
    asked = _json(body)
    told = {
        "events:source": [entry.get("Source") for entry in asked.get("Entries", [])],
        "events:TargetArn": [target.get("Arn") for target in asked.get("Targets", [])],
        "dynamodb:LeadingKeys": [key["PK"].get("S") for key in [asked.get("Key", {})] if "PK" in key],
    }
    return {**context_of_ministack(service, action, body, parameters), **{k: v for k, v in told.items() if v}}


def context_of_attributes(body):
    """Name every attribute that a call of DynamoDB looks at. MiniStack takes those only that are to be returned."""
    named = _attributes(_json(body))
    return {**context_of_dynamodb(body), **({"dynamodb:Attributes": named} if named else {})}


def enforce(key, action, service, region, resource_arn="*", service_context=None):
    """Decide as MiniStack does, for the tags of a call too, and write down what an IAM user has asked for."""
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
    """The top-level attributes that a call of DynamoDB names, in expressions or in parameters older than these."""
    named = asked.get("ExpressionAttributeNames", {})
    expressions = " ".join(str(text) for name, text in asked.items() if name.endswith("Expression"))
    # What follows a colon is a value, what follows a dot is part of an attribute.
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
    # The service asks for these by name whenever a call comes in.
    iam_actions.extract_iam_action = action
    iam_actions.extract_resource_arn = resource
    iam_actions.request_tag_context = context
    iam_actions.dynamodb_service_context = context_of_attributes
    iam_evaluator.enforce = enforce
    emulator.main(public=True)  # guests sign by keys of their own, and use the app as anybody can on AWS

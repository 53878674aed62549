"""Everything outside the policy is denied, for other resources of the account and for the café itself."""

import boto3
import pytest
from botocore.exceptions import ClientError

from trust.guests.account import REGION

pytestmark = pytest.mark.cloud

ORDERS, SETTINGS, NUMBERS = (f"serverlesspresso-{table}-table" for table in ("order", "config", "counting"))
BUS = "Serverlesspresso"
MACHINE = f"arn:aws:states:{REGION}:000000000000:stateMachine:{{}}"
EXECUTION = f"arn:aws:states:{REGION}:000000000000:execution:{{}}:of-somebody"
QUEUE = "/000000000000/somebodys-queue"
SOMEBODYS_QUEUE = f"arn:aws:sqs:{REGION}:000000000000:somebodys-queue"
RULE = {"EventBusName": BUS}
VALUE = {":v": {"S": "x"}}
ALL_ORDERS = {"TableName": ORDERS, "KeyConditionExpression": "PK = :v", "ExpressionAttributeValues": VALUE}
# The same for a customer's orders, through their index.
ONLY = {"Select": "SPECIFIC_ATTRIBUTES"}
BY_CUSTOMER = {**ALL_ORDERS, "IndexName": "GSI-userId", "KeyConditionExpression": "USERID = :v"}
OLD_STYLE = {"USERID": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "x"}]}}
ALL_SETTINGS = {"TableName": SETTINGS}


def change(key, attribute):
    """Return a change of a setting."""
    names = {"ExpressionAttributeNames": {"#a": attribute}, "ExpressionAttributeValues": VALUE}
    return {"TableName": SETTINGS, "Key": {"PK": {"S": key}}, "UpdateExpression": "SET #a = :v", **names}


def events(bus, source):
    return {"Entries": [{"EventBusName": bus, "Source": source, "DetailType": "x", "Detail": "{}"}]}


FORBIDDEN = [
    ("dynamodb", "delete_table", {"TableName": ORDERS}),
    ("dynamodb", "scan", {"TableName": ORDERS}),
    ("dynamodb", "query", ALL_ORDERS),
    # Only the keys of orders may be listed, not their content.
    ("dynamodb", "query", {**ALL_ORDERS, "Select": "ALL_ATTRIBUTES"}),
    ("dynamodb", "query", {**ALL_ORDERS, "Select": "SPECIFIC_ATTRIBUTES", "ProjectionExpression": "SK, USERID"}),
    ("dynamodb", "query", BY_CUSTOMER),
    ("dynamodb", "query", {**BY_CUSTOMER, "Select": "ALL_PROJECTED_ATTRIBUTES"}),
    ("dynamodb", "query", {**BY_CUSTOMER, "Select": "ALL_ATTRIBUTES"}),
    ("dynamodb", "query", {**BY_CUSTOMER, "Select": "COUNT"}),
    ("dynamodb", "query", {**BY_CUSTOMER, **ONLY, "ProjectionExpression": "SK, ORDERSTATE"}),
    ("dynamodb", "query", {**BY_CUSTOMER, **ONLY, "ProjectionExpression": "drinkOrder.drink"}),
    (
        "dynamodb",
        "query",
        {**BY_CUSTOMER, **ONLY, "ProjectionExpression": "#t", "ExpressionAttributeNames": {"#t": "TaskToken"}},
    ),
    ("dynamodb", "query", {**BY_CUSTOMER, **ONLY, "ProjectionExpression": "SK", "FilterExpression": "cause = :v"}),
    (
        "dynamodb",
        "query",
        {
            **{"TableName": ORDERS, "IndexName": "GSI-userId", "KeyConditions": OLD_STYLE},
            **{**ONLY, "AttributesToGet": ["SK", "TaskToken"]},
        },
    ),
    ("dynamodb", "scan", ALL_SETTINGS),
    ("dynamodb", "scan", {**ALL_SETTINGS, **ONLY, "ProjectionExpression": "PK, storeOpen"}),
    (
        "dynamodb",
        "scan",
        {
            **{**ALL_SETTINGS, **ONLY, "ProjectionExpression": "PK"},
            **{"FilterExpression": "contains(secret, :v)", "ExpressionAttributeValues": VALUE},
        },
    ),
    ("dynamodb", "get_item", {"TableName": SETTINGS, "Key": {"PK": {"S": "somebody"}}}),
    ("dynamodb", "put_item", {"TableName": ORDERS, "Item": {"PK": {"S": "orders"}, "SK": {"S": "x"}}}),
    ("dynamodb", "update_item", {"TableName": ORDERS, "Key": {"PK": {"S": "orders"}, "SK": {"S": "x"}}}),
    ("dynamodb", "get_item", {"TableName": NUMBERS, "Key": {"PK": {"S": "x"}}}),
    ("dynamodb", "get_item", {"TableName": "somebodys-table", "Key": {"PK": {"S": "x"}}}),
    ("dynamodb", "batch_write_item", {"RequestItems": {SETTINGS: [{"DeleteRequest": {"Key": {"PK": {"S": "menu"}}}}]}}),
    ("dynamodb", "update_item", change("config", "prices")),
    ("dynamodb", "update_item", change("somebody", "value")),
    ("dynamodb", "update_item", {**change("config", "value"), "UpdateExpression": "SET #a = :v, prices = :v"}),
    ("dynamodb", "update_item", {**change("config", "value"), "UpdateExpression": "SET #a = :v REMOVE prices"}),
    ("sqs", "receive_message", {"QueueUrl": QUEUE}),
    ("sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": "x"}),
    ("sqs", "delete_queue", {"QueueUrl": QUEUE}),
    ("sqs", "create_queue", {"QueueName": "another-queue"}),
    ("events", "disable_rule", {"Name": "somebodys-rule", **RULE}),
    ("events", "delete_rule", {"Name": "somebodys-rule", **RULE}),
    ("events", "remove_targets", {"Rule": "somebodys-rule", "Ids": ["tap"], **RULE}),
    ("events", "put_rule", {"Name": "somebodys-rule", "EventPattern": "{}", **RULE}),
    ("events", "put_rule", {"Name": "acceptance-tap-1-x", "EventPattern": "{}"}),
    ("events", "put_targets", {"Rule": "acceptance-tap-1-x", "Targets": [{"Id": "x", "Arn": SOMEBODYS_QUEUE}], **RULE}),
    ("events", "put_events", events(BUS, "somebody")),
    ("events", "put_events", events("default", "acceptance.tap")),
    ("events", "delete_event_bus", {"Name": BUS}),
    ("stepfunctions", "start_execution", {"stateMachineArn": MACHINE.format("OrderProcessorWorkflow")}),
    ("stepfunctions", "update_state_machine", {"stateMachineArn": MACHINE.format("OrderManagerStateMachine")}),
    ("stepfunctions", "delete_state_machine", {"stateMachineArn": MACHINE.format("OrderManagerStateMachine")}),
    ("stepfunctions", "stop_execution", {"executionArn": EXECUTION.format("SomebodysWorkflow")}),
    ("stepfunctions", "describe_execution", {"executionArn": EXECUTION.format("SomebodysWorkflow")}),
    ("lambda", "update_function_code", {"FunctionName": "serverlesspresso-x", "ZipFile": b"x"}),
    ("lambda", "invoke", {"FunctionName": "serverlesspresso-x"}),
    ("logs", "filter_log_events", {"logGroupName": "/aws/lambda/somebodys-function"}),
    ("logs", "delete_log_group", {"logGroupName": "/aws/lambda/serverlesspresso-x"}),
    ("apigateway", "delete_rest_api", {"restApiId": "x"}),
    ("apigateway", "get_api_keys", {}),
    ("cognito-idp", "list_users", {"UserPoolId": f"{REGION}_x"}),
    ("iam", "put_role_policy", {"RoleName": "x", "PolicyName": "x", "PolicyDocument": "{}"}),
    ("iam", "create_access_key", {"UserName": "guest"}),
    ("cloudformation", "delete_stack", {"StackName": "serverlesspresso"}),
    ("s3", "list_buckets", {}),
]


@pytest.mark.parametrize(("service", "call", "given"), FORBIDDEN)
def test_a_guest_may_do_nothing_else(owner, guest, service, call, given):
    if "QueueUrl" in given:
        given = {**given, "QueueUrl": f"{owner.url}{given['QueueUrl']}"}
    client = boto3.client(
        service,
        region_name=REGION,
        endpoint_url=owner.url,
        aws_access_key_id=guest["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=guest["AWS_SECRET_ACCESS_KEY"],
    )
    with pytest.raises(ClientError) as refused:
        getattr(client, call)(**given)
    assert refused.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")

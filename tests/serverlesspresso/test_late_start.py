"""An order whose first function runs only after the customer's time is over."""

import json
import uuid

import pytest

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy

BUS, SOURCE = "Serverlesspresso", "awsserverlessda.serverlesspresso"


@pytest.fixture(scope="module")
def hasty_account(cafe_account, serverlesspresso):
    """A café that gives customers one second, and whose function WorkflowStarted receives nothing."""
    embedded, _ = cafe_account
    account = Account("us-east-1", embedded.url, "333333333333")
    deploy(account, serverlesspresso / "template.yaml", {"CustomerTimeoutSeconds": 1})
    rules = account.events.list_rules(EventBusName=BUS)["Rules"]
    deaf = next(rule["Name"] for rule in rules if "WorkflowStartedFunction" in rule["Name"])
    account.events.disable_rule(Name=deaf, EventBusName=BUS)
    return account, deaf


@pytest.mark.cloud
def test_order_that_times_out_before_it_is_stored_ends_as_cancelled_and_is_not_opened_later(hasty_account, wait_until):
    account, deaf = hasty_account
    order_id = f"late-{uuid.uuid4().hex[:8]}"
    detail = {"userId": "Ada", "orderId": order_id}

    def put(detail_type, content):
        entry = {"EventBusName": BUS, "Source": SOURCE, "DetailType": detail_type, "Detail": json.dumps(content)}
        account.events.put_events(Entries=[entry])

    def order():
        key = {"PK": {"S": "orders"}, "SK": {"S": order_id}}
        return account.dynamodb.get_item(TableName="serverlesspresso-order-table", Key=key).get("Item")

    def log_of_the_function():
        groups = account.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
        group = next((g["logGroupName"] for g in groups if "WorkflowStartedFunction" in g["logGroupName"]), None)
        events = account.client("logs").filter_log_events(logGroupName=group)["events"] if group else []
        return [e["message"] for e in events if order_id in e["message"]]

    put("Validator.NewOrder", detail)
    cancelled = wait_until(order, "an order that timed out is stored")
    assert (cancelled["ORDERSTATE"]["S"], cancelled["cause"]["S"], cancelled["USERID"]["S"]) == (
        "Cancelled",
        "Customer timedout",
        "Ada",
    )

    account.events.enable_rule(Name=deaf, EventBusName=BUS)
    put("OrderProcessor.WorkflowStarted", {**detail, "TaskToken": "a-pass-that-came-late"})
    wait_until(log_of_the_function, "the function has served the late message")
    assert order() == cancelled

"""An order is submitted once, even if the response is lost."""

import pytest
from botocore.stub import ANY, Stubber
from lossy_proxy import AFTER, BEFORE, lossy

from acceptance.aws.account import Account, LostAnswer
from support.durable_orders import driver
from support.durable_orders.driver import DurableOrders
from support.durable_orders.parts import DurableParts, discover_durable_orders
from support.durable_orders.settings import DurableOrdersSettings

ARN = "arn:aws:lambda:eu-west-1:000000000000:function:durable-orders:1/durable-execution/name/id"


@pytest.fixture
def submit_through(durable_account):
    """Submit an order of which the first answer is lost; return it, and all executions that were started for it."""
    embedded, account = durable_account
    parts = discover_durable_orders(account, DurableOrdersSettings())
    left = []

    def submit(moment, content=None):
        with lossy(embedded.url, every=0) as proxy:
            lot = moment if callable(moment) else lambda: moment
            proxy.lot = lambda action: lot() if action == "Invoke" else ""
            orders = DurableOrders(Account("us-east-1", proxy.url, "000000000000"), parts, "once")
            placed = orders.submit(orders.new_order() if content is None else content)
        left.append(DurableOrders(account, parts, "once"))
        left[-1]._placed.append(placed)
        return placed

    yield submit
    for orders in left:
        orders.leave()


def started(account, order_id):
    functions = account.client("lambda")
    version = functions.get_alias(FunctionName="durable-orders", Name="dev")["FunctionVersion"]
    pages = functions.get_paginator("list_durable_executions_by_function").paginate(
        FunctionName="durable-orders", Qualifier=version
    )
    arns = [one["DurableExecutionArn"] for page in pages for one in page["DurableExecutions"]]
    inputs = {arn: functions.get_durable_execution(DurableExecutionArn=arn).get("InputPayload", "") for arn in arns}
    return [arn for arn, given in inputs.items() if order_id in given]


@pytest.mark.cloud
class TestAnswerThatIsLost:
    def test_is_looked_up_by_the_order(self, submit_through, durable_account):
        placed = submit_through(AFTER)
        assert placed.executions == started(durable_account[1], placed.order_id)
        assert len(placed.executions) == 1

    def test_of_a_call_that_never_does_anything_is_not_known(self, submit_through, monkeypatch):
        monkeypatch.setattr(driver, "LISTED_SECONDS", 0.5)
        with pytest.raises(LostAnswer, match="The answer to Invoke was lost"):
            submit_through(BEFORE)

    def test_of_a_call_that_did_nothing_lets_the_order_be_submitted_again(self, submit_through, durable_account):
        moments = iter([BEFORE, ""])
        placed = submit_through(lambda: next(moments))
        assert placed.executions == started(durable_account[1], placed.order_id)
        assert len(placed.executions) == 1

    def test_of_an_order_that_cannot_be_told_from_others_is_not_known(self, submit_through):
        with pytest.raises(LostAnswer, match="not known whether it took effect"):
            submit_through(AFTER, {"orderId": ""})


def test_on_aws_each_submission_has_a_name_of_its_own():
    """AWS starts an execution of a name once, however often it is asked to."""
    account = Account("eu-west-1", "https://lambda.eu-west-1.amazonaws.com", "000000000000")
    orders = DurableOrders(account, DurableParts("durable-orders", "dev", "1", "orders", "", (), 10), "test")
    names = []
    orders._functions.meta.events.register(
        "provide-client-params.lambda.Invoke", lambda params, **_: names.append(params["DurableExecutionName"])
    )
    asked = {"FunctionName": "durable-orders", "Qualifier": "dev", "InvocationType": "Event", "Payload": ANY}
    with Stubber(orders._functions) as lambda_:
        for _ in range(2):
            lambda_.add_response(
                "invoke", {"StatusCode": 202, "DurableExecutionArn": ARN}, {**asked, "DurableExecutionName": ANY}
            )
        placed = orders.submit(orders.new_order())
        orders.submit_again(placed)
    assert len(set(names)) == 2

"""Durable orders' features pass with exactly the published policy, and each of its statements is needed."""

import contextlib
import json
import re

import pytest
from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.trouble import Trouble
from support.durable_orders.driver import DurableOrders
from support.durable_orders.parts import discover_durable_orders
from support.durable_orders.settings import DurableOrdersSettings
from trust.behave_run import run_behave
from trust.guests.account import ROOT, account_with_a_cafe
from trust.system_copy import copy_of

pytestmark = pytest.mark.cloud
SYSTEM = ROOT / "systems" / "durable_orders"
POLICY = json.loads((ROOT / "docs" / "iam-policy-durable-orders.json").read_text("utf-8"))["Statement"]

REFUSED = re.compile("AccessDenied|not authorized")


@pytest.fixture(scope="module")
def owner(tmp_path_factory):
    """The owner of an account with durable orders that enforces IAM."""
    with account_with_a_cafe(tmp_path_factory.mktemp("account"), SYSTEM / "template.yaml") as owner:
        yield owner


def walk(guest):
    """Make each request of the features once, as a guest."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in guest.items():
            patch.setenv(name, value)
        account = Account()
        orders = DurableOrders(account, discover_durable_orders(account, DurableOrdersSettings()), "walk")
        try:
            placed = orders.submit(orders.new_order())
            (execution,) = orders.executions(placed)
            tables, order_id = orders.tables, placed.order_id
            seen = [tables.stored(order_id), tables.charges(order_id), tables.time_to_live(), tables.all_stored()]
            return [*seen, orders.configuration(), orders.submitted_order_ids(execution.started.ms)]
        finally:
            with contextlib.suppress(ClientError):  # a denied action cannot be undone either
                orders.leave()


def test_a_run_passes_with_the_policy_and_leaves_nothing(owner, tmp_path):
    guest = owner.invite("guest", POLICY)
    features = ("orders", "no_id", "submitting_twice")
    ran = run_behave(
        copy_of("durable_orders", tmp_path),
        features,
        "-D",
        "target=aws",
        seconds=120,
        variables=guest,
        about="durable_orders",
    )
    assert ran.status == 0, ran.output
    tables = owner.account.dynamodb.list_tables()["TableNames"]
    assert not [item for table in tables for item in owner.account.dynamodb.scan(TableName=table)["Items"]]


@pytest.mark.parametrize("sid", [statement["Sid"] for statement in POLICY])
def test_each_statement_is_needed(owner, sid):
    guest = owner.invite(f"without-{sid}", [statement for statement in POLICY if statement["Sid"] != sid])
    with pytest.raises((ClientError, Trouble), match=REFUSED):
        walk(guest)


def test_a_guest_can_do_nothing_else_worth_having(owner):
    guest = owner.invite("curious", POLICY)
    table = next(name for name in owner.account.dynamodb.list_tables()["TableNames"] if "Orders" in name)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in guest.items():
            patch.setenv(name, value)
        account = Account()
        functions = account.client("lambda")
        for forbidden in (
            lambda: account.dynamodb.delete_table(TableName=table),
            lambda: account.dynamodb.put_item(TableName=table, Item={"orderId": {"S": "mine"}}),
            lambda: functions.update_function_configuration(FunctionName="durable-orders", Timeout=3),
            lambda: functions.delete_function(FunctionName="durable-orders"),
            lambda: account.stepfunctions.list_state_machines(),
        ):
            with pytest.raises(ClientError, match=REFUSED):
                forbidden()

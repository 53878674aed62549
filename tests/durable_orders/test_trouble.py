"""Trouble with a durable function: a clear sentence, an end in bounded time, and nothing left behind."""

import subprocess
import sys

import pytest
from botocore.stub import Stubber

from acceptance.aws.account import Account
from acceptance.aws.secret import SECRET
from acceptance.trouble import Trouble
from support.durable_orders.driver import DurableOrders
from support.durable_orders.parts import DurableParts, discover_durable_orders
from support.durable_orders.settings import DurableOrdersSettings
from trust.behave_run import run_behave
from trust.system_copy import ROOT, Edit, copy_of

pytestmark = [pytest.mark.cloud, pytest.mark.trust("trouble")]
SYSTEM = ROOT / "systems" / "durable_orders"
APP = "functions/process_order/app.py"
ARN = "arn:aws:lambda:eu-west-1:000000000000:function:durable-orders:1/durable-execution/a/b"
WAIT = 'int(os.environ["CONFIRMATION_WAIT_SECONDS"])'


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            DurableOrdersSettings(function="nope"),
            'There is no durable function called "nope" (setting durable_function).',
        ),
        (
            DurableOrdersSettings(alias="prod"),
            'The function durable-orders has no alias "prod". Publish one (AutoPublishAlias in its template), '
            "or name another one with -D durable_alias=….",
        ),
        (DurableOrdersSettings(orders_table="nope"), 'There is no table of the durable orders called "nope"'),
        (DurableOrdersSettings(payments_table="nope"), 'There is no table of the payments called "nope"'),
    ],
)
def test_a_part_that_is_not_there_is_named(durable_account, settings, sentence):
    with pytest.raises(Trouble) as raised:
        discover_durable_orders(durable_account[1], settings)
    assert sentence in str(raised.value)


def test_a_run_without_the_function_ends_before_its_first_scenario(cafe_account, tmp_path):
    keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "behave", "features/durable_orders/no_id.feature", "-D", "target=aws"),
            *("-D", "report=no", "-D", f"results={tmp_path / 'results'}"),
        ],
        cwd=ROOT,
        env={"PATH": "", "AWS_ENDPOINT_URL": cafe_account[0].url, **keys},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "The durable orders are not complete in region us-east-1:" in done.stdout
    assert "Deploy it, or name it with -D durable_function=…." in done.stdout
    assert "9 scenarios could not be checked" in done.stdout


def test_a_run_on_an_account_of_somebody_else_passes_and_leaves_nothing(durable_account, tmp_path):
    embedded, account = durable_account
    before = _items(account)  # other tests share the account
    keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "behave", "features/durable_orders", "-D", "target=aws", "-D", "chaos=yes"),
            *("-D", "report=no", "-D", f"results={tmp_path / 'results'}"),
        ],
        cwd=ROOT,
        env={"PATH": "", "AWS_ENDPOINT_URL": embedded.url, **keys},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "30 passed, 24 skipped" in done.stdout, (
        "those that need a rehearsal, or calls that fail, are left out, and say so"
    )
    assert [item for item in _items(account) if item not in before] == []
    assert _running(account) == []


def _items(account):
    """Return every item in the tables."""
    tables = account.dynamodb.list_tables()["TableNames"]
    return [item for table in tables for item in account.dynamodb.scan(TableName=table)["Items"]]


def _running(account):
    """Return every running execution."""
    functions = account.client("lambda")
    version = functions.get_alias(FunctionName="durable-orders", Name="dev")["FunctionVersion"]
    pages = functions.get_paginator("list_durable_executions_by_function").paginate(
        FunctionName="durable-orders", Qualifier=version
    )
    executions = [one for page in pages for one in page["DurableExecutions"]]
    assert executions, "so nothing was shown"
    return [one["DurableExecutionArn"] for one in executions if one["Status"] == "RUNNING"]


def test_an_order_that_never_ends_is_waited_for_in_bounded_time(tmp_path):
    system = copy_of("durable_orders", tmp_path)
    Edit(APP, WAIT, f"{WAIT} + 60").apply(system)
    ran = run_behave(
        system,
        ("orders",),
        *("-D", "durable_wait=1", "-D", "patience=2", "--name", "^The customer gets a receipt"),
        seconds=120,  # patience grows on a machine that stands still, and the run starts and ends anew
        about="durable_orders",
    )
    assert ran.status == 1
    (red,) = ran.red
    assert red.verdict == "failed"
    assert "Expected: an order that has completed" in red.message
    assert "it is running, last seen at wait_for_confirmation" in red.message


def test_an_order_that_somebody_stops_is_broken_and_says_so(durable_account, orders):
    placed = orders.submit(orders.new_order())
    durable_account[1].client("lambda").stop_durable_execution(
        DurableExecutionArn=placed.executions[0], Error={"ErrorType": "Mo", "ErrorMessage": "Not today."}
    )
    with pytest.raises(Trouble, match=r"was stopped from outside \(“Not today.”\): .*; run again"):
        orders.executions(placed)


def test_a_function_that_is_throttled_is_named(durable_account, orders):
    functions = durable_account[1].client("lambda")
    version = functions.get_alias(FunctionName="durable-orders", Name="dev")["FunctionVersion"]
    # MiniStack does not throttle a published version.
    functions.update_alias(FunctionName="durable-orders", Name="dev", FunctionVersion="$LATEST")
    functions.put_function_concurrency(FunctionName="durable-orders", ReservedConcurrentExecutions=0)
    try:
        with pytest.raises(Trouble, match=r"Lambda takes no more calls about durable-orders:dev now \(TooManyRequests"):
            orders.submit(orders.new_order())
    finally:
        functions.delete_function_concurrency(FunctionName="durable-orders")
        functions.update_alias(FunctionName="durable-orders", Name="dev", FunctionVersion=version)


def test_a_function_that_is_not_durable_is_named(cafe_account):
    account = cafe_account[1]
    functions = account.client("lambda")
    name = next(f["FunctionName"] for f in functions.list_functions()["Functions"] if "Sanitize" in f["FunctionName"])
    functions.create_alias(FunctionName=name, Name="dev", FunctionVersion="$LATEST")
    tables = account.dynamodb.list_tables()["TableNames"]
    parts = discover_durable_orders(account, DurableOrdersSettings(function=name, orders_table=tables[0]))
    orders = DurableOrders(account, parts, "test")
    order = orders.new_order()
    try:
        with pytest.raises(Trouble, match=f"The function {name} is not durable: .*name another one"):
            orders.submit(order)
    finally:
        functions.delete_alias(FunctionName=name, Name="dev")


class OnAws:
    """The driver as on AWS, where it invokes asynchronously. What Lambda answers is given by botocore's stubber."""

    def __init__(self):
        account = Account("eu-west-1", "https://lambda.eu-west-1.amazonaws.com", "000000000000")
        parts = DurableParts("durable-orders", "dev", "1", "orders", "", (), 10)
        self.driver = DurableOrders(account, parts, "test")
        self.lambda_ = Stubber(self.driver._functions)
        self.lambda_.activate()

    def answers(self, **answer):
        self.lambda_.add_response("invoke", {"StatusCode": 202, **answer})


def test_on_aws_an_order_is_submitted_without_waiting_for_its_end():
    aws = OnAws()
    aws.answers(DurableExecutionArn=ARN)
    assert aws.driver.submit(aws.driver.new_order()).executions == [ARN]


def test_on_aws_an_order_that_is_not_shown_yet_is_under_way():
    aws = OnAws()
    aws.lambda_.add_client_error("get_durable_execution", "ResourceNotFoundException")
    seen = aws.driver.execution(ARN)
    assert not seen.is_over
    assert seen.words == "running"


def test_on_aws_a_function_that_is_throttled_is_named():
    aws = OnAws()
    aws.lambda_.add_client_error("invoke", "TooManyRequestsException", http_status_code=400)
    with pytest.raises(Trouble, match="Lambda takes no more calls about durable-orders:dev now"):
        aws.driver.submit(aws.driver.new_order())


def test_on_aws_a_function_that_is_not_durable_is_named():
    aws = OnAws()
    aws.answers()
    with pytest.raises(Trouble, match=r"The function durable-orders is not durable\. "):
        aws.driver.submit(aws.driver.new_order())

"""Fulfilment's features pass with exactly the published policy, and each of its statements is needed."""

import json
import subprocess
import sys

import pytest
from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.trouble import Trouble
from support.fulfilment.dialogue import read_dialogue
from support.fulfilment.driver import Fulfilment
from support.fulfilment.order_flows import ManyFlows, Plan
from support.fulfilment.parts import discover_fulfilment
from support.fulfilment.settings import FulfilmentSettings
from trust.behave_run import run_behave
from trust.guests.account import ROOT, account_with_a_cafe
from trust.system_copy import copy_of

pytestmark = pytest.mark.cloud
SYSTEM = ROOT / "systems" / "fulfilment"
DIALOGUE = ROOT / "features" / "fulfilment" / "dialogue.yaml"
POLICY = json.loads((ROOT / "docs" / "iam-policy-fulfilment.json").read_text("utf-8"))["Statement"]
PASSWORD = "open, Sesame 7"
REFUSED = "AccessDenied|not authorized"


@pytest.fixture(scope="module")
def owner(tmp_path_factory):
    """The owner of an account with fulfilment and its users that enforces IAM."""
    with account_with_a_cafe(tmp_path_factory.mktemp("account"), SYSTEM / "template.yaml") as owner:
        tables = discover_fulfilment(owner.account, FulfilmentSettings())
        own = Fulfilment(owner.account, tables, read_dialogue(DIALOGUE), "owner", PASSWORD)
        own.let_everybody_in()
        yield owner


def walk(guest):
    """Take an order through all programs as a guest, and read the records."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in guest.items():
            patch.setenv(name, value)
        account = Account()
        fulfilment = Fulfilment(
            account, discover_fulfilment(account, FulfilmentSettings()), read_dialogue(DIALOGUE), "walk", PASSWORD
        )
        try:
            item = fulfilment.new_item("lamp")
            fulfilment.records.put_on_the_shelf(item, 1, 1)
            (flow,) = ManyFlows(fulfilment, Plan(item), 1).run()
            if not flow.went_through:
                raise Trouble(flow.words)
            _see_what_waits(fulfilment)
            fulfilment.records.remove(item)
        finally:
            fulfilment.leave()


def _see_what_waits(fulfilment):
    """Take the first choice of each menu."""
    for name, program in (("Rosa", "inventory"), ("Tess", "warehouse"), ("Uma", "logistics"), ("Vic", "delivery")):
        done = subprocess.run(
            [sys.executable, f"{program}.py"],
            cwd=SYSTEM,
            env=dict(fulfilment.setup.environment),
            input=f"{fulfilment.person(name).user}\n{PASSWORD}\n1\n0\n",
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise Trouble(done.stdout)


def test_a_run_passes_with_the_policy_and_leaves_nothing(owner, tmp_path):
    guest = owner.invite("guest", POLICY)
    ran = run_behave(
        copy_of("fulfilment", tmp_path),
        ("delivering", "reserving", "ordering"),
        *("-D", "target=aws"),
        seconds=180,
        variables={**guest, "ACCEPTANCE_FULFILMENT_PASSWORD": PASSWORD},
        about="fulfilment",
    )
    assert ran.status == 0, ran.output
    left = {
        table: owner.account.dynamodb.scan(TableName=f"fulfilment-{table}")["Items"]
        for table in ("orders", "stock", "deliveries")
    }
    assert left == {"orders": [], "stock": [], "deliveries": []}


def test_an_order_passes_through_everybody(owner):
    walk(owner.invite("walker", POLICY))


@pytest.mark.parametrize("sid", [statement["Sid"] for statement in POLICY])
def test_each_statement_is_needed(owner, sid):
    guest = owner.invite(f"without-{sid}", [statement for statement in POLICY if statement["Sid"] != sid])
    with pytest.raises((ClientError, Trouble), match=REFUSED):
        walk(guest)


def test_a_guest_can_do_nothing_else_worth_having(owner):
    guest = owner.invite("curious", POLICY)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in guest.items():
            patch.setenv(name, value)
        dynamodb = Account().dynamodb
        for forbidden in (
            lambda: dynamodb.delete_table(TableName="fulfilment-orders"),
            lambda: dynamodb.put_item(TableName="fulfilment-staff", Item={"user": {"S": "mallory"}}),
            lambda: dynamodb.scan(TableName="fulfilment-staff"),
            lambda: dynamodb.scan(TableName="fulfilment-orders"),
            lambda: dynamodb.scan(TableName="fulfilment-orders", ProjectionExpression="order_id, customer"),
        ):
            with pytest.raises(ClientError, match=REFUSED):
                forbidden()

"""A run leaves an account as it found it, however its scenarios ended, and does not touch other people's resources.

The café here completes orders with a wrong state, so one scenario fails while the shop is closed. Logs, ended
executions and the next order's number are not restored, because a guest cannot do that.
"""

import dataclasses
import json
import os
import signal
import subprocess
import sys
from unittest.mock import ANY

import pytest
from listing import BUS, ORDERS, SETTINGS, items, listing

from acceptance.aws.lease import LEASE_SECONDS, leases
from trust.behave_run import run_behave
from trust.guests.account import POLICY, ROOT, account_with_a_cafe
from trust.system_copy import CAFE, MANAGER, Edit, copy_of

pytestmark = pytest.mark.cloud

CLOSED_AND_FAILS = "A submitted order is still completed after closing time"
PASSES = {
    "A drink that has run out is refused",
    "A malformed scan leaves the other orders alone",
    "A scan at a closed shop is refused",
    "A scan with a number as its order opens no order",
    "One order more than the shop can serve is refused",
}
BESIDE = ("A claimed order", "A barista cannot claim", "An order without a drink cannot", "A submitted drink reaches")
AS_A_GUEST = ("-D", "target=aws", "-D", "exclusive=yes", "-D", "quiet=0.3")


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    """A café that completes no orders."""
    system = copy_of(CAFE, tmp_path_factory.mktemp("broken"))
    Edit(MANAGER, '{"S": "Completed"}', '{"S": "Complete"}').apply(system)
    return system


@pytest.fixture(scope="module")
def owner(system, tmp_path_factory, wait_until):
    """Its owner, with settings, a rule and an open order that guests must not touch."""
    with account_with_a_cafe(tmp_path_factory.mktemp("account"), system / "template.yaml") as owner:
        account = owner.account
        scan = {"userId": "Somebody", "orderId": "somebodys-order"}
        entry = {"EventBusName": BUS, "Source": "awsserverlessda.serverlesspresso", "DetailType": "Validator.NewOrder"}
        account.events.put_events(Entries=[{**entry, "Detail": json.dumps(scan)}])
        account.events.put_rule(Name="acceptance-of-somebody", EventBusName=BUS, EventPattern='{"source": ["a"]}')
        account.sqs.create_queue(QueueName="acceptance-of-somebody")
        account.dynamodb.update_item(
            TableName=SETTINGS,
            Key={"PK": {"S": "config"}},
            UpdateExpression="SET greeting = :hello",
            ExpressionAttributeValues={":hello": {"S": "Hello"}},
        )
        wait_until(lambda: items(account, ORDERS), "somebody's order is there", 30)
        yield owner


@pytest.fixture(scope="module")
def guest(owner):
    return owner.invite("guest", POLICY)


@pytest.fixture
def before(owner):
    """The account's contents before the run."""
    return listing(owner.account)


def test_nothing_is_left_of_scenarios_that_pass_and_that_fail(owner, guest, system, before):
    ran = run_behave(
        system,
        ("capacity", "malformed_scans", "ordering", "shop_hours"),
        *(f"--name=^{name}" for name in {CLOSED_AND_FAILS, *PASSES}),
        *(*AS_A_GUEST, "-D", "patience=12"),
        variables=guest,
    )
    assert [(scenario.name, scenario.verdict) for scenario in ran.red] == [(CLOSED_AND_FAILS, "failed")], ran.output
    assert len(ran.passed) == len(PASSES), ran.output
    assert listing(owner.account) == before


def test_workers_share_an_account_and_what_everybody_sees_is_changed_while_nobody_else_plays(
    owner, guest, system, before
):
    ran = run_behave(
        system,
        ("capacity", "claiming", "ordering", "shop_hours"),
        *(f"--name=^{name}" for name in {CLOSED_AND_FAILS, *PASSES, *BESIDE}),
        *(*AS_A_GUEST, "-j", "3", "-D", "patience=10"),
        seconds=240,
        variables=guest,
    )
    assert [(scenario.name, scenario.verdict) for scenario in ran.red] == [(CLOSED_AND_FAILS, "failed")], ran.output
    assert listing(owner.account) == before
    played = [json.loads(path.read_text()) for path in (system.parent / "reports/allure-results").glob("*-result.json")]
    exclusive = [one for one in played if "exclusive" in [label["value"] for label in one["labels"]]]
    others = [one for one in played if one not in exclusive]
    assert len(exclusive) >= 3
    assert [(one["name"], other["name"]) for one in exclusive for other in played if overlap(one, other)] == []
    assert any(overlap(one, other) for one in others for other in others), "they went one after another"


def overlap(one, other):
    """Return whether two scenarios ran at the same time."""
    return one is not other and one["start"] < other["stop"] and other["start"] < one["stop"]


@pytest.fixture
def closed(owner, guest, before, tmp_path, wait_until):
    """A run whose scenario has closed the shop and waits in vain."""
    feature = ROOT / "features" / "serverlesspresso" / "shop_hours.feature"
    options = (f"--name=^{CLOSED_AND_FAILS}$", "-D", f"results={tmp_path / 'results'}", "-D", "report=no")
    with subprocess.Popen(
        [sys.executable, "-m", "behave", str(feature), *options, *AS_A_GUEST],
        cwd=ROOT,
        env={**os.environ, **guest},
        stdout=subprocess.DEVNULL,
    ) as run:
        try:
            wait_until(lambda: '"Complete"' in str(items(owner.account, ORDERS)), "an order with a wrong state", 30)
            assert is_closed(owner.account)
            yield run
        finally:
            run.kill()


def is_closed(account):
    return '"storeOpen": {"BOOL": false}' in str(items(account, SETTINGS))


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=lambda asked: asked.name)
def test_nothing_is_left_of_a_run_that_is_interrupted(owner, before, closed, asked):
    closed.send_signal(asked)
    assert closed.wait(timeout=30) == 1
    assert listing(owner.account) == before


def test_next_run_removes_what_a_killed_run_has_left(owner, guest, system, before, closed):
    """Leftovers of a run that is or may be alive stay."""
    account = owner.account

    def another_run():
        ran = run_behave(system, ("shop_hours",), "--name=^A scan at a closed shop", *AS_A_GUEST, variables=guest)
        assert len(ran.passed) == 1, ran.output

    while_it_lives = listing(account)
    another_run()
    assert {**listing(account), "rules and targets": ANY} == {**while_it_lives, "rules and targets": ANY}
    closed.kill()
    closed.wait(timeout=5)
    let_the_lease_end(account)
    assert is_closed(account)
    another_run()
    assert listing(account) == before


def let_the_lease_end(account):
    """Advance the time until a run that does not renew its lease counts as dead."""
    (lease,) = leases(account, BUS).living
    over = dataclasses.replace(lease, until=lease.until - LEASE_SECONDS - 1)
    rule = account.events.describe_rule(Name=lease.tap, EventBusName=BUS)
    account.events.put_rule(Name=lease.tap, EventBusName=BUS, EventPattern=rule["EventPattern"], Description=over.words)

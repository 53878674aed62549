"""Declared parts are found by fragments of their names; a setting has priority, and ambiguity is reported."""

import json
import uuid
from types import SimpleNamespace

import pytest

from acceptance.aws import parts as parts_module
from acceptance.aws.account import Account
from acceptance.aws.parts import discover
from acceptance.trouble import Trouble

DECLARED = {
    "bus": ("event bus", "bookings"),
    "workflow": ("state machine", "bookings-workflow"),
    "bookings_table": ("table", "Bookings-Table"),
    "queue": ("queue", "bookings-queue"),
}
TWO_TABLES = {"bookings_table": ("table", "bookings-table"), "payments_table": ("table", "payments-table")}
NOTHING_SET = SimpleNamespace()
ROLE = "arn:aws:iam::000000000000:role/any"
DEFINITION = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})


def make_table(account, name):
    account.dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )


@pytest.fixture
def empty(cafe_account):
    """An account of its own in which nothing is deployed."""
    return Account("us-east-1", cafe_account[0].url, str(400000000000 + uuid.uuid4().int % 10**10))


@pytest.fixture
def account(empty):
    """An account in which the parts are deployed, as CloudFormation calls them."""
    empty.events.create_event_bus(Name="bookings")
    empty.stepfunctions.create_state_machine(name="app-Bookings-Workflow-Ab1", definition=DEFINITION, roleArn=ROLE)
    make_table(empty, "app-bookings-table-1")
    empty.sqs.create_queue(QueueName="bookings-queue")
    return empty


@pytest.mark.cloud
class TestDiscover:
    def test_finds_each_part_by_its_role(self, account):
        found = discover(account, "bookings", DECLARED, NOTHING_SET)
        assert (found["bus"], found["bookings_table"], found["queue"]) == (
            "bookings",
            "app-bookings-table-1",
            "bookings-queue",
        )
        assert found["workflow"].endswith(":stateMachine:app-Bookings-Workflow-Ab1")

    def test_tells_all_that_is_missing_with_the_settings(self, empty):
        with pytest.raises(Trouble) as trouble:
            discover(empty, "bookings", DECLARED, NOTHING_SET)
        first, *problems = str(trouble.value).splitlines()
        assert first == f"The system bookings is not complete in {empty.endpoint}:"
        assert len(problems) == len(DECLARED)
        assert problems[2] == (
            '- No table (bookings table) was found: no name contains "bookings-table". '
            "Deploy it, or name it with -D bookings_bookings_table=…."
        )

    def test_lists_all_that_there_is_more_than_one_of(self, account):
        make_table(account, "app-bookings-table-2")
        with pytest.raises(Trouble) as trouble:
            discover(account, "bookings", DECLARED, NOTHING_SET)
        assert str(trouble.value).endswith(
            "- More than one table (bookings table) was found (app-bookings-table-1, app-bookings-table-2). "
            "Choose one with -D bookings_bookings_table=…."
        )

    def test_takes_what_a_setting_names(self, account):
        make_table(account, "others")
        make_table(account, "app-bookings-table-2")
        found = discover(account, "bookings", DECLARED, SimpleNamespace(bookings_table="others"))
        assert found["bookings_table"] == "others"

    def test_refuses_what_a_setting_names_and_is_not_there(self, account):
        with pytest.raises(
            Trouble, match=r'no table \(bookings table\) called "x" \(setting bookings_bookings_table\)'
        ):
            discover(account, "bookings", DECLARED, SimpleNamespace(bookings_table="x"))

    def test_asks_for_what_is_declared_only(self, account, monkeypatch):
        """A policy need not allow more."""
        monkeypatch.setattr(parts_module, "LISTINGS", {"event bus": parts_module.LISTINGS["event bus"]})
        assert discover(account, "bookings", {"bus": DECLARED["bus"]}, NOTHING_SET) == {"bus": "bookings"}


@pytest.mark.cloud
class TestSharedParts:
    """Another part would answer instead, so no verdict could rely on it."""

    def test_table_of_two_roles_is_refused(self, account):
        make_table(account, "app-payments-table-1")
        settings = SimpleNamespace(payments_table="app-bookings-table-1")
        with pytest.raises(Trouble) as trouble:
            discover(account, "bookings", TWO_TABLES, settings)
        assert str(trouble.value) == (
            f"The system bookings is not complete in {account.endpoint}:\n"
            "- app-bookings-table-1 is the table (bookings table), so it cannot be the table (payments table) too. "
            "Name another one with -D bookings_payments_table=…."
        )

    def test_table_that_two_fragments_find_is_refused(self, account):
        declared = {**TWO_TABLES, "payments_table": ("table", "bookings")}
        with pytest.raises(Trouble, match="cannot be the table \\(payments table\\) too"):
            discover(account, "bookings", declared, NOTHING_SET)

    def test_workflow_of_two_roles_is_called_by_its_name(self, account):
        declared = {"one": ("state machine", "bookings"), "other": ("state machine", "workflow")}
        with pytest.raises(Trouble, match="- app-Bookings-Workflow-Ab1 is the state machine \\(one\\)"):
            discover(account, "bookings", declared, NOTHING_SET)

    def test_parts_of_two_kinds_may_have_the_same_name(self, account):
        account.sqs.create_queue(QueueName="bookings")
        declared = {"bus": ("event bus", "bookings"), "queue": ("queue", "bookings")}
        found = discover(account, "bookings", declared, SimpleNamespace(queue="bookings"))
        assert dict(found) == {"bus": "bookings", "queue": "bookings"}

"""Calls to the embedded account fail or take their time where a test asks for that, and no others."""

import asyncio
import json

import pytest
from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.aws.disturbances import disturbed
from acceptance.aws.disturber import (
    BEHIND,
    CHECKPOINT,
    EVERY,
    HAND_ON,
    LOSE_ANSWER,
    PATH,
    READS,
    RUN,
    TELL,
    THROTTLED,
    Disturbance,
    Disturber,
)
from acceptance.trouble import Trouble


class Behind:
    """What stands behind a disturber: it notes each body that gets through."""

    def __init__(self):
        self.bodies = []

    async def __call__(self, scope, receive, send):
        self.bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


class Called:
    """A disturber with a backend, called without a network."""

    def __init__(self):
        self.behind = Behind()
        self.disturber = Disturber(self.behind)

    def call(self, body, *, path="/", method="POST", target="DynamoDB_20120810.PutItem"):
        """Return the status and the content of an answer."""
        sent = []

        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "path": path, "method": method, "headers": [(b"x-amz-target", target.encode())]}
        asyncio.run(self.disturber(scope, receive, send))
        return sent[0]["status"], json.loads(sent[1]["body"])

    def ask(self, **disturbance):
        assert self.call(json.dumps(disturbance).encode(), path=f"{PATH}one", method="PUT") == (200, {"seen": 0})


@pytest.fixture
def called():
    return Called()


def test_all_calls_pass_when_nobody_asks(called):
    assert called.call(b'{"id": "A"}') == (200, {})


def test_calls_fail_after_those_that_pass(called):
    called.ask(containing=["A"], after=1, times=2)
    statuses = [called.call(b'{"id": "A"}')[0] for _ in range(5)]
    assert statuses == [200, 400, 400, 200, 200]
    assert len(called.behind.bodies) == 3


def test_without_a_number_all_further_calls_fail(called):
    called.ask(containing=["A"], after=1)
    assert [called.call(b"A")[0] for _ in range(4)] == [200, 400, 400, 400]


def test_other_calls_pass(called):
    called.ask(containing=["A"])
    assert called.call(b'{"id": "B"}')[0] == 200
    assert called.call(b'{"id": "A"}', target="DynamoDB_20120810.GetItem")[0] == 200
    assert called.call(b'{"id": "A"}', target="AWSEvents.PutItem")[0] == 200
    assert called.call(b'{"id": "A"}')[0] == 400


def test_a_text_of_any_script_is_found(called):
    called.ask(containing=["東京"])
    assert called.call(json.dumps({"id": "東京"}).encode())[0] == 400


def test_a_transaction_fails_by_one_of_its_writes(called):
    called.ask(containing=["A"])
    body = json.dumps({"TransactItems": [{"Put": "A"}, {"Put": "B"}]}).encode()
    status, answer = called.call(body, target="DynamoDB_20120810.TransactWriteItems")
    assert status == 400
    assert answer["__type"].endswith("#TransactionCanceledException")
    assert [reason["Code"] for reason in answer["CancellationReasons"]] == ["None", "ItemCollectionSizeLimitExceeded"]


def test_a_call_whose_answer_is_lost_is_carried_out(called):
    called.ask(containing=["A"], effect=LOSE_ANSWER, times=1)
    status, answer = called.call(b"A")
    assert (status, answer["__type"].rpartition("#")[2]) == (500, "InternalServerError")
    assert called.behind.bodies == [b"A"]
    assert called.call(b"A") == (200, {})


def test_both_texts_are_in_a_call_that_is_meant(called):
    called.ask(containing=["A", "B"], also="paid")
    assert [called.call(body)[0] for body in (b"A", b"paid", b"B paid")] == [200, 200, 400]


def test_the_progress_of_a_durable_function_is_not_noted(called):
    checkpoint = {"path": "/2025-12-01/durable-executions/arn:1/checkpoint", "target": ""}
    called.ask(containing=["A"], operations=list(EVERY))
    assert called.call(b"A", **checkpoint)[0] == 200
    called.ask(containing=["A"], operations=[CHECKPOINT])
    status, answer = called.call(b"A", **checkpoint)
    assert status == 400
    # By these words the SDK knows that its invocation has been replaced, and does not end the execution.
    assert answer["message"].startswith("Invalid checkpoint token")


def test_a_bus_takes_a_call_and_refuses_its_events(called):
    put = "AWSEvents.PutEvents"
    body = json.dumps({"Entries": [{"Detail": '{"id": "A"}'}]}).encode()
    called.ask(containing=["A"], operations=list(EVERY))
    assert called.call(body, target=put) == (200, {})
    called.ask(containing=["A"], operations=[TELL], times=1, code="ThrottlingException")
    status, answer = called.call(body, target=put)
    assert (status, answer["FailedEntryCount"]) == (200, 1)
    assert answer["Entries"][0]["ErrorCode"] == "ThrottlingException"
    assert called.call(body, target=put) == (200, {})


def test_it_ends_when_it_is_taken_back(called):
    called.ask(containing=["A"])
    called.call(b"", path=f"{PATH}one", method="DELETE")
    assert called.call(b"A") == (200, {})


def test_a_delay_is_the_same_for_the_same_seed():
    def delays(seed):
        one = Disturbance(["A"], delay=80, seed=seed)
        return [one.next_delay("PutItem") for _ in range(5)]

    assert delays(1) == delays(1) != delays(2)


def test_a_slow_call_gets_through(called):
    called.ask(containing=["A"], operations=list(READS), delay=2)
    assert called.call(b'{"id": "A"}', target="DynamoDB_20120810.GetItem") == (200, {})


def test_only_the_embedded_account_can_be_disturbed():
    with (
        pytest.raises(Trouble, match="Only the embedded account"),
        disturbed(Account("eu-west-1"), Disturbance(["A"])),
    ):
        pass


@pytest.mark.cloud
def test_a_write_fails_as_dynamodb_would_let_it_fail(cafe_account):
    account = cafe_account[1]
    table = next(name for name in account.dynamodb.list_tables()["TableNames"] if "config" in name.lower())
    key = account.dynamodb.describe_table(TableName=table)["Table"]["KeySchema"][0]["AttributeName"]

    def put():
        account.dynamodb.put_item(TableName=table, Item={key: {"S": "disturbed"}})

    with disturbed(account, Disturbance(["disturbed"])):
        with pytest.raises(ClientError) as refused:
            put()
        assert refused.value.response["Error"]["Code"] == "ItemCollectionSizeLimitExceededException"
    put()
    account.dynamodb.delete_item(TableName=table, Key={key: {"S": "disturbed"}})


@pytest.mark.cloud
def test_a_read_is_behind_unless_it_asks_for_the_latest_state(cafe_account):
    dynamodb = cafe_account[1].dynamodb
    table = next(name for name in dynamodb.list_tables()["TableNames"] if "config" in name.lower())
    [key] = [one["AttributeName"] for one in dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]]

    def put(version):
        dynamodb.put_item(TableName=table, Item={key: {"S": "behind"}, "version": {"S": version}})

    def read(**how):
        item = dynamodb.get_item(TableName=table, Key={key: {"S": "behind"}}, **how).get("Item")
        return item and item["version"]["S"]

    with disturbed(cafe_account[1], Disturbance(["behind"], operations=("GetItem",), effect=BEHIND)):
        put("first")
        assert (read(), read(ConsistentRead=True)) == (None, "first")
        put("second")
        assert (read(), read(ConsistentRead=True)) == ("first", "second")
    assert read() == "second"
    dynamodb.delete_item(TableName=table, Key={key: {"S": "behind"}})


def test_calls_are_throttled_for_a_time_from_the_first_one(called, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("acceptance.aws.disturber.time.monotonic", lambda: now[0])
    called.ask(containing=["A"], code=THROTTLED, lasting=3.0)
    now[0] = 150.0
    status, answer = called.call(b"A")
    assert (status, answer["__type"].rpartition("#")[2]) == (400, "ProvisionedThroughputExceededException")
    now[0] = 152.9
    assert called.call(b"A")[0] == 400
    now[0] = 153.1
    assert called.call(b"A")[0] == 200


def test_the_time_is_the_same_for_what_anybody_writes_and_what_tasks_read(called, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("acceptance.aws.disturber.time.monotonic", lambda: now[0])
    called.ask(containing=["A"], of_tasks=["GetItem"], code=THROTTLED, lasting=3.0)
    assert not called.disturber.disturb("GetItem", "A").fails
    assert called.disturber.disturb("GetItem", "A", task=True).fails
    now[0] = 103.1
    assert called.call(b"A")[0] == 200


def test_only_tasks_of_workflows_are_meant_where_that_is_asked_for(called):
    called.ask(containing=["A"], operations=[], of_tasks=["PutItem"])
    assert called.call(b"A")[0] == 200
    assert not called.disturber.disturb("PutItem", "A").fails
    assert called.disturber.disturb("PutItem", "A", task=True).fails


def test_every_call_is_no_function_that_runs_and_no_event_that_is_handed_on(called):
    called.ask(operations=list(EVERY))
    assert called.disturber.disturb("PutItem", "A").fails
    assert not called.disturber.disturb(RUN, "A").fails
    assert not called.disturber.disturb(f"{HAND_ON}Scanned", "A").fails

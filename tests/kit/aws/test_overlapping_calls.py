"""What is begun together overlaps on an account that is slowed down, and who is held is overtaken."""

import json
import random
import threading
import uuid

import pytest

from acceptance.aws.disturbances import CALL_MS, WRITE_MS, first_write_held, slowed_down
from acceptance.aws.disturber import EVERY, Disturbance
from acceptance.aws.workflow_tasks import operation_of
from acceptance.waiting import Waiter

ROUNDS, AT_ONCE = 10, 3
# How much later the second of two may begin (ms), and how many calls both make before they look.
LATER_MS, CALLS_BEFORE = 20, 3
NAME = {"S.$": "$.name"}


def task(operation, following, **parameters):
    """A state that calls DynamoDB about the table of counters."""
    following = {"Next": following} if following else {"End": True}
    resource = f"arn:aws:states:::dynamodb:{operation}"
    parameters = {"TableName": "counters", **parameters}
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, "ResultPath": f"$.{operation}", **following}


LOOKS_THEN_WRITES = {
    "StartAt": "Look",
    "States": {
        "Look": task("getItem", "Write", Key={"name": NAME}),
        "Write": task("putItem", None, Item={"name": NAME, "counted": {"N.$": "$.getItem.Item.counted.N"}}),
    },
}
LOOKS_THEN_WRITES["States"]["Write"]["Parameters"]["Item"]["counted"] = {
    "N.$": "States.Format('{}', States.MathAdd(States.StringToJson($.getItem.Item.counted.N), 1))"
}
ADDS = {
    "StartAt": "Add",
    "States": {
        "Add": task(
            "updateItem",
            None,
            Key={"name": NAME},
            UpdateExpression="ADD counted :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
    },
}


class Counting:
    """Workflows that count in a table."""

    def __init__(self, account):
        self.account = account
        self.arns = {}
        key = {"AttributeName": "name", "KeyType": "HASH"}
        account.dynamodb.create_table(
            TableName="counters",
            KeySchema=[key],
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for name, definition in (("looks", LOOKS_THEN_WRITES), ("adds", ADDS)):
            made = account.stepfunctions.create_state_machine(
                name=f"counting-{name}", definition=json.dumps(definition), roleArn="arn:aws:iam::000000000000:role/any"
            )
            self.arns[name] = made["stateMachineArn"]

    def new(self):
        """Return a new counter, at 0."""
        name = uuid.uuid4().hex
        self.account.dynamodb.put_item(TableName="counters", Item={"name": {"S": name}, "counted": {"N": "0"}})
        return name

    def begin(self, how, name):
        begun = self.account.stepfunctions.start_execution(
            stateMachineArn=self.arns[how], input=json.dumps({"name": name})
        )
        return begun["executionArn"]

    def ended(self, execution):
        return self.account.stepfunctions.describe_execution(executionArn=execution)["status"] != "RUNNING"

    def counted(self, name):
        key = {"name": {"S": name}}
        item = self.account.dynamodb.get_item(TableName="counters", Key=key, ConsistentRead=True)["Item"]
        return int(item["counted"]["N"])


def until(ask):
    """Wait until something is so."""
    pause = threading.Event()
    assert any(ask() or pause.wait(0.01) for _ in range(1000))


@pytest.fixture(scope="module")
def counting(cafe_account):
    return Counting(cafe_account[1])


def test_operation_is_read_in_a_resource():
    assert operation_of("arn:aws:states:::dynamodb:updateItem") == "UpdateItem"
    assert operation_of("arn:aws:states:::events:putEvents.waitForTaskToken") == "PutEvents"
    assert operation_of("arn:aws:states:::aws-sdk:sfn:sendTaskSuccess") == "SendTaskSuccess"
    assert operation_of("arn:aws:states:::lambda:invoke") == "Invoke"
    assert operation_of("arn:aws:lambda:eu-west-1:000000000000:function:sanitize") == "Invoke"


@pytest.mark.cloud
@pytest.mark.parametrize(("how", "possible"), [("looks", range(1, AT_ONCE)), ("adds", [AT_ONCE])])
def test_some_look_before_others_have_written_where_calls_take_their_time(counting, how, possible):
    names = [counting.new() for _ in range(ROUNDS)]
    for seed, name in enumerate(names):
        with slowed_down(counting.account, seed):
            begun = Waiter(10, 1).by_schedule([lambda name=name: counting.begin(how, name)] * AT_ONCE, every=0.0)
            until(lambda begun=begun: all(counting.ended(one.result) for one in begun))
    counts = [counting.counted(name) for name in names]  # one that is lost shows the race; a busy machine loses fewer
    assert [count for count in counts if count not in possible] == [], counts


@pytest.mark.cloud
@pytest.mark.parametrize(("how", "wanted"), [("looks", 1), ("adds", 2)])
def test_who_is_held_is_overtaken(counting, how, wanted):
    name = counting.new()
    with first_write_held(counting.account, name) as has_come:
        assert not has_come()
        held = counting.begin(how, name)
        until(has_come)
        other = counting.begin(how, name)
        until(lambda: counting.ended(other))
        assert not counting.ended(held)
        assert counting.counted(name) == 1
    until(lambda: counting.ended(held))
    assert counting.counted(name) == wanted


@pytest.mark.cloud
def test_a_call_over_http_is_held_as_well(counting):
    name = counting.new()
    item = {"name": {"S": name}, "counted": {"N": "5"}}
    with first_write_held(counting.account, name) as has_come:
        writer = threading.Thread(
            target=lambda: counting.account.client("dynamodb").put_item(TableName="counters", Item=item)
        )
        writer.start()
        until(has_come)
        assert counting.counted(name) == 0
    writer.join()
    assert counting.counted(name) == 5


def test_a_window_hardly_ever_goes_unnoticed():
    """The share of pairs of which the second looks after the first has written, however short its own window is."""
    chance = random.Random(16)  # noqa: S311 - no secret
    calls = Disturbance(operations=EVERY, delay=CALL_MS, seed=16)
    writes = Disturbance(delay=WRITE_MS, seed=16)

    def looked_and_wrote(begun):
        looked = begun + sum(calls.next_delay("GetItem") for _ in range(CALLS_BEFORE))
        return looked, looked + calls.next_delay("GetItem") + calls.next_delay("PutItem") + writes.next_delay("PutItem")

    def unnoticed():
        (looked, wrote), (other_looked, other_wrote) = (
            looked_and_wrote(0),
            looked_and_wrote(chance.uniform(0, LATER_MS)),
        )
        return wrote < other_looked or other_wrote < looked

    pairs = 5000
    assert sum(unnoticed() for _ in range(pairs)) / pairs < 1 / 1000

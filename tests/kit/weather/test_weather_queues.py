"""What rules and queues deliver in weather: late, in another order, and some of it twice; nothing is lost for good."""

import asyncio
import json
import uuid

import pytest

from acceptance.weather.calls import Answer, read_call
from acceptance.weather.draws import Draws
from acceptance.weather.queues import Queues
from acceptance.weather.weathers import Weather

URL = "http://127.0.0.1/000000000000/tap"
ARN = "arn:aws:sqs:us-east-1:000000000000:tap"
MANY = 40
AGES = 10**16  # ms, later than any deafness


def call(operation, **given):
    headers = {
        "X-Amz-Target": f"AmazonSQS.{operation}",
        "Authorization": "Credential=000000000000/20260101/us-east-1/sqs/aws4_request",
    }
    return read_call("POST", "/", headers, json.dumps(given).encode())


class Queue:
    """A queue whose messages stay visible until they are deleted, as a reader asks for with a time-out of 0."""

    def __init__(self, count=MANY, sent=AGES):
        ids = [str(uuid.uuid4()) for _ in range(count)]
        self.messages = {
            f"handle-{one}": {
                "MessageId": one,
                "ReceiptHandle": f"handle-{one}",
                "Body": str(number),
                "Attributes": {"SentTimestamp": str(sent + number)},
            }
            for number, one in enumerate(ids)
        }
        self.deleted = []

    async def __call__(self, one):
        told = {}
        if one.operation == "ReceiveMessage":
            told = {"Messages": list(self.messages.values())[: one.given["MaxNumberOfMessages"]]}
        if one.operation == "DeleteMessageBatch":
            for entry in one.given["Entries"]:
                self.deleted.append(entry["ReceiptHandle"])
                del self.messages[entry["ReceiptHandle"]]
            told = {"Successful": [{"Id": entry["Id"]} for entry in one.given["Entries"]], "Failed": []}
        return Answer(200, [], json.dumps(told).encode())


async def read_all(queues, queue, turns=200):
    """Receive and delete until nothing has come for a while."""
    heard = []
    for _ in range(turns):
        answer = await queues(call("ReceiveMessage", QueueUrl=URL, MaxNumberOfMessages=10, VisibilityTimeout=0), queue)
        messages = answer.told.get("Messages", ())
        heard += messages
        if messages:
            entries = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(messages)]
            deleted = await queues(call("DeleteMessageBatch", QueueUrl=URL, Entries=entries), queue)
            assert {one["Id"] for one in deleted.told["Successful"]} == {entry["Id"] for entry in entries}
        await asyncio.sleep(0.002)
    return heard


def heard_in(queue=None, **figures):
    queue = queue or Queue()
    queues = Queues(Weather("test", **figures), Draws(5))
    return asyncio.run(read_all(queues, queue)), queue


def bodies(heard):
    return [int(one["Body"]) for one in heard]


def test_messages_overtake_each_other_and_none_is_lost():
    heard, queue = heard_in(message_delay=50)
    assert sorted(bodies(heard)) == list(range(MANY))
    assert bodies(heard) != list(range(MANY))
    assert not queue.messages


def test_queue_delivers_some_messages_twice():
    heard, queue = heard_in(message_delay=20, twice_by_queue=0.5)
    twice = len(heard) - MANY
    assert 5 < twice < 35
    assert len({one["MessageId"] for one in heard}) == MANY
    assert len(queue.deleted) == MANY


def test_bus_delivers_some_events_twice_as_two_messages():
    heard, _ = heard_in(message_delay=20, twice_by_bus=0.5)
    assert len({one["MessageId"] for one in heard}) == len(heard) > MANY
    assert set(bodies(heard)) == set(range(MANY))


def test_new_rule_passes_nothing_on_until_it_is_heard():
    queues, queue = Queues(Weather("test", rule_deafness=100), Draws(1)), Queue(sent=0)
    asyncio.run(queues(call("PutTargets", Rule="r", Targets=[{"Id": "t", "Arn": ARN}]), queue))
    assert asyncio.run(read_all(queues, queue, 10)) == []
    assert len(queue.deleted) == MANY, "what was sent in the meantime never came"
    assert len(asyncio.run(read_all(queues, Queue(), 20))) == MANY


def test_long_poll_waits_for_what_is_on_its_way():
    queues, queue = Queues(Weather("test", message_delay=300), Draws(2)), Queue(1)
    answer = asyncio.run(queues(call("ReceiveMessage", QueueUrl=URL, WaitTimeSeconds=5), queue))
    assert bodies(answer.told["Messages"]) == [0]


@pytest.mark.parametrize("url", [f"{URL}.fifo", ""])
def test_queue_that_promises_an_order_keeps_it(url):
    queues = Queues(Weather("test", message_delay=10_000, twice_by_queue=1.0), Draws(2))
    answer = asyncio.run(queues(call("ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10), Queue()))
    assert bodies(answer.told["Messages"]) == list(range(10))

"""What a service does in part, being busy: the rest is asked for again, and nothing twice."""

import json
import uuid

import pytest
from stub_account import client, stub_account

from acceptance.aws.account import Account, LostAnswer
from acceptance.aws.executions import Executions
from acceptance.aws.items import write_all
from acceptance.aws.tap import EventTap
from acceptance.aws.watched import Key, Watched
from acceptance.trouble import Trouble
from acceptance.waiting import Pauses
from acceptance.weather.station import Fate, Station

pytestmark = pytest.mark.trust("surroundings")

SECRET = "secret"
PUT = [{"PutRequest": {"Item": {"k": {"S": str(number)}}}} for number in range(60)]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(Pauses, "first", 0.001)


@pytest.fixture(scope="module")
def dynamodb():
    """A client behind a station that does everything in part."""
    with stub_account() as account, Station(account.url, secret=SECRET) as station:
        station.fate = lambda _: Fate.THROTTLED_IN_PART
        yield client("dynamodb", station.url, SECRET)


def test_half_of_a_batch_is_written_and_the_rest_named(dynamodb):
    left = dynamodb.batch_write_item(RequestItems={"T": PUT[:9]})["UnprocessedItems"]
    assert left == {"T": PUT[4:9]}


def test_half_of_a_batch_is_read_and_the_rest_named(dynamodb):
    keys = [{"k": {"S": str(number)}} for number in range(5)]
    left = dynamodb.batch_get_item(RequestItems={"T": {"Keys": keys, "ConsistentRead": True}})["UnprocessedKeys"]
    assert left == {"T": {"Keys": keys[2:], "ConsistentRead": True}}


class Table:
    """Takes a few writes each time."""

    def __init__(self, takes):
        self._takes, self.written = takes, []

    def batch_write_item(self, RequestItems):
        [(table, requests)] = RequestItems.items()
        assert 1 <= len(requests) <= 25
        self.written += requests[: self._takes]
        left = requests[self._takes :]
        return {"UnprocessedItems": {table: left} if left else {}}


def test_all_is_written_once():
    table = Table(takes=10)
    write_all(table, "T", PUT)
    assert table.written == PUT


def test_table_that_takes_nothing_is_told_as_the_reason():
    with pytest.raises(Trouble, match=r"left 25 writes to T undone in 6 attempts: it throttles them"):
        write_all(Table(takes=0), "T", PUT)


class Bus:
    """A bus that answers its calls by these codes in turn, "" for an event that it takes."""

    def __init__(self, *calls):
        self._calls, self.taken, self.asked = list(calls), [], 0

    def put_events(self, Entries):
        codes = self._calls.pop(0) if self._calls else [""] * len(Entries)
        self.asked += 1
        if codes == "lost":
            raise LostAnswer("lost")
        assert len(codes) == len(Entries)
        self.taken += [entry["Detail"] for entry, code in zip(Entries, codes, strict=True) if not code]
        return {"Entries": [{"ErrorCode": code} if code else {"EventId": str(uuid.uuid4())} for code in codes]}


@pytest.fixture
def tap(monkeypatch):
    """A tap on a bus that receives nothing."""
    account = Account("us-east-1", "http://127.0.0.1:9", "000000000000")
    tap = EventTap(account, "bus", "run", Watched(keys=[Key("order", events=["detail.id"])]))
    monkeypatch.setattr(tap, "_let_in", lambda: None)

    def on(bus):
        account.__dict__["events"] = bus
        return tap

    return on


def sent(tap, bus, *details):
    return tap(bus).send("source", "type", [json.dumps(one) for one in details])


BUSY, UNSURE = "ThrottlingException", "InternalFailure"


@pytest.mark.parametrize("code", [BUSY, UNSURE])
def test_only_events_that_the_bus_did_not_take_are_sent_again(tap, code):
    bus = Bus(["", code, code], [code, ""])
    answers = sent(tap, bus, 1, 2, 3)
    assert all(answer["EventId"] for answer in answers)
    assert bus.taken == ["1", "3", "2"]


def test_bus_that_goes_on_refusing_is_believed(tap):
    bus = Bus([BUSY, ""], *[[BUSY]] * 9)
    with pytest.raises(Trouble, match=r"bus has not taken 1 of 2 events in 6 tries \(ThrottlingException: "):
        sent(tap, bus, 1, 2)
    assert (bus.asked, bus.taken) == (6, ["2"])


def test_event_that_is_refused_for_good_is_sent_once(tap):
    bus = Bus(["MalformedDetail", ""])
    assert [answer.get("ErrorCode") for answer in sent(tap, bus, 1, 2)] == ["MalformedDetail", None]
    assert bus.asked == 1


def test_answers_that_are_lost_again_and_again_end_the_try(tap):
    for bus in (Bus("lost", [BUSY], "lost", "lost"), Bus("lost", "lost", "lost")):
        with pytest.raises(LostAnswer):
            sent(tap, bus, 1)


class Workflow:
    """An execution that has ended, and whose history says so the second time it is asked for."""

    def __init__(self):
        self.asked = 0

    def describe_execution(self, **_):
        return {"executionArn": "e", "status": "SUCCEEDED"}

    def get_paginator(self, _):
        return self

    def paginate(self, **_):
        self.asked += 1
        ends = [{"id": 2, "type": "ExecutionSucceeded"}] if self.asked > 1 else []
        return [{"events": [{"id": 1, "type": "ExecutionStarted"}, *ends]}]


def test_history_that_lags_behind_its_execution_is_read_again():
    executions = Executions(workflow := Workflow(), "machine", Key("order", events=["detail.id"]))
    assert [len(executions.history("e")) for _ in range(4)] == [1, 2, 2, 2]
    assert workflow.asked == 2


def test_clients_slow_down_no_other_calls_after_one_was_throttled(monkeypatch):
    """As botocore's mode `adaptive` does, which measures out all calls of a client from then on."""
    monkeypatch.setattr("botocore.retries.bucket.TokenBucket.acquire", lambda *_, **__: pytest.fail("measured out"))
    with stub_account() as account, Station(account.url) as station:
        monkeypatch.setenv("AWS_ENDPOINT_URL", station.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "1")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
        monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
        fates = [Fate.THROTTLED, Fate.THROTTLED]
        station.fate = lambda _: fates.pop() if fates else Fate.ANSWERED
        tables = Account("us-east-1").dynamodb
        for _ in range(3):
            tables.list_tables()
        assert station.happened["ListTables", Fate.ANSWERED] == 3

"""What an account shows late: lists, histories, logs, reads, permissions; on small pages, by clocks that differ."""

import asyncio
import json
import time

import pytest

from acceptance.weather.answers import Clocks, Pages
from acceptance.weather.calls import Answer, read_call
from acceptance.weather.draws import Draws
from acceptance.weather.late import Late
from acceptance.weather.permissions import Permissions
from acceptance.weather.weathers import Weather

NOW = 1_700_000_000.0
LONG_AGO = NOW - 3600


def call(operation, **given):
    headers = {
        "X-Amz-Target": f"Service.{operation}",
        "Authorization": "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/states/aws4_request, …",
    }
    return read_call("POST", "/", headers, json.dumps(given).encode())


def asked(weather, kind, one, told, **more):
    """Ask an account that answers the same each time, and return what is shown of it."""
    return asyncio.run(kind(weather, Draws(1), **more)(one, answering(told))).told


def answering(*told):
    left = list(told)

    async def ask(_):
        return Answer(200, [], json.dumps(left.pop(0) if len(left) > 1 else left[0]).encode())

    return ask


def at(moment):
    return {"clock": lambda: moment}


class TestLists:
    LAG = Weather("test", list_lag=5)

    def executions(self, one, moment=NOW, **execution):
        told = {"executions": [{"executionArn": "e", "status": "SUCCEEDED", "startDate": LONG_AGO, **execution}]}
        return asked(self.LAG, Late, one, told, **at(moment))["executions"]

    def test_execution_is_not_listed_at_once(self):
        assert self.executions(call("ListExecutions"), startDate=NOW) == []
        assert self.executions(call("ListExecutions"), NOW + 6, startDate=NOW) != []

    def test_execution_that_has_just_ended_is_listed_as_running(self):
        [listed] = self.executions(call("ListExecutions"), stopDate=NOW)
        assert listed["status"] == "RUNNING"
        assert "stopDate" not in listed
        assert self.executions(call("ListExecutions"), NOW + 6, stopDate=NOW)[0]["status"] == "SUCCEEDED"


class TestHistories:
    LAG = Weather("test", history_lag=5)
    EVENTS = ({"id": 1, "timestamp": NOW}, {"id": 2, "timestamp": NOW}, {"id": 3, "timestamp": NOW + 100})

    def ids(self, told, moment=NOW, **given):
        one = call("GetExecutionHistory", executionArn="e", **given)
        return [event["id"] for event in asked(self.LAG, Late, one, told, **at(moment))["events"]]

    def test_end_of_a_history_is_missing_and_its_beginning_is_not(self):
        assert self.ids({"events": self.EVENTS}) == [1]
        assert self.ids({"events": self.EVENTS}, NOW + 6) == [1, 2]
        assert self.ids({"events": self.EVENTS}, NOW + 200) == [1, 2, 3]

    def test_newest_first_begins_with_the_newest_that_is_shown(self):
        late = Late(self.LAG, Draws(1), clock=lambda: NOW + 6)
        pages = answering({"events": self.EVENTS[2:], "nextToken": "t"}, {"events": self.EVENTS[1::-1]})
        shown = asyncio.run(late(call("GetExecutionHistory", executionArn="e", reverseOrder=True), pages))
        assert [event["id"] for event in shown.told["events"]] == [2, 1]


def test_lines_of_a_log_come_late():
    told = {"events": [{"timestamp": 1000 * NOW, "message": "new"}, {"timestamp": 1000 * LONG_AGO, "message": "old"}]}
    one, lag = call("FilterLogEvents", logGroupName="g"), Weather("test", log_lag=5)
    assert [line["message"] for line in asked(lag, Late, one, told, **at(NOW))["events"]] == ["old"]
    assert len(asked(lag, Late, one, told, **at(NOW + 6))["events"]) == 2


@pytest.mark.parametrize(("consistent", "shown"), [(False, 1), (True, 2)])
def test_only_an_eventually_consistent_read_may_be_stale(consistent, shown):
    late = Late(Weather("test", stale_read=1.0, read_lag=60), Draws(1))
    account = answering({"Item": 1}, {"Item": 2})
    one = call("GetItem", TableName="T", ConsistentRead=consistent)
    assert asyncio.run(late(one, account)).told == {"Item": 1}
    assert asyncio.run(late(one, account)).told == {"Item": shown}


@pytest.mark.parametrize(("given", "limit"), [({}, 7), ({"maxResults": 1000}, 7), ({"maxResults": 3}, 3)])
def test_pages_are_small(given, limit):
    pages, wanted = Pages(Weather("test", page=7)), []

    async def ask(one):
        wanted.append(one.given["maxResults"])
        return Answer(200)

    asyncio.run(pages(call("ListExecutions", **given), ask))
    assert wanted == [limit]


def test_clocks_of_services_differ_by_no_more_than_the_weather_has_it():
    offsets = [Clocks(Weather("test", clocks_apart=20), Draws(seed)).offset("states") for seed in range(200)]
    assert max(offsets) <= 10
    assert min(offsets) >= -10
    assert len(set(offsets)) > 10


def test_moments_are_told_by_the_clock_of_the_service():
    clocks = Clocks(Weather("test", clocks_apart=20), Draws(3))
    offset = clocks.offset("states")
    told = {"startDate": 1.5, "events": [{"timestamp": 1_700_000_000_000}], "SentTimestamp": "1700000000000", "id": 7}
    shown = asyncio.run(clocks(call("DescribeExecution"), answering(told))).told
    assert shown["startDate"] == pytest.approx(1.5 + offset / 1000)
    assert shown["events"][0]["timestamp"] == 1_700_000_000_000 + offset
    assert (shown["SentTimestamp"], shown["id"]) == (str(1_700_000_000_000 + offset), 7)
    assert offset


def test_clock_that_tells_whole_seconds_goes_on_doing_so():
    clocks = Clocks(Weather("test", clocks_apart=20), Draws(3))
    assert asyncio.run(clocks(call("DescribeExecution"), answering({"startDate": 7.0}))).told == {"startDate": 7.0}


def test_new_key_is_not_known_and_a_new_policy_not_in_force_at_once(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    permissions = Permissions(Weather("test", permission_lag=5), Draws(1))

    async def ask(_):
        return Answer(200, [], b"<AccessKeyId>AKIANEW</AccessKeyId>")

    def sent(operation, service="iam", key="000000000000"):
        headers = {"Authorization": f"Credential={key}/20260101/us-east-1/{service}/aws4_request"}
        body = f"Action={operation}&UserName=ada".encode()
        return asyncio.run(permissions(read_call("POST", "/", headers, body), ask))

    assert sent("CreateAccessKey").ok
    assert b"InvalidClientTokenId" in sent("ListUsers", key="AKIANEW").body
    now[0] += 6
    assert sent("ListUsers", key="AKIANEW").ok
    assert sent("PutUserPolicy").ok
    assert b"ada is not authorized to perform: iam:ListUsers" in sent("ListUsers", key="AKIANEW").body
    now[0] += 6
    assert sent("ListUsers", key="AKIANEW").ok

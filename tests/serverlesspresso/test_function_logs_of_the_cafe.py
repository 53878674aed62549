"""Secrets in what a café's functions log are found, once each, and said to be of the order that they are of."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from acceptance.aws.tap import Event
from support.serverlesspresso.function_logs import LATE_MS, FunctionLogs
from support.serverlesspresso.run_data import RunData

ORDER, TOKEN, GROUP = "order-1", "AQDEAAAAKgAAAAMAAAAAtoken", "/aws/lambda/serverlesspresso-Counter-0A1B2C3D4E5F"
STARTED = Event("id", "shop", "OrderProcessor.WorkflowStarted", {"orderId": ORDER, "TaskToken": TOKEN}, 1000)


def short(group):
    return group.removeprefix("/aws/lambda/")


class NotThere(Exception):
    """As botocore makes it for a log group that does not exist."""


class Logs:
    """Logs on paper: lines with their times, by their groups."""

    exceptions = SimpleNamespace(ResourceNotFoundException=NotThere)

    def __init__(self):
        self.lines = {GROUP: []}

    def get_paginator(self, operation):
        return SimpleNamespace(paginate=getattr(self, operation))

    def list_functions(self):
        names = [*map(short, self.lines), "another-Function"]
        return [{"Functions": [{"FunctionName": name} for name in names]}]

    def filter_log_events(self, logGroupName, startTime):
        if logGroupName not in self.lines:
            raise NotThere
        lines = [(ms, message) for ms, message in self.lines[logGroupName] if ms >= startTime]
        return [{"events": [{"timestamp": ms, "logStreamName": "s", "message": message} for ms, message in lines]}]


@pytest.fixture
def logs():
    return Logs()


@pytest.fixture
def reader(logs):
    data = RunData("run")
    data.scenario.orders.append(ORDER)
    wiring = SimpleNamespace(functions=["serverlesspresso-Counter-0A1B2C3D4E5F", "serverlesspresso-NeverRan"])
    cafe = SimpleNamespace(
        account=SimpleNamespace(logs=logs, endpoint="http://here", is_at_hand=True, client=lambda _: logs),
        chronicle=SimpleNamespace(wiring=wiring),
        data=data,
    )
    reader = FunctionLogs(cafe)
    reader.note([STARTED])
    return reader


@pytest.mark.parametrize(
    ("line", "order"),
    [
        (f"got {TOKEN}", ORDER),
        (f'{{"orderId": "{ORDER}", "TaskToken": "something of a token"}}', ORDER),
        ("Authorization: Bearer abcdefghijklmnopqrstuvwxyz", ""),
    ],
)
def test_a_secret_is_found_once(logs, reader, line, order):
    logs.lines[GROUP] += [(1000, '{"orderId": "order-1", "stored": true}'), (1001, line)]
    assert list(reader.with_secrets()) == [("Counter", order)]
    assert list(reader.with_secrets()) == []
    logs.lines[GROUP].append((1001, f"{line}, again"))
    assert len(list(reader.with_secrets())) == 1


def test_what_is_no_secret_is_not_found(logs, reader):
    logs.lines[GROUP] += [(1000, "START RequestId: 0a1b"), (1000, '{"orderId": "order-1", "stored": true}')]
    assert list(reader.with_secrets()) == []


def test_the_trace_of_a_crash_names_a_variable_and_is_no_secret(logs, reader):
    trace = [
        "Traceback (most recent call last):",
        '  File "/var/task/app.py", line 31, in handler',
        "    own_token = _store()",
    ]
    logs.lines[GROUP] += [(1000, line) for line in [*trace, "KeyError: 'userId'"]]
    assert list(reader.with_secrets()) == []
    logs.lines[GROUP].append((1001, "    own_token = _store()"))
    assert list(reader.with_secrets()) == [("Counter", "")]


def test_a_function_that_is_not_wired_is_read_too(logs, reader):
    logs.lines["/aws/lambda/serverlesspresso-OrdersApi-0A1B2C3D4E5F"] = [(1000, TOKEN)]
    assert list(reader.with_secrets()) == [("OrdersApi", ORDER)]


def test_what_was_logged_before_the_run_is_not_its_own(logs, reader):
    logs.lines[GROUP] += [(999, TOKEN)]
    assert list(reader.with_secrets()) == []


def test_line_that_is_shown_late_is_found_where_logs_come_by_and_by(logs, reader):
    reader._late_ms = LATE_MS
    logs.lines[GROUP].append((9000, "of a quick stream"))
    assert list(reader.with_secrets()) == []
    logs.lines[GROUP].append((5000, TOKEN))
    assert list(reader.with_secrets()) == [("Counter", ORDER)]
    assert list(reader.with_secrets()) == []


@pytest.mark.parametrize(("code", "told"), [("ThrottlingException", True), ("AccessDeniedException", False)])
def test_logs_that_could_not_be_read_have_not_been_checked(logs, reader, code, told):
    def refused(**_):
        raise ClientError({"Error": {"Code": code}}, "FilterLogEvents")

    logs.filter_log_events = refused
    with pytest.raises(ClientError) if told else nullcontext():
        assert list(reader.with_secrets()) == []


@pytest.mark.parametrize(
    ("line", "failed"),
    [
        ("Traceback (most recent call last):", True),
        ("[ERROR] KeyError: 'drink'", True),
        ('{"valid": false}', False),
    ],
)
def test_that_a_function_has_failed_is_known_until_the_next_reading(logs, reader, line, failed):
    logs.lines[GROUP].append((1000, line))
    assert list(reader.with_secrets()) == []
    assert bool(reader.failed) is failed
    assert list(reader.with_secrets()) == []
    assert not reader.failed

"""What functions logged becomes their runs: when each began and ended, and its own lines."""

import pytest

from acceptance.aws.function_logs import invocations

NOON = 1_800_000_000_000


class Logs:
    """CloudWatch Logs on paper, in pages of two lines."""

    class exceptions:
        class ResourceNotFoundException(Exception):
            """There is no such log group."""

    def __init__(self, *lines):
        self.lines = lines
        self.asked = []

    def get_paginator(self, name):
        assert name == "filter_log_events"
        return self

    def paginate(self, **asked):
        self.asked.append(asked)
        events = [{"timestamp": NOON + ms, "message": text, "logStreamName": stream} for ms, text, stream in self.lines]
        return ({"events": events[start : start + 2]} for start in range(0, len(events), 2))


START, END = "START RequestId: {} Version: $LATEST\n", "END RequestId: {}\n"
REPORT = "REPORT RequestId: {}\tDuration: {} ms\tBilled Duration: 200 ms\tMemory Size: 256 MB\n"


def test_a_run_began_as_long_before_its_report_as_it_took():
    logs = Logs((5, START.format("a"), "x"), (6, '{"orderId": "2"}\n', "x"), (7, END.format("a"), "x"),
                (8, REPORT.format("a", "193.4"), "x"))  # fmt: skip
    [run] = invocations(logs, "Store", NOON)
    assert (run.function, run.request_id, run.began_ms, run.ended_ms) == ("Store", "a", NOON + 8 - 193, NOON + 8)
    assert run.lines == ('{"orderId": "2"}',)
    assert logs.asked == [{"logGroupName": "/aws/lambda/Store", "startTime": NOON}]


def test_runs_side_by_side_keep_their_lines_apart():
    logs = Logs(
        (0, START.format("a"), "x"), (0, START.format("b"), "y"), (1, "of a", "x"), (1, "of b", "y"),
        (2, REPORT.format("b", 2), "y"), (3, REPORT.format("a", 3), "x"),
        (4, START.format("c"), "x"), (5, "of c", "x"), (6, REPORT.format("c", 1), "x"),
    )  # fmt: skip
    assert [(run.request_id, run.lines) for run in invocations(logs, "Store", NOON)] == [
        ("b", ("of b",)), ("a", ("of a",)), ("c", ("of c",)),
    ]  # fmt: skip


def test_a_run_that_is_not_over_is_none_yet():
    assert invocations(Logs((0, START.format("a"), "x"), (1, "of a", "x")), "Store", NOON) == []


WORKER = 'File "/tmp/function-x/_worker.py", line 128, in run'
OWN = 'File "/tmp/function-x/code/app.py", line 3, in handler'


@pytest.mark.parametrize(
    ("lines", "failed"),
    [
        (("Traceback (most recent call last):", WORKER, OWN, "KeyError: 'order'"), True),
        (("Traceback (most recent call last):", OWN, "KeyError: 'order'"), False),
        (("Stack (most recent call last):", WORKER, OWN), False),
        ((WORKER,), False),
    ],
    ids=["nobody caught it", "the code has logged it", "the code has logged where it is", "quoted"],
)
def test_a_run_on_an_embedded_account_has_failed_if_its_error_reached_the_runtime(lines, failed):
    logs = Logs(*((number, line, "x") for number, line in enumerate(lines)), (9, REPORT.format("a", 1), "x"))
    [run] = invocations(logs, "Store", NOON)
    assert run.failed is failed


def test_secrets_are_masked():
    logs = Logs((1, '{"TaskToken": "AQDEAAAAKgAAAAMAAAAA"}', "x"), (2, REPORT.format("a", 1), "x"))
    [run] = invocations(logs, "Store", NOON)
    assert "AQDEA" not in run.lines[0]
    assert run.mentions("TaskToken")
    assert not run.mentions("Latte")


def test_a_function_that_never_ran_has_no_runs():
    class NoLogs(Logs):
        def paginate(self, **_):
            raise self.exceptions.ResourceNotFoundException

    assert invocations(NoLogs(), "Store", NOON) == []


def test_a_refusal_to_show_the_logs_is_told():
    class Refusing(Logs):
        def paginate(self, **_):
            raise PermissionError("not yours")

    with pytest.raises(PermissionError):
        invocations(Refusing(), "Store", NOON)

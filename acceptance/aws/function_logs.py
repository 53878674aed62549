"""The log lines of functions, and when their runs began and ended: from CloudWatch Logs.

Lambda ends each run with a line `REPORT RequestId: … Duration: … ms`. The run began that long before
it. Lines between START and REPORT of one log stream belong to one run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from acceptance.masking import masked

GROUP = "/aws/lambda/{}"
REPORT = re.compile(r"^REPORT RequestId: (?P<id>\S+)\s+Duration: (?P<ms>[\d.]+) ms(?P<more>.*)", re.DOTALL)
# How Lambda and its runtimes report a failed run. An error that the code logs itself has a tab in these places.
FAILED_REPORT = re.compile(r"\tStatus: (?!success)\w+")
FAILED_LINE = re.compile(r"^\[ERROR\] \w|\tERROR\tInvoke Error|Task timed out after|^RequestId: \S+ Error: ")
# MiniStack writes an error that reached its runtime as Python does; errors that the code itself logs begin elsewhere.
TRACEBACK = "Traceback (most recent call last)"
ITS_RUNTIME = re.compile(r'^File ".*[/\\]_worker\.py", line \d+, in run$')
MACHINERY = re.compile(r"^(START|END|INIT_START|REPORT) ?")


@dataclass(frozen=True)
class Invocation:
    """One run of a function: when (epoch ms), what it logged, masked, and whether it has failed."""

    function: str
    request_id: str
    began_ms: int
    ended_ms: int
    lines: Sequence[str] = field(default_factory=tuple)
    failed: bool = False

    def mentions(self, text: str) -> bool:
        """Whether a text, such as a key, appears anywhere in its log lines."""
        return any(text in line for line in self.lines)


def invocations(logs: Any, function: str, since_ms: int, group: str = "") -> Sequence[Invocation]:
    """Return the runs of a function that were logged since a time (epoch ms), the oldest first.

    `logs` is a boto3 client. `group` is the log group, if it is not Lambda's usual one. A function that never ran has
    no log group, which is no error. On AWS a line may take some seconds to appear here.
    """
    try:
        return list(_runs(function, logged(logs, group or GROUP.format(function), since_ms)))
    except logs.exceptions.ResourceNotFoundException:
        return []


def logged(logs: Any, group: str, since_ms: int) -> Iterator[dict[str, Any]]:
    """Yield the log events of a group since a time (epoch ms), as CloudWatch Logs has them.

    Raises the client's ResourceNotFoundException if there is no such group.
    """
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since_ms)
    for page in pages:
        yield from page["events"]


def _runs(function: str, events: Iterator[dict[str, Any]]) -> Iterator[Invocation]:
    under_way: dict[str, list[str]] = {}
    for event in events:
        lines = under_way.setdefault(event["logStreamName"], [])
        report = REPORT.match(event["message"])
        if report:
            ended = int(event["timestamp"])
            began = ended - round(float(report["ms"]))
            failed = bool(FAILED_REPORT.search(report["more"])) or _says_that_it_failed(lines)
            yield Invocation(function, report["id"], began, ended, tuple(map(masked, lines)), failed)
        if report or event["message"].startswith("START"):
            lines.clear()
        elif not MACHINERY.match(event["message"]):
            lines.append(event["message"].strip())


def _says_that_it_failed(lines: Sequence[str]) -> bool:
    reached = (first.startswith(TRACEBACK) and ITS_RUNTIME.match(second) for first, second in pairwise(lines))
    return any(map(FAILED_LINE.search, lines)) or any(reached)

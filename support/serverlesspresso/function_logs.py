"""Searches the logs of a café's functions for secrets: task tokens, signatures, passwords."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from botocore.exceptions import ClientError

from acceptance.aws.function_logs import FAILED_LINE, GROUP, MACHINERY, TRACEBACK, logged
from acceptance.aws.tap import Event
from acceptance.aws.ways import is_denied
from acceptance.aws.wiring import short_name
from acceptance.masking import revealing
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.parts import SHOP

# Each stream of a log comes by itself on AWS: a line may be shown so long (ms) after a later one of another stream.
LATE_MS = 60_000
Line = tuple[int, str, str]  # when it was logged (epoch ms), in which stream, and what it says


class FunctionLogs:
    """The logs of one café's functions, read from the last position."""

    def __init__(self, cafe: Cafe) -> None:
        self._cafe = cafe
        self._read: dict[str, frozenset[Line]] = {}  # the last lines of each log that were read
        self._late_ms = 0 if cafe.account.is_at_hand else LATE_MS
        self._tokens: dict[str, str] = {}
        self._since = 0
        self.failed: set[str] = set()  # the functions that have failed in the lines that were read last

    def note(self, events: Sequence[Event]) -> None:
        """Record the task tokens in events, and when to start reading."""
        if events and not self._since:
            self._since = min(event.sent_ms for event in events)
        self._tokens |= {e["TaskToken"]: str(e["orderId"]) for e in events if isinstance(e["TaskToken"], str)}

    def with_secrets(self) -> Iterator[tuple[str, str]]:
        """Return each function that has logged a secret since the last call, and the secret's order, if known."""
        self.failed = set()
        try:
            for group in self._groups if self._since else ():
                for line, reveals in self._lines(group):
                    if FAILED_LINE.search(line) or line.startswith(TRACEBACK):
                        self.failed.add(group.removeprefix(GROUP.format("")))
                    order_id = next((order for token, order in self._tokens.items() if token in line), None)
                    if order_id is not None or reveals:
                        yield short_name(group.removeprefix(GROUP.format(""))), order_id or self._order_in(line)
        except ClientError as error:
            if not is_denied(error):
                raise  # unread logs are unchecked

    def _order_in(self, line: str) -> str:
        return next((order_id for order_id in self._cafe.data.scenario.orders if order_id in line), "")

    @cached_property
    def _groups(self) -> Sequence[str]:
        """The logs of the connected functions, and on the run's own account those of the app too."""
        names = {*self._cafe.chronicle.wiring.functions}
        if self._cafe.account.endpoint is not None:
            pages = self._cafe.account.client("lambda").get_paginator("list_functions").paginate()
            listed = [function["FunctionName"] for page in pages for function in page["Functions"]]
            names |= {name for name in listed if name.startswith(SHOP)}
        return sorted(map(GROUP.format, names))

    def _lines(self, group: str) -> Iterator[tuple[str, bool]]:
        """The lines of a log since the last call, without those of Lambda itself, and whether each reveals a secret."""
        known = self._read.get(group, frozenset())
        since = max(max((when for when, _, _ in known), default=0) - self._late_ms, self._since)
        try:
            events = logged(self._cafe.account.logs, group, since)
            told = dict.fromkeys((event["timestamp"], event["logStreamName"], event["message"]) for event in events)
        except self._cafe.account.logs.exceptions.ResourceNotFoundException:
            return  # it has never run
        for stream in dict.fromkeys(stream for _, stream, _ in told):
            of_stream = [line for line in told if line[1] == stream and not MACHINERY.match(line[2])]
            secret = {of_stream[number] for number in revealing([message for _, _, message in of_stream])}
            yield from ((line[2], line in secret) for line in of_stream if line not in known)
        latest = max((when for when, _, _ in told), default=since)
        self._read[group] = frozenset(line for line in {*told, *known} if line[0] >= latest - self._late_ms)

"""Data that an account shows late: lists of executions, their histories, logs, and eventually consistent reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from acceptance.weather.calls import Answer, Ask, Call
from acceptance.weather.draws import Draws
from acceptance.weather.weathers import Weather

RUNNING = "RUNNING"
_READS = ("GetItem", "BatchGetItem", "Query", "Scan", "DescribeExecution")


class Late:
    """One account's lateness. Each execution, history and line of a log has a lag of its own."""

    def __init__(self, weather: Weather, draws: Draws, clock: Callable[[], float] = time.time) -> None:
        """`clock` returns the account's time, in seconds of the epoch."""
        self._weather, self._draws, self._clock = weather, draws, clock
        self._reads: dict[tuple[str, str, bytes], tuple[float, Answer]] = {}
        self._shows: Mapping[str, Callable[[Call, Answer], Answer]] = {
            "ListExecutions": self._list,
            "ListDurableExecutionsByFunction": self._list_durable,
            "GetDurableExecutionHistory": self._durable_history,
            "FilterLogEvents": self._logs,
            "GetLogEvents": self._logs,
        }

    async def __call__(self, call: Call, ask: Ask) -> Answer:
        """Request the data, and return the part that is visible by now."""
        if call.operation == "GetExecutionHistory":
            return await self._history(call, ask)
        answer = await ask(call)
        if not answer.ok:
            return answer
        if call.operation in self._shows:
            return self._shows[call.operation](call, answer)
        return self._read(call, answer) if _is_eventually_consistent(call) else answer

    def _lag(self, kind: str, key: str, longest: float) -> float:
        return longest * self._draws.of(kind, key)

    def _until(self, kind: str, key: str, longest: float) -> float:
        """The time, in s of the epoch, after which events are not visible yet."""
        return self._clock() - self._lag(kind, key, longest)

    def _list(self, call: Call, answer: Answer) -> Answer:
        lag, shown = self._weather.list_lag, []
        for one in answer.told.get("executions", ()):
            until = self._until("listed", one["executionArn"], lag)
            if one["startDate"] > until:
                continue
            ended = one.get("stopDate")
            if ended and ended > self._until("ended", one["executionArn"], lag) and not call.given.get("statusFilter"):
                one = {name: value for name, value in one.items() if name != "stopDate"} | {"status": RUNNING}
            shown.append(one)
        return answer.telling(executions=shown)

    def _list_durable(self, _call: Call, answer: Answer) -> Answer:
        lag = self._weather.list_lag
        executions = [
            one
            for one in answer.told.get("DurableExecutions", ())
            if one["StartTimestamp"] <= self._until("listed", one["DurableExecutionArn"], lag)
        ]
        return answer.telling(DurableExecutions=executions)

    async def _history(self, call: Call, ask: Ask) -> Answer:
        """A history that has begun shows something: of the newest first, those behind what is not shown yet."""
        until = self._until("history", str(call.given.get("executionArn")), self._weather.history_lag)
        while True:
            answer = await ask(call)
            events = answer.told.get("events", ())
            shown = [one for one in events if one["timestamp"] <= until or one["id"] == 1]
            following = answer.told.get("nextToken")
            if shown or not events or not following:
                break
            call = call.giving(nextToken=following)
        if not answer.ok or len(shown) == len(events):
            return answer
        rest = answer.told.get("nextToken") if call.given.get("reverseOrder") else None
        return answer.telling(events=shown, nextToken=rest)

    def _durable_history(self, call: Call, answer: Answer) -> Answer:
        until = self._until("history", call.path.partition("?")[0], self._weather.history_lag)
        events: Sequence[Any] = answer.told.get("Events", ())
        return answer.telling(
            Events=[one for one in events if one["EventTimestamp"] <= until or one.get("EventId") == 1]
        )

    def _logs(self, call: Call, answer: Answer) -> Answer:
        """Each stream of a log, which is each environment of a function, comes by itself."""

        def is_shown(line: Mapping[str, Any]) -> bool:
            stream = f"{call.given.get('logGroupName')} {line.get('logStreamName') or call.given.get('logStreamName')}"
            return bool(line["timestamp"] <= 1000 * self._until("logged", stream, self._weather.log_lag))

        return answer.telling(events=list(filter(is_shown, answer.told.get("events", ()))))

    def _read(self, call: Call, answer: Answer) -> Answer:
        now, asked = time.monotonic(), (call.key, call.operation, call.body)
        before = self._reads.get(asked)
        stale = self._draws.next(f"stale {call.operation}").random() < self._weather.stale_read
        if before and stale and now - before[0] < self._weather.read_lag:
            return before[1]
        self._reads[asked] = now, answer
        return answer


def _is_eventually_consistent(call: Call) -> bool:
    if call.operation not in _READS:
        return False
    tables = call.given.get("RequestItems", {}).values() if call.operation == "BatchGetItem" else [call.given]
    return not any(one.get("ConsistentRead") for one in tables)

"""How an account answers: on small pages, and by clocks that differ from service to service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from acceptance.weather.calls import JSON, Answer, Ask, Call
from acceptance.weather.draws import Draws
from acceptance.weather.weathers import Weather

# The parameter that says how many entries a page has, as AWS names it.
PAGED: Mapping[str, str] = {
    "ListExecutions": "maxResults",
    "GetExecutionHistory": "maxResults",
    "ListStateMachines": "maxResults",
    "ListRules": "Limit",
    "ListEventBuses": "Limit",
    "ListTables": "Limit",
    "Query": "Limit",
    "Scan": "Limit",
    "FilterLogEvents": "limit",
    "DescribeLogGroups": "limit",
}
# Where services return a moment, in s or ms of the epoch.
_MOMENTS = frozenset(
    (
        *("startDate", "stopDate", "timestamp", "ingestionTime", "SentTimestamp", "ApproximateFirstReceiveTimestamp"),
        *("StartTimestamp", "EndTimestamp", "EventTimestamp"),
    )
)
_MILLISECONDS = 1e11  # from this number on; of seconds it would be the year 5138


class Pages:
    """Limits the entries of each page of a list to those that the weather allows."""

    def __init__(self, weather: Weather) -> None:
        self._most = weather.page

    async def __call__(self, call: Call, ask: Ask) -> Answer:
        """Ask for a smaller page."""
        name = PAGED.get(call.operation)
        if self._most and name and call.protocol == JSON:
            call = call.giving(**{name: min(call.given.get(name) or self._most, self._most)})
        return await ask(call)


class Clocks:
    """Makes the clock of each service fast or slow."""

    def __init__(self, weather: Weather, draws: Draws) -> None:
        self._apart, self._draws = weather.clocks_apart, draws

    def offset(self, service: str) -> float:
        """Return by how many ms the clock of a service is fast."""
        return round((self._draws.of(f"clock of {service}", service) - 0.5) * self._apart)

    async def __call__(self, call: Call, ask: Ask) -> Answer:
        """Convert moments to the clock of the service."""
        answer = await ask(call)
        offset = self.offset(call.service)
        if not self._apart or not offset or not answer.ok or not _tells_a_moment(answer):
            return answer
        return answer.telling(**_moved(answer.told, offset))


def _tells_a_moment(answer: Answer) -> bool:
    return any(f'"{name}"'.encode() in answer.body for name in _MOMENTS)


def _moved(value: Any, offset: float) -> Any:
    if isinstance(value, list):
        return [_moved(one, offset) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _later(one, offset) if name in _MOMENTS else _moved(one, offset) for name, one in value.items()}


def _later(moment: Any, offset: float) -> Any:
    if isinstance(moment, str):
        return str(int(moment) + round(offset)) if moment.isdigit() else moment
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        return moment
    if moment > _MILLISECONDS:
        return moment + round(offset)
    # A clock that returns whole seconds does so with any offset.
    return moment if float(moment).is_integer() else moment + offset / 1000

"""Calls about several things that are throttled in part: some are done, and the answer names the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from acceptance.weather.calls import NOTHING, Answer, Ask, Call

# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
_THROTTLED = {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"}


async def in_part(call: Call, ask: Ask) -> Answer:
    """Do the first half of what a call is about. One about a single thing is not done at all."""
    answer: Answer = await _HALVES[call.operation](call, ask)
    return answer


async def _events(call: Call, ask: Ask) -> Answer:
    entries = call.given["Entries"]
    done, left = entries[: len(entries) // 2], entries[len(entries) // 2 :]
    answer = await ask(call.giving(Entries=done)) if done else NOTHING
    told = [*answer.told.get("Entries", ()), *[_THROTTLED] * len(left)]
    return answer.telling(Entries=told, FailedEntryCount=len(left)) if answer.ok else answer


async def _written(call: Call, ask: Ask) -> Answer:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html"""
    halves = {table: (each[: len(each) // 2], each[len(each) // 2 :]) for table, each in _asked(call).items()}
    done = {table: first for table, (first, _) in halves.items() if first}
    answer = await ask(call.giving(RequestItems=done)) if done else NOTHING
    left = {table: [*second] for table, (_, second) in halves.items() if second}
    return answer.telling(UnprocessedItems=left) if answer.ok else answer


async def _read(call: Call, ask: Ask) -> Answer:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html"""
    done, left = {}, {}
    for table, each in _asked(call).items():
        keys = each["Keys"]
        if first := keys[: len(keys) // 2]:
            done[table] = {**each, "Keys": first}
        left[table] = {**each, "Keys": keys[len(keys) // 2 :]}
    answer = await ask(call.giving(RequestItems=done)) if done else NOTHING
    responses = {**dict.fromkeys(left, ()), **answer.told.get("Responses", {})}
    return answer.telling(Responses=responses, UnprocessedKeys=left) if answer.ok else answer


def _asked(call: Call) -> Mapping[str, Any]:
    asked: Mapping[str, Any] = call.given["RequestItems"]
    return asked


_HALVES: Mapping[str, Callable[[Call, Ask], Any]] = {
    "PutEvents": _events,
    "BatchWriteItem": _written,
    "BatchGetItem": _read,
}
PARTS = frozenset(_HALVES)

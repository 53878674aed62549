"""Lets the embedded account's eventually consistent reads be behind, where a test asks for that.

On AWS a GetItem or BatchGetItem without ConsistentRead may be answered by a copy of the table that the last write has
not reached. In MiniStack each write is seen at once, so a program that decides by such a read is never found out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from acceptance.aws.disturber import is_behind

OK = 200
Key = tuple[Any, ...]


def read_behind_on_demand() -> None:
    """Remember each item as it was before its last write, and answer the reads by it that are to be behind."""
    from ministack.services import dynamodb

    copies = _Copies(dynamodb)
    emit, get, get_batch = dynamodb._emit_stream_event, dynamodb._get_item, dynamodb._batch_get_item

    def emit_and_remember(name: str, event: str, old: Any, new: Any, *more: Any, **named: Any) -> None:
        copies.remember(name, old, new)
        emit(name, event, old, new, *more, **named)

    def get_behind(request: dict[str, Any]) -> Any:
        key = copies.key_behind(request.get("TableName"), request, request["Key"])
        if key is None:
            return get(request)
        items = copies.items([key], request)
        return dynamodb.json_response({"Item": items[0]} if items else {})

    def get_batch_behind(request: dict[str, Any]) -> Any:
        status, headers, body = get_batch(request)
        if status == OK and is_behind():
            answer = json.loads(body)
            for name, wanted in request["RequestItems"].items():
                answer["Responses"][name] = copies.behind(name, wanted, answer["Responses"].get(name, []))
            body = json.dumps(answer).encode()
        return status, headers, body

    dynamodb._emit_stream_event = emit_and_remember
    dynamodb._get_item = get_behind
    dynamodb._batch_get_item = get_batch_behind


class _Copies:
    """Each item as it was before its last write, None if there was none."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb
        self._before: dict[Key, Any] = {}

    def remember(self, name: str, old: Any, new: Any) -> None:
        """Remember an item of a table as it was, if it has changed."""
        table = self._dynamodb._tables.get(name)
        if table and old != new:
            self._before[_key_of(table, new or old)] = old

    def key_behind(self, name: str | None, wanted: Mapping[str, Any], item: Mapping[str, Any]) -> Key | None:
        """Return the key of an item that is read behind, None for any other."""
        table = self._dynamodb._tables.get(self._dynamodb._normalize_table_name(name))
        if not table or not is_behind() or wanted.get("ConsistentRead"):
            return None
        key = _key_of(table, item)
        return key if key in self._before else None

    def items(self, keys: list[Key], wanted: Mapping[str, Any]) -> list[Any]:
        """Return the items of these keys as they were, as far as there were any."""
        return [self._dynamodb._apply_projection(self._before[key], wanted) for key in keys if self._before[key]]

    def behind(self, name: str, wanted: Mapping[str, Any], found: list[Any]) -> list[Any]:
        """Return what was found in a table, with the items that are read behind as they were."""
        keys = [key for one in wanted["Keys"] if (key := self.key_behind(name, wanted, one)) is not None]
        same = [item for item in found if self.key_behind(name, wanted, item) is None]
        return [*same, *self.items(keys, wanted)]


def _key_of(table: Mapping[str, Any], item: Mapping[str, Any]) -> Key:
    return id(table), *(str(item.get(table[name])) for name in ("pk_name", "sk_name"))

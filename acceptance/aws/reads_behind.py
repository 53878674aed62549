"""Lets the embedded account's eventually consistent reads be behind, where a test asks for that.

On AWS a GetItem without ConsistentRead may be answered by a copy of the table that the last write has not reached. In
MiniStack each write is seen at once, so a program that decides by such a read is never found out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from acceptance.aws.disturber import is_behind


def read_behind_on_demand() -> None:
    """Remember each item as it was before its last write, and answer the reads by it that are to be behind."""
    from ministack.services import dynamodb

    emit, get = dynamodb._emit_stream_event, dynamodb._get_item
    before: dict[tuple[Any, ...], Any] = {}

    def key_of(table: Mapping[str, Any], item: Mapping[str, Any]) -> tuple[Any, ...]:
        return id(table), *(str(item.get(table[name])) for name in ("pk_name", "sk_name"))

    def emit_and_remember(name: str, event: str, old: Any, new: Any, *more: Any, **named: Any) -> None:
        table = dynamodb._tables.get(name)
        if table and old != new:
            before[key_of(table, new or old)] = old
        emit(name, event, old, new, *more, **named)

    def get_behind(request: dict[str, Any]) -> Any:
        table = dynamodb._tables.get(dynamodb._normalize_table_name(request.get("TableName")))
        if not table or not is_behind() or request.get("ConsistentRead"):
            return get(request)
        key = key_of(table, request["Key"])
        if key not in before:
            return get(request)
        old = before[key]
        return dynamodb.json_response({"Item": dynamodb._apply_projection(old, request)} if old else {})

    dynamodb._emit_stream_event = emit_and_remember
    dynamodb._get_item = get_behind

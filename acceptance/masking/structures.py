"""Masks values of any kind: structures at any depth, the texts in them, and the JSON within texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from acceptance.masking.secret_names import Kind, kind_of
from acceptance.masking.secret_values import remember_secret
from acceptance.masking.spans import replaced
from acceptance.masking.texts import folded, spans_by_name, spans_in, without_invisible
from acceptance.masking.values import MASK, is_secret_itself, is_secret_value

# Deeper levels are left out: no reader needs them, and reading them could end the run.
DEEPEST = 60


def masked(value: Any) -> Any:
    """Return the value with each secret replaced by dots, at any depth and within texts."""
    return _masked(value, 0, ())


def masked_rows(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Mask the rows of a table: a column whose heading, or a pair whose name, is that of a secret, and all texts."""
    done: list[list[Any]] = []
    secret: list[Kind] = []
    for row in rows:
        names = [kind_of(str(cell)) for cell in row]
        if not done:
            secret = names
        cells = [masked(cell) for cell in row]
        for number, cell in enumerate(row):
            kind = secret[number] if done and number < len(secret) else Kind.NONE
            if number == 1 and len(row) == 2 and not kind:
                kind = names[0]
            if kind and is_secret_value(cell, kind):
                cells[number] = MASK
        done.append(cells)
    return done


def masked_name(text: str) -> str:
    """Mask secrets by their names and shapes only, so that the same text is the same in every process and moment."""
    seen = without_invisible(text)
    spans = spans_by_name(folded(seen))
    return replaced(seen, spans) if spans else text


def remember_secrets_in(value: Any) -> None:
    """Remember each text in a structure that has a secret's name, to mask it wherever it appears."""
    waiting = [(value, False)]
    while waiting:
        item, named = waiting.pop()
        if isinstance(item, Mapping):
            waiting += [(below, named or kind_of(str(name)) is Kind.STRONG) for name, below in item.items()]
        elif isinstance(item, list | tuple):
            waiting += [(below, named) for below in item]
        elif named and isinstance(item, str):
            remember_secret(item)


def _masked(value: Any, depth: int, path: tuple[int, ...]) -> Any:
    if isinstance(value, str):
        return _masked_text(value, depth)
    if value is None or isinstance(value, bool | int | float):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if not isinstance(value, Mapping | list | tuple | set | frozenset):
        return _masked_text(words_of(value), depth)
    if depth > DEEPEST or id(value) in path:
        return "…"
    path = (*path, id(value))
    if isinstance(value, Mapping):
        named = _named(value)
        return {
            _masked_key(key): MASK
            if is_secret_value(item, max(kind_of(str(key)), named if key in _VALUE_KEYS else Kind.NONE))
            else _masked(item, depth + 1, path)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple) and len(value) == 2 and _is_pair(*value):
        return [_masked(value[0], depth + 1, path), MASK]
    return [_masked(item, depth + 1, path) for item in value]


def _is_pair(name: Any, value: Any) -> bool:
    """Return whether two items are the name of a secret and the secret, as headers are listed."""
    name = words_of(name) if isinstance(name, bytes) else name
    if not isinstance(name, str) or (isinstance(value, str) and kind_of(value)):
        return False
    return is_secret_value(value, kind_of(name))


def words_of(value: Any) -> str:
    """Return any value as a text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", "replace")
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001 - a foreign object may raise anything; the rest is written
        return f"<{type(value).__name__} that cannot be shown: {type(error).__name__}>"


_NAME_KEYS = ("name", "Name", "key", "Key", "header", "Header", "ParameterKey", "OutputKey")
_VALUE_KEYS = ("value", "Value", "stringValue", "StringValue", "val", "content", "ParameterValue", "OutputValue")


def _named(pair: Mapping[Any, Any]) -> Kind:
    """Return the name in `{"name": "password", "value": …}`."""
    return max((kind_of(pair[key]) for key in _NAME_KEYS if isinstance(pair.get(key), str)), default=Kind.NONE)


def _masked_key(key: Any) -> Any:
    if not isinstance(key, str):
        return key if key is None or isinstance(key, bool | int | float) else _masked_text(words_of(key), 0)
    if kind_of(key) and is_secret_itself(key):
        return MASK
    return _masked_text(key, 0)


def _masked_text(text: str, depth: int) -> str:
    if len(text) < 4:
        return text
    structure = _json(text) if depth <= DEEPEST else None
    if structure is not None:
        done = _masked(structure, depth + 1, ())
        if done == structure:
            return text
        return json.dumps(done, ensure_ascii=text.isascii() and "\\u" in text, indent=2 if "\n" in text else None)
    seen = without_invisible(text)
    spans = spans_in(folded(seen), _holds_secrets)
    if not spans:
        return text  # with its invisible characters, if it has any
    return replaced(seen, spans)


def _holds_secrets(text: str) -> bool:
    """Whether this is a JSON text with something to mask."""
    return _json(text) is not None and masked(text) != text


def _json(text: str) -> Any:
    """Return the value of a JSON text, or None if it is not one."""
    begin = text.lstrip()[:1]
    if begin not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None

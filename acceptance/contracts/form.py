"""One published form: a JSON Schema, and what is wrong with a value by it, in words that quote no value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

# A form of alternatives says which one comes nearest.
ALTERNATIVES = ("anyOf", "oneOf")


@dataclass(frozen=True)
class Form:
    """The form of one message or record. `where` is its channel or table."""

    where: str
    name: str
    validator: Draft202012Validator

    def differences(self, value: Any) -> Sequence[str]:
        """Say how a value differs, each time with the path of the field, never with what it holds."""
        errors = map(_nearest, self.validator.iter_errors(value))
        return list(dict.fromkeys(f"{self.where} › {words}" for error in errors for words in self._words(error)))

    def _words(self, error: ValidationError) -> Iterator[str]:
        at, found = list(error.absolute_path), error.instance
        rule, asked = str(error.validator), error.validator_value
        if rule == "required":
            yield from (f"{_path([*at, one])} is missing from {self.name}" for one in asked if one not in found)
        elif rule in ("additionalProperties", "unevaluatedProperties") and asked is False:
            unknown = [one for one in found if one not in _properties(error)]
            yield from (f"{_path([*at, one])} is not part of {self.name}" for one in unknown)
        elif rule == "type":
            kinds = " or ".join([asked] if isinstance(asked, str) else asked)
            yield f"{_path(at)} of {self.name} must be {kinds}, not {_kind(found)}"
        elif rule in ("enum", "const"):
            yield f"{_path(at)} of {self.name} must be {' or '.join(map(str, asked)) if rule == 'enum' else asked}"
        else:
            yield f"{_path(at)} of {self.name} does not keep its “{rule}: {asked}”"


def _nearest(error: ValidationError) -> ValidationError:
    if error.validator in ALTERNATIVES and error.context:
        return best_match(error.context) or error
    return error


def _properties(error: ValidationError) -> Mapping[str, Any]:
    known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
    return known if isinstance(known, Mapping) else {}


def _path(parts: Sequence[Any]) -> str:
    """Write a path as jmespath has it: `detail.items[0].name`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.removeprefix(".") or "the whole"


def _kind(value: Any) -> str:
    """Name a value's type as JSON Schema does."""
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return "null" if value is None else kinds.get(type(value), type(value).__name__)

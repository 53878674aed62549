"""Published forms: each a JSON Schema, and how a value differs from it, in words that quote no value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

# For a form with alternatives, the nearest one is reported.
ALTERNATIVES = ("anyOf", "oneOf")


@dataclass(frozen=True)
class Form:
    """The form of one message or record. `where` is its channel or table."""

    where: str
    name: str
    validator: Draft202012Validator

    def differences(self, value: Any) -> Sequence[str]:
        """Report how a value differs, each time with the path of the field, never with its content."""
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


@dataclass(frozen=True)
class Change:
    """A change that a record may undergo: which attributes change in it, at most, and the forms before and after it.

    A record that is not there is an empty one.
    """

    title: str
    of: frozenset[str]
    before: Draft202012Validator
    after: Draft202012Validator


@dataclass(frozen=True)
class Changes:
    """All changes that the records of a table may undergo. Nothing else may change in them."""

    where: str
    known: Sequence[Change]

    def differences(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[str]:
        """Report why a record cannot have become another one by a known change; nothing if it can."""
        changed = sorted(name for name in {**before, **after} if before.get(name) != after.get(name))
        possible = [one for one in self.known if one.before.is_valid(before) and one.after.is_valid(after)]
        if not changed or any(one.of.issuperset(changed) for one in possible):
            return []
        what = ", ".join(changed)
        nearest = min(possible, key=lambda one: len(one.of.symmetric_difference(changed)), default=None)
        if nearest and nearest.of.intersection(changed):
            more = ", ".join(sorted(set(changed) - nearest.of))
            words = f"{more} changed too when {nearest.title}: only {', '.join(sorted(nearest.of))} may change then"
        elif not after:
            words = "a record was removed"
        elif not before:
            words = f"a record has appeared that consists of {what}: nothing may make such a record"
        else:
            words = f"{what} changed, but must not change in a record in this state"
        return [f"{self.where} › {words}"]


# A time in the wrong zone is off by a quarter of an hour at least; the clocks of two machines are not.
CLOCKS_APART = timedelta(minutes=5)


@dataclass(frozen=True)
class Stamps:
    """The fields of a table's records that contain times, in ISO 8601."""

    where: str
    fields: Sequence[str]

    def differences(self, record: Mapping[str, Any], since: datetime, until: datetime) -> Sequence[str]:
        """Report which of these times cannot be right, given that all of it was done between two moments."""
        return [
            f"{self.where} › {name} {words}"
            for name in self.fields
            if name in record and (words := _wrong(str(record[name]), since, until))
        ]


def _wrong(text: str, since: datetime, until: datetime) -> str:
    """Return what is wrong with a time, "" if nothing is."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return "is no time"
    if time.tzinfo is None:
        return "names no time zone"
    early, late = since - CLOCKS_APART - time, time - until - CLOCKS_APART
    for by, words in ((early, "before its scenario began"), (late, "in the future")):
        if by > timedelta():
            minutes = round((by + CLOCKS_APART).total_seconds() / 60)
            return f"lies {minutes // 60} h {minutes % 60} min {words}: is it in another time zone than it says?"
    return ""


@dataclass(frozen=True)
class Doers:
    """The fields of a table's records that name who did an act, and these acts."""

    where: str
    fields: Mapping[str, str]

    def differences(self, record: Mapping[str, Any], done: Mapping[str, Collection[str]]) -> Sequence[str]:
        """Report which of these fields name someone else. `done`: the names of who did an act, by the known acts."""
        return [
            f"{self.where} › {name} names someone other than who did “{act}”"
            for name, act in self.fields.items()
            if name in record and act in done and record[name] not in done[act]
        ]


@dataclass(frozen=True)
class Contracts:
    """The forms of a system's messages, by channel and name, and of its records, by table. Empty: none is known.

    A channel is identified by its key in the document, since addresses differ between deployments. A channel
    with a single message takes any message for that one.
    """

    messages: Mapping[str, Mapping[str, Form]] = field(default_factory=dict)
    records: Mapping[str, Form] = field(default_factory=dict)
    changes: Mapping[str, Changes] = field(default_factory=dict)
    stamps: Mapping[str, Stamps] = field(default_factory=dict)
    doers: Mapping[str, Doers] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.messages or self.records)

    @property
    def forms(self) -> Sequence[Form]:
        """All of them."""
        return [*(form for named in self.messages.values() for form in named.values()), *self.records.values()]

    def message(self, channel: str, name: str) -> Form | None:
        """Return the form of a message, None if the channel has none of that name."""
        named = self.messages.get(channel, {})
        return next(iter(named.values())) if len(named) == 1 and not name else named.get(name)


def _nearest(error: ValidationError) -> ValidationError:
    if error.validator in ALTERNATIVES and error.context:
        from jsonschema.exceptions import best_match  # it is loaded by now, and not before it is needed

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

"""What a system declares about itself, so that the kit can watch it: where its keys stand, and its parts.

A key is what everything about one thing has in common: an id, a booking's reference. The kit assumes nothing about
it. What is not declared is not received, and its absence cannot be proved.

    BOOKING = Key(
        "booking",
        events=("detail.booking.reference",),
        executions=("input.detail.booking.reference",),
        records=("reference",),
        prefix="acceptance-{run}-",
    )
    WATCHED = Watched(keys=(BOOKING,), parts={"bus": ("event bus", "bookings")})
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from acceptance.trouble import Trouble

# An event's name, and its detail.
Told = tuple[str, Any]
PartKind = Literal["event bus", "state machine", "table", "function", "queue", "rest api"]
EventPattern = Mapping[str, Any]


@dataclass(frozen=True)
class Key:
    """Where one kind of key stands, by JMESPath; of several paths, each is looked at, and any of them may have it.

    `events` are paths in an event as EventBridge delivers it (`detail.reference`). A path that leads to several values
    (`detail.items[].id`) files the event under each. `executions` are paths in `{"name": …, "input": …, "output": …}`
    of an execution, the first that has a value counts. `records` are paths in a table's item, keys included.

    `prefix` or `suffix` is how this run's own keys begin or end, with the run's id at `{run}`: the event tap then
    receives these only, from a bus that others use too. An event pattern compares texts, so a number has neither.
    """

    name: str
    events: tuple[str, ...] = ()
    executions: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    prefix: str = ""
    suffix: str = ""

    def __post_init__(self) -> None:
        for path in (*self.events, *self.executions, *self.records):
            _compiled(path)

    def in_event(self, event: Mapping[str, Any]) -> Sequence[str]:
        """Return the keys that an event (EventBridge's envelope) carries, each once."""
        return list(dict.fromkeys(value for path in self.events for value in _values(path, event)))

    def in_execution(self, name: str, given: Any, output: Any = None) -> str | None:
        """Return the key of an execution by its name, its input and its output, or None."""
        return _first(self.executions, {"name": name, "input": given, "output": output})

    def in_record(self, item: Mapping[str, Any]) -> str | None:
        """Return the key of a table's item (as Python writes it), or None."""
        return _first(self.records, item)

    def patterns(self, run_id: str) -> Sequence[EventPattern] | None:
        """Return event patterns that let only this run's events through; None if no pattern can select them."""
        content = {name: text for name, text in (("prefix", self.prefix), ("suffix", self.suffix)) if text}
        steps = [_fields(path) for path in self.events]
        if not content or not all(steps):
            return None
        own = [{name: text.replace("{run}", run_id)} for name, text in content.items()]
        return [_nested(names, own) for names in steps]


def as_delivered(detail_type: str, detail: Any) -> Told:
    """Read an event as the bus delivers it."""
    return detail_type, detail


@dataclass(frozen=True)
class Watched:
    """What the kit watches of one system.

    `keys`: the first is what executions, records and timelines are about; events are found by each of them. `parts`:
    how each part is found, by its role: its kind, and what its name contains. `log_groups`: where functions log that
    do not log to `/aws/lambda/<function>`, by the names of the functions or by their roles.
    """

    keys: tuple[Key, ...] = ()
    parts: Mapping[str, tuple[PartKind, str]] = field(default_factory=dict)
    log_groups: Mapping[str, str] = field(default_factory=dict)
    reads: Callable[[str, Any], Told] = as_delivered

    @property
    def key(self) -> Key:
        """The key of executions, records and timelines. Raises Trouble if none is declared."""
        if not self.keys:
            raise Trouble("The system declares no key, so nothing of it can be found. Declare one (Watched.keys).")
        return self.keys[0]

    def roles(self, kind: PartKind) -> Sequence[str]:
        """Return the roles of the parts of one kind, in the order of their declaration."""
        return [role for role, (its_kind, _) in self.parts.items() if its_kind == kind]

    @property
    def hears_events(self) -> bool:
        """Whether any events are received: whether a path to a key in them is declared."""
        return any(key.events for key in self.keys)

    def called(self, name: str) -> Key:
        """Return the key of this name, the first one for "". Raises Trouble for one without a path in events."""
        if not self.hears_events:
            raise Trouble(
                "The system declares no path to a key in its events, so none of them is heard. "
                "Declare one (Key.events), such as detail.reference."
            )
        key = next((key for key in self.keys if key.name == name), None) if name else self.key
        if key is None or not key.events:
            there = ", ".join(key.name for key in self.keys if key.events)
            raise Trouble(f"No path to the key “{name or self.key.name}” in events is declared. Declared are: {there}.")
        return key

    def patterns(self, run_id: str) -> Sequence[EventPattern]:
        """Return event patterns that let this run's events through; none if all events have to be let through."""
        found = [key.patterns(run_id) for key in self.keys if key.events]
        return [] if None in found else [pattern for patterns in found for pattern in patterns or ()]


@cache
def _compiled(path: str) -> ParsedResult:
    try:
        return jmespath.compile(path)
    except JMESPathError as error:
        raise Trouble(f"“{path}” is no JMESPath: {error}") from None


def _values(path: str, document: Any) -> Sequence[str]:
    found = _compiled(path).search(document)
    if found is None:
        return ()
    # A path of names leads to one key, however odd its value.
    several = found if isinstance(found, list) and not _fields(path) else [found]
    return [str(one) for one in several if one is not None]


def _first(paths: Sequence[str], document: Any) -> str | None:
    return next((value for path in paths for value in _values(path, document)), None)


@cache
def _fields(path: str) -> tuple[str, ...]:
    """Return the names that a path consists of; () if it contains more, which no event pattern can express."""
    tree = _compiled(path).parsed
    steps = tree["children"] if tree["type"] == "subexpression" else [tree]
    return tuple(step["value"] for step in steps) if all(step["type"] == "field" for step in steps) else ()


def _nested(names: Sequence[str], content: Any) -> EventPattern:
    for name in reversed(names):
        content = {name: content}
    return dict(content)

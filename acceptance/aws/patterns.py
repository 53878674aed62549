"""EventBridge's event patterns, as far as rules of a bus use them: does an event match?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from acceptance.aws.tap import Event

Pattern = Mapping[str, Any]

_ABSENT = object()
_LOOKED_AT = ("source", "detail-type", "detail")
_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "prefix": lambda value, start: isinstance(value, str) and value.startswith(start),
    "suffix": lambda value, end: isinstance(value, str) and value.endswith(end),
    "equals-ignore-case": lambda value, text: isinstance(value, str) and value.lower() == text.lower(),
    "anything-but": lambda value, others: value is not _ABSENT and value not in _listed(others),
    "exists": lambda value, wanted: (value is not _ABSENT) == wanted,
}


def is_understood(pattern: Pattern) -> bool:
    """Return whether `matches` can evaluate a pattern. An empty one belongs to a schedule, which no event sets off."""
    return bool(pattern) and set(pattern) <= set(_LOOKED_AT) and all(map(_is_understood, pattern.values()))


def matches(pattern: Pattern, event: Event) -> bool:
    """Return whether an event matches an understood pattern."""
    return _matches(pattern, event.envelope)


def exact(tests: Any) -> Sequence[str]:
    """Return the texts that a part of a pattern names in full."""
    return [test for test in tests or [] if isinstance(test, str)]


def _is_understood(wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        return all(map(_is_understood, wanted.values()))
    return all(
        name in _TESTS and not any(isinstance(one, Mapping) for one in _listed(given))
        for test in wanted
        if isinstance(test, Mapping)
        for name, given in test.items()
    )


def _matches(pattern: Pattern, value: Any) -> bool:
    given = value if isinstance(value, Mapping) else {}
    return all(_fits(wanted, given.get(key, _ABSENT)) for key, wanted in pattern.items())


def _fits(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping):
        return _matches(wanted, value)
    return any(_passes(test, one) for test in wanted for one in _listed(value))


def _passes(test: Any, value: Any) -> bool:
    if isinstance(test, Mapping):
        return all(_TESTS[name](value, given) for name, given in test.items())
    return bool(test == value)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]

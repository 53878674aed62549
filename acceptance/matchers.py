"""A matcher made of words, with which every system words its own expectations, and some common expectations."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hamcrest.core.base_matcher import BaseMatcher
from hamcrest.core.description import Description
from hamcrest.core.matcher import Matcher
from hamcrest.core.string_description import StringDescription

from acceptance.breach import Breach

EPOCH_MS = re.compile(r"1[5-9]\d{11}|[2-3]\d{12}")  # from 2017 to 2096


class Says(BaseMatcher[Any]):
    """A matcher made of an expectation in words, a check, and words for the received value.

    `cause` says what is wrong in words that several matchers share, "" if only the matcher's own words describe it.
    """

    def __init__(
        self,
        expected: str,
        check: Callable[[Any], bool],
        but: Callable[[Any], str],
        cause: Callable[[Any], str] = lambda _: "",
    ) -> None:
        self._expected = expected
        self._check = check
        self._but = but
        self.cause = cause

    def _matches(self, item: Any) -> bool:
        return self._check(item)

    def describe_to(self, description: Description) -> None:
        """Describe the expectation."""
        description.append_text(self._expected)

    def describe_mismatch(self, item: Any, mismatch_description: Description) -> None:
        """Describe the received value."""
        mismatch_description.append_text(self._but(item))

    def describe_match(self, item: Any, match_description: Description) -> None:
        """Describe the received value."""
        match_description.append_text(self._but(item))


def cause_of(matcher: Matcher[Any], item: Any) -> str:
    """Return the cause of a mismatch, in the matcher's words; "" if it gives none."""
    return matcher.cause(item) if isinstance(matcher, Says) else ""


def require(seen: Any, matcher: Matcher[Any]) -> None:
    """Check a received value. Raises Breach, with what was expected and received, and with the matcher's cause."""
    if not matcher.matches(seen):
        raise Breach(difference(matcher, seen), cause_of(matcher, seen))


def difference(matcher: Matcher[Any], seen: Any, *, never: bool = False) -> str:
    """Return in words what was expected, and what was received instead. `never`: the matcher was not to match."""
    description = StringDescription()
    description.append_text("Expected: never " if never else "Expected: ").append_description_of(matcher)
    (matcher.describe_match if never else matcher.describe_mismatch)(seen, description.append_text(" · but: "))
    return str(description)


def as_stored(value: Any) -> str:
    """Write a value as JSON, so that a text differs from a number, and a blank from nothing.

    A time of an event in epoch milliseconds is also written for people.
    """
    if value is None:
        return "nothing"
    if isinstance(value, str) and value.isprintable():
        written = f'"{value}"'  # so that a JSON text within stays readable
    else:
        written = json.dumps(value, ensure_ascii=isinstance(value, str), default=_number)
    return f"{written} ({as_time(int(value))})" if EPOCH_MS.fullmatch(str(value)) else written


def as_time(ms: float) -> str:
    """Write an epoch time (ms) for people."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC"


def in_words(text: str) -> str:
    """Return a text for a sentence: in quotes if it would not be visible there, or not as it is."""
    return text if text and text == " ".join(text.split()) and text.isprintable() else as_stored(text)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) and value == int(value) else str(value)


def how_often(times: int) -> str:
    """Write how often: once, or so many times."""
    return "once" if times == 1 else f"{times} times"


def is_there(what: str) -> Says:
    """Match anything."""
    return Says(what, bool, lambda found: f"there is {_listed(found) if isinstance(found, Sequence) else found}")


def is_one(what: str, **fields: Any) -> Says:
    """Match exactly one thing (a record, or an event by its detail) in which these fields have these values."""
    wanted = ", ".join(f"{name} {value!r}" for name, value in fields.items())
    return Says(
        f"one {what}{f' with {wanted}' if wanted else ''}",
        lambda found: len(found) == 1 and fields.items() <= _content(found[0]).items(),
        lambda found: f"there is {_listed(found)}",
    )


def is_more_than_one(what: str) -> Says:
    """Describe several things where one is expected."""
    return Says(f"more than one {what}", lambda found: len(found) > 1, lambda found: f"there is {_listed(found)}")


def ended_with(error: str) -> Says:
    """Match exactly one execution, which has failed with this error."""
    return Says(
        f"one execution that failed with {error}",
        lambda found: [one.error for one in found] == [error],
        lambda found: (
            "; ".join(f"one is {one.status}{one.error and f' with {one.error}'}" for one in found) or "there is none"
        ),
    )


def _listed(found: Sequence[Any]) -> str:
    """Describe what was found: each thing with its fields, exactly as they are stored."""
    each = (", ".join(f"{name} {value!r}" for name, value in _content(one).items()) for one in found)
    return "; ".join(f"one with {fields}" if fields else "one" for fields in each) or "none"


def _content(one: Any) -> Mapping[str, Any]:
    content = getattr(one, "detail", one)
    return content if isinstance(content, Mapping) else {"content": content}

"""Messages among the page views that are none, or are hard to answer, as the deployment spells its page views.

Each may contain data about a visitor, which must not be logged.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from support.retail.dialect import PAGE, TIME, USER, VIEW, Dialect, put
from support.retail.visitors import MAIL
from support.retail.visits import SAID

# A valid time by any reading (epoch ms).
SOME_TIME = 1_652_012_999_698
# The longest message that Kafka accepts.
LONGEST = 999_905
DEEP = b"[" * 100_000
NO_NUMBER = float("nan")


class Unreadable:
    """Makes one in place of a view of a page, with a mark (a number) by which its dead letter is known."""

    def __init__(self, dialect: Dialect, page: int, mark: int) -> None:
        self._dialect = dialect
        self._page = page
        self.mark = mark

    @property
    def user(self) -> Any:
        """The mark as a page view names its visitor."""
        return self._dialect.own(USER, self.mark)

    def view(self, *without: str, at: int = SOME_TIME, **instead: Any) -> bytes:
        """Return a page view without some fields, and with others as they are given here, whatever their form."""
        said = {USER: self.mark, PAGE: self._page, TIME: at, **SAID}
        content = self._dialect.spelled(VIEW, {name: one for name, one in said.items() if name not in without})
        for name, value in instead.items():
            put(content, self._dialect.place(VIEW, name), value)
        return json.dumps(content).encode()

    def with_note(self, note: bytes) -> bytes:
        """Return a page view with any note at its end."""
        return self.view()[:-1] + b', "NOTE": ' + note

    def too_long(self) -> bytes:
        """Return a page view of the longest size Kafka accepts, to which no answer could be sent."""
        return self.with_note(b'"' + b"x" * (LONGEST - len(self.with_note(b'""}'))) + b'"}')

    def time_in_words(self) -> Any:
        """Return a time that a page view does not have: a text where it is a number, else words."""
        return str(SOME_TIME) if isinstance(self._dialect.own(TIME, SOME_TIME), int) else "about noon"


UNREADABLE: Mapping[str, Callable[[Unreadable], bytes | None]] = {
    "a text": lambda one: f"a page view, surely: {one.mark}, {one.mark}{MAIL}".encode(),
    "half a page view": lambda one: one.view(TIME)[:-2],
    "a list": lambda one: json.dumps([one.user, 200, f"{one.mark}{MAIL}"]).encode(),
    "a page view of nobody": lambda one: one.view(USER, at=one.mark),
    "a page view of no page": lambda one: one.view(PAGE),
    "a page view at no time": lambda one: one.view(TIME),
    "a page view at a time in words": lambda one: one.view(TIMESTAMP=one.time_in_words()),
    "a page view by a number below zero": lambda one: one.view(USERID=_changed(one.user, -one.mark, f"-{one.user}")),
    "a page view at a time that is no number": lambda one: one.view(TIMESTAMP=NO_NUMBER),
    "a page view by a broken number": lambda one: one.view(USERID=_changed(one.user, one.mark + 0.5, f"{one.user}.5")),
    "a page view by yes or no": lambda one: one.view(at=one.mark, USERID=True),
    "a page view by a name": lambda one: one.view(at=one.mark, USERID="Jo"),
    "a page view by a number beyond all": lambda one: one.view(
        USERID=_changed(one.user, one.mark * 10**40, f"{one.user}{'0' * 40}")
    ),
    "a page view without an end": lambda one: one.with_note(DEEP),
    "a page view with an infinite number": lambda one: one.with_note(b"1e999}"),
    "bytes of no text": lambda one: b"\xc3\x28\xff %d%s" % (one.mark, MAIL.encode()),
    "nothing at all": lambda _: b"",
    "a tombstone": lambda _: None,
    "a page view beyond all length": Unreadable.too_long,
    # To JSON, 1 and 1.0 are one number; to many programs and tables they are two.
    "a page view by a number with a point": lambda one: one.view(
        USERID=_changed(one.user, float(one.mark), f"{one.user}.0")
    ),
    # JSON may hold half of an emoji (RFC 8259, 8.2), which UTF-8 cannot.
    "a page view with half a character": lambda one: one.view(REFERRER="\ud83d"),
}


def _changed(said: Any, number: Any, text: str) -> Any:
    """Return a number where the value is one, else a text."""
    return number if isinstance(said, int) else text

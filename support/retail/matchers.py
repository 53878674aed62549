"""Hamcrest matchers for the retail shop. Each describes what was expected and what was received."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from hamcrest import all_of
from hamcrest.core.matcher import Matcher

from acceptance.matchers import Says, how_often
from acceptance.named_values import Value, has_no_value, has_value, is_wrong
from support.retail.answers import Heard
from support.retail.dialect import FIELDS, OFFER, PRIVATE, PRODUCT, SEEN, Dialect, places_in
from support.retail.driver import Retail
from support.retail.visitors import MAIL, OFFERED_PLAN
from support.retail.visits import View

# A line of one, as programs in several languages print it.
STACK_TRACE = re.compile(r'File ".+", line \d+|\bat \S+ ?\(.+:\d+\)')
# How many are named; of more, only the number is given.
NAMED = 3
Key = TypeVar("Key")


class Tally(Generic[Key]):
    """How often each of many messages was received, beside the expected ones. `called` names one of them."""

    def __init__(
        self,
        wanted: Collection[Key],
        heard: Mapping[Key, int],
        services: Heard,
        called: Callable[[Key], str] = str,
    ) -> None:
        self.missing = [one for one in wanted if not heard.get(one)]
        self.several = {one: number for one, number in heard.items() if number > 1}
        self.unwanted = [one for one in heard if one not in wanted]
        self.of = len(wanted)
        self._services = services
        self._called = called

    def dead_end(self) -> str | None:
        """Return why no more can arrive."""
        return self._services.dead_end()

    @property
    def words(self) -> str:
        """Its problems."""
        several = [f"{self._called(one)}: {how_often(number)}" for one, number in self.several.items()]
        told = [
            f"{len(self.missing)} of {self.of} are missing ({_some(map(self._called, self.missing))})"
            if self.missing
            else "",
            f"{len(self.several)} came more than once ({_some(several)})" if self.several else "",
            f"{len(self.unwanted)} came that should not ({_some(map(self._called, self.unwanted))})"
            if self.unwanted
            else "",
        ]
        return "; ".join(one for one in told if one) or f"all {self.of} are there"


@dataclass(frozen=True)
class Orders:
    """The order in which some visitors' page views were enriched, by the names of visitors and pages."""

    of: int
    # Differences: the pages as enriched, and as viewed.
    wrong: Mapping[str, tuple[Sequence[str], Sequence[str]]] = field(default_factory=dict)
    # Visitors whose enriched views lie in several partitions, between which Kafka keeps no order.
    scattered: Mapping[str, Collection[int]] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Its problems."""
        wrong = [f"{who}: {', '.join(told)} instead of {', '.join(seen)}" for who, (told, seen) in self.wrong.items()]
        scattered = [f"{who}: {', '.join(map(str, sorted(places)))}" for who, places in self.scattered.items()]
        parts = [
            f"of {len(wrong)} of {self.of} visitors they came in another order ({_some(wrong)})" if wrong else "",
            f"of {len(scattered)} of {self.of} visitors they lie in several partitions, between which Kafka keeps no "
            f"order ({_some(scattered)})"
            if scattered
            else "",
        ]
        return "; ".join(filter(None, parts)) or "all are in order"


def _some(named: Any) -> str:
    several = list(named)
    return "; ".join([*several[:NAMED], *(["…"] if several[NAMED:] else [])])


def are_in_order() -> Says:
    """Page views that were enriched in each visitor's order."""
    return Says(
        "each visitor's page views in their order",
        lambda orders: not (orders.wrong or orders.scattered),
        lambda orders: orders.words,
    )


def says(dialect: Dialect, kind: str, path: str, operator: str, value: Value) -> Says:
    """A message in which a field has this value, both as this deployment spells them."""
    own = dialect.own(path, value) if isinstance(value, str) and path in FIELDS else value
    return has_value(dialect.path(kind, path), operator, own)


def does_not_say(dialect: Dialect, kind: str, path: str) -> Matcher[Any]:
    """A message without a field; if that is the visitor's e-mail address, also without it in other fields."""
    lacks = has_no_value(dialect.path(kind, path))
    return all_of(lacks, _tells_no_address()) if path == PRIVATE else lacks


def _tells_no_address() -> Says:
    """A message without an e-mail address in any field."""

    def told(content: Any) -> Sequence[str]:
        return [place for place, value in places_in(content) if MAIL in str(value)]

    return Says(
        "no e-mail address of the visitor",
        lambda content: not told(content),
        lambda content: f"there is one at {', '.join(told(content))}",
    )


def tells_of(dialect: Dialect, kind: str, view: View) -> Matcher[Any]:
    """A message with the same user, page and time as the page view."""
    said = zip(SEEN, (view.user, view.page, view.at), strict=True)
    return all_of(
        *(has_value(dialect.path(kind, name), "equal to", as_value(dialect.own(name, one))) for name, one in said)
    )


def as_value(said: Any) -> Value:
    """Return a message's values in comparable form."""
    return Decimal(said) if isinstance(said, int) else str(said)


def is_there(what: str) -> Says:
    """A message received at least once."""
    return Says(what, bool, lambda heard: f"there is {'one' if heard else 'none'}")


def was_put_aside_with_its_reason(header: str = "", words: str = "") -> Says:
    """The answers to an unreadable message: one dead letter, with the reason in a header.

    `header` is its name; without one, any may hold the reason. `words` are in the reason.
    """
    where, named = f" in its header “{header}”" if header else "", f", and names “{words}”" if words else ""
    return Says(
        f"a dead letter that says{where} why it is one{named}",
        lambda heard: len(heard) == 1 and any(words in one for one in _reasons(heard[0].headers, header)),
        lambda heard: _headers_in_words(heard[0].headers) if len(heard) == 1 else f"there are {len(heard)}",
        lambda heard: "dead letter › reason" if len(heard) == 1 and not _reasons(heard[0].headers, header) else "",
    )


def _headers_in_words(headers: Mapping[str, str]) -> str:
    said = ", ".join(f"{name} “{content}”" for name, content in headers.items())
    return f"its headers are {said}" if said else "it has no headers"


def names_its_place(place: str) -> Says:
    """The answers to an unreadable message: dead letters, each with the place of that message in a header."""
    return Says(
        f"a dead letter that names {place} as the place of its message",
        lambda heard: bool(heard) and all(place in one.headers.values() for one in heard),
        lambda heard: "; ".join(_headers_in_words(one.headers) for one in heard) or "there is none",
    )


def _reasons(headers: Mapping[str, str], header: str) -> Sequence[str]:
    """Return possible reasons: sentences, in any header. A single word would be a code."""
    named = headers.get(header, "").strip()
    return [*filter(None, [named])] if header else [one for one in headers.values() if len(one.split()) > 1]


def states_a_reason(words: str) -> Says:
    """The last lines that a program printed: they mention these words, and are no stack trace."""
    return Says(
        f"a reason that mentions “{words}”, and no stack trace",
        lambda printed: words in printed and not STACK_TRACE.search(printed),
        lambda printed: f"“{printed}”",
    )


def comes_more_than_once(what: str) -> Says:
    """A message received more than once."""
    return Says(
        f"more than one {what}",
        lambda heard: len(heard) > 1,
        lambda heard: f"there are {len(heard)}",
        lambda _: _came_again(what),
    )


def _came_again(what: str) -> str:
    """Return the cause of each failure in which something came more than once."""
    return f"more than one {what.removesuffix('s')}"


def come(number: int, what: str) -> Says:
    """A message received this many times."""
    return Says(
        f"{number} {what}{'s' if number != 1 else ''}",
        lambda heard: len(heard) == number,
        lambda heard: f"there are {len(heard)}: {heard.words}",
    )


def are_all_of_the_plan(retail: Retail) -> Says:
    """Offers that all name the plan that is offered."""
    product = retail.dialect.own(PRODUCT, OFFERED_PLAN)
    return Says(
        f"offers of “{product}”",
        lambda heard: all(retail.answers.find(PRODUCT, message) == product for message in heard),
        lambda heard: f"there are: {heard.words}",
        lambda _: is_wrong(retail.dialect.path(OFFER, PRODUCT)),
    )


def has_all(what: str) -> Says:
    """A tally in which nothing is missing."""
    return Says(f"all {what}", lambda tally: not tally.missing, lambda tally: tally.words)


def has_all_once(what: str) -> Says:
    """A tally in which every expected message arrived once, and no others."""
    return Says(
        f"all {what}, each once, and no others",
        lambda tally: not (tally.missing or tally.several or tally.unwanted),
        lambda tally: tally.words,
        lambda tally: _came_again(what) if tally.several and not tally.missing else "",
    )

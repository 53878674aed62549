"""Several orders, and their numbers."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from acceptance.matchers import Says
from support.serverlesspresso.matchers.orders import OTHER_CHOICES, is_completed, waits_for_a_barista
from support.serverlesspresso.menu import ChosenDrink
from support.serverlesspresso.orders import SeenOrder


def are_stored(at_least: int) -> Says:
    """Orders of which at least so many exist."""

    def stored(seen: Sequence[SeenOrder]) -> int:
        return sum(1 for order in seen if order.record)

    return Says(
        f"{at_least} of the orders to appear",
        lambda seen: stored(seen) >= at_least,
        lambda seen: f"{stored(seen)} of {len(seen)} are there",
    )


def are_timed_exactly() -> Says:
    """Orders whose opening times are not all whole seconds. Three are by chance once in a thousand million times."""

    def times(seen: Sequence[SeenOrder]) -> Sequence[int]:
        return [one.record.since for one in seen if one.record and one.record.since is not None]

    return Says(
        "orders that say to the millisecond when they were opened",
        lambda seen: len(times(seen)) == len(seen) and any(time % 1000 for time in times(seen)),
        lambda seen: f"they say {', '.join(map(str, times(seen))) or 'nothing'}, in ms",
    )


def are_numbered_after(number: int) -> Says:
    """Orders whose numbers are all higher than a number, each given once."""
    return Says(
        f"numbers higher than {number}, each given once",
        lambda seen: none_is_numbered_twice().matches(seen) and all(n > number for n in _numbers(seen)),
        lambda seen: _number_words(_numbers(seen)),
    )


def are_numbered_without_gap_after(number: int) -> Says:
    """Orders with the next consecutive numbers after a number, each given once."""
    return Says(
        f"the very next numbers after {number}, each given once",
        lambda seen: bool(seen) and set(_numbers(seen)) == set(range(number + 1, number + 1 + len(seen))),
        lambda seen: _number_words(_numbers(seen)),
    )


def none_is_numbered_twice() -> Says:
    """Orders that all have a number, each a different one."""
    return Says(
        "a number for each order, and none given twice",
        lambda seen: bool(seen) and None not in _numbers(seen) and len(set(_numbers(seen))) == len(seen),
        lambda seen: _number_words(_numbers(seen)),
    )


def all_are_numbered() -> Says:
    """Orders that all have a number."""

    def numbered(seen: Sequence[SeenOrder]) -> int:
        return sum(1 for order in seen if order.record and order.record.number is not None)

    return Says(
        "orders that all have a number",
        lambda seen: numbered(seen) == len(seen),
        lambda seen: f"{numbered(seen)} of {len(seen)} have one",
    )


def _numbers(seen: Sequence[SeenOrder]) -> list[Any]:
    return [order.record.number if order.record else None for order in seen]


def _number_words(numbers: Sequence[Any]) -> str:
    missing = numbers.count(None)
    counted = Counter(n for n in numbers if n is not None)
    twice = sorted((number for number, times in counted.items() if times > 1), key=_by_value)
    parts = [f"{missing} of {len(numbers)} have no number"] if missing else []
    parts += [f"number {number} was given {numbers.count(number)} times" for number in twice]
    given = sorted((n for n in numbers if n is not None), key=_by_value)
    return "; ".join(parts) or (f"the numbers are {', '.join(map(str, given))}" if given else "there are no orders")


def _by_value(number: Any) -> tuple[bool, Any]:
    """The sort key of numbers that may include non-numbers."""
    return (False, number) if isinstance(number, int) else (True, str(number))


def all_are_completed() -> Says:
    """Orders that are all ready."""
    return Says(
        "orders that are all completed",
        lambda seen: bool(seen) and all(is_completed().matches(order) for order in seen),
        lambda seen: _of_how_many([order for order in seen if not is_completed().matches(order)]),
    )


def _of_how_many(seen: Sequence[SeenOrder]) -> str:
    """Summarize many orders: each state once, with its number of orders."""
    states = Counter(order.words for order in seen)
    told = (f"of {times} orders, {words}" if times > 1 else words for words, times in states.items())
    return "; ".join(told) or "there are no orders"


def all_wait_for_their_drink() -> Says:
    """Orders that are all open and wait for their drink to be chosen."""
    return Says(
        "orders that all wait for their drinks to be chosen",
        lambda seen: bool(seen) and all(map(_waits_for_its_drink, seen)),
        _not_waiting_words,
    )


def _waits_for_its_drink(seen: SeenOrder) -> bool:
    return seen.record is not None and (seen.record.state, seen.record.drink) == ("CREATED", "")


def _not_waiting_words(seen: Sequence[SeenOrder]) -> str:
    missing = sum(1 for order in seen if not order.record)
    parts = [f"{missing} of {len(seen)} orders are not there"] if missing else []
    parts += [order.words for order in seen if order.record and not _waits_for_its_drink(order)]
    return "; ".join(parts) or "there are no orders"


def all_wait_for_a_barista(chosen: Sequence[ChosenDrink]) -> Says:
    """Numbered orders of these drinks with these choices, in this order, that no barista makes yet."""
    each = ", ".join(f"{times} {words}" for words, times in Counter(one.words for one in chosen).items())

    def amiss(seen: Sequence[SeenOrder]) -> str:
        others = (
            f"{one.words} became {order.record.chosen.words}"
            for one, order in zip(chosen, seen, strict=True)
            if order.record and order.record.drink and not order.record.chosen.is_like(one)
        )
        return "; ".join(others) or _of_how_many(seen)

    def other_choices(seen: Sequence[SeenOrder]) -> str:
        orders = [order.record for order in seen if order.record]
        same = [order.drink for order in orders] == [one.drink for one in chosen]
        differ = same and any(not order.chosen.is_like(one) for one, order in zip(chosen, orders, strict=True))
        return OTHER_CHOICES if differ else ""

    return Says(
        f"numbered orders of {each} that wait for a barista",
        lambda seen: (
            len(seen) == len(chosen)
            and all(
                waits_for_a_barista(one.drink).matches(order) and order.record and order.record.chosen.is_like(one)
                for one, order in zip(chosen, seen, strict=True)
            )
        ),
        amiss,
        other_choices,
    )

"""The shop's menu, settings and times."""

from collections.abc import Mapping, Sequence
from typing import Any

from acceptance.matchers import Says, in_words
from support.serverlesspresso.menu import MenuItem


def offers(wanted: Sequence[MenuItem]) -> Says:
    """A menu with exactly these drinks."""

    def amiss(menu: Sequence[MenuItem]) -> str:
        def listed(items: set[MenuItem]) -> str:
            return "; ".join(" / ".join(map(in_words, item)) for item in sorted(items))

        more, missing = listed({*menu} - {*wanted}), listed({*wanted} - {*menu})
        amiss = [f"it lacks {missing}"] if missing else []
        amiss += [f"it has {more} instead" if missing else f"it also has {more}"] if more else []
        return ", and ".join(amiss) or "a drink stands there twice"

    return Says(
        f"a menu of {', '.join(item.drink for item in wanted)}",
        lambda menu: sorted(menu) == sorted(wanted),
        amiss,
    )


def lasts(minutes: int) -> Says:
    """A time (in seconds) of so many minutes."""
    return Says(
        f"{minutes} minutes",
        lambda seconds: seconds == minutes * 60,
        lambda seconds: f"it is {seconds} seconds",
    )


def is_set_as(before: Mapping[str, Any]) -> Says:
    """Settings that are the same as before, each by its name."""

    def otherwise(seen: Mapping[str, Any]) -> Sequence[str]:
        names = [name for name in {**before, **seen} if before.get(name) != seen.get(name)]
        return [f"{name} is {seen.get(name)} instead of {before.get(name)}" for name in names]

    return Says(
        "everything to be set as before",
        lambda seen: not otherwise(seen),
        lambda seen: "; ".join(otherwise(seen)),
    )


def are_none(text: str) -> Says:
    """Places where a text stands: none."""
    return Says(f"“{text}” to be passed on nowhere", lambda seen: not seen, lambda seen: f"it is in {', '.join(seen)}")


def mention_no_order() -> Says:
    """Data about a customer that mentions none of these orders."""
    return Says(
        "the shop's records about a customer to mention no order that is over",
        lambda seen: not seen,
        lambda seen: f"they still mention {', '.join(seen)}",
    )


def is_forgotten_after(days: int) -> Says:
    """In how many days something expires: so many; -1 for never."""
    return Says(
        f"it to expire after {days} days",
        lambda seen: seen == days,
        lambda seen: "it never expires" if seen < 0 else f"it expires after {seen:,} days",
    )


def is_refused_opening() -> Says:
    """Why a shop that cannot store its menu could not be opened."""
    return Says(
        "the opening of a shop without a menu to fail",
        bool,
        lambda _: "it was reported as done, so the shop has nothing to sell",
    )


def is_gone() -> Says:
    """Whether a shop that was removed is gone: it is."""
    return Says(
        "the shop to be removed",
        bool,
        lambda _: "its removal has not ended: a part of it never said that it was done",
    )

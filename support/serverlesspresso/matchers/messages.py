"""What the café has announced: to the baristas, to everybody, to a customer; and its dead letters."""

from collections.abc import Mapping, Sequence
from typing import Any

from acceptance.aws.alarms import each_has_one
from acceptance.aws.tap import Event
from acceptance.breach import NEVER_CAME
from acceptance.matchers import Says, as_stored, how_often
from support.serverlesspresso.menu import ChosenDrink
from support.serverlesspresso.messages import CLAIMED, WAITS
from support.serverlesspresso.orders import drink_of, name_of


def tells(detail_type: str, meaning: str, times: int | None = None, **detail: Any) -> Says:
    """Events of which at least one (or exactly `times`) is of this type with these details."""

    def count(events: Sequence[Event]) -> int:
        return sum(
            1
            for event in events
            if event.detail_type == detail_type and all(event[name] == value for name, value in detail.items())
        )

    def often_told(events: Sequence[Event]) -> str:
        return f"it was announced {how_often(count(events))}; " if count(events) else ""

    often = "" if times is None else f" {how_often(times)}"
    wanted = f", with {', '.join(f'{name} {as_stored(value)}' for name, value in detail.items())}" if detail else ""
    return Says(
        f"a notification{often} that {meaning}{wanted}",
        lambda events: count(events) == times if times is not None else count(events) > 0,
        lambda events: f"{often_told(events) or _otherwise(events, detail_type, detail)}{_heard(events)}",
        lambda events: _never_told(events, detail_type),
    )


def tells_more_than(detail_type: str, meaning: str, times: int) -> Says:
    """Events of which more than `times` are of this type."""
    return Says(
        f"a notification more than {how_often(times)} that {meaning}",
        lambda events: sum(1 for event in events if event.detail_type == detail_type) > times,
        _heard,
    )


def all_are_told(detail_type: str, meaning: str) -> Says:
    """The events of several orders, among which each has one of this type."""

    def told(of_each: Sequence[Sequence[Event]]) -> int:
        return sum(1 for events in of_each if any(event.detail_type == detail_type for event in events))

    return Says(
        f"a notification of each order that {meaning}",
        lambda of_each: bool(of_each) and told(of_each) == len(of_each),
        lambda of_each: f"it was announced for {told(of_each)} of {len(of_each)}",
        lambda of_each: _never_told([event for events in of_each for event in events], detail_type),
    )


def _never_told(events: Sequence[Event], detail_type: str) -> str:
    """Return the type of event that is missing, "" where there are some."""
    return "" if any(event.detail_type == detail_type for event in events) else f"{NEVER_CAME}{detail_type}"


def _otherwise(events: Sequence[Event], detail_type: str, wanted: Mapping[str, Any]) -> str:
    """Return the details in which the closest event of a type differs from the expected ones, as delivered."""

    def differing(event: Event) -> Sequence[str]:
        return [name for name, value in wanted.items() if event[name] != value]

    of_type = [event for event in reversed(events) if event.detail_type == detail_type]
    if not (of_type and wanted):
        return ""
    event = min(of_type, key=lambda event: len(differing(event)))
    told = ", ".join(
        f"{name} {as_stored(event.as_delivered[name])} instead of {as_stored(wanted[name])}"
        for name in differing(event)
    )
    return f"it was announced with {told}; " if told else ""


def tells_that_nobody_makes_it() -> Says:
    """Events of which one says that an order has no barista, by any form of empty value."""
    return Says(
        "a notification that the order has no barista",
        lambda events: any(event.detail_type == CLAIMED and not event["baristaUserId"] for event in events),
        lambda events: f"{_named_last(events)}{_heard(events)}",
    )


def _named_last(events: Sequence[Event]) -> str:
    named = [event.as_delivered for event in events if event.detail_type == CLAIMED]
    return f"the last {named[-1].detail_type} names {as_stored(named[-1]['baristaUserId'])}; " if named else ""


def _heard(events: Sequence[Event]) -> str:
    """The events received, by their own names, which readers search for."""
    return (
        f"the notifications are: {', '.join(event.as_delivered.detail_type for event in events)}"
        if events
        else "there are no notifications"
    )


def has_been_told(wanted: Sequence[tuple[str, str]]) -> Says:
    """Events that contain each of the expected words, with the state of the order if one is given."""

    def said(event: Event) -> tuple[Any, Any]:
        return event["Message"], event["ORDERSTATE"] or event["state"] or ""

    def quoted(words: Any, state: Any) -> str:
        return f"{f'“{words}”' if isinstance(words, str) else 'no words'}{f' ({state})' if state else ''}"

    def missing(events: Sequence[Event]) -> list[str]:
        all_said = [said(event) for event in events]
        return [quoted(*pair) for pair in wanted if pair not in all_said]

    return Says(
        "the customer to be notified in these words",
        lambda events: not missing(events),
        lambda events: (
            f"{' and '.join(missing(events))} {'is' if len(missing(events)) == 1 else 'are'} missing; "
            f"received: {', '.join(quoted(*said(event)) for event in events if event['Message']) or 'none'}; "
            f"{_heard(events)}"
        ),
    )


def all_hear_of_it() -> Says:
    """The notifications of refusal to several customers: at least one for each."""
    return Says(
        "a notification for everyone who was not let in that the shop cannot take the order",
        lambda told: all(told),
        lambda told: f"{sum(1 for one in told if not one)} of {len(told)} were not notified",
    )


def shows_drink(drink: str, user_id: str, picture: str) -> Says:
    """Events of which one shows the baristas a drink with its picture and its customer."""
    wanted = {"drink": drink, "userId": user_id, "icon": picture}

    def amiss(events: Sequence[Event]) -> str:
        shown = [drink_of(event["drinkOrder"]) for event in events if event["drinkOrder"]]
        if not shown:
            return f"no drink was shown; {_heard(events)}"
        differing = [name for name, value in wanted.items() if shown[-1].get(name) != value]
        told = (f"{name} {as_stored(shown[-1].get(name))} instead of {as_stored(wanted[name])}" for name in differing)
        return f"it was shown with {', '.join(told)}"

    return Says(
        f"the baristas to be shown a {drink} for {name_of(user_id)}",
        lambda events: any(wanted.items() <= drink_of(event["drinkOrder"]).items() for event in events),
        amiss,
    )


def tells_choices(chosen: ChosenDrink) -> Says:
    """Events of which one notifies the baristas of a drink with these choices, in any sequence."""

    def told(event: Event) -> ChosenDrink:
        drink = drink_of(event["drinkOrder"])
        return ChosenDrink(str(drink.get("drink")), tuple(map(str, drink.get("modifiers") or ())))

    def waiting(events: Sequence[Event]) -> Sequence[ChosenDrink]:
        return [told(event) for event in events if event.detail_type == WAITS]

    return Says(
        f"the baristas to be notified of a {chosen.words}",
        lambda events: any(map(chosen.is_like, waiting(events))),
        lambda events: f"received: {'; '.join(one.words for one in waiting(events)) or 'nothing'}",
    )


def is_kept(detail_type: str, customer: str) -> Says:
    """The types of the messages about an order among the dead letters, of which one is this."""
    return Says(
        f"a dead letter {detail_type} about {customer}'s order",
        lambda kept: detail_type in kept,
        lambda kept: (
            f"the dead letters about it are: {', '.join(kept)}" if kept else "there is no dead letter about it"
        ),
    )


def are_all_noticed() -> Says:
    """The workflows that serve stopped orders, without an alarm: none."""
    return each_has_one("workflow that serves stopped orders, from its first failure on")

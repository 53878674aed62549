"""Hamcrest matchers for the café. Each describes what was expected and, when it fails, what was received."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from acceptance.aws.executions import Execution
from acceptance.aws.tap import Event
from acceptance.breach import NEVER_CAME
from acceptance.masking import masked
from acceptance.matchers import Says, as_stored, as_time, how_often, in_words
from support.serverlesspresso.front_door import Answer
from support.serverlesspresso.menu import ChosenDrink
from support.serverlesspresso.messages import CLAIMED, WAITS
from support.serverlesspresso.orders import (
    MenuItem,
    Order,
    SeenAction,
    SeenOrder,
    Workflows,
    differences,
    drink_of,
    name_of,
)

A_MINUTE_MS = 60_000
# The cause of each failure in which a drink is the one that was ordered, and its choices are not.
OTHER_CHOICES = "order › choices"
EXCERPT_MOST = 200


def _order(
    expected: str,
    check: Callable[[Order], bool],
    aside: Callable[[Order], str] = lambda order: "",
    cause: Callable[[Order], str] = lambda order: "",
) -> Says:
    """A matcher of an order. `aside` returns relevant details besides the order's usual description."""
    return Says(
        expected,
        lambda seen: seen.record is not None and check(seen.record),
        lambda seen: f"{seen.words}{aside(seen.record) if seen.record else ''}",
        lambda seen: cause(seen.record) if seen.record else "",
    )


def _number_aside(order: Order) -> str:
    known = order.number is None or f"number {order.number}" in order.words
    return "" if known else f", with number {as_stored(order.number)}"


def _customer_aside(order: Order, user_id: str) -> str:
    return "" if order.user_id == user_id else f", for {as_stored(order.user_id)} instead of {as_stored(user_id)}"


# --- orders ------------------------------------------------------------------------------------


def waits_for_its_drink(user_id: str) -> Says:
    """An order that its customer has opened and not yet submitted."""
    return _order(
        "an order that waits for its drink to be chosen",
        lambda order: (order.state, order.user_id, order.drink, order.number) == ("CREATED", user_id, "", None),
        lambda order: _customer_aside(order, user_id) + _number_aside(order),
    )


def waits_for_a_barista(drink: str) -> Says:
    """An order whose drink was submitted, with a number, and that no barista makes yet."""
    return _order(
        f"a numbered order of a {drink} that waits for a barista",
        lambda order: (order.state, order.drink, order.barista) == ("CREATED", drink, "") and order.number is not None,
    )


def is_one_of(drinks: Sequence[str]) -> Says:
    """An order of one of these drinks."""
    return _order(f"an order of a {' or a '.join(drinks)}", lambda order: order.drink in drinks)


def is_a(drink: str) -> Says:
    """An order of a drink, without any choice."""
    return is_exactly(ChosenDrink(drink))


def is_exactly(chosen: ChosenDrink) -> Says:
    """An order of a drink with these choices, in this order."""
    return _is_chosen(chosen, lambda order: order.chosen == chosen)


def has_choices(chosen: ChosenDrink) -> Says:
    """An order of a drink with these choices, in any sequence."""
    return _is_chosen(chosen, lambda order: order.chosen.is_like(chosen))


def _is_chosen(chosen: ChosenDrink, check: Callable[[Order], bool]) -> Says:
    def aside(order: Order) -> str:
        if order.modifiers:
            return f", with {', '.join(in_words(str(one)) for one in order.modifiers)}"
        return ", with no choices" if chosen.modifiers else ""

    return _order(
        f"an order of a {chosen.words}",
        check,
        aside,
        lambda order: OTHER_CHOICES if order.drink == chosen.drink else "",
    )


def is_being_made_by(barista: str) -> Says:
    """An open order that this barista has claimed."""
    return _order(
        f"an order being made by {name_of(barista)}",
        lambda order: (order.state, order.barista) == ("CREATED", barista),
        lambda order: (
            f" ({as_stored(order.barista)} instead of {as_stored(barista)})"
            if order.barista != barista and order.barista.startswith(name_of(barista))
            else ""
        ),
    )


def is_unclaimed() -> Says:
    """An open order that no barista has claimed."""
    return _order("an order without a barista", lambda order: (order.state, order.barista) == ("CREATED", ""))


def is_completed() -> Says:
    """An order that is ready."""
    return _order("a completed order", lambda order: order.state == "COMPLETED")


def is_cancelled(because: str = "") -> Says:
    """An order that was cancelled, for this reason if one is given, else for any."""
    return _order(
        f"a cancelled order{f' because of: {because}' if because else ''}",
        lambda order: order.state == "CANCELLED" and because in ("", order.cause),
        lambda order: ", without a reason" if because and order.state == "CANCELLED" and not order.cause else "",
    )


def has_no_number() -> Says:
    """An order that has not got a number."""
    return _order("an order without a number", lambda order: order.number is None, _number_aside)


def came_at(moment_ms: int) -> Says:
    """An order whose own opening time is this moment, within a minute."""
    return _order(
        "an order that says when it was opened",
        lambda order: order.since is not None and abs(order.since - moment_ms) < A_MINUTE_MS,
        lambda order: f", and says {as_stored(order.content.get('TS'))} where the cloud stamped {as_time(moment_ms)}",
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


def is_stored() -> Says:
    """Any order at all."""
    return Says("an order to appear", lambda seen: seen.record is not None, lambda seen: seen.words)


def are_stored(at_least: int) -> Says:
    """Orders of which at least so many exist."""

    def stored(seen: Sequence[SeenOrder]) -> int:
        return sum(1 for order in seen if order.record)

    return Says(
        f"{at_least} of the orders to appear",
        lambda seen: stored(seen) >= at_least,
        lambda seen: f"{stored(seen)} of {len(seen)} are there",
    )


def has_changed_from(before: Order) -> Says:
    """An order that people see differently than at an earlier moment."""
    return Says(
        "an order that differs from before",
        lambda seen: seen.record is None or seen.record.visible != before.visible,
        lambda seen: f"{seen.words}{_difference(before, seen)}",
    )


def has_a_trace_since(before: Order) -> Says:
    """An order whose record differs in anything from that of an earlier moment."""
    return Says(
        "a record that differs from before",
        lambda seen: seen.record is None or seen.record.content != before.content,
        lambda seen: f"{seen.words}{_difference(before, seen)}",
    )


def _difference(before: Order, seen: SeenOrder) -> str:
    differing = differences(before, seen.record)
    changes = "; ".join(
        f"{name} was {as_stored(was)} and is {as_stored(now)}" for name, (was, now) in differing.items()
    )
    return f" ({changes})" if changes else ""


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


def none_is_numbered_twice() -> Says:
    """Orders that all have a number, each a different one."""
    return Says(
        "a number for each order, and none given twice",
        lambda seen: bool(seen) and None not in _numbers(seen) and len(set(_numbers(seen))) == len(seen),
        lambda seen: _number_words(_numbers(seen)),
    )


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


# --- actions -------------------------------------------------------------------------------------


def _outcome(seen: SeenAction) -> str:
    if seen.refused:
        return f"it was refused ({seen.reason})"
    if seen.broke_down:
        return f"the café broke down ({seen.reason})"
    return "the café did as it was asked" if seen.accepted else "the café has not answered yet"


def is_answered() -> Says:
    """An action that the café carried out, refused, or crashed on."""
    return Says("the café to answer", lambda seen: not seen.execution.running, _outcome)


def is_refused(*because: str) -> Says:
    """An action that the café has refused, for a reason with the words of one of `because` (case and blanks aside)."""
    wanted = [words.replace(" ", "").lower() for words in because] or [""]
    return Says(
        f"the café to refuse{f' because of: {because[0]}' if because else ''}",
        lambda seen: seen.refused and any(words in seen.reason.replace(" ", "").lower() for words in wanted),
        _outcome,
    )


def is_accepted() -> Says:
    """An action that the café has carried out."""
    return Says("the café to do as it was asked", lambda seen: seen.accepted, _outcome)


def exactly_one_is_accepted() -> Says:
    """Several actions of which the café has carried out one and refused all others."""
    return Says(
        "the café to accept one and to refuse the other",
        lambda seen: (
            [a.accepted for a in seen].count(True) == 1 and [a.refused for a in seen].count(True) == len(seen) - 1
        ),
        lambda seen: " / ".join(map(_outcome, seen)),
    )


# --- events ---------------------------------------------------------------------------------------


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


# --- the workflows behind an order -----------------------------------------------------------------


def _served(seen: Workflows) -> str:
    if not seen.executions:
        return "no workflow has started for it"
    if len(seen.executions) == len(seen.open) == 1:
        return "its workflow is still running"
    return f"it was begun {how_often(len(seen.executions))}, and {len(seen.open)} of these are still being served"


def is_served_once() -> Says:
    """An order that exactly one open workflow serves, regardless of how often it was begun."""
    return Says("the order to be served exactly once", lambda seen: len(seen.open) == 1, _served)


def is_not_served_once() -> Says:
    """An order that no workflow serves any more, or more than one."""
    return Says("the order to be left alone, or served more than once", lambda seen: len(seen.open) != 1, _served)


def was_begun(times: int, *, well: bool = False) -> Says:
    """An order that was begun so many times, of which one is still open. `well`: all others came to a good end."""
    return Says(
        f"the order to have been begun {how_often(times)}, and to be served once",
        lambda seen: (
            len(seen.executions) == times
            and len(seen.open) == 1
            and (not well or all(execution.running or execution.succeeded for execution in seen.executions))
        ),
        lambda seen: f"{_served(seen)}{_bad_ends(seen)}",
    )


def _bad_ends(seen: Workflows) -> str:
    bad = [e for e in seen.executions if not (e.running or e.succeeded)]
    return "".join(f"; one ended {e.status} {e.error}".rstrip() for e in bad)


def is_not_served() -> Says:
    """An order that no workflow serves, whether or not one has begun to."""
    return Says("no work to be left open", lambda seen: not seen.open, _served)


def has_begun(times: int) -> Says:
    """An order that was begun so many times at least."""
    return Says(f"the order to have been begun {how_often(times)}", lambda seen: len(seen.executions) >= times, _served)


def is_over() -> Says:
    """An order that no workflow serves any more."""
    return Says("the café to be done with the order", lambda seen: seen.are_over, _served)


def has_come_to_a_good_end() -> Says:
    """An order that no workflow serves any more, none of which has failed."""
    return Says(
        "the café to be done with the order, and nothing to have gone wrong",
        lambda seen: bool(seen.executions) and all(execution.succeeded for execution in seen.executions),
        lambda seen: f"{_served(seen)}{_bad_ends(seen)}",
    )


def all_are_over() -> Says:
    """Orders that no workflow serves any more."""
    return Says(
        "the café to be done with all the orders",
        lambda seen: bool(seen) and all(is_over().matches(service) for service in seen),
        lambda seen: f"it is done with {sum(map(is_over().matches, seen))} of {len(seen)}",
    )


def has_ended(because: str = "") -> Says:
    """A workflow that no longer runs, or none at all; with these words, if any are given."""
    if not because:
        return Says(
            "no work to be left open",
            lambda execution: execution is None or not execution.running,
            lambda execution: "the scan keeps a workflow running",
        )
    return Says(
        f"the scan to be refused because of: {because}",
        lambda execution: execution is not None and f"{execution.error}: {execution.cause}" == because,
        _said_at_the_end,
    )


def _said_at_the_end(execution: Execution | None) -> str:
    if execution is None:
        return "the scan has started no workflow"
    if execution.running:
        return "the scan's workflow still runs"
    said = f"{execution.error}: {execution.cause}".strip(": ")
    return f"it ended {execution.status}{f', and says {said}' if said else ', without a reason'}"


# --- dead letters ------------------------------------------------------------------------------------


def is_kept(detail_type: str, customer: str) -> Says:
    """The types of the messages about an order among the dead letters, of which one is this."""
    return Says(
        f"a dead letter {detail_type} about {customer}'s order",
        lambda kept: detail_type in kept,
        lambda kept: (
            f"the dead letters about it are: {', '.join(kept)}" if kept else "there is no dead letter about it"
        ),
    )


# --- the front door ----------------------------------------------------------------------------------


def answers(meaning: str, *statuses: int) -> Says:
    """A response of the front door with one of these HTTP status codes."""
    return Says(
        f"the app to answer: {meaning}",
        lambda answer: answer.status in statuses,
        lambda answer: f"the answer was {answer.status} {_excerpt(answer)}",
    )


def shows_order(order_id: str) -> Says:
    """An answer that shows, or lists, the order."""
    return Says(
        "the app to show the order",
        lambda answer: order_id in str(answer.body),
        lambda answer: f"the answer was {answer.status} {_excerpt(answer)}",
    )


def shows_orders(order_ids: Sequence[str], number: int) -> Says:
    """An answer that lists all of so many orders."""

    def missing(answer: Answer) -> int:
        listed = str(answer.body)
        return sum(order_id not in listed for order_id in order_ids)

    return Says(
        f"the app to list all {number} orders",
        lambda answer: len(order_ids) == number and not missing(answer),
        lambda answer: f"{missing(answer)} of them are missing",
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


def is_forgotten_after(days: int) -> Says:
    """In how many days something expires: so many; -1 for never."""
    return Says(
        f"it to expire after {days} days",
        lambda seen: seen == days,
        lambda seen: "it never expires" if seen < 0 else f"it expires after {seen:,} days",
    )


def shows_no_order() -> Says:
    """A response, other than a server error, that shows nothing of any order."""

    def shown(value: Any) -> bool:
        if isinstance(value, dict):
            return bool({"orderId", "SK", "USERID", "ORDERSTATE", "drinkOrder"} & set(value)) or any(
                map(shown, value.values())
            )
        return isinstance(value, list) and any(map(shown, value))

    return Says(
        "the app to answer, and to show no order",
        lambda answer: answer.status < HTTPStatus.INTERNAL_SERVER_ERROR and not shown(answer.body),
        lambda answer: f"the answer was {answer.status} {_excerpt(answer)}",
    )


def answers_in_words(words: str) -> Says:
    """A response with this message."""
    return Says(
        f"the app to say “{words}”",
        lambda answer: isinstance(answer.body, dict) and answer.body.get("message") == words,
        lambda answer: f"the answer was {answer.status} {_excerpt(answer)}",
    )


def shows_record(order_id: str, content: Mapping[str, str]) -> Says:
    """A response that shows, or lists, the order with exactly this content."""

    def shown(answer: Answer) -> Mapping[str, str]:
        body = answer.body if isinstance(answer.body, dict) else {}
        found = [one for one in body.get("orders", [body]) if one.get("orderId") == order_id]
        return {name: str(value) for name, value in found[0].items()} if found else {}

    def amiss(answer: Answer) -> str:
        seen = shown(answer)
        if not seen:
            return f"does not show it: {_excerpt(answer) or 'it is empty'}"
        more, missing = sorted(seen.keys() - content.keys()), sorted(content.keys() - seen.keys())
        other = sorted(name for name in seen.keys() & content.keys() if seen[name] != content[name])
        values = [(name, masked({name: seen[name]})[name], content[name]) for name in other]
        amiss = [f"shows what must stay secret: {', '.join(more)}"] if more else []
        amiss += [f"does not show {', '.join(missing)}"] if missing else []
        amiss += [f"shows {name} {in_words(was)} instead of {in_words(wanted)}" for name, was, wanted in values]
        return "; it ".join(amiss)

    return Says(
        "the app to show the order as it is",
        lambda answer: shown(answer) == content,
        lambda answer: f"the answer was {answer.status}, and {amiss(answer)}",
    )


def is_not_to_be_kept() -> Says:
    """A response that no browser caches."""
    return Says(
        "an answer that browsers must not store",
        lambda answer: answer.kept == "no-store",
        lambda answer: f"of keeping it says {as_stored(answer.kept or None)}",
    )


def tells_as_little() -> Says:
    """Refusals that are all alike, so that none reveals which users exist."""
    return Says(
        "the same refusal for everyone",
        lambda refusals: bool(refusals) and len(set(refusals)) == 1,
        lambda refusals: f"the refusals were {', '.join(refusals)}",
    )


def are_all_watched() -> Says:
    """The queues of dead letters without an alarm: none."""
    return Says(
        "an alarm for each queue of dead letters, from the first message on",
        lambda unwatched: not unwatched,
        lambda unwatched: f"there is none for {', '.join(unwatched)}",
    )


# A sign-in lasts for an hour, and is renewed for a month (Cognito's defaults) in either of these flows.
RENEWALS = {"ALLOW_REFRESH_TOKEN_AUTH", "REFRESH_TOKEN_AUTH"}


def includes_renewal() -> Says:
    """The flows in which an app may sign people in; none named means Cognito's defaults, which include a renewal."""
    return Says(
        "sign-ins that can be renewed without a password",
        lambda flows: not flows or bool(RENEWALS & set(flows)),
        lambda flows: f"the app may only use {', '.join(flows)}, so people must sign in again each hour",
    )


# --- the shop -----------------------------------------------------------------------------------------


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


def mentions(text: str, meaning: str) -> Says:
    """A response that contains a text anywhere; the text itself is never shown."""
    return Says(
        f"an answer that shows {meaning}",
        lambda answer: text in str(answer.body),
        lambda answer: f"the answer shows {meaning}" if text in str(answer.body) else "it is not shown",
    )


def _excerpt(answer: Answer) -> str:
    text = str(masked(answer.body))
    return f"{text[:EXCERPT_MOST]}…" if len(text) > EXCERPT_MOST else text

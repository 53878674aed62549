"""An order as people see it."""

from collections.abc import Callable, Sequence

from acceptance.matchers import Says, as_stored, as_time, in_words
from support.serverlesspresso.menu import ChosenDrink
from support.serverlesspresso.orders import Order, SeenOrder, differences, name_of

A_MINUTE_MS = 60_000
# The cause of each failure in which a drink is the one that was ordered, and its choices are not.
OTHER_CHOICES = "order › choices"


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


def is_stored() -> Says:
    """Any order at all."""
    return Says("an order to appear", lambda seen: seen.record is not None, lambda seen: seen.words)


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

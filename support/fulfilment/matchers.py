"""Hamcrest matchers in the words of fulfilment. Each says what it expects, and what is there instead."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from acceptance.matchers import Says
from acceptance.terminal.console import Refusal, Reply, Success
from support.fulfilment.records import OrderRecord, Stock

# For each state of an order: the state of its delivery, and whether it is paid.
AGREES: Mapping[str, tuple[str, bool]] = {
    "placed": ("", False),
    "allocated": ("", False),
    "approved": ("", False),
    "planned": ("planned", False),
    "under way": ("accepted", False),
    "delivered": ("completed", True),
    "refused": ("refused", False),
}


def was_done() -> Says:
    """An attempt that the program has carried out."""
    return Says("to be let through", lambda seen: isinstance(seen, Success), _words)


def shows_on_offer(item: str, price: str, count: int) -> Says:
    """An attempt whose answer has a line with this item, its price and how many there are."""

    def lines(seen: Reply) -> Sequence[str]:
        return [line.strip() for line in seen.printed.splitlines() if item in line] if isinstance(seen, Success) else []

    return Says(
        f"{count} of {item} on offer, for {price} each",
        lambda seen: any({price, str(count)} <= set(line.replace(",", " ").split()) for line in lines(seen)),
        lambda seen: f"there is: {'; '.join(lines(seen)) or 'nothing of it'}",
    )


def was_refused(kind: str) -> Says:
    """An attempt that the program has refused for this reason, as the dialogue calls it."""
    return Says(f"to be refused: {kind}", lambda seen: isinstance(seen, Refusal) and seen.kind == kind, _words)


def one_was_done_and_one_refused(kind: str) -> Says:
    """Two attempts of which one was carried out, and the other one refused for this reason."""

    def check(seen: Sequence[Reply]) -> bool:
        refused = [one for one in seen if isinstance(one, Refusal)]
        return len(seen) == 2 and len(refused) == 1 and refused[0].kind == kind

    return Says(
        f"one of the two to be let through, and the other one refused: {kind}",
        check,
        lambda seen: " and ".join(_words(one) for one in seen),
    )


def is_in_all_books(state: str) -> Says:
    """An entry in this state, with a delivery and a payment as they belong to it."""

    def problems(seen: OrderRecord) -> Sequence[str]:
        delivery, paid = AGREES[state]
        wanted = seen.order.get("amount") if paid else None
        return [
            *([] if seen.state == state else [f"it is {seen.state}"]),
            *([] if seen.delivery_state == delivery else [f"its delivery is {seen.delivery_state or 'not there'}"]),
            *([] if seen.paid == wanted else [f"{_money(seen.paid)} is paid"]),
            *_uncollected(seen, wanted),
        ]

    return Says(
        f"an order that is {state} in all books",
        lambda seen: not problems(seen),
        lambda seen: "; ".join(problems(seen)),
    )


def _uncollected(seen: OrderRecord, wanted: Decimal | None) -> Sequence[str]:
    """What is paid was collected by the delivery, and nothing else was."""
    collected = seen.delivery.get("collected")
    return [] if collected == wanted else [f"{_money(collected)} was collected"]


def amounts_to(amount: str) -> Says:
    """An entry of an order that costs so much."""
    return Says(
        f"an order with {amount} to pay",
        lambda seen: seen.order.get("amount") == Decimal(amount),
        lambda seen: f"{_money(seen.order.get('amount'))} is to be paid",
    )


def are_there(available: int, reserved: int) -> Says:
    """A stock of which so many can be sold and so many are set aside."""
    wanted = Stock(available, reserved)
    return Says(f"a stock of {wanted.words}", lambda seen: seen == wanted, lambda seen: f"it is {seen.words}")


def was_paid(amount: str) -> Says:
    """An entry of an order for which so much was paid, "nothing" for nothing."""
    wanted = None if amount == "nothing" else Decimal(amount)
    return Says(
        f"an order for which {amount} was paid", lambda seen: seen.paid == wanted, lambda seen: _money(seen.paid)
    )


def shows(entry: OrderRecord) -> Says:
    """What everybody's program shows of an order, by person: the same as the books hold."""
    expected = {
        "state": entry.state,
        "available": str(entry.stock.available),
        "reserved": str(entry.stock.reserved),
        "payment": "none" if entry.paid is None else f"{entry.paid:.2f}",
        "delivery": f"{entry.delivery_id} is {entry.delivery_state}" if entry.delivery_id else "none",
    }

    def problems(seen: Mapping[str, Mapping[str, str]]) -> Sequence[str]:
        return [
            f"{person} sees {what} {shown[what]}"
            for person, shown in seen.items()
            for what, wanted in expected.items()
            if shown.get(what, wanted) != wanted
        ]

    words = ", ".join(f"{what} {wanted}" for what, wanted in expected.items())
    return Says(
        f"everybody to see {words}", lambda seen: bool(seen) and not problems(seen), lambda s: "; ".join(problems(s))
    )


def all_went_through() -> Says:
    """Flows that have all come to their end."""
    return Says(
        "all orders to pass through everybody",
        lambda seen: bool(seen) and all(flow.went_through for flow in seen),
        lambda seen: "; ".join(flow.words for flow in seen if not flow.went_through) or "there were none",
    )


def _words(seen: Reply) -> str:
    return f"was refused ({seen.kind}): “{seen.words}”" if isinstance(seen, Refusal) else "was let through"


def _money(amount: Decimal | None) -> str:
    return "nothing" if amount is None else f"{amount:.2f}"

"""Hamcrest matchers for fulfilment. Each describes what was expected and what was received."""

from collections.abc import Collection, Mapping, Sequence
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

# A text that two people's records have in common by chance is shorter.
LONG = 16

# The states of an order whose goods are reserved.
SET_ASIDE = ("allocated", "approved", "planned", "under way")


def was_done() -> Says:
    """An attempt that the program carried out."""
    return Says("to be let through", lambda seen: isinstance(seen, Success), _words)


def shows_what_is_typed() -> Says:
    """Whether a terminal shows typed input: yes."""
    return Says("a terminal that shows what is typed", bool, lambda _: "it shows nothing of it")


def hides_what_is_typed() -> Says:
    """Whether a terminal shows typed input: no."""
    return Says("a terminal that hides what is typed", lambda shown: not shown, lambda _: "it shows it")


def has_ended() -> Says:
    """Whether a program has ended: yes."""
    return Says("a program that has ended", bool, lambda _: "it goes on, and asks once more")


def shows_on_offer(item: str, price: str, count: int) -> Says:
    """An attempt whose answer has a line with this item, its price and how many there are."""

    def lines(seen: Reply) -> Sequence[str]:
        return [line.strip() for line in seen.printed.splitlines() if item in line] if isinstance(seen, Success) else []

    return Says(
        f"{count} of {item} on offer, for {price} each",
        lambda seen: any({price, str(count)} <= set(line.replace(",", " ").split()) for line in lines(seen)),
        lambda seen: f"there is: {'; '.join(lines(seen)) or 'nothing of it'}",
    )


def shows_stock(item: str, available: int, reserved: int) -> Says:
    """An attempt whose answer has a line with this item, how many can be sold, and how many are reserved."""

    def lines(seen: Reply) -> Sequence[str]:
        return [line.strip() for line in seen.printed.splitlines() if item in line] if isinstance(seen, Success) else []

    def numbers(line: str) -> Sequence[str]:
        return [word for word in _words_of(line.replace(item, "")) if word.isdecimal()]

    return Says(
        f"{available} of {item} available, and {reserved} reserved",
        lambda seen: [numbers(line) for line in lines(seen)] == [[str(available), str(reserved)]],
        lambda seen: f"there is: {'; '.join(lines(seen)) or 'nothing of it'}",
    )


def was_refused(kind: str) -> Says:
    """An attempt that the program has refused for this reason, as the dialogue calls it."""
    return Says(f"to be refused: {kind}", lambda seen: isinstance(seen, Refusal) and seen.kind == kind, _words)


def names_a_state_of(states: Collection[str]) -> Says:
    """The state that a refusal names, None where it names none."""
    return Says(
        f"a refusal that names no state but {' or '.join(sorted(states))}",
        lambda named: named is None or named in states,
        lambda named: f"it names “{named}”",
    )


def share_no_secret(password: str) -> Says:
    """The records of people with the same password, by person: without it, and without a long text in common."""

    def problems(seen: Mapping[str, Mapping[str, object]]) -> Sequence[str]:
        held = {who: {str(one) for one in record.values()} for who, record in seen.items()}
        same = {text for text in set.intersection(*held.values()) if len(text) >= LONG} if held else set()
        shown = [f"that of {who} shows the password" for who, texts in held.items() if password in " ".join(texts)]
        empty = [f"there is none of {who}" for who, texts in held.items() if not texts]
        return [*empty, *shown, *([f"they have {len(same)} long texts in common"] if same else [])]

    return Says(
        "records of which none shows the password, or that it is the same",
        lambda seen: bool(seen) and not problems(seen),
        lambda seen: "; ".join(problems(seen)),
    )


def was_refused_for_lack(kind: str, available: int) -> Says:
    """An attempt refused for lack of goods, whose message names how many are available if it names a number."""
    return Says(
        f"to be refused: {kind}, with {available} available",
        lambda seen: (
            isinstance(seen, Refusal) and seen.kind == kind and seen.found.get("available") in (None, str(available))
        ),
        _words,
    )


def were_refused_alike(kind: str) -> Says:
    """Attempts, by what was tried, that the program has all refused for this reason, in the same words."""

    def printed(seen: Mapping[str, Reply]) -> Mapping[str, str]:
        return {who: " ".join(one.printed.split()) for who, one in seen.items() if isinstance(one, Refusal)}

    def alike(seen: Mapping[str, Reply]) -> bool:
        refused = [isinstance(one, Refusal) and one.kind == kind for one in seen.values()]
        return bool(seen) and all(refused) and len({*printed(seen).values()}) == 1

    return Says(
        f"each of these to be refused: {kind}, in the same words",
        alike,
        lambda seen: "; ".join(f"{who}: “{printed(seen).get(who, 'was let in')}”" for who in seen),
    )


def was_outrun(kind: str, by: str, called: Collection[str]) -> Says:
    """An attempt refused for this reason, whose message names the right person if it names one."""
    return Says(
        f"to be refused: {kind}, by {by}",
        lambda seen: isinstance(seen, Refusal) and seen.kind == kind and seen.found.get("by", by) in called,
        _words,
    )


def were_all_done() -> Says:
    """Attempts, by what was tried, that the program has all carried out."""

    def others(seen: Mapping[str, Reply]) -> Sequence[str]:
        return [f"{tried} {_words(reply)}" for tried, reply in seen.items() if not isinstance(reply, Success)]

    return Says(
        "each of these to be let through", lambda seen: bool(seen) and not others(seen), lambda s: "; ".join(others(s))
    )


def were_all_refused(kind: str) -> Says:
    """Attempts, by what was tried, that the program has all refused for this reason."""

    def others(seen: Mapping[str, Reply]) -> Sequence[str]:
        return [
            f"{tried} {_words(reply)}"
            for tried, reply in seen.items()
            if not (isinstance(reply, Refusal) and reply.kind == kind)
        ]

    return Says(
        f"each of these to be refused: {kind}",
        lambda seen: bool(seen) and not others(seen),
        lambda s: "; ".join(others(s)),
    )


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
    """An entry in this state, with the delivery and payment that belong to it."""

    def problems(seen: OrderRecord) -> Sequence[str]:
        delivery, paid = AGREES[state]
        wanted = seen.order.get("amount") if paid else None
        return [
            *([] if seen.state == state else [f"it is {seen.state}"]),
            *([] if seen.delivery_state == delivery else [f"its delivery is {seen.delivery_state or 'not there'}"]),
            *([] if seen.paid == wanted else [f"{_money(seen.paid)} is paid"]),
            *_uncollected(seen, wanted),
            *_not_as_typed(seen),
        ]

    return Says(
        f"an order that is {state} in all records",
        lambda seen: not problems(seen),
        lambda seen: "; ".join(problems(seen)),
    )


def _uncollected(seen: OrderRecord, wanted: Decimal | None) -> Sequence[str]:
    """The delivery collected exactly the amount that was paid."""
    collected = seen.delivery.get("collected")
    return [] if collected == wanted else [f"{_money(collected)} was collected"]


def _not_as_typed(seen: OrderRecord) -> Sequence[str]:
    """The input typed for an order is recorded as typed, and stays so until its end."""
    typed = seen.typed
    wanted = [
        ("item", seen.order.get("item"), typed.get("item")),
        ("quantity", seen.order.get("quantity"), _number(typed.get("quantity"))),
        ("customer", seen.order.get("customer"), typed.get("customer")),
        ("amount", seen.order.get("amount"), _number(typed.get("amount"))),
    ]
    if seen.delivery:
        wanted += [
            ("delivery's order", seen.delivery.get("order_id"), typed.get("order")),
            ("delivery's route", seen.delivery.get("route"), typed.get("route")),
            ("delivery's schedule", seen.delivery.get("schedule"), typed.get("schedule")),
        ]
    if seen.state == "refused":
        wanted.append(("reason", seen.order.get("reason"), typed.get("reason") or None))
    return [
        f"its {what} is {'missing' if found is None else found}, not {value}"
        for what, found, value in wanted
        if value is not None and found != value
    ]


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def amounts_to(amount: str) -> Says:
    """An entry of an order that costs so much."""
    return Says(
        f"an order with {amount} to pay",
        lambda seen: seen.order.get("amount") == Decimal(amount),
        lambda seen: f"{_money(seen.order.get('amount'))} is to be paid",
    )


def are_there(available: int, reserved: int) -> Says:
    """A stock of which so many can be sold and so many are reserved."""
    wanted = Stock(available, reserved)
    return Says(f"a stock of {wanted.words}", lambda seen: seen == wanted, lambda seen: f"it is {seen.words}")


def was_paid(amount: str) -> Says:
    """An entry of an order for which so much was paid, "nothing" for nothing."""
    wanted = None if amount == "nothing" else Decimal(amount)
    return Says(
        f"an order for which {amount} was paid", lambda seen: seen.paid == wanted, lambda seen: _money(seen.paid)
    )


def shows(entry: OrderRecord) -> Says:
    """What each person's program shows of an order, by person: the same as the records."""
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
        f"every program to show {words}",
        lambda seen: bool(seen) and not problems(seen),
        lambda s: "; ".join(problems(s)),
    )


def all_went_through() -> Says:
    """Flows that have all completed."""
    return Says(
        "all orders to be fulfilled",
        lambda seen: bool(seen) and all(flow.went_through for flow in seen),
        lambda seen: "; ".join(flow.words for flow in seen if not flow.went_through) or "there were none",
    )


def _words(seen: Reply) -> str:
    return f"was refused ({seen.kind}): “{seen.words}”" if isinstance(seen, Refusal) else "was let through"


def _money(amount: Decimal | None) -> str:
    return "nothing" if amount is None else f"{amount:.2f}"


def wait_for(entry: OrderRecord, person: str) -> Says:
    """Work lists, by person: this order is in one person's list ("nobody": in none), with its values."""
    wanted = entry.delivery_id or str(entry.order.get("order_id"))
    told = (
        (entry.delivery.get("route"), entry.delivery.get("schedule"))
        if entry.delivery_id
        else (entry.order.get("quantity"), entry.order.get("item"))
    )

    def problems(seen: Mapping[str, Sequence[str]]) -> Sequence[str]:
        lines = {name: [line for line in those if _ids(entry) & set(_words_of(line))] for name, those in seen.items()}
        found = [f"it is in {name}'s list, “{those[0]}”" for name, those in lines.items() if those and name != person]
        own = lines.get(person, [])
        if person in seen and not own:
            found.append(f"it is not in {person}'s list of {len(seen[person])}")
        found += [f"{person}'s list has it {len(own)} times"] * (len(own) > 1)
        lacking = [str(one) for one in told if own and one is not None and str(one) not in own[0]]
        return [*found, *(f"{person}'s list says “{own[0]}”, without {one}" for one in lacking)]

    return Says(
        f"{wanted} to wait for {person}", lambda seen: not problems(seen), lambda seen: "; ".join(problems(seen))
    )


def _ids(entry: OrderRecord) -> set[str]:
    return {str(entry.order.get("order_id")), *([entry.delivery_id] if entry.delivery_id else [])}


def _words_of(line: str) -> Sequence[str]:
    return line.replace(",", " ").replace(":", " ").split()


def lists_in_this_order(wanted: Sequence[str]) -> Says:
    """An attempt whose answer lists all of these once, in this order, possibly with others between."""
    known = set(wanted)

    def found(seen: Reply) -> Sequence[str]:
        lines = seen.printed.splitlines() if isinstance(seen, Success) else []
        return [word for line in lines for word in _words_of(line) if word in known]

    def words(seen: Reply) -> str:
        there = found(seen)
        missing = len(known - set(there))
        return f"{missing} of them are missing" if missing else "they are in another order, or more often than once"

    return Says(f"all {len(wanted)}, each once, in their order", lambda seen: found(seen) == list(wanted), words)


def hold_orders(expected: Sequence[tuple[str, str, int, Decimal]]) -> Says:
    """Entries of exactly the orders confirmed to customers, by id, customer, quantity and amount."""

    def entries(seen: Sequence[OrderRecord]) -> Sequence[tuple[str, str, int, Decimal]]:
        return sorted(
            (
                str(one.order.get("order_id")),
                str(one.order.get("customer")),
                int(one.order.get("quantity", 0)),
                Decimal(one.order.get("amount", 0)),
            )
            for one in seen
        )

    def words(orders: Sequence[tuple[str, str, int, Decimal]]) -> str:
        return "; ".join(f"{order} of {who}, {count} for {_money(amount)}" for order, who, count, amount in orders)

    return Says(
        f"the records to hold {words(sorted(expected))}",
        lambda seen: entries(seen) == sorted(expected),
        lambda seen: f"they hold {words(entries(seen)) or 'none'}",
    )


def is_unchanged(before: OrderRecord) -> Says:
    """An entry that has not changed."""

    def problems(seen: OrderRecord) -> Sequence[str]:
        return [
            f"{table} {name} was {old.get(name, 'missing')} and is {new.get(name, 'missing')}"
            for table, old, new in (
                ("the order's", before.order, seen.order),
                ("the delivery's", before.delivery, seen.delivery),
            )
            for name in {**old, **new}
            if old.get(name) != new.get(name)
        ]

    return Says(
        "an order of which nothing has changed", lambda seen: not problems(seen), lambda s: "; ".join(problems(s))
    )

"""Hamcrest matchers for online orders. Each describes what was expected and what was received."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from acceptance.matchers import Says, how_often
from support.durable_orders.milestones import milestones

KEPT_DAYS, TOLERANCE_SECONDS = 30, 60
# How far the function's clock may be from that of its history.
SKEW = timedelta(seconds=1)
# What the facts of this system call the three steps' results.
DONE = ("validated", "paid", "confirmed")
# The cause of each failure that misses the same in a receipt.
NOWHERE = "receipt › where the order is stored"


def has_gone_through() -> Says:
    """Submissions of an order that have all ended, at least one successfully: a second one may be refused."""
    return Says(
        "an order that has completed",
        lambda seen: all(one.is_over for one in seen.executions) and bool(seen.successful),
        lambda seen: f"it is {seen.words}",
    )


def have_all_gone_through() -> Says:
    """Submissions of an order that have all completed, so that each has a receipt."""
    return Says(
        "submissions that have all gone through, each with a receipt",
        lambda seen: len(seen.successful) == len(seen.executions),
        lambda seen: f"of {len(seen.executions)}, {len(seen.successful)} have: {seen.words}",
    )


def is_over() -> Says:
    """An order whose processing has succeeded or failed."""
    return Says("an order that has come to its end", lambda seen: seen.is_over, lambda seen: f"it is {seen.words}")


def are_all_over() -> Says:
    """Submissions of an order that have all ended, in any way."""
    return Says(
        "an order of which each submission has come to its end",
        lambda seen: all(one.is_over for one in seen.executions),
        lambda seen: f"it is {seen.words}",
    )


def waits_for_its_confirmation() -> Says:
    """An order whose wait has begun and not ended."""
    return Says(
        "an order that waits for its confirmation",
        lambda seen: not seen.is_over and any(one.kind != "Step" and one.ended is None for one in seen.operations),
        lambda seen: f"it is {seen.words}",
    )


def has_failed_for_its_id() -> Says:
    """An order that failed, or of which a step failed, because of its id: a retry cannot mend an id."""
    return Says(
        "an order that fails because of its id",
        lambda seen: _is_about_the_id(
            seen.error if seen.status == "FAILED" else "" if seen.is_over else seen.last_failure
        ),
        lambda seen: f"it is {seen.words}",
    )


def _is_about_the_id(cause: str) -> bool:
    words = cause.lower().replace("_", "").replace(" ", "")
    return "orderid" in words


def came_in_this_order(*expected: str) -> Says:
    """An execution whose milestones came in this order, each once."""
    return Says(
        f"an order that was {', then '.join(expected)}",
        lambda seen: milestones(seen) == list(expected),
        lambda seen: f"it was {', then '.join(milestones(seen)) or 'none of that'}",
    )


def did_everything_once() -> Says:
    """An execution in which each step has succeeded once."""
    return Says(
        "an order for which everything was done once",
        lambda seen: bool(seen.succeeded) and set(seen.succeeded.values()) == {1},
        lambda seen: (
            ", ".join(f"{name} was done {how_often(n)}" for name, n in seen.succeeded.items()) or "nothing was done"
        ),
    )


def was_taken_up_again() -> Says:
    """An execution in which a step was retried."""
    return Says(
        "an order of which a step was tried again",
        lambda seen: seen.was_taken_up_again,
        lambda seen: f"no step was: it is {seen.words}, after {len(seen.invocations)} invocations",
    )


def was_not_taken_up_again() -> Says:
    """An execution in which no step was retried."""
    return Says(
        "an order of which no step was tried again",
        lambda seen: not seen.was_taken_up_again,
        lambda seen: f"one was: it is {seen.words}, after {len(seen.invocations)} invocations",
    )


def is_a_receipt(order_id: str, amount: str) -> Says:
    """The result of an order: completed, its three steps, the amount paid, and when."""

    def problems(receipt: Any) -> Sequence[str]:
        if not isinstance(receipt, Mapping):
            return [f"it is {receipt!r}"]
        steps = _steps(receipt.get("steps"))
        paid = next((step.get("amount") for step in steps if step.get("status") == "paid"), None)
        return _wrong(
            ("order", receipt.get("orderId"), order_id),
            ("status", receipt.get("status"), "completed"),
            ("steps", [step.get("status") for step in steps], list(DONE)),
            ("orders of the steps", {step.get("orderId") for step in steps}, {order_id}),
            ("amount", _exact(paid), Decimal(amount)),
            ("time of completion", _is_a_time(receipt.get("completedAt")), True),
        )

    return _without(f"a receipt for order {order_id}, completed, with {amount} paid", problems)


def tells_where_it_is_stored(order_id: str, table: str) -> Says:
    """A receipt that says that the order was stored, where and when."""

    def problems(receipt: Any) -> Sequence[str]:
        told = receipt.get("persistence") if isinstance(receipt, Mapping) else None
        if not isinstance(told, Mapping):
            return ["it does not say so"]
        return _wrong(
            ("order", told.get("orderId"), order_id),
            ("status", told.get("status"), "persisted"),
            ("table", told.get("tableName"), table),
            ("time", _is_a_time(told.get("timestamp")), True),
        )

    return _without(
        f"a receipt that says that the order is stored in {table}",
        problems,
        lambda receipt: NOWHERE if _says_nowhere(receipt) else "",
    )


def tell_of(stored: Mapping[str, Any] | None, order_id: str, amount: str) -> Says:
    """Receipts for an order that all agree with its stored item and its time."""
    since = _time((stored or {}).get("completedAt"))

    def problems(receipts: Sequence[Any]) -> Sequence[str]:
        found = []
        for number, receipt in enumerate(receipts, 1):
            usual = is_a_receipt(order_id, amount)
            if not usual.matches(receipt):
                found.append(f"receipt {number} is {receipt}")
                continue
            persistence = receipt.get("persistence")
            if not isinstance(persistence, Mapping):
                found.append(f"receipt {number} does not say where it is stored")
                continue
            told = _time(persistence.get("timestamp"))
            if persistence.get("orderId") != order_id:
                found.append(f"receipt {number} says that order {persistence.get('orderId')} is stored")
            if since is None or told is None or abs(told - since) > SKEW:
                found.append(f"receipt {number} says that it is stored since {told}, and it is stored since {since}")
        return found if receipts else ["there are none"]

    return _without(
        f"receipts for order {order_id}, with {amount} paid, that match what is stored",
        problems,
        lambda receipts: NOWHERE if any(map(_says_nowhere, receipts)) else "",
    )


def _says_nowhere(receipt: Any) -> bool:
    return isinstance(receipt, Mapping) and not isinstance(receipt.get("persistence"), Mapping)


def tells_nowhere(number: str) -> Says:
    """An order's stored data, by place: none of it contains this number, which is not quoted."""

    def holders(kept: Mapping[str, Any]) -> Sequence[str]:
        return [where for where, content in kept.items() if number in str(content)]

    return Says(
        "a card number that is stored nowhere",
        lambda kept: not holders(kept),
        lambda kept: f"it stands in {' and in '.join(holders(kept))}",
    )


def mentions_nowhere(number: str) -> Says:
    """Lines of a log: none of them contains this number, which is not quoted."""
    return Says(
        "a card number that is not logged",
        lambda lines: not any(number in line for line in lines),
        lambda lines: f"it stands in {sum(number in line for line in lines)} of {len(lines)} lines of the log",
    )


def states_nowhere(number: str) -> Says:
    """The reasons of a failed order: none of them contains this number, which is not quoted."""
    return Says(
        "a reason without the card number",
        lambda reasons: not any(number in one for one in reasons),
        lambda _: "the card number stands in it",
    )


def are_all_alike() -> Says:
    """The receipts of one order's submissions: they all say the same."""

    def problems(receipts: Sequence[Any]) -> Sequence[str]:
        first, *others = receipts or [None]
        return [
            f"receipt {number} is {one}, and receipt 1 is {first}"
            for number, one in enumerate(others, 2)
            if one != first
        ]

    return _without("receipts that all say the same", problems)


def differ() -> Says:
    """The references of several orders' charges: each another one."""
    return Says(
        "charges that each have a reference of their own",
        lambda keys: len(set(keys)) == len(keys) > 1,
        lambda keys: f"the {len(keys)} charges have {', '.join(sorted(set(keys))) or 'none'}",
    )


def were_charged_nothing() -> Says:
    """The charges of an order: none."""
    return Says("no charge", lambda charges: not charges, lambda seen: ", ".join(str(one["amount"]) for one in seen))


def has_failed() -> Says:
    """An order whose processing has failed."""
    return Says("an order that fails", lambda seen: seen.status == "FAILED", lambda seen: f"it is {seen.words}")


def has_failed_because_of(step: str) -> Says:
    """An order whose processing has failed, with a cause that names this step."""
    return Says(
        f"an order that fails because of its {step}",
        lambda seen: seen.status == "FAILED" and step in seen.error.lower(),
        lambda seen: f"it is {seen.words}",
    )


def was_charged_once(amount: str) -> Says:
    """The charges of an order: one, of this amount."""
    return Says(
        f"one charge of {amount}",
        lambda charges: [charge["amount"] for charge in charges] == [Decimal(amount)],
        lambda charges: f"there are {len(charges)}, of {_amounts(charges)}" if charges else "there is none",
    )


def cost(amount: str) -> Says:
    """The charges of an order, of which refunds are taken off: they come to this amount."""
    return Says(
        f"charges and refunds that come to {amount}",
        lambda charges: _sum(charges) == Decimal(amount),
        lambda charges: f"they come to {_sum(charges)} ({_amounts(charges) or 'none'})",
    )


def _sum(charges: Sequence[Mapping[str, Any]]) -> Decimal:
    return sum((one["amount"] for one in charges), Decimal())


def _amounts(charges: Sequence[Mapping[str, Any]]) -> str:
    return " and ".join(str(one["amount"]) for one in charges)


def kept_among_them(order_id: str) -> Says:
    """Dead letters, by their content: one of them is this order."""
    return Says(
        f"dead letters with order {order_id}",
        lambda letters: any(order_id in one for one in letters),
        lambda letters: f"it is none of the {len(letters)} that were there",
    )


def is_stored_as_completed(order_id: str) -> Says:
    """An item that records the steps of a completed order."""

    def problems(item: Mapping[str, Any]) -> Sequence[str]:
        text = item.get("steps")
        try:
            steps = _steps(json.loads(text)) if isinstance(text, str) else []
        except ValueError:
            steps = []
        return _wrong(
            ("order", item.get("orderId"), order_id),
            ("status", item.get("status"), "completed"),
            ("steps", [step.get("status") for step in steps], list(DONE)),
        )

    return _stored("a stored order that is completed, with its three steps", problems)


def has_stored_amount(amount: str) -> Says:
    """An item whose amount is a number, exactly this one."""
    return _stored(
        f"a stored order with an amount of exactly {amount}",
        lambda item: (
            []
            if isinstance(item.get("amount"), Decimal) and item["amount"] == Decimal(amount)
            else [f"its amount is {item.get('amount')!s} ({_kind(item.get('amount'))})"]
        ),
    )


def has_stored_times(began: datetime, ended: datetime, confirmed: datetime) -> Says:
    """An item that says when the order was created and, not before its wait was over, completed: between these two."""

    def problems(item: Mapping[str, Any]) -> Sequence[str]:
        created, completed = _time(item.get("createdAt")), _time(item.get("completedAt"))
        if created is None or completed is None:
            return [f"createdAt is {item.get('createdAt')}, completedAt is {item.get('completedAt')}"]
        found = [f"it was created at {created} and completed at {completed}, and processed from {began} to {ended}"]
        if not began - SKEW <= created <= completed <= ended + SKEW:
            return found
        if completed < confirmed - SKEW:
            return [*found, f"so it was completed before its wait was over, at {confirmed}"]
        return []

    return _stored("a stored order with the times of its creation and its completion", problems)


def is_forgotten_after_30_days(attribute: str) -> Says:
    """An item that expires 30 days after its completion. `attribute` is the table's TTL attribute."""

    def problems(item: Mapping[str, Any]) -> Sequence[str]:
        if attribute != "ttl":
            return [f"the table forgets {f'by {attribute}' if attribute else 'nothing'}"]
        completed, at = _time(item.get("completedAt")), item.get("ttl")
        if completed is None or not isinstance(at, Decimal) or at != int(at):
            return [f"ttl is {at} ({_kind(at)})"]
        days = (float(at) - completed.timestamp()) / 86_400
        late = abs(float(at) - completed.timestamp() - KEPT_DAYS * 86_400)
        return [] if late <= TOLERANCE_SECONDS else [f"it expires after {days:,.3f} days"]

    return _stored(f"a stored order that expires after {KEPT_DAYS} days", problems)


def was_completed_before(end: datetime) -> Says:
    """An item that was not stored again after this moment, which was read from another clock."""

    def problems(item: Mapping[str, Any]) -> Sequence[str]:
        completed = _time(item.get("completedAt"))
        return [] if completed and completed <= end + SKEW else [f"completedAt is {item.get('completedAt')}"]

    return _stored(f"an order that was stored by the first submission that completed, at {end} or before", problems)


def _stored(expected: str, problems: Any) -> Says:
    return _without(expected, lambda item: ["nothing is stored"] if item is None else problems(item))


def _without(expected: str, problems: Any, cause: Callable[[Any], str] = lambda _: "") -> Says:
    return Says(expected, lambda seen: not problems(seen), lambda seen: "; ".join(problems(seen)), cause)


def _wrong(*compared: tuple[str, Any, Any]) -> Sequence[str]:
    return [f"its {what} is {found}" for what, found, wanted in compared if found != wanted]


def _steps(value: Any) -> Sequence[Mapping[str, Any]]:
    values = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
    return [one for one in values if isinstance(one, Mapping)]


def _exact(number: Any) -> Any:
    return Decimal(str(number)) if isinstance(number, int | float) and not isinstance(number, bool) else number


def _time(value: Any) -> datetime | None:
    """Read a time in ISO 8601; one that names no zone is in UTC."""
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _is_a_time(value: Any) -> bool:
    return _time(value) is not None


def _kind(value: Any) -> str:
    return {Decimal: "a number", str: "a text", type(None): "missing"}.get(type(value), type(value).__name__)


def hangs_no_longer_than(seconds: int, days: int) -> Says:
    """A durable configuration with this time-out and retention."""

    def problems(found: Mapping[str, Any]) -> Sequence[str]:
        return _wrong(
            ("time-out", found.get("ExecutionTimeout"), seconds),
            ("retention", found.get("RetentionPeriodInDays"), days),
        )

    return _without(f"orders that time out after {seconds} s, with a history of {days} days", problems)

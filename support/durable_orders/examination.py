"""The report on deployed durable orders before a run: their parts, and what a run leaves out without them."""

from collections.abc import Iterator, Mapping
from typing import Any

from acceptance.aws.account import Account
from acceptance.examination import Finding, examined_part
from acceptance.trouble import Trouble
from support.durable_orders.parts import FUNCTION, ORDERS, PAYMENTS, Called, look_for
from support.durable_orders.settings import DurableOrdersSettings

FALLS_AWAY: Mapping[str, str] = {
    "KnowTheFunction": "The function, its alias and its orders cannot be found.",
    "SubmitOrders": "No order can be placed.",
    "WatchAndStopOrders": "The progress of an order cannot be observed.",
    "ReadAndRemoveOrders": "Orders can neither be read nor removed.",
    "ReadAndRemovePayments": "Payments cannot be read, so scenarios tagged @payments cannot be checked.",
}


def examine(account: Account, settings: DurableOrdersSettings, found: dict[str, Any]) -> Iterator[Finding]:
    """Look for the parts, and put those that are found into `found`."""
    by = {
        Called.function: _by(settings.function, "durable_function", FUNCTION),
        Called.orders: _by(settings.orders_table, "durable_orders_table", ORDERS),
        Called.payments: _by(settings.payments_table, "durable_payments_table", PAYMENTS),
    }
    for what, part in look_for(account, settings, found):
        if isinstance(part, Trouble):
            yield Finding.of_trouble("parts", what, part)
        elif what == Called.alias:
            yield examined_part(what, settings.alias, f"leads to version {part}")
        elif what == Called.payments and not part:
            advice = "Name the table with -D durable_payments_table=…, if there is one."
            yield Finding("parts", what, "note", "None is known; scenarios tagged @payments are left out.", advice)
        elif what in by:
            yield examined_part(what, part, by[what])


def _by(wanted: str, setting: str, fragment: str) -> str:
    return f"named by {setting}" if wanted else f'its name contains "{fragment}"'


def names(found: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the names of the parts that the policy names."""
    policy = {
        "durable-orders": found.get(Called.function),
        "durable-orders-OrdersTable-*": found.get(Called.orders),
        "durable-orders-PaymentsTable-*": found.get(Called.payments),
    }
    return {there: here for there, here in policy.items() if here}


def parts(found: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the parts that were found, by the settings that name them."""
    fields = {"function": Called.function, "orders_table": Called.orders, "payments_table": Called.payments}
    return {field: str(found[what]) for field, what in fields.items() if found.get(what)}

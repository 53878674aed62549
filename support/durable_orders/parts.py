"""Finds a deployed durable function, its alias and its tables by what their names contain; a setting can name each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.aws.discovery import choose, incomplete, tables
from acceptance.trouble import OTHER_SYSTEM, Trouble
from support.durable_orders.settings import DurableOrdersSettings

FUNCTION, ORDERS, PAYMENTS = "durable-orders", "durable-orders-orderstable", "durable-orders-paymentstable"


class Called:
    """What messages call the parts."""

    function = "durable function"
    orders = "table of the durable orders"
    payments = "table of the payments"
    alias = "alias"
    key = "key of the payments"


@dataclass(frozen=True)
class DurableParts:
    """Name and alias of the durable function with the version of the alias, and its tables' names.

    `payments_table` is "" where none is known; `payments_key` names its key's attributes. `wait` is how long an
    order awaits its confirmation, in s.
    """

    function: str
    alias: str
    version: str
    orders_table: str
    payments_table: str
    payments_key: tuple[str, ...]
    wait: int


def discover_durable_orders(account: Account, settings: DurableOrdersSettings) -> DurableParts:
    """Find every part. Raises Trouble that names all missing parts."""
    found: dict[str, Any] = {}
    problems = [str(one) for _, one in look_for(account, settings, found) if isinstance(one, Trouble)]
    if problems:
        advice = f"To leave them out, {OTHER_SYSTEM}"
        raise Trouble(f"{incomplete('The durable orders are', account, problems)}\n{advice}")
    return DurableParts(
        found[Called.function],
        settings.alias,
        found[Called.alias],
        found[Called.orders],
        found[Called.payments],
        found.get(Called.key, ()),
        settings.wait,
    )


def look_for(
    account: Account, settings: DurableOrdersSettings, found: dict[str, Any]
) -> Iterator[tuple[str, Any | Trouble]]:
    """Look for each part, and yield its name in messages with the part found, or why it was not found.

    Parts that were found are put into `found`.
    """

    def look(part: str, find: Callable[[], Any]) -> tuple[str, Any | Trouble]:
        try:
            found[part] = find()
        except Trouble as problem:
            return part, problem
        except ClientError as error:
            return part, Trouble(f"The {part} could not be looked for: {error}.")
        return part, found[part]

    yield look(Called.function, lambda: _function(account, settings.function))
    yield look(Called.orders, lambda: _orders_table(account, settings))
    yield look(Called.payments, lambda: _apart(_payments_table(account, settings), found.get(Called.orders)))
    if Called.function in found:
        yield look(Called.alias, lambda: _version(account, found[Called.function], settings.alias))
    if found.get(Called.payments):
        yield look(Called.key, lambda: _key(account, found[Called.payments]))


def _function(account: Account, wanted: str) -> str:
    return choose("durable function", "durable_function", FUNCTION, wanted, list(_functions(account)))


def _version(account: Account, function: str, alias: str) -> str:
    functions = account.client("lambda")
    try:
        return str(functions.get_alias(FunctionName=function, Name=alias)["FunctionVersion"])
    except functions.exceptions.ResourceNotFoundException:
        raise Trouble(
            f'The function {function} has no alias "{alias}".',
            "Publish one (AutoPublishAlias in its template), or name another one with -D durable_alias=….",
        ) from None


def _functions(account: Account) -> Iterable[str]:
    for page in account.client("lambda").get_paginator("list_functions").paginate():
        yield from (function["FunctionName"] for function in page["Functions"])


def _orders_table(account: Account, settings: DurableOrdersSettings) -> str:
    wanted = settings.orders_table
    return choose("table of the durable orders", "durable_orders_table", ORDERS, wanted, list(tables(account)))


def _payments_table(account: Account, settings: DurableOrdersSettings) -> str:
    """Not every deployment exposes one."""
    wanted, names = settings.payments_table, list(tables(account))
    if not wanted and not any(PAYMENTS in name.lower() for name in names):
        return ""
    return choose("table of the payments", "durable_payments_table", PAYMENTS, wanted, names)


def _apart(payments: str, orders: str | None) -> str:
    """Reject the orders' table as payments: each order would always appear to be charged exactly once."""
    if payments and payments == orders:
        raise Trouble(
            f"{payments} is the table of the durable orders, so it says nothing of payments.",
            "Name the table in which charges are booked with -D durable_payments_table=…, or leave the setting out.",
        )
    return payments


def _key(account: Account, table: str) -> tuple[str, ...]:
    """Return the names of a table's key. Raises Trouble unless orders are found by it."""
    described = account.dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]
    names = [part["AttributeName"] for part in sorted(described, key=lambda part: str(part["KeyType"]))]
    if names[0] != "orderId":
        raise Trouble(
            f"The payments in {table} cannot be found by their order: its partition key is {names[0]}, not orderId.",
            "Name another table with -D durable_payments_table=….",
        )
    return tuple(names)

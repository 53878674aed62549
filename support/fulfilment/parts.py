"""Finds fulfilment's four tables by what their names contain; a setting can name each."""

from dataclasses import dataclass

from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.aws.discovery import choose, incomplete, refuse_shared, tables
from acceptance.trouble import OTHER_SYSTEM, Trouble
from support.fulfilment.settings import FulfilmentSettings


@dataclass(frozen=True)
class FulfilmentTables:
    """The names of the tables that the programs share."""

    orders: str
    stock: str
    deliveries: str
    staff: str


WHAT = {
    "orders": "table of the orders",
    "stock": "table of the stock",
    "deliveries": "table of the deliveries",
    "staff": "table of the people",
}


def discover_fulfilment(account: Account, settings: FulfilmentSettings) -> FulfilmentTables:
    """Find every table. Raises Trouble that names all missing tables."""
    found: dict[str, str] = {}
    problems: list[str] = []
    try:
        names = list(tables(account))
    except ClientError as error:
        raise Trouble(f"Fulfilment's tables could not be looked for: {error}.") from error
    for table, what in WHAT.items():
        field = f"{table}_table"
        setting = settings.prefix() + field
        try:
            name = choose(what, setting, f"fulfilment-{table}", getattr(settings, field), names)
            refuse_shared(what, setting, name, {taken: WHAT[one] for one, taken in found.items()})
            found[table] = name
        except Trouble as problem:
            problems.append(str(problem))
    if problems:
        advice = f"To leave fulfilment out, {OTHER_SYSTEM}"
        raise Trouble(f"{incomplete('Fulfilment is', account, problems)}\n{advice}")
    return FulfilmentTables(**found)

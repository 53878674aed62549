"""Lets people in and puts goods on the shelf, for trying the programs by hand and for whoever drives them.

    python fill.py people customer:pia=Pia inventory:rosa=Rosa
    python fill.py stock lamp=5@19.90 chair=2@79
    python fill.py demo

All people of one call get the same password: the environment variable FULFILMENT_PASSWORD, or else what is typed.
"""

import argparse
import os
import re
import sys
from decimal import Decimal

from desk import people, tables
from desk.terminal import INPUT_ENDED, INTERRUPTED, NO_ACCESS, NOT_DEPLOYED, InputEnded, prompt_secretly

DEMO_PEOPLE = (
    "customer:pia=Pia",
    "inventory:rosa=Rosa",
    "warehouse:tess=Tess",
    "logistics:uma=Uma",
    "delivery:vic=Vic",
)
DEMO_STOCK = ("lamp=5@19.90", "chair=2@79.00", "table=1@249.00")
PERSON = re.compile(r"(?P<role>\w+):(?P<user>[\w.-]+)=(?P<name>\S+)")
GOODS = re.compile(r"(?P<item>[\w.-]+)=(?P<count>\d{1,6})@(?P<price>\d{1,6}(\.\d\d)?)")


def main() -> int:
    """Fill the tables, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("people", "stock", "demo"))
    parser.add_argument("entries", nargs="*", help="role:user=Name, or item=count@price")
    wanted = parser.parse_args()
    if bool(wanted.entries) == (wanted.what == "demo"):
        parser.error("people and stock need entries; demo takes none")
    try:
        tables.check()
        if wanted.what != "stock":
            _let_in(parser, wanted.entries or DEMO_PEOPLE)
        if wanted.what != "people":
            _put_on_the_shelf(parser, wanted.entries or DEMO_STOCK)
    except tables.NotDeployed as error:
        return _refuse(str(error), NOT_DEPLOYED)
    except tables.NoAccess as error:
        return _refuse(str(error), NO_ACCESS)
    except InputEnded:
        return _refuse("The input has ended.", INPUT_ENDED)
    except KeyboardInterrupt:
        return _refuse("Interrupted.", INTERRUPTED)
    return 0


def _let_in(parser: argparse.ArgumentParser, entries) -> None:
    read = [PERSON.fullmatch(entry) for entry in entries]
    if not all(found and found["role"] in people.ROLES for found in read):
        parser.error(f"people are role:user=Name, with one of the roles {', '.join(people.ROLES)}")
    password = os.environ.get("FULFILMENT_PASSWORD") or prompt_secretly("Password for all of them")
    if not password:
        parser.error("the password must not be empty")
    if not password.isprintable() or password != password.strip():
        parser.error("a password that begins or ends with a blank or has unprintable characters can never be typed")
    for found in read:
        people.let_in(found["user"], found["name"], found["role"], password)
    print(f"{len(read)} people may log in.")


def _put_on_the_shelf(parser: argparse.ArgumentParser, entries) -> None:
    read = [GOODS.fullmatch(entry) for entry in entries]
    if not all(read):
        parser.error("goods are item=count@price")
    for found in read:
        tables.ask(
            "update_item",
            TableName=tables.name_of("stock"),
            Key=tables.typed({"item": found["item"]}),
            # Goods that are reserved for orders stay reserved.
            UpdateExpression="SET price = :price, available = :count, reserved = if_not_exists(reserved, :none)",
            ExpressionAttributeValues=tables.typed(
                {":price": Decimal(found["price"]), ":count": int(found["count"]), ":none": 0}
            ),
        )
    print(f"{len(read)} kinds of goods are on the shelf.")


def _refuse(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())

"""The shop's settings: whether it is open, and its menu. What a scenario changes is put back at its end.

Should the run be killed before that, another run puts it back: its lease says what to (acceptance/aws/lease.py).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.aws.items import plain
from acceptance.aws.lease import Change
from acceptance.aws.tap import EventTap
from acceptance.trouble import Trouble
from support.serverlesspresso.orders import MenuItem
from support.serverlesspresso.parts import Parts

# How many orders the shop allows of one customer, and at once.
OF_A_CUSTOMER, AT_ONCE = LIMITS = "maxOrdersPerUser", "maxOrdersInQueue"
# What a change is about, unless it is about the drink of that name.
OPENING = ""
ICON_PREFIX = "barista-icons_"
DENIED = ("AccessDenied", "AccessDeniedException")


class Shop:
    """The settings of one café, changed by one run."""

    def __init__(self, account: Account, parts: Parts, tap: EventTap) -> None:
        self._account = account
        self._parts = parts
        self._tap = tap
        self._before: dict[tuple[str, str], Any] = {}
        self._changed: dict[str, bool | int | None] = {}

    def set_open(self, is_open: bool) -> None:
        """Open or close the shop. What it was is put back at the end of the scenario."""
        self._change_opening({"BOOL": is_open})

    def leave_open_undecided(self) -> None:
        """Let the shop say neither that it is open nor that it is closed, until the end of the scenario."""
        self._change_opening({"NULL": True})

    def limit(self, name: str) -> int:
        """Return how many orders the shop allows. Raises Trouble where its settings do not say."""
        value = self._settings("config").get(name, {}).get("N")
        if value is None:
            raise Trouble(
                f"The shop's settings do not say {name}, so this scenario cannot be checked. "
                "Set it, or leave the scenario out by the profile (not_made)."
            )
        return int(value)

    def set_limit(self, name: str, how_many: int) -> None:
        """Change how many orders the shop allows. What it was is put back at the end of the scenario."""
        self._note(name, self.limit(name))
        self._change("config", name, {"N": str(how_many)})

    def set_available(self, drink: str, available: bool) -> None:
        """Put a drink of the menu on or off. What it was is put back at the end of the scenario."""
        menu = self._settings("menu")["value"]
        was = [item.get("available", {}).get("BOOL") for item in _items(menu, drink)]
        if not was:
            raise Trouble(f"The menu does not offer {drink}, so it cannot be taken off it.")
        self._note(drink, was[0])
        self._change("menu", "value", _with(menu, drink, available))

    def usual_drink(self) -> str:
        """Return a drink that can be ordered."""
        return next(iter(self.menu()))

    def another_drink(self) -> str:
        """Return a drink that can be ordered and is not the usual one."""
        return list(self.menu())[1]

    def drink_with_choices(self) -> Any:
        """Return a drink that can be ordered and comes with choices."""
        from types import SimpleNamespace

        return next(SimpleNamespace(name=name, options=options) for name, options in self.menu().items() if options)

    def off_the_menu(self) -> str:
        """Return a drink that is not on the menu."""
        return "Milkshake"

    def menu(self) -> dict[str, Sequence[str]]:
        """Return the drinks that are available, each with the modifiers that it can have."""
        return {
            item["drink"]: [option for _, options in _choices(item) for option in options] for item in self._available()
        }

    def menu_items(self) -> Sequence[MenuItem]:
        """Return the drinks that are available, as a customer sees them."""
        return [
            MenuItem(
                item["drink"],
                "; ".join(f"{name}: {', '.join(options)}" for name, options in _choices(item)),
                item.get("icon", "").removeprefix(ICON_PREFIX),
            )
            for item in self._available()
        ]

    def picture_of(self, drink: str) -> str:
        """Return the name of a drink's picture, as the menu has it."""
        return next(f"{ICON_PREFIX}{item.picture}" for item in self.menu_items() if item.drink == drink)

    def put_back(self) -> None:
        """Put back whatever this run has changed. What could not be put back is tried again the next time."""
        while self._before:
            (key, name), value = next(iter(self._before.items()))
            self._write(key, name, value)
            del self._before[key, name]
        if self._changed:
            self._changed.clear()
            self._tap.must_put_back([])

    def put_back_for(self, changes: Sequence[Change]) -> bool:
        """Put back what another run has changed. False where this one may not: settings are for exclusive runs."""
        try:
            for what, was in changes:
                if what in LIMITS:
                    self._write("config", what, {"N": str(was)})
                elif what == OPENING:
                    self._write("config", "storeOpen", {"NULL": True} if was is None else {"BOOL": was})
                else:
                    self._write("menu", "value", _with(self._settings("menu")["value"], what, was))
        except ClientError as error:
            if error.response["Error"]["Code"] in DENIED:
                return False
            raise
        return True

    def _available(self) -> Sequence[Mapping[str, Any]]:
        """The entries of the menu's drinks that can be ordered."""
        return [item for item in plain(self._settings("menu"))["value"] if item.get("available", True)]

    def _change_opening(self, value: dict[str, Any]) -> None:
        self._note(OPENING, self._settings("config")["storeOpen"].get("BOOL"))
        self._change("config", "storeOpen", value)

    def _note(self, what: str, was: bool | int | None) -> None:
        """Note what another run must put back, before it is changed."""
        self._changed.setdefault(what, was)
        self._tap.must_put_back([[what, was] for what, was in self._changed.items()])

    def _change(self, key: str, name: str, value: dict[str, Any]) -> None:
        self._before.setdefault((key, name), self._settings(key)[name])
        self._write(key, name, value)

    def _key(self, key: str) -> dict[str, Any]:
        return {"PK": {"S": f"{key}-{self._parts.shop_id}" if self._parts.shop_id else key}}

    def _settings(self, key: str) -> dict[str, Any]:
        answer = self._account.dynamodb.get_item(
            TableName=self._parts.config_table, Key=self._key(key), ConsistentRead=True
        )
        item: dict[str, Any] = answer["Item"]
        return item

    def _write(self, key: str, name: str, value: dict[str, Any]) -> None:
        self._account.dynamodb.update_item(
            TableName=self._parts.config_table,
            Key=self._key(key),
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )


def _items(menu: dict[str, Any], drink: str) -> list[dict[str, Any]]:
    """The entries of a drink in a menu."""
    return [item["M"] for item in menu["L"] if item["M"]["drink"]["S"] == drink]


def _with(menu: dict[str, Any], drink: str, available: bool | None) -> dict[str, Any]:
    """A menu in which a drink is available or not; None: nothing is said about it."""
    changed: dict[str, Any] = json.loads(json.dumps(menu))
    for item in _items(changed, drink):
        item.pop("available", None)
        if available is not None:
            item["available"] = {"BOOL": available}
    return changed


def _choices(item: Mapping[str, Any]) -> Sequence[tuple[str, Sequence[str]]]:
    """What can be chosen with a drink of the menu: the name of each choice, and its options."""
    return [(group.get("Name", ""), group.get("Options", [])) for group in item.get("modifiers", [])]

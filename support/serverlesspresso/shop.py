"""The shop's settings: whether it is open, and its menu. A scenario's changes are restored at its end.

If the run is killed before that, another run restores them: its lease says what to (acceptance/aws/lease.py).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.aws.items import as_json, plain
from acceptance.aws.lease import Change
from acceptance.aws.tap import EventTap
from acceptance.trouble import Trouble
from support.serverlesspresso.menu import NEVER_SOLD, READ_AT_THE_SHOP, Drink, Menu
from support.serverlesspresso.parts import Parts
from support.serverlesspresso.profile import ShopProfile

# How many orders the shop allows: open ones per customer, and at once.
LIMITS = OF_A_CUSTOMER, AT_ONCE = "maxOrdersPerUser", "maxOrdersInQueue"
# What a line of the menu may lack, as it is stored; none of the names stands for all of them.
LINES: Mapping[str, Sequence[str]] = {
    "its name": ("drink",),
    "its availability": ("available",),
    "anything": (),
}
# The subject of a change, unless it is the drink of that name.
OPENING = ""
DENIED = ("AccessDenied", "AccessDeniedException")


class Shop:
    """The settings of one café, changed by one run."""

    def __init__(
        self, account: Account, parts: Parts, tap: EventTap | None, sold: ShopProfile = READ_AT_THE_SHOP
    ) -> None:
        """`sold`: the profile's drinks. Without a tap, nothing can be changed."""
        self._account = account
        self._table = parts.config_table
        self._dialect = parts.dialect
        self._sold = sold
        self._tap = tap
        self._before: dict[tuple[str, str], Any] = {}
        self._changed: dict[str, bool | int | None] = {}
        self._until_the_end: dict[str, bool | int | None] = {}

    # --- whether it is open -----------------------------------------------------------------------

    def is_open(self) -> bool | None:
        """Return whether the shop says that it is open; None where it says neither."""
        opening: bool | None = self._item(self._dialect.settings_key).get("storeOpen", {}).get("BOOL")
        return opening

    def open_for_run(self) -> None:
        """Open the shop until `close_after_run`, regardless of scenarios in between."""
        self._until_the_end[OPENING] = self.is_open()
        self._note(OPENING, self.is_open())
        self._write(self._dialect.settings_key, "storeOpen", {"BOOL": True})

    def close_after_run(self) -> None:
        """Restore what `open_for_run` has changed."""
        if OPENING in self._until_the_end:
            self._write(self._dialect.settings_key, "storeOpen", {"BOOL": bool(self._until_the_end[OPENING])})
            self._until_the_end.clear()
            self._changed.clear()
            self._lease()

    def is_closed_by_others(self) -> bool:
        """Whether the shop is closed, and not by this scenario."""
        return (self._dialect.settings_key, "storeOpen") not in self._before and self.is_open() is False

    def set_open(self, is_open: bool) -> None:
        """Open or close the shop. Its state is restored at the end of the scenario."""
        self._change_opening({"BOOL": is_open})

    def leave_open_undecided(self) -> None:
        """Set the shop neither open nor closed, until the end of the scenario."""
        self._change_opening({"NULL": True})

    # --- all of it --------------------------------------------------------------------------------

    def settings(self) -> Mapping[str, Any]:
        """Return all that is set, each by its name: whether the shop is open, its limits, and each drink."""
        menu = plain(self._item(self._dialect.menu_key))[self._dialect.menu_attribute]
        drinks = {f"{entry['drink']} › {name}": value for entry in menu for name, value in entry.items()}
        return {**as_json(plain(self._item(self._dialect.settings_key))), **drinks}

    # --- how many orders it allows ----------------------------------------------------------------

    def limit(self, name: str) -> int:
        """Return one of LIMITS. Raises Trouble where the shop's settings do not say it."""
        value = self._item(self._dialect.settings_key).get(name, {}).get("N")
        if value is None:
            raise Trouble(
                f"The shop's settings do not say {name}, so this scenario cannot be checked. "
                "Add it to them, or leave the scenario out by the profile (not_made)."
            )
        return int(value)

    def set_limit(self, name: str, how_many: int) -> None:
        """Change one of LIMITS. Its value is restored at the end of the scenario."""
        self._note(name, self.limit(name))
        self._change(self._dialect.settings_key, name, {"N": str(how_many)})

    def remove_limits(self) -> None:
        """Let the settings say none of LIMITS, until the end of the scenario."""
        for name in LIMITS:
            self._note(name, self.limit(name))
            self._change(self._dialect.settings_key, name, {"NULL": True})

    def let_in(self, how_many: int) -> None:
        """Allow so many open orders from now on: in an account of the run's own, so it is not restored."""
        self._write(self._dialect.settings_key, AT_ONCE, {"N": str(how_many)})

    # --- what it sells ----------------------------------------------------------------------------

    def menu(self) -> Menu:
        """Return the menu as it is now, with the drinks that are sold out."""
        entries = plain(self._item(self._dialect.menu_key))[self._dialect.menu_attribute]
        return Menu([Drink.from_entry(entry) for entry in entries], self._sold)

    def set_available(self, drink: str, available: bool) -> None:
        """Put a drink of the menu on or off. Its state is restored at the end of the scenario."""
        menu = self._stored_menu()
        was = [item.get("available", {}).get("BOOL") for item in _items(menu, drink)]
        if not was:
            raise Trouble(f"The menu does not offer {drink}, so it cannot be taken off it.")
        self._note(drink, was[0])
        self._change(self._dialect.menu_key, self._dialect.menu_attribute, _with(menu, drink, available))

    def add_drink(self, drink: str) -> None:
        """Put a further drink on the menu, without choices, until the end of the scenario.

        Embedded only: no other run removes it if this one is killed.
        """
        menu = self._stored_menu()
        new = {**menu["L"][0]["M"], "drink": {"S": drink}, "available": {"BOOL": True}, "modifiers": {"L": []}}
        self._change(self._dialect.menu_key, self._dialect.menu_attribute, {"L": [*menu["L"], {"M": new}]})

    def add_line_without(self, what: str) -> None:
        """Put a line that lacks one of LINES at the top of the menu, until the end of the scenario.

        Embedded only: no other run removes it if this one is killed.
        """
        menu = self._stored_menu()
        whole = {**menu["L"][0]["M"], "drink": {"S": NEVER_SOLD}}
        line = {name: value for name, value in whole.items() if name not in (LINES[what] or whole)}
        self._change(self._dialect.menu_key, self._dialect.menu_attribute, {"L": [{"M": line}, *menu["L"]]})

    # --- restoring --------------------------------------------------------------------------------

    def put_back(self) -> None:
        """Restore all that this run has changed. Failed restorations are tried again the next time."""
        while self._before:
            (key, name), value = next(iter(self._before.items()))
            self._write(key, name, value)
            del self._before[key, name]
        if self._changed != self._until_the_end:
            self._changed = dict(self._until_the_end)
            self._lease()

    def put_back_for(self, changes: Sequence[Change]) -> bool:
        """Restore what another run has changed. False where this one may not: settings are for exclusive runs."""
        try:
            for what, was in changes:
                if what in LIMITS:
                    self._write(self._dialect.settings_key, what, {"N": str(was)})
                elif what == OPENING:
                    opening = {"NULL": True} if was is None else {"BOOL": was}
                    self._write(self._dialect.settings_key, "storeOpen", opening)
                else:
                    menu = _with(self._stored_menu(), what, was)
                    self._write(self._dialect.menu_key, self._dialect.menu_attribute, menu)
        except ClientError as error:
            if error.response["Error"]["Code"] in DENIED:
                return False
            raise
        return True

    def _change_opening(self, value: dict[str, Any]) -> None:
        self._note(OPENING, self.is_open())
        self._change(self._dialect.settings_key, "storeOpen", value)

    def _note(self, what: str, was: bool | int | None) -> None:
        """Record what another run must restore, before it is changed."""
        self._changed.setdefault(what, was)
        self._lease()

    def _lease(self) -> None:
        """Write into the run's lease what another run must restore if this one is killed."""
        if self._tap is None:
            raise Trouble("Nothing is changed in a shop that is only looked at.")
        self._tap.must_put_back([[what, was] for what, was in self._changed.items()])

    def _change(self, key: str, name: str, value: dict[str, Any]) -> None:
        self._before.setdefault((key, name), self._item(key).get(name, {"NULL": True}))
        self._write(key, name, value)

    def _stored_menu(self) -> dict[str, Any]:
        menu: dict[str, Any] = self._item(self._dialect.menu_key)[self._dialect.menu_attribute]
        return menu

    def _item(self, key: str) -> dict[str, Any]:
        answer = self._account.dynamodb.get_item(TableName=self._table, Key={"PK": {"S": key}}, ConsistentRead=True)
        item: dict[str, Any] = answer["Item"]
        return item

    def _write(self, key: str, name: str, value: dict[str, Any]) -> None:
        self._account.dynamodb.update_item(
            TableName=self._table,
            Key={"PK": {"S": key}},
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )


def _items(menu: dict[str, Any], drink: str) -> list[dict[str, Any]]:
    """The entries of a drink in a menu."""
    return [item["M"] for item in menu["L"] if item["M"]["drink"]["S"] == drink]


def _with(menu: dict[str, Any], drink: str, available: bool | None) -> dict[str, Any]:
    """A menu in which a drink is available or not; None: without a flag."""
    changed: dict[str, Any] = json.loads(json.dumps(menu))
    for item in _items(changed, drink):
        item.pop("available", None)
        if available is not None:
            item["available"] = {"BOOL": available}
    return changed

"""What the café promises about whatever it is sent, written down once more: nothing here comes from the café's code."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from trust.storms.strange import CHOOSING, CUSTOMER

LONGEST = 64


def is_id(value: Any) -> bool:
    """Whether a value names something: a text of 1 to 64 characters with something in it besides blanks.

    Half of a surrogate pair is no character, so a text with one is no text.
    """
    return (
        isinstance(value, str)
        and len(value) <= LONGEST
        and not all(map(_is_blank, value))
        and not any(unicodedata.category(letter) == "Cs" for letter in value)
    )


def _is_blank(letter: str) -> bool:
    return unicodedata.category(letter) in ("Zs", "Zl", "Zp") or letter in "\t\n\v\f\r\x85"


def opens_an_order(scan: Any) -> bool:
    """Whether a scan's content names an order and a customer."""
    return isinstance(scan, dict) and is_id(scan.get("orderId")) and is_id(scan.get("userId"))


def is_on_the_menu(order: Any, menu: Mapping[str, Sequence[str]]) -> bool:
    """Whether somebody orders a drink of the menu, with no modifiers or a list of options of that drink."""
    if not isinstance(order, dict) or not isinstance(order.get("drink"), str) or order["drink"] not in menu:
        return False
    modifiers = order.get("modifiers", [])
    return isinstance(modifiers, list) and all(option in menu[order["drink"]] for option in modifiers)


def takes_a_drink(action: Any, menu: Mapping[str, Sequence[str]]) -> bool:
    """Whether an action submits a drink of the menu, by the order's own customer, for the order that waits for one."""
    if not isinstance(action, dict) or action.get("action") != "" or action.get("orderId") != CHOOSING:
        return False
    return is_on_the_menu(action.get("body"), menu) and action["body"].get("userId") == CUSTOMER

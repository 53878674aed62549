"""The café's promises about any input, stated independently of the café's code."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from trust.storms.strange import CHOOSING, CUSTOMER

LONGEST = 64


def is_id(value: Any) -> bool:
    """Return whether a value is an id: a string of 1 to 64 characters that is not blank.

    A lone surrogate is not a character, so a string that contains one is not an id.
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
    """Return whether a scan names an order and a customer."""
    return isinstance(scan, dict) and is_id(scan.get("orderId")) and is_id(scan.get("userId"))


def is_on_the_menu(order: Any, menu: Mapping[str, Sequence[str]]) -> bool:
    """Return whether this orders a drink on the menu, without modifiers or with a list of that drink's options."""
    if not isinstance(order, dict) or not isinstance(order.get("drink"), str) or order["drink"] not in menu:
        return False
    modifiers = order.get("modifiers", [])
    return isinstance(modifiers, list) and all(option in menu[order["drink"]] for option in modifiers)


def takes_a_drink(action: Any, menu: Mapping[str, Sequence[str]]) -> bool:
    """Return whether an action submits a drink on the menu, by the order's customer, for an order that waits for it."""
    if not isinstance(action, dict) or action.get("action") != "" or action.get("orderId") != CHOOSING:
        return False
    return is_on_the_menu(action.get("body"), menu) and action["body"].get("userId") == CUSTOMER

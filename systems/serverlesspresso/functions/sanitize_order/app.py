"""Check whether a drink and its modifiers are on the menu."""

import json


def handler(event, _context):
    """Check `event["order"]` against `event["menu"]`, the menu's list in DynamoDB's notation.

    Returns `{"valid": bool, "drinkOrder": str}`. The drink order is the JSON text to store. It contains only checked
    fields, so no other field of the request reaches the table.
    """
    order = event["order"] if isinstance(event["order"], dict) else {}
    on_menu = _find(order.get("drink"), event["menu"]["L"])
    valid = on_menu is not None and _offers(on_menu, order.get("modifiers", []))
    print(json.dumps({"valid": valid}))
    return {"valid": valid, "drinkOrder": _drink_order(order, on_menu) if valid else ""}


def _find(drink, menu):
    """Return the line of a drink that can be ordered. An incomplete line offers nothing, and spoils no other."""
    for entry in menu:
        item = entry.get("M", {})
        if item.get("drink") == {"S": drink} and item.get("available") == {"BOOL": True}:
            return item
    return None


def _offers(item, modifiers):
    options = {option["S"] for modifier in item["modifiers"]["L"] for option in modifier["M"]["Options"]["L"]}
    return isinstance(modifiers, list) and all(isinstance(m, str) and m in options for m in modifiers)


def _drink_order(order, item):
    return json.dumps(
        {
            "userId": order.get("userId"),
            "drink": order["drink"],
            "modifiers": order.get("modifiers", []),
            "icon": item["icon"]["S"],
        }
    )

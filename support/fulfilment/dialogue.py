"""What fulfilment's steps rely on in a dialogue file: roles with their acts, refusals, states. See docs/dialogue.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from acceptance.terminal.dialogue import Dialogue, Signature, Vocabulary
from acceptance.terminal.dialogue_file import read_dialogue as read

_LOOK = Signature(("order",), ("state",))
# What each role does, in the order of an order's way.
ROLES: Mapping[str, Mapping[str, Signature]] = {
    "customer": {
        "browse": Signature(),
        "order": Signature(("item", "quantity"), ("order",), ("amount",)),
        "look": _LOOK,
    },
    "inventory": {"process": Signature(("order",)), "look": _LOOK},
    "warehouse": {"approve": Signature(("order",)), "look": _LOOK},
    "logistics": {"plan": Signature(("order", "route", "schedule"), ("delivery",)), "look": _LOOK},
    "delivery": {
        "accept": Signature(("delivery",)),
        "complete": Signature(("delivery", "amount")),
        "refuse": Signature(("delivery", "reason")),
        "look": _LOOK,
    },
}
# Why a program may say no, besides a wrong password.
NOT_ENOUGH, ALREADY, TOO_EARLY, WRONG_AMOUNT, UNKNOWN, OTHERWISE = (
    "not enough in stock",
    "already processed",
    "too early",
    "wrong amount",
    "unknown",
    "otherwise",
)
VOCABULARY = Vocabulary(
    roles=ROLES,
    refusals=("wrong password", NOT_ENOUGH, ALREADY, TOO_EARLY, WRONG_AMOUNT, UNKNOWN, OTHERWISE),
    states=("placed", "allocated", "approved", "planned", "under way", "delivered", "refused"),
    places=("endpoint", "region", "access_key", "orders", "stock", "deliveries", "staff"),
    secret_places=("secret_key",),
    texts=("item",),  # something that is on offer anyway, for programs whose stock the suite cannot fill
    setting="fulfilment_dialogue",
)


def read_dialogue(path: Path) -> Dialogue:
    """Read a dialogue file of fulfilment's programs. Raises Trouble with its name, the line, and what is wrong."""
    return read(path, VOCABULARY)

"""What fulfilment's steps need of a dialogue file: roles with their acts, refusals, states. See docs/dialogue.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from acceptance.terminal.dialogue import Dialogue, Signature, Vocabulary
from acceptance.terminal.dialogue_file import read_dialogue as read

_LOOK = Signature(("order",), ("state",))
# Optional features of programs. Scenarios about them are skipped where they are missing (`NEEDED`).
_WAITING, _STOCK, _CHOOSE = Signature(optional=True), Signature(optional=True), Signature(("choice",), optional=True)
# Each role's acts, in the sequence of an order's processing.
ROLES: Mapping[str, Mapping[str, Signature]] = {
    "customer": {
        "browse": Signature(),
        "order": Signature(("item", "quantity"), ("order",), ("amount",)),
        "look": _LOOK,
        "choose": _CHOOSE,
    },
    "inventory": {
        "waiting": _WAITING,
        "process": Signature(("order",)),
        "stock": _STOCK,
        "look": _LOOK,
        "choose": _CHOOSE,
    },
    "warehouse": {
        "waiting": _WAITING,
        "approve": Signature(("order", "answer")),
        "look": _LOOK,
        "choose": _CHOOSE,
    },
    "logistics": {
        "waiting": _WAITING,
        "plan": Signature(("order", "route", "schedule"), ("delivery",)),
        "look": _LOOK,
        "choose": _CHOOSE,
    },
    "delivery": {
        "waiting": _WAITING,
        "accept": Signature(("delivery",)),
        "complete": Signature(("delivery", "amount")),
        "refuse": Signature(("delivery", "reason")),
        "look": _LOOK,
        "choose": _CHOOSE,
    },
}
# By tag: the acts that its scenarios need of every program that may have them.
NEEDED: Mapping[str, str] = {"lists": "waiting", "stock_list": "stock", "menus": "choose"}
# People who share a name with another of the same role. Scenarios about them have the tag @namesakes.
NAMESAKES: Mapping[str, str] = {"Pia Berg": "Pia", "Vic Berg": "Vic"}
# Why a program may refuse an act, besides a wrong password.
NOT_ENOUGH, ALREADY, TOO_EARLY, WRONG_AMOUNT, WRONG_QUANTITY, UNKNOWN, OTHERWISE = (
    "not enough in stock",
    "already processed",
    "too early",
    "wrong amount",
    "wrong quantity",
    "unknown",
    "otherwise",
)
VOCABULARY = Vocabulary(
    roles=ROLES,
    refusals=("wrong password", NOT_ENOUGH, ALREADY, TOO_EARLY, WRONG_AMOUNT, WRONG_QUANTITY, UNKNOWN, OTHERWISE),
    states=("placed", "allocated", "approved", "planned", "under way", "delivered", "refused"),
    places=("endpoint", "region", "access_key", "orders", "stock", "deliveries", "staff"),
    secret_places=("secret_key",),
    texts=("item",),  # an item already on offer, for programs whose stock the suite cannot fill
    setting="fulfilment_dialogue",
)


def read_dialogue(path: Path) -> Dialogue:
    """Read a dialogue file of fulfilment's programs. Raises Trouble with its name, the line, and what is wrong."""
    return read(path, VOCABULARY)


def why_not_worked(dialogue: Dialogue, tags: Collection[str]) -> str:
    """Return the act or namesake that these tags need and a dialogue lacks, "" if it has them all."""
    for tag, act in NEEDED.items():
        roles = [role for role, acts in ROLES.items() if act in acts] if tag in tags else []
        lacking = [dialogue.programs[role].title for role in roles if act not in dialogue.programs[role].acts]
        if lacking:
            programs = " and ".join(lacking)
            return f"{dialogue.path.name} has no act “{act}” for {programs}; describe it there (docs/dialogue.md)"
    for namesake, name in NAMESAKES.items() if "namesakes" in tags else ():
        if namesake not in dialogue.people or dialogue.person(namesake).called != dialogue.person(name).called:
            return f"{dialogue.path.name} has nobody called {namesake} whom the programs call {name} (docs/dialogue.md)"
    return ""

"""The dialogue of a set of programs, as data: how each is started, what people type, what they look for."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kind:
    """What the suite wants to do at a program: what it gives, and which groups the pattern `done` must yield."""

    gives: tuple[str, ...] = ()
    yields: tuple[str, ...] = ()


_LOOK = Kind(("order",), ("state",))
# What each role does, in the order of an order's way.
ROLES: Mapping[str, Mapping[str, Kind]] = {
    "customer": {"browse": Kind(), "order": Kind(("item", "quantity"), ("order",)), "look": _LOOK},
    "inventory": {"process": Kind(("order",)), "look": _LOOK},
    "warehouse": {"approve": Kind(("order",)), "look": _LOOK},
    "logistics": {"plan": Kind(("order", "route", "schedule"), ("delivery",)), "look": _LOOK},
    "delivery": {
        "accept": Kind(("delivery",)),
        "complete": Kind(("delivery", "amount")),
        "refuse": Kind(("delivery", "reason")),
        "look": _LOOK,
    },
}
LOGIN = Kind(("user", "password"))
# Why a program may say no.
WRONG_PASSWORD, NOT_ENOUGH, ALREADY, TOO_EARLY, WRONG_AMOUNT, UNKNOWN, OTHERWISE = (
    "wrong password",
    "not enough in stock",
    "already processed",
    "too early",
    "wrong amount",
    "unknown",
    "otherwise",
)
REFUSALS = (WRONG_PASSWORD, NOT_ENOUGH, ALREADY, TOO_EARLY, WRONG_AMOUNT, UNKNOWN, OTHERWISE)
STATES = ("placed", "allocated", "approved", "planned", "under way", "delivered", "refused")
# What the arguments by which people are let in may name, and what a command and an environment may.
PERSON_FIELDS = ("role", "user", "name")
PLACES = ("python", "endpoint", "region", "access_key", "secret_key", "orders", "stock", "deliveries", "staff")
# What ends a program from outside: the system without memory, an operator, a terminal that is closed.
KILLS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
# A shell, and some runtimes, make an exit status of a signal.
SHELLS_STATUS = 128


@dataclass(frozen=True)
class Turn:
    """A prompt to wait for (None: the program is ready for a choice), and what is typed then."""

    see: re.Pattern[str] | None
    type: str
    secret: bool = False


@dataclass(frozen=True)
class Act:
    """Something that is done at a program: the turns, and the pattern in what is printed when it was done."""

    turns: Sequence[Turn]
    done: re.Pattern[str]


@dataclass(frozen=True)
class Program:
    """The program of a role. `ready` is the prompt at which it wants a choice; `leave` is the choice that ends it."""

    role: str
    title: str
    command: Sequence[str]
    login: Sequence[Turn]
    ready: re.Pattern[str]
    acts: Mapping[str, Act]
    leave: str


@dataclass(frozen=True)
class Person:
    """Somebody: the role, and the user name at the login."""

    name: str
    role: str
    user: str


@dataclass(frozen=True)
class Prepare:
    """How people are let in: a command, the form of one argument for each person, and the password's variable."""

    command: Sequence[str]
    each: str
    password_in: str


@dataclass(frozen=True)
class Dialogue:
    """A set of programs, and who works with them. Times are in s. In `surroundings`, a signal is negative.

    `item` is something that is on offer anyway, for programs whose stock the suite cannot fill; else it is "".
    """

    path: Path
    folder: Path
    answer_within: float
    start_within: float
    typing_pause: float
    environment: Mapping[str, str]
    surroundings: Collection[int]
    refused: Mapping[str, Sequence[re.Pattern[str]]]
    states: Mapping[str, str]
    people: Mapping[str, Person]
    programs: Mapping[str, Program]
    item: str = ""
    prepare: Prepare | None = None
    _by_role: Mapping[str, Sequence[Person]] = field(default_factory=dict)

    def of_role(self, role: str) -> Sequence[Person]:
        """Return the people of a role."""
        return self._by_role[role]

    def blames_surroundings(self, status: int | None) -> bool:
        """Tell whether a program that ends so could not do its work, and the scenario cannot be checked."""
        return status in self.surroundings or signal_of(status) in {-one for one in self.surroundings if one < 0}


def signal_of(status: int | None) -> int:
    """Return the signal by which a program has ended, also where a shell tells of it; 0 if it was none."""
    if status is None or status < 0:
        return -(status or 0)
    return status - SHELLS_STATUS if status - SHELLS_STATUS in {*signal.Signals} else 0


def was_killed(status: int | None) -> bool:
    """Tell whether a program was ended from outside: that says nothing about the program."""
    return signal_of(status) in KILLS


def filled(template: str, values: Mapping[str, Any]) -> str:
    """Fill a text's {names}. Everything that a text may name was checked when the dialogue was read."""
    return template.format_map({"python": sys.executable, **values})

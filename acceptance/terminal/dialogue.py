"""The dialogue of a set of programs, as data: how each is started, what people type, what they look for.

Roles, what is done in each, and all words come from a dialogue file. A system whose steps rely on some of them says so
by a `Vocabulary`, and a file that lacks one of these is refused when it is read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from acceptance.terminal.exit_status import signal_of
from acceptance.trouble import Trouble

# Every dialogue describes how a program refuses a login.
WRONG_PASSWORD = "wrong password"  # noqa: S105 - a kind of refusal
LOGIN = ("user", "password")
PERSON_FIELDS = ("role", "user", "name")
PYTHON = "python"


@dataclass(frozen=True)
class Signature:
    """An act's parameters, the groups that its pattern `done` must yield, and those that it may yield besides.

    A dialogue file may leave an `optional` one out.
    """

    gives: Sequence[str] = ()
    yields: Sequence[str] = ()
    may_yield: Sequence[str] = ()
    optional: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """What a system's steps rely on in a dialogue file. Empty parts are left to the file.

    `roles`: the acts of each role. `refusals` and `states`: the words for them that steps use. `places`: what commands
    and the environment may name, and `secret_places`: what only the environment may. `texts`: names of more texts that
    the file may have. `setting` is the one that names the file, for advice.
    """

    roles: Mapping[str, Mapping[str, Signature]] = field(default_factory=dict)
    refusals: Sequence[str] = ()
    states: Sequence[str] = ()
    places: Sequence[str] = ()
    secret_places: Sequence[str] = ()
    texts: Sequence[str] = ()
    setting: str = ""


@dataclass(frozen=True)
class Turn:
    """A prompt to wait for (None: the program is ready for a choice), and the line typed then."""

    see: re.Pattern[str] | None
    type: str
    secret: bool = False


@dataclass(frozen=True)
class Act:
    """An act at a program: the turns, and the patterns of the output when it is done, which exclude each other."""

    turns: Sequence[Turn]
    done: Sequence[re.Pattern[str]]


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

    def act(self, name: str) -> Act:
        """Return one of its acts. Raises Trouble for one that the dialogue does not have."""
        if name not in self.acts:
            raise Trouble(f"{self.title} has no act “{name}”. It has: {', '.join(self.acts)}.")
        return self.acts[name]


@dataclass(frozen=True)
class Person:
    """A person who works at a program: the role, the user name at the login, and the programs' name for them."""

    name: str
    role: str
    user: str
    called: str


@dataclass(frozen=True)
class Prepare:
    """How people get their logins: a command, the form of one argument for each person, the password's variable."""

    command: Sequence[str]
    each: str
    password_in: str


@dataclass(frozen=True)
class Dialogue:
    """A set of programs, and the people who work with them. Times are in s. In `surroundings`, a signal is negative.

    `states` translates the programs' names of states. `texts` are those of the vocabulary that the file has.
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
    texts: Mapping[str, str] = field(default_factory=dict)
    prepare: Prepare | None = None

    def person(self, name: str) -> Person:
        """Return the person of a name. Raises Trouble for a name that the dialogue does not contain."""
        if name not in self.people:
            known = ", ".join(self.people)
            raise Trouble(f"No one is called {name} in {self.path}. Its people are: {known}.")
        return self.people[name]

    def of_role(self, role: str) -> Sequence[Person]:
        """Return the people of a role."""
        return [one for one in self.people.values() if one.role == role]

    def blames_surroundings(self, status: int | None) -> bool:
        """Return whether this exit status means that the program could not work, and the scenario cannot be checked."""
        return status in self.surroundings or signal_of(status) in {-one for one in self.surroundings if one < 0}


def filled(template: str, values: Mapping[str, str]) -> str:
    """Fill a text's {names}. Raises Trouble for one without a value: a step gives too little."""
    try:
        return template.format_map({PYTHON: sys.executable, **values})
    except KeyError as missing:
        raise Trouble(f"“{template}” is to be typed, and nothing was given for {missing}: correct the step.") from None

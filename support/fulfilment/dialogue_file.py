"""Reads a dialogue file, and tells what is wrong in one with its line. The form is described in docs/dialogue.md."""

from __future__ import annotations

import difflib
import re
import signal
import string
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import yaml

from acceptance.terminal.output import plain_pattern
from acceptance.trouble import Trouble
from support.fulfilment.dialogue import (
    LOGIN,
    PERSON_FIELDS,
    PLACES,
    REFUSALS,
    ROLES,
    STATES,
    WRONG_PASSWORD,
    Act,
    Dialogue,
    Kind,
    Person,
    Prepare,
    Program,
    Turn,
)


def read_dialogue(path: Path) -> Dialogue:
    """Read a dialogue file. Raises Trouble with its name, the line, and what is wrong there."""
    try:
        tree = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
    except FileNotFoundError:
        raise Trouble(f"There is no dialogue file {path}. Correct the setting fulfilment_dialogue.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"The dialogue file {path} cannot be read: {error}.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        begun = f" ({error.context}, line {error.context_mark.line + 1})" if error.context_mark else ""
        raise Trouble(f"{path}, line {line}: this is not YAML: {error.problem}{begun}.") from error
    except yaml.YAMLError as error:
        raise Trouble(f"{path} is not YAML: {' '.join(str(error).split())}.") from error
    if tree is None:
        raise Trouble(f"The dialogue file {path} is empty.")
    return _dialogue(_Part(path, tree))


class _Part:
    """A part of the file, which knows its line: that of its name, if it has one."""

    def __init__(self, path: Path, node: yaml.Node, name: str = "the file", key: yaml.Node | None = None) -> None:
        self.path = path
        self._node = node
        self._name = name
        self._line = (key or node).start_mark.line + 1

    def wrong(self, problem: str) -> Trouble:
        """Say what is wrong here."""
        return Trouble(f"{self.path}, line {self._line}: {problem}.")

    def entries(self) -> Mapping[str, _Part]:
        """Return the entries of a mapping."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.wrong(f"{self._name} must be a mapping")
        found: dict[str, _Part] = {}
        for key, value in self._node.value:
            name = str(key.value)
            part = _Part(self.path, value, name, key)
            if name in found:
                raise part.wrong(f"{name} is there twice")
            found[name] = part
        return found

    def known(self, wanted: Collection[str], optional: Collection[str] = ()) -> Mapping[str, _Part]:
        """Return the entries of a mapping that has all that are wanted, and no others but the optional ones."""
        found = self.entries()
        for name, part in found.items():
            if name not in wanted and name not in optional:
                raise part.wrong(f"{self._name} has no {name}; it may have {', '.join([*wanted, *optional])}")
        missing = [name for name in wanted if name not in found]
        if missing:
            raise self.wrong(f"{self._name} lacks {' and '.join(missing)}")
        return found

    def parts(self) -> Sequence[_Part]:
        """Return the parts of a list that is not empty."""
        if not isinstance(self._node, yaml.SequenceNode) or not self._node.value:
            raise self.wrong(f"{self._name} must be a list")
        return [_Part(self.path, node, self._name) for node in self._node.value]

    def one_or_more(self) -> Sequence[_Part]:
        """Return the parts of a list, or what is there without one."""
        return self.parts() if isinstance(self._node, yaml.SequenceNode) else [self]

    def text(self) -> str:
        """Return a text, written with or without quotes."""
        if not isinstance(self._node, yaml.ScalarNode) or self._node.tag == "tag:yaml.org,2002:null":
            raise self.wrong(f"{self._name} must be a text")
        return str(self._node.value)

    def one_of(self, choices: Collection[str]) -> str:
        """Return one of these texts."""
        text = self.text()
        if text not in choices:
            raise self.wrong(f"{self._name} is {text}, which is none of {', '.join(choices)}")
        return text

    def template(self, names: Collection[str]) -> str:
        """Return a text in which {names} are replaced later: these and no others."""
        text = self.text()
        try:
            used = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        except ValueError as error:
            raise self.wrong(f"{text} cannot be filled in: {error}; a brace as such is written twice") from None
        unknown = [name for name in used if name not in names]
        if unknown:
            raise self.wrong(f"nobody knows {{{unknown[0]}}} here; known are {', '.join(names)}")
        return text

    def pattern(self, groups: Collection[str] = ()) -> re.Pattern[str]:
        """Return a regular expression that has these named groups."""
        try:
            pattern = re.compile(plain_pattern(self.text()))
        except re.error as error:
            raise self.wrong(f"{self._name} is no regular expression: {error}") from None
        missing = [name for name in groups if name not in pattern.groupindex]
        if missing:
            raise self.wrong(f"{self._name} does not yield {missing[0]}: it needs a group (?P<{missing[0]}>…)")
        return pattern

    def prompt(self) -> re.Pattern[str]:
        """Return the pattern of a prompt: it is the last that is printed before the program waits."""
        pattern = self.pattern()
        try:
            return re.compile(rf"(?:{pattern.pattern})[ \t]*\Z")
        except re.error as error:
            raise self.wrong(f"{self._name} cannot be a prompt: {error}") from None

    def seconds(self) -> float:
        """Return a time."""
        try:
            seconds = float(self.text())
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= 3600:
            raise self.wrong(f"{self._name} must be a number of seconds, up to 3600")
        return seconds

    def yes(self) -> bool:
        """Return whether it says so."""
        return self.one_of(("true", "false")) == "true"


HIGHEST_STATUS = 255
_WANTED = ("folder", "environment", "refused", "people", "programs")
_OPTIONAL = ("answer_within", "start_within", "typing_pause", "surroundings", "states", "item", "prepare")


def _dialogue(part: _Part) -> Dialogue:
    found = part.known(_WANTED, _OPTIONAL)
    path = part.path.resolve()
    folder = (path.parent / found["folder"].text()).resolve()

    def seconds(name: str, default: float) -> float:
        return found[name].seconds() if name in found else default

    people = {name: _person(name, one) for name, one in found["people"].entries().items()}
    by_role = {role: [one for one in people.values() if one.role == role] for role in ROLES}
    for role in (role for role, those in by_role.items() if not those):
        raise found["people"].wrong(f"nobody has the role {role}")
    programs = found["programs"].known(tuple(ROLES))
    return Dialogue(
        path=path,
        folder=folder,
        answer_within=seconds("answer_within", 10.0),
        start_within=seconds("start_within", 30.0),
        typing_pause=seconds("typing_pause", 0.05),
        environment={name: one.template(PLACES) for name, one in found["environment"].entries().items()},
        surroundings=_statuses(found.get("surroundings")),
        refused={one: _patterns(those) for one, those in found["refused"].known((WRONG_PASSWORD,), REFUSALS).items()},
        states=_states(found.get("states")),
        people=people,
        programs={role: _program(role, programs[role]) for role in ROLES},
        item=found["item"].text() if "item" in found else "",
        prepare=_prepare(found["prepare"]) if "prepare" in found else None,
        _by_role=by_role,
    )


def _person(name: str, part: _Part) -> Person:
    found = part.known(("role", "user"))
    return Person(name, found["role"].one_of(tuple(ROLES)), found["user"].text())


def _prepare(part: _Part) -> Prepare:
    found = part.known(("command", "each", "password_in"))
    return Prepare(_command(found["command"]), found["each"].template(PERSON_FIELDS), found["password_in"].text())


def _command(part: _Part) -> Sequence[str]:
    readable = [name for name in PLACES if name != "secret_key"]  # a command line is there for every user to read
    return [one.template(readable) for one in part.parts()]


def _program(role: str, part: _Part) -> Program:
    found = part.known(("title", "command", "login", "ready", "acts", "leave"))
    login = _turns(found["login"], LOGIN.gives)
    if login[0].see is None:
        raise found["login"].wrong("the first turn of a login needs a prompt to see")
    acts = found["acts"].known(tuple(ROLES[role]))
    return Program(
        role=role,
        title=found["title"].text(),
        command=_command(found["command"]),
        login=login,
        ready=found["ready"].prompt(),
        acts={name: _act(acts[name], kind) for name, kind in ROLES[role].items()},
        leave=found["leave"].text(),
    )


def _act(part: _Part, kind: Kind) -> Act:
    found = part.known(("turns", "done"))
    return Act(_turns(found["turns"], kind.gives), found["done"].pattern(kind.yields))


def _turns(part: _Part, gives: Collection[str]) -> Sequence[Turn]:
    """Read the turns. A prompt's groups can be typed in later turns."""
    known = list(gives)
    turns = []
    for one in part.parts():
        found = one.known(("type",), ("see", "secret"))
        see = found["see"].prompt() if "see" in found else None
        known += see.groupindex if see else ()
        secret = "secret" in found and found["secret"].yes()
        turns.append(Turn(see, found["type"].template(known), secret))
    if any(turn.see is None for turn in turns[1:]):
        raise part.wrong("only the first turn may do without a prompt to see")
    return turns


def _patterns(part: _Part) -> Sequence[re.Pattern[str]]:
    return [one.pattern() for one in part.one_or_more()]


def _statuses(part: _Part | None) -> Collection[int]:
    if part is None:
        return ()
    return {_status(one) for one in part.parts()}


def _status(part: _Part) -> int:
    """Read how a program ends: an exit status, or the name of a signal, which is returned negative."""
    text, names = part.text(), signal.Signals.__members__
    if text.isdecimal() and int(text) <= HIGHEST_STATUS:
        return int(text)
    if text in names:
        return -names[text]
    numbers = {str(-one): name for name, one in names.items()}
    named = [numbers[text]] if text in numbers else [f"SIG{text.upper().removeprefix('SIG')}"]
    near = difflib.get_close_matches(named[0], names, 1, cutoff=0.75)
    if near or text.upper().startswith("SIG"):
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise part.wrong(f"surroundings name {text}, which is no signal{hint}")
    raise part.wrong(
        f"surroundings are exit statuses from 0 to {HIGHEST_STATUS} and signals such as SIGSEGV, not {text}"
    )


def _states(part: _Part | None) -> Mapping[str, str]:
    """Read what the programs call the states; those that are not named are called as here."""
    theirs = {word: one.one_of(STATES) for word, one in part.entries().items()} if part else {}
    return {**{state: state for state in STATES if state not in theirs.values()}, **theirs}

"""Reads a dialogue file, and reports its mistakes with their lines. The form is described in docs/dialogue.md."""

from __future__ import annotations

import difflib
import signal
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from acceptance.terminal.dialogue import (
    LOGIN,
    PERSON_FIELDS,
    PYTHON,
    WRONG_PASSWORD,
    Act,
    Dialogue,
    Person,
    Prepare,
    Program,
    Signature,
    Turn,
    Vocabulary,
)
from acceptance.terminal.yaml_file import YamlNode, read_yaml

HIGHEST_STATUS = 255
_WANTED = ("folder", "environment", "refused", "people", "programs")
_OPTIONAL = ("answer_within", "start_within", "typing_pause", "surroundings", "states", "prepare")


def read_dialogue(path: Path, vocabulary: Vocabulary | None = None) -> Dialogue:
    """Read a dialogue file that has all of a vocabulary. Raises Trouble with its name, the line, and what is wrong."""
    vocabulary = vocabulary or Vocabulary()
    return _Reader(vocabulary).dialogue(read_yaml(path, "dialogue file", vocabulary.setting))


class _Reader:
    """Reads the parts of a dialogue in which the words of a vocabulary may stand."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        # A command line is readable for every user of the machine, so it names no secret.
        self._readable = [PYTHON, *vocabulary.places]
        self._places = [*self._readable, *vocabulary.secret_places]

    def dialogue(self, node: YamlNode) -> Dialogue:
        words = self._words
        found = node.known(_WANTED, (*_OPTIONAL, *words.texts))
        path = node.path.resolve()

        def seconds(name: str, default: float) -> float:
            return found[name].seconds() if name in found else default

        programs = found["programs"].known(tuple(words.roles), () if words.roles else None)
        roles = words.roles or dict.fromkeys(programs)
        people = {name: _person(name, one, tuple(roles)) for name, one in found["people"].entries().items()}
        for role in roles:
            if role not in {one.role for one in people.values()}:
                raise found["people"].wrong(f"no one has the role {role}")
        refused = found["refused"].known((WRONG_PASSWORD,), words.refusals or None)
        return Dialogue(
            path=path,
            folder=(path.parent / found["folder"].text()).resolve(),
            answer_within=seconds("answer_within", 10.0),
            start_within=seconds("start_within", 30.0),
            typing_pause=seconds("typing_pause", 0.05),
            environment={name: one.template(self._places) for name, one in found["environment"].entries().items()},
            surroundings={_status(one) for one in found["surroundings"].items()} if "surroundings" in found else (),
            refused={kind: [one.pattern() for one in those.one_or_more()] for kind, those in refused.items()},
            states=self._states(found.get("states")),
            people=people,
            programs={role: self._program(role, programs[role]) for role in roles},
            texts={name: found[name].text() for name in words.texts if name in found},
            prepare=self._prepare(found["prepare"]) if "prepare" in found else None,
        )

    def _prepare(self, node: YamlNode) -> Prepare:
        found = node.known(("command", "each", "password_in"))
        each = found["each"].template(PERSON_FIELDS)
        return Prepare(self._command(found["command"]), each, found["password_in"].text())

    def _command(self, node: YamlNode) -> Sequence[str]:
        return [one.template(self._readable) for one in node.items()]

    def _program(self, role: str, node: YamlNode) -> Program:
        found = node.known(("title", "command", "login", "ready", "acts", "leave"))
        login = _turns(found["login"], LOGIN)
        if login[0].see is None:
            raise found["login"].wrong("the first turn of a login needs a prompt to see")
        wanted = self._words.roles.get(role, {})
        required = [name for name, signature in wanted.items() if not signature.optional]
        acts = found["acts"].known(required, tuple(wanted) if wanted else None)
        return Program(
            role=role,
            title=found["title"].text(),
            command=self._command(found["command"]),
            login=login,
            ready=found["ready"].prompt(),
            acts={name: _act(acts[name], wanted.get(name)) for name in wanted or acts if name in acts},
            leave=found["leave"].text(),
        )

    def _states(self, node: YamlNode | None) -> Mapping[str, str]:
        """Read the programs' names of the states; states without one keep those of the vocabulary."""
        states = self._words.states
        theirs = {word: one.one_of(states) for word, one in node.entries().items()} if node else {}
        return {**{state: state for state in states if state not in theirs.values()}, **theirs}


def _person(name: str, node: YamlNode, roles: Collection[str]) -> Person:
    found = node.known(("role", "user"), ("called",))
    called = found["called"].text() if "called" in found else name
    return Person(name, found["role"].one_of(roles), found["user"].text(), called)


def _act(node: YamlNode, signature: Signature | None) -> Act:
    found = node.known(("turns", "done"))
    gives, yields = (signature.gives, signature.yields) if signature else (None, ())
    return Act(_turns(found["turns"], gives), [one.pattern(yields) for one in found["done"].one_or_more()])


def _turns(node: YamlNode, gives: Collection[str] | None) -> Sequence[Turn]:
    """Read the turns, which may type given values (None: any), and the groups of the prompts before."""
    known = None if gives is None else list(gives)
    turns = []
    for one in node.items():
        found = one.known(("type",), ("see", "secret"))
        see = found["see"].prompt() if "see" in found else None
        if known is not None:
            known += see.groupindex if see else ()
        secret = "secret" in found and found["secret"].yes()
        turns.append(Turn(see, found["type"].template(known), secret))
    if any(turn.see is None for turn in turns[1:]):
        raise node.wrong("only the first turn may do without a prompt to see")
    return turns


def _status(node: YamlNode) -> int:
    """Read how a program ends: an exit status, or the name of a signal, which is returned negative."""
    text, names = node.text(), signal.Signals.__members__
    if text.isdecimal() and int(text) <= HIGHEST_STATUS:
        return int(text)
    if text in names:
        return -names[text]
    numbers = {str(-one): name for name, one in names.items()}
    named = [numbers[text]] if text in numbers else [f"SIG{text.upper().removeprefix('SIG')}"]
    near = difflib.get_close_matches(named[0], names, 1, cutoff=0.75)
    if near or text.upper().startswith("SIG"):
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise node.wrong(f"surroundings name {text}, which is no signal{hint}")
    raise node.wrong(
        f"surroundings are exit statuses from 0 to {HIGHEST_STATUS} and signals such as SIGSEGV, not {text}"
    )

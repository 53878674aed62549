"""Collects the sentences of steps/, and where the features use them. Nothing runs for that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from acceptance.behave_adapter import features_in, load_steps, sentences
from acceptance.registry import known
from acceptance.report.nearest import shown
from acceptance.report.selection import stable_path
from acceptance.report.specification.reading import folders_in, problem_of
from acceptance.runner.step_files import STEPS, Refused, loading, steps_by_system
from acceptance.sentence_types import IN_WORDS
from acceptance.trouble import Trouble

SHARED = ""  # the system of sentences that all systems have
ANY_WORDS = "any words"
# The kinds of steps in the order in which people write them; `step` fits each of them.
KINDS = ("given", "when", "then", "step")

_FIELD = re.compile(r"\{(\w*)(?::([^{}]*))?\}")
# Types of the library `parse` that behave registers, in words.
_OF_PARSE = {"d": "a whole number", "w": "one word", "f": "a number with a decimal point", "g": "a number"}
_MOST_VALUES = 8


@dataclass
class Field:
    """A field of a sentence. `values` are those that the features use, if it takes any words."""

    name: str
    kind: str
    allowed: str
    pattern: str
    values: list[str] = field(default_factory=list)

    @property
    def written(self) -> str:
        """The field as the code has it, without the braces."""
        return f"{self.name}:{self.kind}" if self.kind else self.name

    def note(self, value: str) -> None:
        """Note the value that a step has in it."""
        if self.allowed == ANY_WORDS and value not in self.values and len(self.values) <= _MOST_VALUES:
            self.values.append(value)

    @property
    def in_words(self) -> str:
        """The accepted text, in words."""
        so_far = ", ".join(self.values[:_MOST_VALUES]) + (", …" if len(self.values) > _MOST_VALUES else "")
        return f"{self.allowed}; so far: {so_far}" if so_far else self.allowed


@dataclass(frozen=True)
class Use:
    """A step of a feature that fits a sentence. `text` has its keyword, and the values of an example."""

    path: str
    line: int
    feature: str
    text: str


@dataclass
class Sentence:
    """A sentence of steps/. `place` is its file and line, `matcher` behave's own of it."""

    system: str
    kind: str
    pattern: str
    place: str
    fields: Sequence[Field]
    matcher: Any
    found: dict[tuple[str, int], Use] = field(default_factory=dict)

    @cached_property
    def uses(self) -> list[Use]:
        """Where the features use it, each step once."""
        return sorted(self.found.values(), key=lambda use: (use.path, use.line))

    @property
    def example(self) -> str:
        """The shortest step that fits it, "" if none does."""
        return min((use.text for use in self.uses), key=len, default="")

    def take(self, step: Any, use: Use) -> None:
        """Note that a step fits this sentence."""
        self.found.setdefault((use.path, use.line), use)
        values = {argument.name: argument.original for argument in self.matcher.match(step.name).arguments}
        for one in self.fields:
            one.note(str(values.get(one.name, "")))


@dataclass
class Catalogue:
    """All sentences. `problems` say which features cannot be read, and which of their steps fit no sentence."""

    sentences: list[Sentence]
    problems: list[str]

    def of(self, systems: Iterable[str], words: str = "") -> Catalogue:
        """Return the sentences of these systems whose description contains all of these words."""
        sought = words.casefold().split()
        kept = [one for one in self.sentences if one.system in {*systems, SHARED} and _has(one, sought)]
        return Catalogue(kept, self.problems)


def _has(sentence: Sentence, sought: Sequence[str]) -> bool:
    told = " ".join([sentence.kind, sentence.pattern, *(use.text for use in sentence.uses)]).casefold()
    return all(word in told for word in sought)


def collect(home: Path, config: Any) -> Catalogue:
    """Load the sentences of all systems, and find their steps in a folder of features.

    Raises Trouble if the steps cannot be loaded. `config` is as for acceptance.report.specification.reading.read.
    """
    steps = home.parent / STEPS
    steps_by_system(steps)
    try:
        if steps.is_dir():
            with loading("the steps", home.parent):
                load_steps(steps)
        for system in sorted(known()):
            sentences().need(system)
    except Refused as refused:
        raise Trouble(str(refused)) from None
    found = [_sentence(kind, one) for kind in KINDS for one in sentences().steps[kind]]
    catalogue = Catalogue(sorted(found, key=lambda one: (one.system, KINDS.index(one.kind))), [])
    by_matcher = {id(one.matcher): one for one in found}
    for folder in folders_in(home).values():
        for file in sorted(folder.rglob("*.feature")):
            catalogue.problems += _note_uses(file, by_matcher, config)
    return catalogue


def _sentence(kind: str, matcher: Any) -> Sentence:
    fields = [_field(matcher, *found.groups(default="")) for found in _FIELD.finditer(matcher.pattern)]
    if not hasattr(matcher, "parser"):  # a regular expression, whose braces are no fields
        fields = []
    place = f"{shown(str(matcher.location.filename))}:{matcher.location.line}"
    return Sentence(getattr(matcher, "system", SHARED), kind, matcher.pattern, place, fields, matcher)


def _field(matcher: Any, name: str, kind: str) -> Field:
    registered = getattr(type(matcher), "TYPE_REGISTRY", {}).get(kind)
    pattern = getattr(registered, "pattern", "")
    allowed = IN_WORDS.get(kind) or _OF_PARSE.get(kind) or (f"{kind}: {pattern or '…'}" if kind else ANY_WORDS)
    return Field(name, kind, allowed, pattern)


def _note_uses(file: Path, by_matcher: Mapping[int, Sentence], config: Any) -> Iterator[str]:
    """Note which sentences the steps of a feature fit, and report steps that fit none."""
    path = stable_path(str(file), config)
    problem = problem_of(file, path, config)
    if problem:
        yield problem
        return
    told = set()
    for feature in features_in(str(file), config.lang):
        for step in (step for scenario in feature.walk_scenarios() for step in scenario.all_steps):
            matcher = sentences().find_step_definition(step)
            if matcher is not None:
                # “And” does not give a step's kind; other languages keep their own words.
                keyword = step.step_type.capitalize() if feature.language == "en" else step.keyword
                use = Use(path, step.line, feature.name, f"{keyword} {step.name}")
                by_matcher[id(matcher)].take(step, use)
            elif step.line not in told:
                told.add(step.line)
                yield f"{path}:{step.line}: No sentence fits “{step.keyword} {step.name}”."

"""The contents of a specification: systems, their features, rules and scenarios, and the words that they use.

A run keeps it beside its results, as JSON, so that a report can be rendered later, elsewhere, and after the features
have changed. All texts are clean (acceptance.report.cleaning); names and ids are those of acceptance.report.selection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from acceptance.report.kept import Kept


@dataclass(frozen=True)
class Table:
    """A table below a step."""

    headings: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Step:
    """A step: its keyword in the language of its file, its sentence, and its table or text."""

    keyword: str
    text: str
    table: Table | None = None
    document: str = ""


@dataclass(frozen=True)
class Example:
    """A row of an outline. `key` is that of its scenario."""

    id: str
    key: str
    cells: list[str]


@dataclass(frozen=True)
class Examples:
    """A table of examples."""

    name: str
    description: str
    tags: list[str]
    headings: list[str]
    rows: list[Example]


@dataclass(frozen=True)
class Scenario:
    """A scenario; an outline if it has examples, and then it has no key of its own.

    `on_demand`: whether behave's `default_tags` leave it out, so that it only runs where its tags are asked for.
    """

    id: str
    key: str
    name: str
    description: str
    tags: list[str]
    steps: list[Step]
    examples: list[Examples]
    on_demand: bool = False

    def all_keys(self) -> Iterator[str]:
        """Return the key of each scenario that a run creates from it."""
        yield from self.places()

    def places(self) -> Mapping[str, str]:
        """Return the id of each scenario that a run creates from it, by its key."""
        own = {self.key: self.id} if self.key else {}
        return own | {row.key: row.id for examples in self.examples for row in examples.rows}


@dataclass(frozen=True)
class Rule:
    """A rule with its scenarios. Scenarios outside any rule have one without a name."""

    id: str
    name: str
    description: str
    tags: list[str]
    background: list[Step]
    scenarios: list[Scenario]


@dataclass(frozen=True)
class Feature:
    """A feature file. `problem` says why it cannot be read, "" if it can."""

    id: str
    path: str
    name: str
    language: str
    description: str
    tags: list[str]
    background: list[Step]
    rules: list[Rule]
    problem: str = ""

    def scenarios(self) -> Iterator[Scenario]:
        """Return its scenarios and outlines."""
        for rule in self.rules:
            yield from rule.scenarios


@dataclass(frozen=True)
class Word:
    """A word of a glossary with its meaning; `group` is the heading above it."""

    word: str
    meaning: str
    group: str = ""


@dataclass(frozen=True)
class System:
    """The features of one system, and the words that they use: its own ones first, then the shared ones."""

    id: str
    name: str
    features: list[Feature]
    words: list[Word]
    shared_words: list[Word]


@dataclass(frozen=True)
class Specification:
    """Everything that the features of some systems promise."""

    systems: list[System]

    def problems(self) -> list[str]:
        """Return a sentence for each file that cannot be read."""
        return [feature.problem for system in self.systems for feature in system.features if feature.problem]

    def scenarios(self) -> Iterator[Scenario]:
        """Return all scenarios and outlines."""
        for system in self.systems:
            for feature in system.features:
                yield from feature.scenarios()

    def places(self) -> Mapping[str, str]:
        """Return the id of each scenario, by its key: its name in links to this page and to Allure's."""
        return {key: place for scenario in self.scenarios() for key, place in scenario.places().items()}


SPECIFICATION = Kept("specification.json", Specification)

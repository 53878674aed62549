"""Reads a specification from feature files and glossaries. Nothing runs for that, and no step is looked up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from behave.tag_expression import make_tag_expression

from acceptance.behave_adapter import features_in
from acceptance.report.cleaning import clean, clean_name
from acceptance.report.feature_check import faults_of
from acceptance.report.selection import Identity, identities, stable_path
from acceptance.report.specification.contents import (
    Example,
    Examples,
    Feature,
    Rule,
    Scenario,
    Specification,
    Step,
    System,
    Table,
    Word,
)
from acceptance.report.specification.glossary import words_in
from acceptance.report.specification.ids import feature_id, rule_id, scenario_id, system_id

GLOSSARY = "glossary.md"
# A line break within a paragraph. The next entry of a list, or row of a table, begins a line of its own.
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n|[-*|•]|\d+[.)] )")


def folders_in(home: Path) -> Mapping[str, Path]:
    """Return the folder of each system below a folder of features, by the system's name.

    Features that lie in no folder of a system make one of their own.
    """
    folders = sorted(path for path in home.iterdir() if path.is_dir()) if home.is_dir() else ()
    found = {folder.name: folder for folder in folders if any(folder.rglob("*.feature"))}
    return found or ({home.name: home} if any(home.glob("*.feature")) else {})


def read(folders: Mapping[str, Path], config: Any) -> Specification:
    """Read the features of systems, each in a folder; the words that all of them share lie beside these folders.

    `config` is behave's, or has its `base_dir` and `lang`. Unreadable files are part of the specification, with a
    sentence that says why.
    """
    shared = {folder.parent: words_in(folder.parent / GLOSSARY) for folder in folders.values()}
    return Specification([_system(folder, name, shared[folder.parent], config) for name, folder in folders.items()])


def _system(folder: Path, name: str, shared: list[Word], config: Any) -> System:
    features = [_feature(file, config) for file in sorted(folder.rglob("*.feature"))]
    return System(system_id(name), name, features, words_in(folder / GLOSSARY), shared)


def _feature(file: Path, config: Any) -> Feature:
    path = clean_name(stable_path(str(file), config))
    problem = problem_of(file, path, config)
    if problem:
        return Feature(feature_id(path), path, file.stem, "", "", [], [], [], clean(problem))
    (feature,) = features_in(str(file), config.lang)
    return _Reader(feature, path, config).feature()


def problem_of(file: Path, path: str, config: Any) -> str:
    """Return why a file cannot be read, "" if it can; by the rules that refuse it before a run."""
    try:
        faults = faults_of(file.read_bytes(), config.lang, lambda _text: False)
    except OSError as error:
        return f"{path} cannot be read: {error.strerror or error}."
    return " ".join(f"{path}:{fault.line}: {fault.sentence}" for fault in faults[:3])


class _Reader:
    """Reads one feature, whose ids are unique."""

    def __init__(self, feature: Any, path: str, config: Any) -> None:
        self._usual = make_tag_expression(config.default_tags or "")
        self._feature, self._path = feature, path
        self._identity: Mapping[int, Identity] = {id(one): identity for one, identity in identities(feature, config)}
        self._taken: Counter[str] = Counter()

    def feature(self) -> Feature:
        """Return the feature as it is shown."""
        feature = self._feature
        return Feature(
            id=feature_id(self._path),
            path=self._path,
            name=clean_name(feature.name or Path(self._path).stem),
            language=feature.language or "en",
            description=_described(feature),
            tags=_tags(feature),
            background=_background(feature),
            rules=list(self._rules()),
        )

    def _rules(self) -> Iterator[Rule]:
        without = [one for one in self._feature.run_items if one.type != "rule"]
        if without:
            yield Rule("", "", "", [], [], [self._scenario(one, "") for one in without])
        for rule in self._feature.iter_rules():
            name = clean_name(rule.name)
            shown = [self._scenario(one, name) for one in rule.run_items]
            yield Rule(
                self._apart(rule_id(self._path, name)), name, _described(rule), _tags(rule), _background(rule), shown
            )

    def _scenario(self, scenario: Any, rule: str) -> Scenario:
        outline = scenario.type == "scenario_outline"
        if outline:
            key, name = "", clean_name(scenario.name)
            place = scenario_id(": ".join(part for part in (self._path, rule, f"{name} | all") if part))
        else:
            identity = self._identity[id(scenario)]
            key, name, place = identity.key, identity.name, scenario_id(identity.key)
        return Scenario(
            id=self._apart(place),
            key=key,
            name=name or scenario.keyword,
            description=_described(scenario),
            tags=_tags(scenario),
            steps=_steps(scenario.steps),
            examples=self._examples(scenario) if outline else [],
            on_demand=not self._usual.check(scenario.effective_tags),
        )

    def _examples(self, outline: Any) -> list[Examples]:
        made = iter(outline.scenarios)
        return [
            Examples(
                name=clean_name(one.name or ""),
                description=_described(one),
                tags=_tags(one),
                headings=_texts(one.table.headings),
                rows=[self._example(next(made), row) for row in one.table.rows],
            )
            for one in outline.examples
            if one.table
        ]

    def _example(self, scenario: Any, row: Any) -> Example:
        key = self._identity[id(scenario)].key
        return Example(self._apart(scenario_id(key)), key, _texts(row.cells))

    def _apart(self, place: str) -> str:
        """Return an id, with a number if the feature has it already."""
        self._taken[place] += 1
        return place if self._taken[place] == 1 else f"{place}-{self._taken[place]}"


def _described(thing: Any) -> str:
    """Return a description without the breaks that only keep its lines short in the file."""
    text = "\n".join(line.strip() for line in getattr(thing, "description", None) or ())
    return clean(_WRAPPED.sub(" ", text.strip()))


def _tags(thing: Any) -> list[str]:
    return [clean(str(tag)) for tag in thing.tags]


def _background(thing: Any) -> list[Step]:
    return _steps(thing.background.steps) if thing.background else []


def _steps(steps: Sequence[Any]) -> list[Step]:
    return [_step(step) for step in steps]


def _step(step: Any) -> Step:
    table = step.table
    shown = Table(_texts(table.headings), [_texts(row.cells) for row in table.rows]) if table else None
    return Step(step.keyword.strip(), clean(step.name), shown, clean(str(step.text)) if step.text else "")


def _texts(cells: Iterable[Any]) -> list[str]:
    return [clean(str(cell)) for cell in cells]

"""The scenarios of a run, and their names.

A scenario's key is the same from run to run: its file, its rule, its name and the values of its
example. Line numbers are left out, so that a history survives an edit further up in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acceptance.behave_adapter import cells_of, features_in
from acceptance.report.cleaning import clean_name

MOST_NAMED = 3  # of the paths that a run was given


@dataclass(frozen=True)
class Identity:
    """A scenario's names: `name` for readers, `key` for machines, `path` of its file."""

    key: str
    name: str
    path: str


def identities(feature: Any, config: Any) -> Iterator[tuple[Any, Identity]]:
    """Return every scenario of a feature, including those inside rules and outlines, with its identity.

    A part of a feature, which cannot count a name's occurrences in the whole, passes them as `identified`.
    """
    if hasattr(feature, "identified"):
        yield from feature.identified
        return
    path = stable_path(str(feature.filename), config)
    scenarios = list(feature.walk_scenarios())
    keys = [_key(path, scenario) for scenario in scenarios]
    taken, seen = set(keys), Counter[str]()
    for scenario, key in zip(scenarios, keys, strict=True):
        seen[key] += 1
        mark = ""
        # Gherkin allows two of a name; Allure would take them for a retry. Another one may be called “name [2]”.
        while seen[key] > 1 and f"{key}{(mark := f' [{seen[key]}]')}" in taken:
            seen[key] += 1
        taken.add(f"{key}{mark}")
        yield scenario, Identity(key=f"{key}{mark}", name=f"{clean_name(readable_name(scenario))}{mark}", path=path)


def identities_in(folder: Path, features: Iterable[Any], config: Any) -> Iterator[tuple[Any, Identity]]:
    """Yield the scenarios of those features that lie in a folder, then those of the other files there, as needed."""
    read = set()
    for feature in features:
        if Path(feature.filename).resolve().is_relative_to(folder.resolve()):
            read.add(Path(feature.filename).resolve())
            yield from identities(feature, config)
    for file in sorted(folder.rglob("*.feature")):
        if file.resolve() not in read:
            for feature in features_in(str(file), config.lang):
                yield from identities(feature, config)


def _key(path: str, scenario: Any) -> str:
    rule = rule_of(scenario)
    places = [path, rule.name if rule else "", f"{readable_name(scenario)}{_values(scenario)}"]
    return clean_name(": ".join(part for part in places if part))


def is_selected(scenario: Any, config: Any) -> bool:
    """Return whether a scenario is to run by its tags, its name and its place in the file.

    Call it before anything has run: behave marks what `file:line` leaves out as skipped without a
    reason, and a hook may later do the same to a selected scenario.
    """
    left_out_by_line = scenario.should_skip and not scenario.skip_reason
    return (
        not left_out_by_line
        and bool(scenario.should_run_with_tags(config.tag_expression))
        and bool(scenario.should_run_with_name_select(config))
    )


def selection_of(config: Any) -> str:
    """Return a run's selection as on the command line, "" if everything was requested."""
    paths = ["/".join(Path(path).parts[-2:]) for path in config.paths or () if Path(path).name != "features"]
    if len(paths) > MOST_NAMED:
        paths[MOST_NAMED:] = [f"and {len(paths) - MOST_NAMED} more"]
    names = [f"--name {name}" for name in config.name or ()]
    tags = str(config.tag_expression).strip()
    return " ".join([*paths, *names, *([f"--tags {tags}"] if tags not in ("", "true") else [])])


def has_run(scenario: Any) -> bool:
    """Return whether any step of a scenario has been run."""
    return any(step.status.name not in ("skipped", "untested") for step in scenario.all_steps)


def rule_of(scenario: Any) -> Any | None:
    """Return the rule of a scenario, or None."""
    parent = scenario.parent
    while parent is not None and parent.type != "rule":
        parent = getattr(parent, "parent", None)
    return parent


def readable_name(scenario: Any) -> str:
    """Return a scenario's name; an example names its values, unless its title does already."""
    row = cells_of(scenario)
    if row is None:
        return str(scenario.name or scenario.keyword)
    title = str(scenario.name).rsplit(" -- @", 1)[0]
    cells = dict(row)
    if all(value in title for value in cells.values()):
        return title
    return f"{title} ({', '.join(f'{name}: {value}' for name, value in cells.items())})"


def title_of(scenario: Any, identity: Identity) -> str:
    """Name a scenario and its feature: `Booking a table › A table that is taken is refused`."""
    return " › ".join(name for name in (scenario.feature.name, identity.name) if name)


def stable_path(filename: str, config: Any) -> str:
    """Return a feature file's path as `features/…`, the same on every machine and from any folder.

    A file elsewhere keeps its whole path, otherwise two of one name would be taken for one.
    """
    base = Path(getattr(config, "base_dir", None) or Path.cwd())
    root = base.parent if base.name == "features" else base
    path = Path(filename)
    if not filename.startswith("<"):
        path = path.resolve()
        for folder in (root.resolve(), Path.cwd()):
            if path.is_relative_to(folder):
                return path.relative_to(folder).as_posix()
        return path.as_posix()
    return path.name


def _values(scenario: Any) -> str:
    row = cells_of(scenario)
    return "" if row is None else " | " + ", ".join(f"{name}={value}" for name, value in row)

"""The cases of the campaigns: the tests in this folder, the tests of tests/ that are too expensive for every change
(`@pytest.mark.trust("campaign")`), and every mutant of the systems.
"""

import hashlib
import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from trust.mutants.source import all_mutants
from trust.system_copy import ROOT, SYSTEMS

HERE = Path(__file__).parent
TESTS = ROOT / "tests"
MUTANTS = "trust/mutants::"
# Files that every case depends on, besides those of its campaign and its system.
SHARED = (
    *("acceptance", "environment.py", "behave.ini", "requirements.lock", "tests/helpers"),
    *("trust/faults", "trust/behave_run.py", "trust/system_copy.py"),
)
OF_SYSTEMS = ("features", "steps", "support", "systems", "docs")
SUFFIXES = {".py", ".feature", ".yaml", ".json", ".ini", ".lock", ".patch"}


@dataclass(frozen=True)
class Case:
    """A case of a campaign. `system` is the system it concerns, "" for several.

    `planted`: something is broken and must be noticed; otherwise anything red is a false alarm.
    `quiet`: it needs the machine to itself.
    """

    id: str
    campaign: str
    system: str = ""
    planted: bool = False
    quiet: bool = False

    @property
    def is_mutant(self) -> bool:
        """Whether this is a mutant, not a test."""
        return self.id.startswith(MUTANTS)


class CasesNotRead(Exception):
    """The tests could not be collected, for the reason in the message."""


def all_cases(mutated: Collection[str]) -> list[Case]:
    """Return every test, and every mutant of these systems. Raises CasesNotRead if tests cannot be imported."""
    mutants = [one for system in mutated for one in all_mutants(system)]
    return [*_tests(), *(Case(f"{MUTANTS}{one.name}", "mutants", one.system, planted=True) for one in mutants)]


class _Collector:
    def __init__(self) -> None:
        self.items: list[pytest.Item] = []
        self.errors: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.errors.append(str(report.longrepr))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = session.items


def _tests() -> Iterator[Case]:
    collector = _Collector()
    pytest.main(
        [
            "--collect-only",
            "-p",
            "no:terminal",
            "-o",
            "addopts=--strict-markers",
            "-m",
            "trust",
            "--rootdir",
            str(ROOT),
            str(HERE),
            *([str(TESTS)] if TESTS.is_dir() else []),
        ],
        plugins=[collector],
    )
    if collector.errors or not collector.items:
        raise CasesNotRead("\n".join(collector.errors) or "There are no tests.")
    for item in collector.items:
        yield Case(
            item.nodeid,
            _campaign_of(item),
            _system_of(item),
            item.get_closest_marker("planted") is not None,
            item.get_closest_marker("quiet") is not None,
        )


def _campaign_of(item: pytest.Item) -> str:
    if item.path.is_relative_to(HERE):
        return item.path.relative_to(HERE).parts[0]
    return str(next(mark.args[0] for mark in item.iter_markers("trust")))


def _system_of(item: pytest.Item) -> str:
    given: Mapping[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    named = getattr(given.get("fault"), "system", given.get("system", ""))
    return named if named in _systems() else ""


@cache
def _systems() -> frozenset[str]:
    return frozenset(path.name for path in SYSTEMS.iterdir() if path.is_dir())


@cache
def _files() -> Mapping[str, str]:
    """Return the digest of each file that a case may depend on, by its path in the repository."""
    roots = [ROOT / name for name in (*SHARED, *OF_SYSTEMS, "trust", "tests")]
    found = {path for root in roots for path in ([root] if root.is_file() else root.rglob("*"))}
    return {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(found)
        if path.suffix in SUFFIXES and path.is_file()
    }


@cache
def digest(campaign: str, system: str) -> str:
    """Return a digest of the files that a campaign's cases depend on, for one system or for all."""
    others = _systems() - {system} if system else frozenset()
    own = f"trust/{campaign}"
    folders = (*SHARED, *OF_SYSTEMS, own if (ROOT / own).is_dir() else "tests")
    concerned = [
        f"{path} {its_digest}"
        for path, its_digest in _files().items()
        if path.startswith(tuple(f"{folder}/" for folder in folders)) or path in SHARED
        if not others & {*Path(path).parts, Path(path).stem}
    ]
    return hashlib.sha256("\n".join(concerned).encode()).hexdigest()[:16]


def sample(cases: Sequence[Case], seconds: float, seed: int, jobs: int, expected: Mapping[str, float]) -> list[Case]:
    """Draw cases for about `seconds`, one of each campaign and system in turn.

    `expected` are their durations by `Durations`. A case that runs alone keeps all other workers waiting.
    """
    dice = random.Random(seed)  # noqa: S311 - a sample is no secret
    left = seconds * jobs
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in dice.sample(sorted(cases, key=lambda case: case.id), len(cases)):
        groups[case.campaign, case.system].append(case)
    turns = dice.sample(sorted(groups), len(groups))
    drawn = []
    while any(groups.values()):
        for turn in turns:
            if not groups[turn]:
                continue
            case = groups[turn].pop()
            cost = expected[case.id] * (jobs if case.quiet else 1)
            if cost <= left and expected[case.id] <= seconds:
                left -= cost
                drawn.append(case)
    return drawn

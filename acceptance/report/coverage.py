"""The page “Coverage”: which parts of the deployed system took part in the run, and why others did not.

It belongs to the whole run; in the report it is under Global Attachments. The reasons for uncovered parts are written
by people into a file that maps the part's name, as the page prints it, to a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import allure
import yaml

from acceptance.aws.coverage import Coverage, CoverageItem, Kind
from acceptance.masking import masked
from acceptance.report.pages import rendered
from acceptance.report.run import Run
from acceptance.report.verdicts import SKIPPED, describe

TITLE = "Coverage"
NO_REASON = "no reason given"
_KINDS: Mapping[Kind, tuple[str, str]] = {
    "state": ("States", "the steps of the workflows"),
    "branch": ("Branches", "the ways from one step to the next"),
    "event": ("Event types", "the kinds of messages"),
    "rule": ("Rules", "who is called when a message comes"),
}
_TEMPLATE = Path(__file__).with_name("coverage.html")


@dataclass(frozen=True)
class CoverageReport:
    """The material of the page. `trouble`: why the file of reasons could not be read, "" if it could.

    `left_out`: how many of the selected scenarios did not run.
    """

    exercised: Coverage
    reasons: Mapping[str, str]
    trouble: str
    scenarios: int
    left_out: int

    def reason(self, item: CoverageItem) -> str:
        """Why an item is not covered."""
        return self.reasons.get(item.name, NO_REASON)

    @property
    def stale(self) -> Mapping[str, str]:
        """The outdated reasons, each with why. While something could not be read, no part counts as missing."""
        counts = {item.name: item.count for item in self.exercised.items}
        touched = {name: "it was touched" for name in self.reasons if counts.get(name)}
        missing = {name: "there is no such part" for name in self.reasons if name not in counts}
        return touched if self.gaps else touched | missing

    @property
    def stale_words(self) -> Sequence[str]:
        """The same, for readers."""
        return [f"{name}: {why}" for name, why in self.stale.items()]

    @property
    def gaps(self) -> Sequence[str]:
        """What could not be read."""
        return [masked(gap) for gap in (*self.exercised.gaps, self.trouble) if gap]


@dataclass(frozen=True)
class Looked:
    """The result of looking back on a system: the material of its page, or the `problem` that prevents it."""

    report: CoverageReport | None
    problem: str = ""

    @classmethod
    def merged(cls, several: Sequence[Looked], scenarios: int, left_out: int) -> Looked:
        """Combine the results of the parts of a run. A problem of one of them is one of the whole.

        `scenarios` of the whole run ran, and so many were `left_out`.
        """
        problem = next((one.problem for one in several if one.problem), "")
        reports = [one.report for one in several if one.report]
        if problem or not reports:
            return cls(None, problem)
        return cls(
            CoverageReport(
                Coverage.merged([one.exercised for one in reports]),
                {name: why for one in reports for name, why in one.reasons.items()},
                next((one.trouble for one in reports if one.trouble), ""),
                scenarios,
                left_out,
            )
        )


def attach_coverage(
    look_back: Callable[[], Coverage], reasons: Sequence[Path], run: Run, title: str = TITLE
) -> CoverageReport | None:
    """Attach the page and its figures to the whole run, and return their material.

    A run that reports nothing or has run nothing has no page.
    """
    looked = look(look_back, reasons, run)
    return attach_page(looked, title) if looked else None


def look(look_back: Callable[[], Coverage], reasons: Sequence[Path], run: Run) -> Looked | None:
    """Look back on a system. Returns None if a run reports nothing or has run nothing."""
    scenarios = how_many_ran(run)
    if run.results is None or not scenarios:
        return None
    try:
        return Looked(CoverageReport(look_back(), *_read_all(reasons), scenarios, len(run.outcomes) - scenarios))
    except Exception as error:  # noqa: BLE001 - it says nothing of the system, and the page reports it
        return Looked(None, str(masked(describe(error))))


def how_many_ran(run: Run) -> int:
    """Return how many scenarios of a run were started, and not left out."""
    return sum(1 for outcome in run.outcomes.values() if outcome.ran and outcome.verdict.word != SKIPPED)


def attach_page(looked: Looked, title: str) -> CoverageReport | None:
    """Attach the page and its figures to the whole run, and return their material.

    An error in creating the page says nothing of the system: the page then reports it, and None is returned.
    """
    report, problem = looked.report, looked.problem
    try:
        if report:
            html, figures = page(report, title), json.dumps(data(report), indent=2, ensure_ascii=False)
    except Exception as error:  # noqa: BLE001 - see above
        report, problem = None, str(masked(describe(error)))
    if report is None:
        _attach(rendered(_TEMPLATE, title=title, heading=title, problem=problem), title)
        return None
    _attach(html, title)
    allure.global_attach(figures, name=f"{title} (figures)", attachment_type=allure.attachment_type.JSON)
    return report


def data(report: CoverageReport) -> dict[str, Any]:
    """Return the content of the page, for machines."""
    exercised = report.exercised
    return {
        "percent": exercised.percent,
        "touched": len(exercised.touched),
        "all": len(exercised.items),
        "scenarios": report.scenarios,
        "scenarios left out": report.left_out,
        "executions": dict(exercised.executions),
        "items": [
            {"kind": item.kind, "name": item.name, "count": item.count}
            | ({} if item.count else {"reason": report.reason(item)})
            for item in exercised.items
        ],
        "seen, but not defined": list(exercised.undefined),
        "not looked into": list(exercised.blind),
        "could not be read": list(report.gaps),
        "reasons out of date": dict(report.stale),
    }


@dataclass(frozen=True)
class _Group:
    """A workflow, an event's source or the rules, with a table of its items for each kind, uncovered ones first."""

    name: str
    executions: int | None
    tables: Sequence[tuple[str, Sequence[CoverageItem]]]


def page(report: CoverageReport, title: str = TITLE) -> str:
    """Return the page as HTML."""
    items, percent = report.exercised.items, report.exercised.percent_shown
    kinds = [(*words, [item for item in items if item.kind == kind]) for kind, words in _KINDS.items()]
    return rendered(
        _TEMPLATE,
        title=title,
        heading=f"{title}: " + ("nothing is known" if percent is None else f"{percent:g} %"),
        problem="",
        report=report,
        summary=[(name, meaning, sum(item.count > 0 for item in own), len(own)) for name, meaning, own in kinds],
        groups=[_group(report.exercised, group) for group in dict.fromkeys(item.group for item in items)],
    )


def _group(exercised: Coverage, group: str) -> _Group:
    own = {
        name: [item for item in exercised.items if (item.group, item.kind) == (group, kind)]
        for kind, (name, _) in _KINDS.items()
    }
    tables = [(name, sorted(items, key=lambda item: item.count > 0)) for name, items in own.items() if items]
    return _Group(group, exercised.executions.get(group), tables)


def _attach(html: str, title: str) -> None:
    allure.global_attach(html, name=title, attachment_type=allure.attachment_type.HTML)


def _read_all(files: Sequence[Path]) -> tuple[Mapping[str, str], str]:
    """Read the reasons of every system that gives some."""
    read = [_read(file) for file in files if file.exists()]
    return {name: why for reasons, _ in read for name, why in reasons.items()}, " ".join(why for _, why in read if why)


def _read(reasons: Path) -> tuple[Mapping[str, str], str]:
    """Read the file of reasons. An invalid one does not prevent the page."""
    try:
        found = yaml.safe_load(reasons.read_text(encoding="utf-8")) or {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        return {}, f"The reasons in {reasons.name} could not be read: {describe(error)}"
    if not isinstance(found, dict) or not all(isinstance(text, str) for entry in found.items() for text in entry):
        return {}, f"The reasons in {reasons.name} could not be read: each part's name must lead to a sentence."
    return found, ""

"""How the scenarios of a run ended, read from its results: the material of a proposed profile."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acceptance.profile.promises import HOUSE_RULE, SIGN
from acceptance.report.givens import WHERE, is_explanation
from acceptance.report.results import message_of, results_in
from acceptance.report.run import OUTSIDE
from acceptance.report.verdicts import BROKEN, FAILED, NOT_CHECKED

SEVERITIES = ("blocker", "critical", "normal", "minor", "trivial")


@dataclass(frozen=True)
class Missed:
    """A step that failed: its sentence, "" where no step did, and the message."""

    step: str
    message: str


@dataclass(frozen=True)
class Outcome:
    """How a scenario ended, in Allure's words. `attached` are the names of the other attachments on its page."""

    feature: str
    rule: str
    name: str
    status: str
    message: str
    missed: tuple[Missed, ...] = ()
    severity: str = "normal"
    tags: frozenset[str] = frozenset()
    attached: tuple[str, ...] = ()
    uuid: str = ""

    @property
    def title(self) -> str:
        """The scenario's name in a profile."""
        return f"{self.feature}{SIGN}{self.name}" if self.feature else self.name

    @property
    def is_house_rule(self) -> bool:
        """Whether only the shipped system makes this promise."""
        return HOUSE_RULE in self.tags

    @property
    def page(self) -> str:
        """The part of the report's address that opens the scenario's page."""
        return f"#{hashlib.md5(self.uuid.encode(), usedforsecurity=False).hexdigest()}"  # as Allure makes it


def outcomes_in(results: Path, since_ms: float = 0) -> Sequence[Outcome]:
    """Read the outcomes of the run that began at `since_ms` (epoch), sorted by the scenarios' names.

    Unreadable results are left out, since the run itself reports them. Scenarios broken only in their Givens are left
    out too: the scenarios that check those Givens report the failure.
    """
    read = results_in(results, lambda result: (result["start"], outcome_of(result)))
    again = f"{OUTSIDE}{WHERE}"
    found = (outcome for start, outcome in read if start >= since_ms and not outcome.name.startswith(again))
    return sorted(found, key=lambda one: one.title)


def outcome_of(result: Mapping[str, Any]) -> Outcome:
    """Convert an Allure result into an outcome. Raises LookupError if it lacks a field that every result has."""
    labels = [(label["name"], str(label["value"])) for label in result.get("labels", [])]
    one = dict(reversed(labels))
    message = message_of(result)
    name = str(result["name"])
    return Outcome(
        feature=one.get("feature", ""),
        rule=one.get("story", ""),
        name=f"{OUTSIDE}{name}" if str(result["fullName"]).startswith(OUTSIDE) else name,
        status=str(result["status"]),
        message=message,
        missed=tuple(_all_missed(result, message)),
        severity=one.get("severity", "normal"),
        tags=frozenset(value for label, value in labels if label == "tag"),
        attached=tuple(str(one["name"]) for one in result.get("attachments", [])),
        uuid=str(result["uuid"]),
    )


def _all_missed(result: Mapping[str, Any], message: str) -> Sequence[Missed]:
    """Return the promises broken in steps or in a Given, so that the scenario could not be checked."""
    if result["status"] == FAILED:
        return _missed(result, message)
    if result["status"] != BROKEN or not message.startswith(NOT_CHECKED):
        return ()
    wrong = [step for step in result.get("steps", []) if step.get("status") == BROKEN]
    told = [Missed(str(step["name"]), message_of(step)) for step in wrong]
    if len(told) != 1 or not message.startswith(f"{NOT_CHECKED}{told[0].step}\n{told[0].message}"):
        return ()
    besides = message.removeprefix(f"{NOT_CHECKED}{told[0].step}\n{told[0].message}").strip()
    return told if not besides or is_explanation(besides) else ()


def _missed(result: Mapping[str, Any], whole: str) -> Sequence[Missed]:
    """Return the broken promises step by step; the whole message if anything else went wrong as well."""
    wrong = [step for step in result.get("steps", []) if step.get("status") in (FAILED, BROKEN)]
    missed = [Missed(str(step["name"]), message_of(step)) for step in wrong]
    besides = any(step["status"] == BROKEN for step in wrong) or (len(missed) == 1 and missed[0].message != whole)
    return [Missed("", whole)] if besides or not missed else missed

"""The outcome of each scenario in a run, read from its results: verdict, message, figures and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acceptance.report.attachments import SERVICE_LEVELS
from acceptance.report.results import attachments_of, is_picture, message_of, results_in
from acceptance.report.verdicts import BROKEN, DEVIATING, FAILED, PASSED, SKIPPED

NOT_RUN = "not run"
_NOT_KEPT = (FAILED, BROKEN)
# Each verdict in a reader's words, those that need attention first.
WORDS: Mapping[str, str] = {
    FAILED: "failed",
    BROKEN: "could not be checked",
    DEVIATING: "known deviation",
    SKIPPED: "left out",
    PASSED: "passed",
    NOT_RUN: "not part of this run",
}


@dataclass(frozen=True)
class Picture:
    """A picture with its title. `file` is where its SVG is."""

    title: str
    file: Path


@dataclass(frozen=True)
class Outcome:
    """How a scenario ended. `word` is a key of WORDS, `figures` are lines about its service levels.

    `ended_ms` is when it ended, since 1970, `fell` are the steps that kept it from passing, with their keywords.
    """

    word: str
    message: str = ""
    figures: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    ended_ms: int = 0
    fell: frozenset[str] = frozenset()


def outcomes_in(results: Path) -> Mapping[str, Outcome]:
    """Return the last outcome of each scenario in a folder of results, by the scenario's key."""
    read = results_in(results, lambda one: (str(one["fullName"]), _outcome(one, results)))
    return dict(sorted(read, key=lambda one: one[1].ended_ms))


def _outcome(result: Mapping[str, Any], results: Path) -> Outcome:
    word = result["status"] if result["status"] in WORDS else BROKEN
    attached = list(attachments_of(result))
    return Outcome(
        word,
        "" if word == PASSED else message_of(result),
        tuple(line for one in attached if one["name"] == SERVICE_LEVELS for line in _lines(_source(one, results))),
        tuple(Picture(one["name"], _source(one, results)) for one in attached if is_picture(one)),
        int(result.get("stop", 0)),
        frozenset(str(step["name"]) for step in result.get("steps", ()) if step.get("status") in _NOT_KEPT),
    )


def _source(attachment: Mapping[str, Any], results: Path) -> Path:
    return results / Path(attachment["source"]).name


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []

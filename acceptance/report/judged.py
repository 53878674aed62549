"""The record of a scenario that has ended, which explains errors: it can be sent, kept in a file, and combined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acceptance.report.causes import Red, Symptom
from acceptance.report.selection import title_of
from acceptance.report.step_marks import marks_of
from acceptance.report.verdicts import BROKEN, DEVIATING, FAILED, symptoms_of

if TYPE_CHECKING:
    from acceptance.report.run import ScenarioOutcome


@dataclass(frozen=True)
class BrokenGiven:
    """A Given in which a promise was broken: the step's words, the reason, and the marks that find it elsewhere."""

    step: str
    cause: str
    message: str
    trace: str
    marks: Sequence[str]


@dataclass(frozen=True)
class Judged:
    """A scenario as it ended.

    `symptoms`, and `given`, the first Given in which a promise was broken, are set if it is red or deviates as is
    known.
    """

    key: str
    title: str
    word: str
    symptoms: tuple[Symptom, ...] = ()
    given: BrokenGiven | None = None

    @property
    def red(self) -> Red:
        """The scenario in the form from which causes are found."""
        return Red(self.key, self.title, self.word, self.symptoms)


def judged(outcome: ScenarioOutcome) -> Judged:
    """Return the record of a scenario."""
    verdict, title = outcome.verdict, title_of(outcome.scenario, outcome.identity)
    if verdict.word not in (FAILED, BROKEN, DEVIATING):
        return Judged(outcome.identity.key, title, verdict.word)
    part = next((part for part in verdict.parts if part.given), None)
    given = BrokenGiven(part.step.name, part.cause, part.message, part.trace, marks_of(part.step)) if part else None
    return Judged(outcome.identity.key, title, verdict.word, symptoms_of(verdict), given)


def said_by(scenario: Any) -> Sequence[str]:
    """Return the marks of a scenario's actions and checks: of its steps besides the Givens."""
    steps = (step for step in scenario.all_steps if step.step_type != "given")
    return list(dict.fromkeys(mark for step in steps for mark in marks_of(step)))

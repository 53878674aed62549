"""The messages between the lead of a run and its workers; all of them can be sent from process to process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acceptance.behave_adapter import add_captured, set_status
from acceptance.masking import words_of
from acceptance.report.cleaning import clean
from acceptance.report.figures import Figures
from acceptance.report.run import ScenarioOutcome
from acceptance.report.verdicts import Verdict
from acceptance.telemetry.observed import Observed
from acceptance.trouble import Trouble


@dataclass(frozen=True)
class Play:
    """The lead asks a worker to run the scenario of this key, which is in that file."""

    filename: str
    key: str


@dataclass(frozen=True)
class Ready:
    """A worker is ready. `facts` describe for readers of the report where it runs."""

    facts: Mapping[str, str]


@dataclass(frozen=True)
class Free:
    """A worker asks for a scenario."""


@dataclass(frozen=True)
class Outside:
    """An error outside any scenario occurred at a worker; its result is written."""

    where: str
    verdict: Verdict


@dataclass(frozen=True)
class WorkerDone:
    """A worker is finished. `troubles`: by hook, why it could not continue.

    `unwritten`: which files it could not write, and why.
    """

    failed: bool
    figures: Sequence[Figures]
    interrupted: bool
    troubles: Mapping[str, Words]
    unwritten: Sequence[tuple[Path, OSError]] = ()


@dataclass(frozen=True)
class Words:
    """An exception's name and message: an exception itself cannot always be sent, and its traceback never."""

    name: str
    text: str

    @classmethod
    def of(cls, error: BaseException) -> Words:
        """Take an exception's message. An assertion and a Trouble keep their types, which have a meaning."""
        kind = next((kind for kind in (AssertionError, Trouble) if isinstance(error, kind)), type(error))
        return cls(kind.__name__, clean(words_of(error)))

    def spoken(self) -> BaseException:
        """Return an exception of that name with the same message."""
        known: dict[str, type[BaseException]] = {
            kind.__name__: kind for kind in (AssertionError, Trouble, KeyboardInterrupt)
        }
        return known.get(self.name, type(self.name, (Exception,), {}))(self.text)


@dataclass(frozen=True)
class ElementState:
    """behave's record of a scenario or of one of its steps once it has run."""

    status: str
    hook_failed: bool
    error_message: str | None
    exception: Words | None
    duration: float = 0.0

    @classmethod
    def of(cls, thing: Any) -> ElementState:
        """Read it from a scenario or a step."""
        words = thing.exception and Words.of(thing.exception)
        return cls(thing.status.name, thing.hook_failed, thing.error_message, words, thing.duration)

    def onto(self, thing: Any) -> None:
        """Write it onto the same scenario or step of another process."""
        thing.hook_failed, thing.error_message = self.hook_failed, self.error_message
        thing.exception = self.exception and self.exception.spoken()
        set_status(thing, self.status)


@dataclass(frozen=True)
class Ended:
    """A scenario has ended at a worker, and its result is written. In `verdict` a step is its number."""

    key: str
    verdict: Verdict
    seconds: float
    ran: bool
    scenario: ElementState
    steps: Sequence[ElementState]
    skipped: bool
    skip_reason: str | None
    captured: Any
    observed: Observed | None = None

    @classmethod
    def of(cls, outcome: ScenarioOutcome) -> Ended:
        """Report a scenario that has ended here."""
        scenario = outcome.scenario
        steps = list(scenario.all_steps)

        def number(step: Any) -> Any:
            return next((n for n, other in enumerate(steps) if other is step), None)

        return cls(
            key=outcome.identity.key,
            verdict=_with_steps(outcome.verdict, number),
            seconds=outcome.seconds,
            ran=outcome.ran,
            scenario=ElementState.of(scenario),
            steps=[ElementState.of(step) for step in steps],
            skipped=scenario.should_skip,
            skip_reason=scenario.skip_reason,
            captured=scenario.captured,
            observed=outcome.observed,
        )

    def onto(self, scenario: Any) -> Verdict:
        """Make the lead's copy of the scenario equal to the worker's, and return the verdict on it."""
        steps = list(scenario.all_steps)
        for step, part in zip(steps, self.steps, strict=False):  # hooks may have changed either
            part.onto(step)
            step.duration = part.duration
        scenario.should_skip, scenario.skip_reason = self.skipped, self.skip_reason
        add_captured(scenario, self.captured)
        self.scenario.onto(scenario)
        return _with_steps(self.verdict, dict(enumerate(steps)).get)


def without_steps(verdict: Verdict) -> Verdict:
    """Return a verdict that can be sent."""
    return _with_steps(verdict, lambda _: None)


def _with_steps(verdict: Verdict, change: Callable[[Any], Any]) -> Verdict:
    parts = tuple(_with_steps(part, change) for part in verdict.parts)
    return replace(verdict, step=change(verdict.step), parts=parts)

"""A promise that is broken in a Given: which scenario checks it, and what becomes of it when none does.

Such a scenario could not be checked. The scenario that checks the promise itself is the one that fails: it shows the
same cause in a When or a Then. When no scenario of the run has failed for that cause, the promise counts as broken by
itself, outside any scenario, so that it is never lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from acceptance.behave_adapter import definition_of
from acceptance.report.causes import Cause, Symptom
from acceptance.report.selection import title_of
from acceptance.report.verdicts import DEVIATING, FAILED, PASSED, Verdict, symptoms_of

if TYPE_CHECKING:
    from acceptance.report.run import Run, ScenarioOutcome

MOST_NAMED = 3
WHERE = "Broken in a Given: "
_FAILED, _DEVIATES = " checks this, and failed.", " checks this, and deviates as is known."
_NOBODY = "No scenario that checks this has failed, so the promise counts as broken by itself."


def broken_only_in_givens(run: Run) -> Iterator[tuple[str, Verdict, Any]]:
    """Yield each promise that was broken in Givens only: where, the verdict, and the feature of the first of them."""
    for cause in run.causes:
        met = [run.outcomes[red.key] for red in cause.reds if any(symptom.given for symptom in red.symptoms)]
        if not met or cause.failed or _known(run, cause):
            continue
        part = next(part for part in met[0].verdict.parts if part.given)
        several = "1 scenario" if len(met) == 1 else f"{len(met)} scenarios"
        but = _but(run, met[0])
        message = f"{part.message}\nThis is a Given of {several}, and no scenario that checks it has failed{but}."
        where = f"{WHERE}{part.step.name}"
        yield where, Verdict(FAILED, message, part.trace, cause=part.cause), met[0].scenario.feature


def checked_by(run: Run, cause: Cause, symptom: Symptom) -> str:
    """Say which scenario checks what was broken in a Given, and what came of it."""
    failed = [red for red in cause.reds if red.word == FAILED and red.key in run.outcomes]
    exact = [red for red in failed if any(one.cause == symptom.cause and one.step for one in red.symptoms)]
    if failed:
        return f"“{(exact or failed)[0].title}”{_FAILED}"
    known = _known(run, cause)
    if known:
        return f"“{title_of(known.scenario, known.identity)}”{_DEVIATES}"
    return _NOBODY


def is_explanation(line: str) -> bool:
    """Answer whether a line is what `checked_by` says."""
    return "\n" not in line and (line == _NOBODY or line.endswith((_FAILED, _DEVIATES)))


def _known(run: Run, cause: Cause) -> ScenarioOutcome | None:
    """Return a scenario that shows a cause as a known deviation."""
    deviating = (outcome for outcome in run.outcomes.values() if outcome.verdict.word == DEVIATING)
    return next((o for o in deviating if any(one.cause in cause.words for one in symptoms_of(o.verdict))), None)


def _but(run: Run, met: ScenarioOutcome) -> str:
    """Name scenarios that say the same as the Given in a When or a Then, and passed all the same."""
    step = next(part.step for part in met.verdict.parts if part.given)
    wanted = definition_of(step)
    passed = [
        title_of(outcome.scenario, outcome.identity)
        for outcome in run.outcomes.values()
        if outcome.verdict.word == PASSED
        and any(
            one.step_type != "given" and (one.name == step.name or (wanted and definition_of(one) is wanted))
            for one in outcome.scenario.all_steps
        )
    ]
    named = " and ".join(f"“{title}”" for title in passed[:MOST_NAMED])
    return f": {named}, which {'says' if len(passed) == 1 else 'say'} the same, passed" if named else ""


def settled(run: Run) -> set[str]:
    """Return what an earlier run has called broken in a Given, and this one, a rerun, has not met any more."""
    red = {red.title for cause in run.causes for red in cause.reds}
    met = {
        f"{WHERE}{step.name}"
        for outcome in run.outcomes.values()
        if outcome.ran
        for step in outcome.scenario.all_steps
        if step.step_type == "given"
    }
    return met - red


def explanation(run: Run, cause: Cause, key: str) -> str:
    """Return what a scenario's message lacks: who checks what was broken in its Given; "" where none was."""
    outcome = run.outcomes.get(key)
    symptom = next((one for one in symptoms_of(outcome.verdict) if one.given), None) if outcome else None
    return checked_by(run, cause, symptom) if symptom else ""

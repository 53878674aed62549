"""A promise that is broken in a Given: which scenario checks it, and what happens when none does.

Such a scenario could not be checked. The scenario that checks the promise itself is the one that fails: it shows the
same cause in a When or a Then. When no scenario of the run has failed for that cause, the promise counts as broken by
itself, outside any scenario, so that it is never lost.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from acceptance.plurals import counted
from acceptance.report.causes import Cause, Symptom
from acceptance.report.judged import BrokenGiven, Judged
from acceptance.report.verdicts import BROKEN, DEVIATING, FAILED, PASSED, Verdict

if TYPE_CHECKING:
    from acceptance.report.run import Run

MOST_NAMED = 3
WHERE = "Broken in a Given: "
_RED = (FAILED, BROKEN)
_FAILED, _DEVIATES = " checks this, and failed.", " checks this, and deviates as is known."
_NOBODY = "No scenario that checks this has failed, so the promise counts as broken by itself."


Everyone = Mapping[str, Judged]  # the scenarios of a run by their keys
Said = Callable[[str], Collection[str]]  # a scenario's actions and checks by its key: acceptance.report.judged.said_by


def broken_only_in_givens(
    everyone: Everyone, causes: Iterable[Cause], said: Said
) -> Iterator[tuple[str, Verdict, str]]:
    """Yield each promise that was broken in Givens only: where, the verdict, and the key of the first such scenario."""
    for cause in causes:
        met = [everyone[red.key] for red in cause.reds if any(symptom.given for symptom in red.symptoms)]
        given = met[0].given if met else None
        if given is None or cause.failed or _known(everyone, cause):
            continue
        several = counted(len(met), "scenario")
        but = _but(everyone, given, said)
        message = f"{given.message}\nThis is a Given of {several}, and no scenario that checks it has failed{but}."
        yield f"{WHERE}{given.step}", Verdict(FAILED, message, given.trace, cause=given.cause), met[0].key


def checked_by(everyone: Everyone, cause: Cause, symptom: Symptom) -> str:
    """Report which scenario checks a promise that was broken in a Given, and how that scenario ended."""
    failed = [red for red in cause.reds if red.word == FAILED and red.key in everyone]
    exact = [red for red in failed if any(one.cause == symptom.cause and one.step for one in red.symptoms)]
    if failed:
        return f"“{(exact or failed)[0].title}”{_FAILED}"
    known = _known(everyone, cause)
    return f"“{known.title}”{_DEVIATES}" if known else _NOBODY


def is_explanation(line: str) -> bool:
    """Return whether a line comes from `checked_by`."""
    return "\n" not in line and (line == _NOBODY or line.endswith((_FAILED, _DEVIATES)))


def _known(everyone: Everyone, cause: Cause) -> Judged | None:
    """Return a scenario that shows a cause as a known deviation."""
    deviating = (one for one in everyone.values() if one.word == DEVIATING)
    return next((one for one in deviating if any(symptom.cause in cause.words for symptom in one.symptoms)), None)


def _but(everyone: Everyone, given: BrokenGiven, said: Said) -> str:
    """Name scenarios that say the same as the Given in a When or a Then, and passed all the same."""
    wanted = set(given.marks)
    passed = [one.title for one in everyone.values() if one.word == PASSED and wanted.intersection(said(one.key))]
    named = " and ".join(f"“{title}”" for title in passed[:MOST_NAMED])
    return f": {named}, which {'says' if len(passed) == 1 else 'say'} the same, passed" if named else ""


def settled(run: Run) -> set[str]:
    """Return what an earlier run reported as broken in a Given and this rerun no longer finds broken."""
    red = {red.title for cause in run.causes for red in cause.reds}
    met = {
        f"{WHERE}{step.name}"
        for outcome in run.outcomes.values()
        if outcome.ran
        for step in outcome.scenario.all_steps
        if step.step_type == "given"
    }
    return met - red


def explanation(everyone: Everyone, cause: Cause, key: str) -> str:
    """Return the missing part of a scenario's message: who checks its broken Given; "" if none was broken."""
    one = everyone.get(key)
    symptom = next((symptom for symptom in one.symptoms if symptom.given), None) if one and one.word in _RED else None
    return checked_by(everyone, cause, symptom) if symptom else ""

"""Known deviations in a run: a failure that matches its deviation is neither passed nor failed.

They are recorded beside the results, in deviations.json, which the quality gate reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import allure

from acceptance.profile import Deviation
from acceptance.profile.promises import Promises
from acceptance.report.node import RenderError
from acceptance.report.pages import rendered
from acceptance.report.results import results_in
from acceptance.report.verdicts import DEVIATING, FAILED, PASSED, SKIPPED, Verdict, describe

if TYPE_CHECKING:
    from acceptance.report.run import Run, ScenarioOutcome

LABEL = "Known deviation"
TITLE = "Known deviations"
FILE = "deviations.json"
_TEMPLATE = Path(__file__).with_name("deviations.html")
MET, NOT_MET, GONE, NOT_RUN = "met", "not met", "no longer happens", "not run"


def excused(verdict: Verdict, deviations: Sequence[Deviation], today: date) -> Verdict:
    """Return the verdict on a scenario for which these deviations are known.

    Every error must be a promise that a step found broken, in the words of a deviation; the step may be
    a Given. A scenario that could not be checked for another reason, and any other failure, is not excused. Nor is an
    expired deviation; its message says so.
    """
    troubles = verdict.parts or (verdict,)
    if not all((one.word == FAILED or one.given) and one.step is not None for one in troubles):
        return verdict
    met = [_of(trouble, deviations, today) for trouble in troubles]
    known = [one for one in dict.fromkeys(met) if one is not None]
    if len(known) < 1 or None in met:
        return verdict
    over = [one for one in known if one.expired(today)]
    if over:
        told = (f"This deviation was known until {one.until}, and counts again: {one.reason}" for one in over)
        return replace(verdict, message="\n".join([verdict.message, *told]))
    message = " · ".join([told_known(known), verdict.message])
    return replace(verdict, word=DEVIATING, message=message, deviations=tuple(known))


def told_known(deviations: Sequence[Deviation]) -> str:
    """Describe known deviations."""
    return "\n".join(f"{LABEL} (counts again after {one.until}): {one.reason}" for one in deviations)


def _of(trouble: Verdict, deviations: Sequence[Deviation], today: date) -> Deviation | None:
    """Return the deviation that a failure shows, preferring a valid one to an expired one."""
    fitting = [one for one in deviations if one.fits(trouble.message)]
    return min(fitting, key=lambda one: one.expired(today), default=None)


@dataclass(frozen=True)
class KnownDeviation:
    """A deviation at the end of a run. `keys` are the scenarios that it names, `at` its file and line."""

    scenario: str
    message: str
    reason: str
    until: str
    issue: str
    at: str
    expired: bool
    state: str
    keys: Sequence[str]


def known_deviations(promises: Promises, outcomes: Iterable[ScenarioOutcome]) -> Sequence[KnownDeviation]:
    """Return the state of each known deviation after a run."""
    found: list[tuple[ScenarioOutcome, Sequence[Deviation]]] = [
        (outcome, promises.deviations_of(outcome.scenario, outcome.identity)) for outcome in outcomes
    ]
    return [_known(named.deviation, named.at, promises.today, found) for named in promises.deviations]


def _known(
    deviation: Deviation, at: str, today: date, found: Iterable[tuple[ScenarioOutcome, Sequence[Deviation]]]
) -> KnownDeviation:
    own = [outcome for outcome, deviations in found if deviation in deviations]
    told = deviation.model_dump(mode="json")
    return KnownDeviation(
        **told,
        at=at,
        expired=deviation.expired(today),
        state=_state(deviation, own),
        keys=[o.identity.key for o in own],
    )


def _state(deviation: Deviation, outcomes: Iterable[ScenarioOutcome]) -> str:
    verdicts = [outcome.verdict for outcome in outcomes if outcome.ran and outcome.verdict.word != SKIPPED]
    if any(deviation in verdict.deviations for verdict in verdicts):
        return MET
    if not verdicts:
        return NOT_RUN
    return GONE if all(verdict.word == PASSED for verdict in verdicts) else NOT_MET


def told_gone(one: KnownDeviation) -> str:
    """Report that a deviation no longer occurs, and what to do."""
    return f"{one.at}: This deviation no longer happens: “{one.scenario}” passed. Remove it from the profile."


def attach_deviations(run: Run, known: Sequence[KnownDeviation]) -> None:
    """Attach the page of the known deviations to the whole run, and record them beside the results.

    In a rerun of some scenarios the page of the whole run is kept.
    """
    if not known or run.results is None or run.folder is None:
        return
    if run.earlier:
        earlier = {(one.scenario, one.message): one.keys for one in read_deviations(run.results)}
        known = [replace(one, keys=sorted({*one.keys, *earlier.get((one.scenario, one.message), ())})) for one in known]
    else:
        attach_page(known)
    run.folder.put(FILE, as_json(known))


def attach_page(known: Sequence[KnownDeviation]) -> None:
    """Attach the page of the known deviations to the whole run."""
    html = rendered(_TEMPLATE, title=TITLE, deviations=known, met=count_met(known))
    allure.global_attach(html, name=TITLE, attachment_type=allure.attachment_type.HTML)


def as_json(known: Sequence[KnownDeviation]) -> bytes:
    """Return the known deviations in the form of FILE."""
    return f"{json.dumps([asdict(one) for one in known], ensure_ascii=False, indent=2)}\n".encode()


def merged(several: Iterable[Iterable[KnownDeviation]]) -> Sequence[KnownDeviation]:
    """Combine the states of the known deviations from the parts of a run."""
    found: dict[tuple[str, str, str], list[KnownDeviation]] = {}
    for part in several:
        for one in part:
            found.setdefault((one.at, one.scenario, one.message), []).append(one)
    return [
        replace(
            same[0],
            state=next(state for state in (MET, NOT_MET, GONE, NOT_RUN) if any(one.state == state for one in same)),
            expired=any(one.expired for one in same),
            keys=sorted({key for one in same for key in one.keys}),
        )
        for same in found.values()
    ]


def count_met(deviations: Iterable[KnownDeviation]) -> int:
    """Return how many of them occurred in a run."""
    return sum(one.state == MET for one in deviations)


def gone(results: Path) -> Sequence[KnownDeviation]:
    """Return the deviations whose scenarios passed when they last ran, by the results."""
    newest = {key: result["status"] for key, result in _newest(results).items() if result["status"] != SKIPPED}
    return [
        one
        for one in read_deviations(results)
        if (ran := [newest[key] for key in one.keys if key in newest]) and all(word == PASSED for word in ran)
    ]


def deviating(results: Path) -> Sequence[str]:
    """Name the scenarios with a known deviation, each with the reason."""
    return sorted(
        f"{result['name']}: {result['statusDetails']['message'].partition(' · ')[0]}"
        for result in _newest(results).values()
        if result["status"] == DEVIATING and {"name": "tag", "value": LABEL} in result["labels"]
    )


def read_deviations(results: Path) -> Iterator[KnownDeviation]:
    """Read a run's record of known deviations. Raises RenderError if it cannot be read."""
    if not (results / FILE).exists():
        return
    try:
        yield from [KnownDeviation(**one) for one in json.loads((results / FILE).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise RenderError(f"{results / FILE} cannot be read: {describe(error)}.") from None


def _newest(results: Path) -> Mapping[str, Any]:
    """Return the last result of each scenario. Allure reports the unreadable ones."""
    defaults = {"labels": [], "status": "", "statusDetails": {}}
    read = results_in(results, lambda one: (int(one.get("stop", 0)), str(one["fullName"]), {**defaults, **one}))
    return {key: result for _, key, result in sorted(read, key=lambda one: one[0])}

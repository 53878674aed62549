"""Checks that the report is true: the scenarios selected, run and reported must be the same.

It reads behave's own model and the files on disk, and does not ask the code that wrote them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acceptance.behave_adapter import DEVIATING, runner_of
from acceptance.report.results import results_in
from acceptance.report.run import OUTSIDE, Run
from acceptance.report.selection import has_run, identities
from acceptance.report.verdicts import describe

_PERMITTED = {
    "passed": {"passed"},
    "failed": {"failed"},
    "error": {"broken"},
    "undefined": {"broken"},
    "pending": {"broken"},
    "hook_error": {"broken"},
    "cleanup_error": {"failed", "broken"},  # behave does not keep what a cleanup raises
    "skipped": {"skipped"},
    "untested": {"broken"},
}


@dataclass(frozen=True)
class Reported:
    """The content of one result file: its scenario, the verdict, and Allure's identifier."""

    key: str
    verdict: str
    mark: str


def check(context: Any) -> list[str]:
    """Say, in sentences, where the report differs from the run; an empty list is a faithful report.

    Call it last in `after_all`: every scenario's result is on disk by then.

        differences = integrity.check(context)
        if differences:
            raise Trouble("\\n".join(differences))

    A run that writes no Allure results (a dry run, or another formatter) has nothing to compare, nor has a worker,
    who plays some of the run's scenarios only.
    """
    run = Run.of(context.config)
    run.call_off()  # unless it has begun
    if run.results is None or not run.tells:
        return []
    held, told = {}, _unwritten(run)
    for feature in runner_of(context).features:
        for scenario, identity in identities(feature, run.config):
            if run.expects(feature, identity):
                held[identity.key] = permitted(scenario, stopping=bool(run.config.stop))
            elif has_run(scenario):
                told.append(f"Run, but not selected: {identity.key}")
    told += [f"Selected, but gone before its turn: {key}" for key in run.selected if key not in held]
    reported, unreadable = read(run.results, run.earlier)
    return told + unreadable + compare(held, reported)


def _unwritten(run: Run) -> list[str]:
    """Report what could not be written, and why."""
    told = [f"The output could not be written: {_why(run.unsaid)}."] if run.unsaid else []
    if run.unwritten:
        (first, error), several = run.unwritten[0], "s" * (len(run.unwritten) > 1)
        told.append(
            f"{len(run.unwritten)} file{several} of the report could not be written, the first one {first}: "
            f"{_why(error)}. Make room there, and run again. What was written is kept."
        )
    return told


def _why(error: OSError) -> str:
    return error.strerror or describe(error)


def compare(held: Mapping[str, set[str]], reported: Sequence[Reported]) -> list[str]:
    """Compare what behave holds (key to permitted verdicts) with what was reported."""
    times = Counter(result.key for result in reported)
    told = [f"Selected, but not reported: {key}" for key in held if key not in times]
    told += [f"Reported, but not selected: {key}" for key in times if key not in held]
    told += [f"Reported {count} times: {key}" for key, count in times.items() if count > 1]
    for result in reported:
        allowed = held.get(result.key, {result.verdict})
        if result.verdict not in allowed:
            told.append(f"Reported as {result.verdict}, but behave holds {_either(allowed)}: {result.key}")
    return told + _merged(reported)


def permitted(scenario: Any, stopping: bool = False) -> set[str]:
    """Return the verdicts that fit behave's status of a scenario."""
    status = scenario.status.name
    troubled = [thing for thing in [scenario, *scenario.all_steps] if thing.hook_failed or thing.status.has_failed()]
    asserted = [isinstance(thing.exception, AssertionError) for thing in troubled]
    if status == DEVIATING:  # only a broken promise can be a known deviation
        return {"unknown"} if asserted and all(asserted) else {"broken"}
    if any(_is_broken_given(step) for step in scenario.all_steps):
        return {"broken"}
    if any(asserted):
        return {"failed"}
    if status == "untested" and stopping:
        return {"broken", "skipped"}
    # behave passes a scenario without steps and one whose pending step is @wip. The report calls
    # both broken; that the two differ is meant to fail the run.
    return _PERMITTED.get(status, {"broken"})


def _is_broken_given(step: Any) -> bool:
    return step.step_type == "given" and isinstance(step.exception, AssertionError) and not step.hook_failed


def read(results: Path, earlier: Collection[str] = ()) -> tuple[list[Reported], list[str]]:
    """Read every scenario's result, and report unreadable files; errors outside scenarios are left out.

    `earlier` are the names of files that other runs have written.
    """
    unreadable: list[str] = []

    def complain(path: Path, error: Exception) -> None:
        unreadable.append(f"No result that can be read: {path} ({describe(error)})")

    found = [one for one in results_in(results, reported_by, complain, earlier) if not one.key.startswith(OUTSIDE)]
    return found, unreadable


def reported_by(result: Mapping[str, Any]) -> Reported:
    """Return the content of a result file."""
    return Reported(str(result["fullName"]), result["status"], _mark(result))


def _mark(result: Mapping[str, Any]) -> str:
    """Return Allure's identifier of a result: an id from a tag, else its case's, and the parameters."""
    named = [label["value"] for label in result.get("labels", []) if label["name"] in ("ALLURE_ID", "AS_ID")]
    cells = sorted((cell["name"], cell["value"]) for cell in result.get("parameters", []))
    return str([*named[:1], *([] if named else [result["testCaseId"]]), *cells])


def _merged(reported: Sequence[Reported]) -> list[str]:
    """Report which scenarios Allure would take for retries."""
    alike: dict[str, set[str]] = {}
    for result in reported:
        alike.setdefault(result.mark, set()).add(result.key)
    return [
        f"Shown as one, for they carry one id: {' and '.join(sorted(keys))}" for keys in alike.values() if len(keys) > 1
    ]


def _either(verdicts: set[str]) -> str:
    return " or ".join(sorted(verdicts))

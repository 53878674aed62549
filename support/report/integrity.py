"""Does the report say what happened? The scenarios selected, run and reported must be the same.

It asks behave's own model and the files on disk, not the code that wrote them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from support.report.listener import OUTSIDE
from support.report.run import Run
from support.report.selection import identities

_PERMITTED = {
    "passed": {"passed"},
    "failed": {"failed"},
    "error": {"broken"},
    "undefined": {"broken"},
    "pending": {"broken"},
    "hook_error": {"failed", "broken"},
    "cleanup_error": {"failed", "broken"},
    "skipped": {"skipped"},
    "untested": {"broken"},
}


def check(context: Any) -> list[str]:
    """Say, in sentences, where the report differs from the run; an empty list is a faithful report.

    Call it last in `after_all`: every scenario's result is on disk by then.

        differences = integrity.check(context)
        assert not differences, "\\n".join(differences)

    A run that writes no Allure results (a dry run, or another formatter) has nothing to compare.
    """
    run = Run.of(context.config)
    if run.results is None:
        return []
    held = {}
    for feature in context._runner.features:
        for scenario, identity in identities(feature, run.config):
            if identity.key in run.selected:
                held[identity.key] = permitted(scenario, stopping=bool(run.config.stop))
    vanished = [f"Selected, but gone before its turn: {key}" for key in run.selected if key not in held]
    return vanished + compare(held, read(run.results))


def compare(held: Mapping[str, set[str]], reported: Iterable[tuple[str, str]]) -> list[str]:
    """Compare what behave holds (key to permitted verdicts) with what was reported (key, verdict)."""
    reported = list(reported)
    times = Counter(key for key, _ in reported)
    told = [f"Selected, but not reported: {key}" for key in held if key not in times]
    told += [f"Reported, but not selected: {key}" for key in times if key not in held]
    told += [f"Reported {count} times: {key}" for key, count in times.items() if count > 1]
    for key, verdict in reported:
        allowed = held.get(key, {verdict})
        if verdict not in allowed:
            told.append(f"Reported as {verdict}, but behave holds {_either(allowed)}: {key}")
    return told


def permitted(scenario: Any, stopping: bool = False) -> set[str]:
    """Give the verdicts that fit what behave knows of a scenario."""
    status = scenario.status.name
    steps = list(scenario.all_steps)
    if any(step.hook_failed for step in steps):
        return {"failed", "broken"}
    if status == "untested" and stopping:
        return {"broken", "skipped"}
    # behave passes a scenario without steps and one whose pending step is @wip. The report calls
    # both broken; that the two differ is meant to fail the run.
    return _PERMITTED.get(status, {"broken"})


def read(results: Path) -> list[tuple[str, str]]:
    """Read (key, verdict) of every scenario's result; trouble outside scenarios is left out."""
    found = []
    for path in sorted(results.glob("*-result.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        if not result["fullName"].startswith(OUTSIDE):
            found.append((result["fullName"], result["status"]))
    return found


def _either(verdicts: set[str]) -> str:
    return " or ".join(sorted(verdicts))

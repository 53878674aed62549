"""Writes the cause of each red scenario into its result, once all causes are known."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from acceptance.report.causes import Cause
from acceptance.report.givens import Everyone, explanation, is_explanation, settled
from acceptance.report.results_folder import ResultsFolder
from acceptance.report.run import OUTSIDE, Run
from acceptance.report.verdicts import BROKEN, FAILED

LABEL = "cause"
ALSO = "another cause"


def label_causes(run: Run) -> None:
    """Label each failed or broken result of a run with its cause, and name the scenario that checks a broken Given.

    In a rerun, an earlier run's remark about a Given is removed when the Given now holds.
    """
    causes = run.causes
    if run.folder is None or run.folder.left_alone or not (causes or run.earlier):
        return
    gone = {f"{OUTSIDE}{where}" for where in settled(run)} if run.earlier else set()
    label_results(run.folder, causes, run.judged, run.earlier, gone)


def label_results(
    folder: ResultsFolder,
    causes: Iterable[Cause],
    everyone: Everyone,
    earlier: Collection[str] = (),
    gone: Collection[str] = (),
) -> None:
    """Label the results in a folder. Those of an `earlier` run stay unchanged, unless their subject is `gone`."""
    causes = list(causes)
    about = {red.key: cause for cause in causes for red in cause.reds}
    also: dict[str, list[Cause]] = {}
    for cause in causes:
        for red in cause.also:
            also.setdefault(red.key, []).append(cause)
    for path in sorted(folder.path.glob("*-result.json")):
        try:
            result = json.loads(path.read_text(encoding="utf-8"))
            key = result["fullName"]
            if path.name in earlier:
                if key in gone:
                    path.unlink()
            elif key in about and result["status"] in (FAILED, BROKEN):
                _label(result, about[key], also.get(key, ()), explanation(everyone, about[key], key))
                folder.put(path.name, json.dumps(result, ensure_ascii=False).encode("utf-8"))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue  # the check of the report reports it


def _label(result: dict[str, Any], cause: Cause, also: Iterable[Cause], told: str) -> None:
    """Label a result; earlier labels, from a part of a run, are replaced."""
    others = [label for label in result.get("labels", []) if label["name"] not in (LABEL, ALSO)]
    further = [{"name": ALSO, "value": one.sentence} for one in also]
    result["labels"] = [*others, {"name": LABEL, "value": cause.sentence}, *further]
    details = result.get("statusDetails") or {}
    message = str(details.get("message") or "")
    before, _, last = message.rpartition("\n")
    if is_explanation(last):
        message = before
    result["statusDetails"] = {**details, "message": "\n".join(filter(None, (message, told)))}

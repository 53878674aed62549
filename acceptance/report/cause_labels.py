"""Writes into the result of each red scenario what its cause is, once all of them are known."""

from __future__ import annotations

import json
from typing import Any

from acceptance.report.causes import Cause
from acceptance.report.givens import explanation, settled
from acceptance.report.run import OUTSIDE, Run
from acceptance.report.verdicts import BROKEN, FAILED

LABEL = "cause"


def label_causes(run: Run) -> None:
    """Label each failed or broken result of a run with its cause, and say who checks what was broken in a Given.

    In a rerun, what an earlier run has said of a Given goes when the Given holds by now.
    """
    about = {red.key: cause for cause in run.causes for red in cause.reds}
    if run.folder is None or run.folder.left_alone or not (about or run.earlier):
        return
    gone = {f"{OUTSIDE}{where}" for where in settled(run)} if run.earlier else set()
    for path in sorted(run.folder.path.glob("*-result.json")):
        try:
            result = json.loads(path.read_text(encoding="utf-8"))
            if path.name in run.earlier:
                if result["fullName"] in gone:
                    path.unlink()
            elif result["fullName"] in about and result["status"] in (FAILED, BROKEN):
                _label(result, about[result["fullName"]], run)
                run.folder.put(path.name, json.dumps(result, ensure_ascii=False).encode("utf-8"))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue  # the check of the report tells of it


def _label(result: dict[str, Any], cause: Cause, run: Run) -> None:
    result["labels"] = [*result.get("labels", []), {"name": LABEL, "value": cause.sentence}]
    details = result.get("statusDetails") or {}
    told = explanation(run, cause, result["fullName"])
    result["statusDetails"] = {**details, "message": "\n".join(filter(None, (details.get("message"), told)))}

"""Writes into the result of each red scenario what its cause is, once all of them are known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from acceptance.report.givens import explanation
from acceptance.report.verdicts import BROKEN, FAILED

if TYPE_CHECKING:
    from acceptance.report.run import Run

LABEL = "cause"


def label_causes(run: Run) -> None:
    """Label each failed or broken result of a run with its cause, and say who checks what was broken in a Given."""
    about = {red.key: cause for cause in run.causes for red in cause.reds}
    if run.folder is None or run.folder.left_alone or not about:
        return
    for path in sorted(run.folder.path.glob("*-result.json")):
        if path.name in run.earlier:
            continue
        try:
            result = json.loads(path.read_text(encoding="utf-8"))
            cause, details = about.get(result["fullName"]), result.get("statusDetails", {})
            if cause is None or result["status"] not in (FAILED, BROKEN):
                continue
            result["labels"] = [*result.get("labels", []), {"name": LABEL, "value": cause.sentence}]
            told = explanation(run, cause, result["fullName"])
            result["statusDetails"] = {**details, "message": "\n".join(filter(None, (details.get("message"), told)))}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue  # the check of the report tells of it
        run.folder.put(path.name, json.dumps(result, ensure_ascii=False).encode("utf-8"))

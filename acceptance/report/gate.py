"""`python -m acceptance.report.gate`: say whether the last run keeps the quality gate.

Exit status: 0 it is kept, 1 it is not, 2 there was nothing to judge or it could not be judged. What is
demanded stands in reports/quality-gate.json. Allure judges, by the rules of reports/quality-gate.mjs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acceptance.report.render import REPORTS, RESULTS, RenderError, allure, reason

KEPT, NOT_KEPT, NOT_JUDGED = range(3)

_COMPLAINT = re.compile(r"^ ⨯ (.+?) {4}", re.MULTILINE)  # followed by the name of the rule


@dataclass(frozen=True)
class Judgement:
    """What keeps the gate from being kept, which failures are known, and which known issues did not show."""

    complaints: list[str]
    known: list[str]
    unseen: list[str]


def check_gate(results: Path, allow_known: bool = False) -> Judgement:
    """Let Allure judge `results`. Raises RenderError if there are none, or if it cannot."""
    results = results.resolve()
    if not any(results.glob("*-result.json")):
        raise RenderError(f"There are no results in {results}. Run `python -m behave` first.")
    # Judging, too, adds a line to the history and leaves files where it runs, so it runs elsewhere.
    with tempfile.TemporaryDirectory(prefix="allure-") as name:
        folder = Path(name)
        met = folder / "met.json"
        done = allure(
            ["quality-gate", str(results), "--known-issues", str(met)],
            cwd=folder,
            REPORT_HISTORY=str(folder / "history.jsonl"),
            REPORT_ALLOW_KNOWN="yes" if allow_known else "no",
        )
        complaints = _COMPLAINT.findall(done.stderr)
        # Allure overlooks a file that it cannot read, and has no other status for trouble of its own than 1.
        if "error parsing" in done.stderr or (done.returncode != 0 and not complaints):
            raise RenderError(f"Allure could not judge the results: {reason(done.stdout or done.stderr)}")
        return Judgement(complaints, *_known(json.loads(met.read_text(encoding="utf-8"))["resolutionIssues"]))


def _known(met: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Tell of the known issues that this run met, and name those that it did not meet."""
    told = [
        f"{result['name']}: {issue['id']}, {issue['type']}"  # the type is its address, see known-issues.mjs
        for issue in met
        for result in issue["testResults"].values()
    ]
    path = Path(os.environ.get("REPORT_KNOWN_ISSUES") or REPORTS / "known-issues.json")
    listed = [entry["issue"] for entry in json.loads(path.read_text(encoding="utf-8"))["issues"]]
    return told, [issue for issue in listed if issue not in {seen["id"] for seen in met}]


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge, say it, and give the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m acceptance.report.gate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of Allure results")
    parser.add_argument(
        "--allow-known", action="store_true", help="let failures pass that reports/known-issues.json names"
    )
    chosen = parser.parse_args(arguments)
    try:
        judgement = check_gate(chosen.results, chosen.allow_known)
    except (RenderError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_JUDGED
    _say(judgement, chosen.allow_known)
    return NOT_KEPT if judgement.complaints else KEPT


def _say(judgement: Judgement, allow_known: bool) -> None:
    lines = ["The quality gate is not kept:" if judgement.complaints else "The quality gate is kept."]
    lines += [f"  {complaint}" for complaint in judgement.complaints]
    if judgement.known:
        lines.append(
            "Allowed, because it is known:"
            if allow_known
            else "Known, but failures all the same (--allow-known lets them pass):"
        )
        lines += [f"  {known}" for known in judgement.known]
    if judgement.unseen:
        unseen = ", ".join(judgement.unseen)
        lines.append(f"Known, but not met in this run: {unseen}. Take out of known-issues.json what is mended.")
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write("\n".join([*lines, ""]).encode(encoding, "replace").decode(encoding))


if __name__ == "__main__":
    raise SystemExit(main())

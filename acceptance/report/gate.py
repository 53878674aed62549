"""`python -m acceptance.report.gate`: check the last run against the quality gate.

Exit status: 0 passed, 1 failed, 2 no results, or the gate could not be checked. The limits are in
reports/quality-gate.json. Allure checks them, by the rules of reports/quality-gate.mjs.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from acceptance.report.cover.kept import RUN_FACTS, Level
from acceptance.report.deviations import deviating, gone, told_gone
from acceptance.report.render import RESULTS, RenderError, allure, reason

KEPT, NOT_KEPT, NOT_JUDGED = range(3)

_COMPLAINT = re.compile(r"^ ⨯ (.+?) {4}", re.MULTILINE)  # followed by the name of the rule


_ALIAS = "--allow-known is called --allow-deviations now. The former name still works.\n"


@dataclass(frozen=True)
class Judgement:
    """What breaches the gate, which scenarios deviate as is known, and which deviations no longer occur.

    `not_measured` are the systems of the run whose coverage is unknown, so that none is required.
    """

    complaints: Sequence[str]
    deviating: Sequence[str]
    gone: Sequence[str]
    not_measured: Sequence[str] = ()


def check_gate(results: Path, allow_deviations: bool = False) -> Judgement:
    """Check `results` with Allure. Raises RenderError if there are none, or if it cannot."""
    results = results.resolve()
    if not any(results.glob("*-result.json")):
        raise RenderError(f"There are no results in {results}. Run `python -m behave` first.")
    # Checking, too, adds a line to the history and leaves files in its folder, so it runs elsewhere.
    with tempfile.TemporaryDirectory(prefix="allure-") as name:
        folder = Path(name)
        done = allure(
            ["quality-gate", str(results)],
            cwd=folder,
            REPORT_HISTORY=str(folder / "history.jsonl"),
            REPORT_ALLOW_DEVIATIONS="yes" if allow_deviations else "no",
        )
    complaints = _COMPLAINT.findall(done.stderr)
    # Allure ignores unreadable files, and has no other status for its own errors than 1.
    if "error parsing" in done.stderr or (done.returncode != 0 and not complaints):
        raise RenderError(f"Allure could not check the results: {reason(done.stdout or done.stderr)}")
    facts = RUN_FACTS.read(results)
    levels = facts.levels if facts else ()
    complaints = [_with_doubt(complaint, levels) for complaint in complaints]
    not_measured = [name for name, covered in facts.covered.items() if covered.percent is None] if facts else []
    return Judgement(complaints, deviating(results), [told_gone(one) for one in gone(results)], not_measured)


def _with_doubt(complaint: str, levels: Sequence[Level]) -> str:
    """Return a complaint, and that the service level is inconclusive if it is about one that is."""
    why = next((one.why_inconclusive for one in levels if complaint.startswith(f"{one.title}, ")), "")
    return f"{complaint} {why}".rstrip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the gate, print the result, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m acceptance.report.gate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of Allure results")
    parser.add_argument(
        "--allow-deviations", action="store_true", help="accept failures that the profile lists as known deviations"
    )
    parser.add_argument("--allow-known", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.allow_known:
        sys.stderr.write(_ALIAS)
    allowed = chosen.allow_deviations or chosen.allow_known
    try:
        judgement = check_gate(chosen.results, allowed)
    except (RenderError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_JUDGED
    _say(judgement, allowed)
    return NOT_KEPT if judgement.complaints else KEPT


def _say(judgement: Judgement, allowed: bool) -> None:
    lines = ["Quality gate FAILED:" if judgement.complaints else "Quality gate passed."]
    lines += [f"  {complaint}" for complaint in judgement.complaints]
    if judgement.deviating:
        lines.append("Known deviations, which are allowed:" if allowed else "Known deviations:")
        lines += [f"  {told}" for told in judgement.deviating]
    lines += judgement.gone
    if judgement.not_measured:
        lines.append(f"Not measured, so not checked: coverage of {', '.join(judgement.not_measured)}.")
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write("\n".join([*lines, ""]).encode(encoding, "replace").decode(encoding))


if __name__ == "__main__":
    raise SystemExit(main())

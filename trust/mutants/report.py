"""What a campaign leaves behind: mutants.json for machines and index.html for people.

mutants.json holds

- `schema` (1), `stale` (what is out of date in docs/equivalent-mutants.md), `figures` (how many ended how), `about`
  (when, how long, seed, jobs, patience);
- `trusted`: the unbroken system had its turn and was green each time;
- `complete`: all mutants of the system were tried, and those that nobody noticed met all scenarios;
- `controls` and `mutants`, each with `name`, `verdict` (caught, equivalent, survived, cannot be deployed, took too
  long), `scenario` and `message` (who caught it, with which words), `broken` (that scenario could not be judged, rather
  than failed), `ran` (scenarios that came to run) and `seconds`; a mutant also with `kind`, `place`, `change`, and the
  `reason` if it is equivalent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acceptance.report.pages import rendered
from trust.mutants.trial import CAUGHT, EQUIVALENT, NOT_DEPLOYED, SURVIVED, TOO_LONG
from trust.system_copy import ROOT

FOLDER = ROOT / "reports" / "mutants"
MACHINES, PEOPLE = "mutants.json", "index.html"
PAGE = Path(__file__).parent / "page.html"
_FOLDER = re.compile(r"^features/[^/]+/")
# The worst first: what nobody has noticed.
ORDER = (SURVIVED, TOO_LONG, CAUGHT, EQUIVALENT, NOT_DEPLOYED)


def write(report: Mapping[str, Any], folder: Path = FOLDER) -> Path:
    """Write both files and return the page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MACHINES).write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page = folder / PEOPLE
    page.write_text(html(report), encoding="utf-8")
    return page


def read(folder: Path = FOLDER) -> dict[str, Any] | None:
    """Read the last report, or None if there is none."""
    path = folder / MACHINES
    if not path.exists():
        return None
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report


def html(report: Mapping[str, Any]) -> str:
    """Return the page."""
    return rendered(
        PAGE,
        report=report,
        headline=headline(report),
        is_good=report["trusted"] and not report["figures"][SURVIVED],
        controls=[_control(one) for one in report["controls"]],
        mutants=sorted(report["mutants"], key=_rank),
        caught_by=_caught_by,
    )


def headline(report: Mapping[str, Any]) -> str:
    """Say in a sentence how it went."""
    if not report["controls"]:
        return "The unbroken system has not had its turn, so these results prove nothing yet."
    if not report["trusted"]:
        return "The unbroken system did not stay green, so these results prove nothing."
    figures = report["figures"]
    judged = figures[CAUGHT] + figures[SURVIVED] + figures[TOO_LONG]
    rest = f"{figures[EQUIVALENT]} more could not be noticed by anybody"
    told = f"{figures[CAUGHT]} of {judged} changes of the café were caught; {rest}."
    return told if report["complete"] else f"{told} Not every mutant was tried."


def _rank(one: Mapping[str, Any]) -> int:
    return ORDER.index(one["verdict"])


def _caught_by(one: Mapping[str, Any]) -> str:
    """Say which scenario caught a mutant, and with which words; or why none did."""
    if reason := one.get("reason"):
        return str(reason)
    if one["verdict"] == SURVIVED:
        return f"Nobody: {one['ran']} scenarios passed."
    return f"{_FOLDER.sub('', one['scenario'])}\n{one['message']}".strip()


def _control(one: Mapping[str, Any]) -> str:
    said = "green" if one["verdict"] == SURVIVED else f"{one['verdict']}: {one['scenario']}: {one['message']}"
    return f"{said} ({one['ran']} scenarios, {one['seconds']:.0f} s)"

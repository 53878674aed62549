"""The report of a campaign: trust.json for machines and index.html for people."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from trust.results import CAUGHT, FALSE_ALARM, GONE_THROUGH, VERDICTS, Result

MACHINES, PEOPLE = "trust.json", "index.html"


@dataclass(frozen=True)
class Report:
    """The content of the report: the last result of each case, missing cases, and bad results that were later replaced.

    `missing` is the number of cases without a result. `before`: bad results that a later attempt has replaced, by case.
    """

    results: Sequence[Result]
    missing: int
    seed: int
    seconds: float
    repeat: str
    interrupted: bool = False
    before: Mapping[str, Sequence[Result]] = field(default_factory=dict)

    @property
    def bad(self) -> list[Result]:
        """The results that need attention, the worst first."""
        return sorted((one for one in self.results if one.bad), key=lambda one: (VERDICTS.index(one.verdict), one.case))

    @property
    def status(self) -> int:
        """The exit status: 2 if it was interrupted, 1 if something is bad, 0 if all is well."""
        return 2 if self.interrupted else int(bool(self.bad))

    @property
    def headline(self) -> str:
        """Return a summary sentence."""
        counted = Counter(one.verdict for one in self.results)
        planted = counted[CAUGHT] + counted[GONE_THROUGH]
        told = f"{counted[CAUGHT]} of {planted} planted faults were caught; {counted[FALSE_ALARM]} false alarms."
        red = {one.system for one in self.results if one.campaign == "mutants" and one.verdict == FALSE_ALARM}
        for system in sorted(red):
            told += f" The unbroken {system} did not stay green among its mutants, so who caught them proves nothing."
        rest = f" {len(self.bad)} of {len(self.results)} cases need a look." if self.bad else ""
        missing = f" {self.missing} cases were not tried." if self.missing else ""
        return f"{told}{rest}{missing}"

    def figures(self) -> dict[str, dict[str, float]]:
        """Return, by campaign, the number of cases, of each verdict, and the seconds."""
        table: dict[str, dict[str, float]] = {}
        for one in sorted(self.results, key=lambda one: one.campaign):
            row = table.setdefault(one.campaign, {"cases": 0, **dict.fromkeys(VERDICTS, 0), "seconds": 0.0})
            row["cases"] += 1
            row[one.verdict] += 1
            row["seconds"] = round(row["seconds"] + one.seconds, 1)
        return table

    def as_json(self) -> dict[str, Any]:
        """Return the whole report as JSON data."""
        return {
            "schema": 1,
            "headline": self.headline,
            "status": self.status,
            "ended": time.strftime("%Y-%m-%dT%H:%M:%S"),
            "seconds": round(self.seconds, 1),
            "seed": self.seed,
            "repeat": self.repeat,
            "interrupted": self.interrupted,
            "missing": self.missing,
            "figures": self.figures(),
            "results": [asdict(one) for one in self.results],
            "bad before": {case: [asdict(one) for one in bad] for case, bad in self.before.items()},
        }


def write(report: Report, folder: Path) -> Path:
    """Write both files into a folder, and return the page."""
    folder.mkdir(parents=True, exist_ok=True)
    told = report.as_json()
    (folder / MACHINES).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
    page = folder / PEOPLE
    page.write_text(pages.get_template("page.html").render(report=report, told=told, verdicts=VERDICTS), "utf-8")
    return page

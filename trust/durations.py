"""The durations of cases, for drawing a sample."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import fmean

from trust.cases import Case
from trust.results import Result

FILE = Path(__file__).parent / "durations.json"
UNKNOWN_SECONDS = 30.0


def expected(cases: Iterable[Case], file: Path | None = None) -> dict[str, float]:
    """Return the seconds of each case: its own, or the average of its campaign."""
    file = file or FILE
    known: Mapping[str, float] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {case.id: known.get(case.id, known.get(case.campaign, UNKNOWN_SECONDS)) for case in cases}


def refresh(results: Iterable[Result], file: Path | None = None) -> None:
    """Record the seconds of each test, and each campaign's average, which also stands for its many mutants."""
    campaigns: dict[str, list[float]] = defaultdict(list)
    seconds = {}
    for one in results:
        campaigns[one.campaign].append(one.seconds)
        if one.campaign != "mutants":
            seconds[one.case] = round(one.seconds)
    averages = {name: round(fmean(taken)) for name, taken in sorted(campaigns.items())}
    (file or FILE).write_text(
        json.dumps({**averages, **dict(sorted(seconds.items()))}, indent=1) + "\n", encoding="utf-8"
    )

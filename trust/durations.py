"""How long each case takes: what a sample is drawn by."""

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
    """Return the seconds of each case: its own, or what its campaign takes on average."""
    file = file or FILE
    known: Mapping[str, float] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {case.id: known.get(case.id, known.get(case.campaign, UNKNOWN_SECONDS)) for case in cases}


def refresh(results: Iterable[Result], file: Path | None = None) -> None:
    """Write down what these took: each test's seconds, and of each campaign the average. Mutants are too many."""
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

"""The scenarios that have caught the mutants in the last whole campaign: a mutant meets its own first.

Without that, a mutant may meet every scenario before the one that notices it, which takes minutes.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from trust.cases import MUTANTS
from trust.results import CAUGHT, Result

FILE = Path(__file__).parent / "catchers.json"


def read(file: Path | None = None) -> Mapping[str, str]:
    """Return the scenario's key by the name of the mutant, for all that were caught by a scenario."""
    file = file or FILE
    if not file.exists():
        return {}
    told: Mapping[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return {mutant: scenario for scenario, mutants in told.items() for mutant in mutants}


def refresh(results: Iterable[Result], file: Path | None = None) -> None:
    """Record who has caught which mutant."""
    caught: dict[str, list[str]] = defaultdict(list)
    for one in results:
        if one.campaign == "mutants" and one.verdict == CAUGHT and one.by:
            caught[one.by].append(one.case.removeprefix(MUTANTS))
    told = {scenario: sorted(mutants) for scenario, mutants in sorted(caught.items())}
    (file or FILE).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

"""The scenarios that have caught the mutants in earlier campaigns: each mutant meets its own first.

Without that, a mutant may meet every scenario before the one that notices it, which takes minutes.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
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


def remember(results: Iterable[Result], mutants: Collection[str], file: Path | None = None) -> None:
    """Record who has caught which mutant; `mutants` are the names of all that there are."""
    known = {mutant: scenario for mutant, scenario in read(file).items() if mutant in mutants}
    for one in results:
        if one.campaign == "mutants" and one.verdict == CAUGHT and one.by:
            known[one.case.removeprefix(MUTANTS)] = one.by
    by_scenario: dict[str, list[str]] = defaultdict(list)
    for mutant, scenario in sorted(known.items()):
        by_scenario[scenario].append(mutant)
    told = dict(sorted(by_scenario.items()))
    (file or FILE).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

"""The equivalent mutants of docs/equivalent-mutants.md: their names, by reason."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from trust.system_copy import ROOT

LIST = ROOT / "docs" / "equivalent-mutants.md"
# A scenario may hit such a moment by luck; the entry stays valid.
BY_LUCK = "Only at a moment that no scenario can hit"
_ENTRY = re.compile(r"^- `(.+)`$")


@cache
def read_answers(path: Path = LIST) -> dict[str, str]:
    """Return the reason of each listed mutant, which is its heading."""
    reason, found = "", {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            reason = line.removeprefix("## ").strip()
        entry = _ENTRY.match(line)
        if entry:
            found[entry[1]] = reason
    return found


def stale(answers: Mapping[str, str], names: Iterable[str], caught: Iterable[str]) -> list[str]:
    """Return a message for each outdated entry: a mutant that no longer exists, or that was caught."""
    existing, noticed = set(names), set(caught)
    told = [f"There is no such mutant (any more): {name}" for name in answers if name not in existing]
    wrong = [name for name, reason in answers.items() if name in noticed and reason != BY_LUCK]
    return told + [f"It is listed as equivalent, but a scenario caught it: {name}" for name in wrong]

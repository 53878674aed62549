"""The table of the features' results in each weather: the latest run, one line per weather and system."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from acceptance.weather.weathers import WEATHERS
from trust.system_copy import ROOT
from trust.weather.guest import ALL, Row

KEPT = ROOT / "reports" / "trust" / "weather"
HEAD = "| weather | seed | system | scenarios | passed | failed | broken | left out | seconds |\n" + "|---" * 9 + "|"


def keep(row: Row, folder: Path = KEPT) -> Path:
    """Store a row, write the table of all stored rows, and return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{row.weather}-{row.system}.json"
    path.write_text(json.dumps(asdict(row), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    table = folder / "table.md"
    table.write_text(markdown(read(folder)), encoding="utf-8")
    return table


def read(folder: Path = KEPT) -> list[Row]:
    """Return the stored rows, by weather and system."""
    rows = [Row(**json.loads(path.read_text(encoding="utf-8"))) for path in folder.glob("*-*.json")]
    return sorted(rows, key=lambda row: (list(WEATHERS).index(row.weather), ALL.index(row.system)))


def markdown(rows: Iterable[Row]) -> str:
    """Write the table."""
    return "\n".join([HEAD, *map(_line, rows), ""])


def _line(row: Row) -> str:
    counts = [row.verdicts.get(word, 0) for word in ("passed", "failed", "broken", "skipped")]
    cells = (row.weather, row.seed, row.system, row.scenarios, *counts, f"{row.seconds:.0f}")
    return f"| {' | '.join(map(str, cells))} |"

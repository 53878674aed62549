"""Earlier runs, as Allure keeps them in history.jsonl: how each scenario ended, and what was measured."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Point:
    """A run: when its report was created (ms since 1970), verdicts by the keys of scenarios, and figures by their keys.

    `seconds`: how long each scenario took.
    """

    timestamp: int
    words: Mapping[str, str]
    metrics: Mapping[str, float]
    ids: Collection[str]
    seconds: Mapping[str, float] = field(default_factory=dict)


def points_in(history: Path) -> Sequence[Point]:
    """Return the runs in a history, the oldest first. Unreadable lines are left out."""
    try:
        lines = history.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [point for line in lines if (point := _point(line))]


def _point(line: str) -> Point | None:
    try:
        read: Mapping[str, Any] = json.loads(line)
        results = read["testResults"].values()
        return Point(
            timestamp=int(read["timestamp"]),
            words={str(one["fullName"]): str(one["status"]) for one in results},
            metrics={str(key): float(value) for key, value in read.get("metrics", {}).items()},
            ids=frozenset(str(one["id"]) for one in results),
            seconds={str(one["fullName"]): float(one.get("duration") or 0) / 1000 for one in results},
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return None

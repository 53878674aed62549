"""A run's measurements, where Allure looks for them: its page shows the trend, its quality gate checks them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_FILE = "service-levels-perf.json"
# Without a group Allure makes a separate table for each metric.
_GROUP = {"group": "service-levels", "groupTitle": "Service levels"}


@dataclass(frozen=True)
class Metric:
    """A figure of a run. `key` is the same in every run; `better` is “lower” or “higher”."""

    key: str
    title: str
    value: float
    unit: str
    better: str = "lower"


def write(results: Path, metrics: Sequence[Metric], start_ms: int, stop_ms: int) -> None:
    """Write the measurements from `start_ms` to `stop_ms` (since 1970), in place of any earlier file.

    Raises ValueError, and writes nothing, if a value is no number: Allure would leave it out silently.
    """
    lasted = {"start": start_ms, "stop": stop_ms}
    samples = [{"id": metric.key, **asdict(metric), **_GROUP, **lasted} for metric in metrics]
    text = json.dumps(samples, ensure_ascii=False, indent=2, allow_nan=False)
    results.mkdir(parents=True, exist_ok=True)
    (results / _FILE).write_text(f"{text}\n", encoding="utf-8")

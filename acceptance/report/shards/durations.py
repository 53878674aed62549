"""How long each scenario takes: shards are balanced by it. `python -m acceptance.report durations` records it.

All shards get one file, so that each divides the scenarios alike; the histories of their machines may differ.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from acceptance.report.cover.history import points_in
from acceptance.report.verdicts import PASSED
from acceptance.system import FEATURES
from acceptance.trouble import Trouble
from acceptance.whole_file import write_whole

FILE = "durations.json"


def durations_file(base: Path) -> Path:
    """Return the file that is read by default, beside the features below this folder."""
    return (base if base.name == FEATURES else base / FEATURES) / FILE


def read_durations(file: Path) -> tuple[Mapping[str, float], str]:
    """Return the seconds that scenarios take, by their keys, and a checksum of them. Raises Trouble with a sentence."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else f"it is no JSON: {error}"
        raise Trouble(f"The durations in {file} cannot be read: {why}.") from None
    if not isinstance(content, dict) or not all(map(_is_duration, content.values())):
        raise Trouble(f"The durations in {file} cannot be read: each scenario's name must lead to its seconds.")
    told = json.dumps(content, sort_keys=True)
    return content, hashlib.sha256(told.encode()).hexdigest()[:12]


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def record(history: Path, file: Path) -> int:
    """Write the durations in a history, and return how many; raises Trouble if it has none.

    Of several runs the median counts. A scenario that is missing from this history keeps its recorded duration.
    """
    taken: dict[str, list[float]] = {}
    for point in points_in(history):
        for key, seconds in point.seconds.items():
            if point.words.get(key) == PASSED:
                taken.setdefault(key, []).append(seconds)
    if not taken:
        raise Trouble(f"{history} tells of no scenario that passed. Run the features first, with their report.")
    before = read_durations(file)[0] if file.exists() else {}
    found = {**before, **{key: round(median(several), 1) for key, several in taken.items()}}
    text = json.dumps(dict(sorted(found.items())), ensure_ascii=False, indent=1)
    write_whole(file, f"{text}\n".encode())
    return len(taken)

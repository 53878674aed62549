"""Checks that the merged report covers the whole run: each selected scenario exactly once over all shards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from acceptance.report.integrity import Reported, compare, reported_by
from acceptance.report.results import results_in
from acceptance.report.run import OUTSIDE
from acceptance.report.shards.reading import HandedOver
from acceptance.report.shards.shard import Shard
from acceptance.report.verdicts import BROKEN, DEVIATING, FAILED, PASSED, SKIPPED, describe


@dataclass
class Checked:
    """The check's findings: `differences` in sentences, and why each scenario without a result has none."""

    differences: list[str] = field(default_factory=list)
    not_run: dict[str, str] = field(default_factory=dict)


def check(handed_over: Sequence[HandedOver]) -> Checked:
    """Compare the selection with the shards' reports."""
    checked, found = Checked(), list[Reported]()
    for one in handed_over:
        found += _newest(one, checked.differences)
    shards = {one.shard.number: one.shard for one in handed_over}
    plan, of = handed_over[0].shard.plan, handed_over[0].shard.of
    seen = {one.key for one in found}
    for number in sorted({*shards, *plan.values()}):
        missing = [key for key, own in plan.items() if own == number and key not in seen]
        why = _why(shards.get(number), number, of)
        if why:
            were = "scenario was" if len(missing) == 1 else "scenarios were"
            checked.differences.append(f"{why} {len(missing)} {were} not checked.")
        else:
            checked.differences += [f"Selected, but not reported: {key}" for key in missing]
        checked.not_run |= dict.fromkeys(missing, why or f"shard {number}/{of} has lost its result.")
    for shard in shards.values():
        reds = [*shard.outside, *(one for one in shard.judged if one.word in (FAILED, BROKEN))]
        if shard.finished and shard.failed and not reds:
            checked.differences.append(f"Shard {shard.name} failed, and none of its results says why: see its console.")
    ended = {one.key: {one.word} for shard in shards.values() for one in shard.judged}
    checked.differences += compare({key: ended.get(key, _ANY) for key in plan if key in seen}, found)
    return checked


def _newest(one: HandedOver, differences: list[str]) -> Sequence[Reported]:
    """Return a shard's results; of a scenario that was run again, the last one."""

    def complain(path: Path, error: Exception) -> None:
        differences.append(f"No result that can be read: {path} ({describe(error)})")

    found: dict[str, list[tuple[int, Reported]]] = {}
    for stop, result in results_in(one.folder, _with_time, complain):
        if not result.key.startswith(OUTSIDE):
            found.setdefault(result.key, []).append((stop, result))
    told: list[Reported] = []
    for key, several in found.items():
        several.sort(key=lambda timed: timed[0])
        as_often = len(several) <= 1 + one.shard.reruns.get(key, 0)
        told += [result for _, result in (several[-1:] if as_often else several)]
    return told


def _with_time(result: Mapping[str, Any]) -> tuple[int, Reported]:
    return int(result.get("stop", 0)), reported_by(result)


_ANY = {PASSED, FAILED, BROKEN, SKIPPED, DEVIATING}  # of a shard that could not say how its scenarios have ended


def _why(shard: Shard | None, number: int, of: int) -> str:
    """Return what kept a shard from being whole, "" for nothing."""
    if shard is None:
        return f"Shard {number}/{of} was not handed over."
    return "" if shard.finished else f"Shard {shard.name} did not come to its end."

"""Finds the shards of a run in the given folders, and checks that they belong together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from acceptance.plurals import counted
from acceptance.report.shards.shard import SHARD, Shard
from acceptance.trouble import Trouble

# Where a shard's results lie in a given folder: the folder itself, that of the reports, or the checkout.
_PLACES = ("", "allure-results", "reports/allure-results")


@dataclass(frozen=True)
class HandedOver:
    """A shard, and the folder of its results."""

    folder: Path
    shard: Shard


def read_shards(folders: Sequence[Path]) -> Sequence[HandedOver]:
    """Return the shards in these folders, by their numbers. Raises Trouble if they are not shards of one run."""
    found, faults = [], []
    for folder in folders:
        try:
            found.append(_in(folder))
        except Trouble as trouble:
            faults.append(str(trouble))
    for other in found[1:]:
        faults += list(_differences(found[0], other))[:1]
    first: dict[int, HandedOver] = {}
    for one in found:
        same = first.setdefault(one.shard.number, one)
        if same is not one:
            faults.append(f"Shard {one.shard.name} was handed over twice: {same.folder} and {one.folder}.")
    if faults:
        raise Trouble("\n".join(dict.fromkeys(faults)))
    return sorted(found, key=lambda one: one.shard.number)


def _in(folder: Path) -> HandedOver:
    if not folder.is_dir():
        what = f"{folder} is no folder" if folder.exists() else f"There is no folder {folder}"
        raise Trouble(f"{what}: expected one with the results of a shard.")
    places = [folder / place for place in _PLACES]
    place = next((one for one in places if (one / SHARD.file).is_file()), None)
    if place is None:
        if any(any(one.glob("*-result.json")) for one in places):
            raise Trouble(
                f"{folder} holds the results of a run that was no shard: run it with -D shard=…, such as 1/2."
            )
        raise Trouble(f"{folder} holds no results of a shard: there is no {SHARD.file}.")
    shard = SHARD.read(place)
    if shard is None:
        raise Trouble(f"{place / SHARD.file} cannot be read: it is damaged, or another version of the suite wrote it.")
    return HandedOver(place, shard)


def _differences(one: HandedOver, other: HandedOver) -> Iterator[str]:
    """Return why two shards are not of one run, the best explanation first."""
    a, b = one.shard, other.shard
    both = f"{one.folder} and {other.folder} are no shards of one run"
    if a.of != b.of:
        yield f"{both}: they are shard {a.name} and shard {b.name}."
    if a.commit != b.commit:
        yield f"{both}: their commits are {a.commit} and {b.commit}."
    if a.features != b.features and set(a.plan) == set(b.plan):
        yield f"{both}: their feature files differ."
    for name in {**a.asked, **b.asked}:
        if a.asked.get(name) != b.asked.get(name):
            yield f"{both}: their {name} is {a.asked.get(name, 'not set')} and {b.asked.get(name, 'not set')}."
    if set(a.plan) != set(b.plan):
        yield f"{both}: they were asked for {_selection(a)} and for {_selection(b)}."
    if a.plan != b.plan:
        recorded = f"{a.durations or 'no recorded durations'} and by {b.durations or 'no recorded durations'}"
        yield f"{both}: they divided the scenarios by {recorded}. Hand the same file to all shards (-D durations=…)."


def _selection(shard: Shard) -> str:
    return f"{shard.selection or 'everything'} ({counted(len(shard.plan), 'scenario')})"

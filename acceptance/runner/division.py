"""Divides the selected scenarios among shards: the same on every machine, balanced, with groups kept together.

It uses the scenarios' keys, their tags and the recorded durations, all of which are the same for all shards, and no
knowledge of the machine.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from acceptance.plurals import counted
from acceptance.report import metadata
from acceptance.report.run import Run
from acceptance.report.selection import Identity, identities, is_selected, selection_of
from acceptance.report.shards.durations import durations_file, read_durations
from acceptance.report.shards.shard import SHARD, Shard, numbers
from acceptance.session import alone, kept_together
from acceptance.settings import Settings, given, read_settings
from acceptance.system import system_of
from acceptance.trouble import Trouble

_UNKNOWN_MS = 1000  # of each scenario, where no duration is recorded at all
QueuedScenario = tuple[Any, Identity]


def divide(features: list[Any], config: Any) -> str:
    """Leave out the selected scenarios that other shards run, if this run is a shard, and report it.

    Features of which nothing is left are removed from the list. Raises Trouble for a shard that does not exist, or for
    durations that cannot be read.
    """
    written, run = given(config.userdata, "shard"), Run.of(config)
    chosen = [
        (feature, one, name)
        for feature in features
        for one, name in identities(feature, config)
        if is_selected(one, config)
    ]
    listed = any(str(path).startswith("@") for path in config.paths or ())
    before = SHARD.read(run.folder.path) if listed and run.folder else None
    names = [name.key for _, _, name in chosen]
    if before and names and set(names) <= set(before.keys) and written in (None, "", before.name):
        run.shard = before.again(names)
        return f"Shard {before.name}: {counted(len(names), 'scenario')} of it again.\n"
    if not written:
        return ""
    number, of = numbers(written)
    run.shard, seconds = _planned(chosen, config, number, of)
    run.whole = [str(scenario.filename) for _, scenario, _ in chosen]
    if run.folder:
        run.folder.keep_nothing()
    own = set(run.shard.keys)
    for _, scenario, name in chosen:
        if name.key not in own:
            scenario.mark_skipped()  # as behave does with what `file:line` leaves out
    elsewhere = {id(feature) for feature, *_ in chosen} - {id(one) for one, _, name in chosen if name.key in own}
    features[:] = [feature for feature in features if id(feature) not in elsewhere]
    took = f", about {sum(map(seconds.__getitem__, own)):.0f} s of {sum(seconds.values()):.0f} s" if seconds else ""
    return f"Shard {number}/{of}: {len(own)} of {counted(len(names), 'scenario')}{took}.\n"


def _planned(
    chosen: Sequence[tuple[Any, Any, Identity]], config: Any, number: int, of: int
) -> tuple[Shard, Mapping[str, float]]:
    """Return a shard with its plan, and the seconds of each scenario, without any where none is recorded."""
    settings = _settings(config)
    groups = _grouped([(one, name) for _, one, name in chosen], _tags(chosen, settings))
    base = Path(config.base_dir)
    named = given(config.userdata, "durations")
    file = Path(named) if named else durations_file(base)
    recorded, checksum = read_durations(file) if named or file.exists() else ({}, "")
    milliseconds = _milliseconds([name for *_, name in chosen], recorded)
    plan = shared_out(groups, milliseconds, of)
    shard = Shard(
        number,
        of,
        metadata.full_commit(base),
        _checksum(feature for feature, *_ in chosen),
        _asked(settings, config.userdata),
        selection_of(config),
        f"{file.name} ({checksum})" if checksum else "",
        {name.key: plan[name.key] for *_, name in chosen},
    )
    return shard, {key: ms / 1000 for key, ms in milliseconds.items()} if recorded else {}


def shared_out(groups: Iterable[Sequence[str]], milliseconds: Mapping[str, int], of: int) -> Mapping[str, int]:
    """Return the shard of each key, from 1: the longest group first, each to the least busy one.

    In whole milliseconds, since sums of fractions depend on their order.
    """
    weighed = sorted((-sum(milliseconds[key] for key in group), sorted(group)) for group in groups)
    loads = [(0, number) for number in range(1, min(of, len(weighed)) + 1)]
    plan = {}
    for weight, keys in weighed:
        load, number = loads[0]
        heapq.heapreplace(loads, (load - weight, number))
        plan.update(dict.fromkeys(keys, number))
    return plan


def _grouped(scenarios: Iterable[QueuedScenario], tags: Collection[str]) -> Sequence[Sequence[str]]:
    """Return the keys of scenarios in groups: those that share one of these tags, directly or by others, are one."""
    groups: list[tuple[set[str], list[str]]] = []
    for scenario, identity in scenarios:
        marks = set(tags).intersection(map(str, scenario.effective_tags))
        keys = [identity.key]
        if marks:
            joined = [group for group in groups if group[0] & marks]
            groups = [group for group in groups if not group[0] & marks]
            marks = marks.union(*(group[0] for group in joined))
            keys = [key for group in joined for key in group[1]] + keys
        groups.append((marks, keys))
    return [keys for _, keys in groups]


def _milliseconds(scenarios: Sequence[Identity], recorded: Mapping[str, float]) -> Mapping[str, int]:
    """Return each scenario's duration; an unrecorded one takes the average of its file, or of all."""
    known = {one.key: round(recorded[one.key] * 1000) for one in scenarios if one.key in recorded}
    by_file: dict[str, list[int]] = {}
    for one in scenarios:
        if one.key in known:
            by_file.setdefault(one.path, []).append(known[one.key])
    average = sum(known.values()) // len(known) if known else _UNKNOWN_MS

    def guessed(one: Identity) -> int:
        beside = by_file.get(one.path)
        return sum(beside) // len(beside) if beside else average

    return {one.key: known.get(one.key, guessed(one)) for one in scenarios}


def _settings(config: Any) -> Settings | None:
    """Return the settings of the run, None if they cannot be read: before_all reports why."""
    try:
        return read_settings(config.userdata)
    except Trouble:
        return None


def _tags(chosen: Sequence[tuple[Any, Any, Identity]], settings: Settings | None) -> Collection[str]:
    """Return the tags of scenarios that must stay together. before_all reports an unknown system."""
    if settings is None:
        return ()
    try:
        systems = dict.fromkeys(system_of(str(scenario.filename)) for _, scenario, _ in chosen)
        return {*kept_together(systems, settings), *alone(systems, settings)}
    except Trouble:
        return ()


def _asked(settings: Settings | None, userdata: Mapping[str, str]) -> Mapping[str, str]:
    """Return what makes two runs of the same scenarios differ."""
    profiles = settings.profiles if settings else {}
    return {
        "target": given(userdata, "target") or "embedded",
        "weather": given(userdata, "weather") or "none",
        **{f"profile of {name}": _short(one.model_dump_json()) for name, one in profiles.items()},
    }


def _checksum(features: Iterable[Any]) -> str:
    """Return a checksum of feature files, independent of their line ends."""
    files = {str(feature.filename): None for feature in features}
    texts = sorted(Path(file).read_bytes().replace(b"\r\n", b"\n") for file in files)
    return _short(*texts)


def _short(*texts: str | bytes) -> str:
    digest = hashlib.sha256()
    for text in texts:
        body = text.encode() if isinstance(text, str) else text
        digest.update(f"{len(body)}:".encode() + body)
    return digest.hexdigest()[:12]

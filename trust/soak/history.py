"""The history of all soak runs, one line of JSON each, and the page about it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from math import comb
from pathlib import Path

from acceptance.plurals import counted
from trust.system_copy import ROOT

HISTORY, PAGE = ROOT / "trust" / "soak" / "history.jsonl", ROOT / "docs" / "soak.md"
CONFIDENCE = 0.95
INTRODUCTION = """# Soak

How often does the suite raise a false alarm?

```sh
make soak RUNS=100   # continues until the history holds this many runs; Ctrl-C loses the current one only
```

Each run executes all features of all systems in another order, under conditions that its seed chooses: the
[weather](weather.md) in front of the account, the number of workers, and programs that keep the processors busy. Each
function of the café takes up to 100 ms longer. The systems have no faults, so every *failed* scenario is a false alarm.
A *broken* one is not: it could not be checked, and says why.

The history is `trust/soak/history.jsonl`; `python -m trust.soak --page` writes this page from it.
"""
BOUND = """\
The bound is the exact binomial one (Clopper-Pearson, one-sided); without an alarm it is close to 3 / runs, the rule
of three.
"""


@dataclass(frozen=True)
class Conditions:
    """The conditions of a run: its weather, its workers, and the programs that keep the processors busy."""

    weather: str
    jobs: int
    busy: int


@dataclass(frozen=True)
class Round:
    """One run of all features. `failed` and `broken` are the scenarios that were not green, as named on the console.

    `seconds` is its duration, `load` the machine's load average of one minute at its start.
    """

    seed: int
    conditions: Conditions
    scenarios: int
    seconds: float
    failed: Sequence[str] = field(default_factory=list)
    broken: Sequence[str] = field(default_factory=list)
    date: str = ""
    revision: str = ""
    machine: str = ""
    versions: str = ""
    load: float = 0.0

    @property
    def verdict(self) -> str:
        """The outcome, in words."""
        words = [f"{len(some)} {name}" for name, some in (("failed", self.failed), ("broken", self.broken)) if some]
        return ", ".join(words) or "all green"


def read(path: Path = HISTORY) -> list[Round]:
    """Read the history, oldest run first."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [_round(**json.loads(line)) for line in lines]


def _round(conditions: dict[str, object], **more: object) -> Round:
    return Round(conditions=Conditions(**conditions), **more)  # type: ignore[arg-type]


def add(one: Round, path: Path = HISTORY) -> None:
    """Append a run."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")


def summary(rounds: Sequence[Round]) -> str:
    """Summarize the runs, scenarios and false alarms, and what follows from them."""
    scenarios = sum(one.scenarios for one in rounds)
    alarms, unchecked = sum(len(one.failed) for one in rounds), sum(len(one.broken) for one in rounds)
    alarmed = sum(bool(one.failed) for one in rounds)
    bound = 100 * upper_bound(alarmed, len(rounds))
    return (
        f"{counted(len(rounds), 'run')}, {scenarios:,} scenarios: {counted(alarms, 'false alarm')} (failed) in "
        f"{counted(alarmed, 'run')}, "
        f"{counted(unchecked, 'scenario')} that could not be checked (broken). "
        f"With {CONFIDENCE:.0%} confidence at most {bound:.1f} % of such runs have a false alarm."
    )


def upper_bound(alarmed: int, runs: int) -> float:
    """Return the upper confidence bound for the share of runs with a false alarm.

    The exact binomial (Clopper-Pearson) bound; without an alarm it is nearly 3 / runs, the rule of three.
    """
    if alarmed >= runs:
        return 1.0
    low, high = 0.0, 1.0
    while high - low > 1e-6:
        share = (low + high) / 2
        if _at_most(alarmed, runs, share) > 1 - CONFIDENCE:
            low = share
        else:
            high = share
    return high


def _at_most(alarmed: int, runs: int, share: float) -> float:
    """Return the probability of at most this many alarms if this share of runs has one."""
    return sum(comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in range(alarmed + 1))


def page(rounds: Sequence[Round]) -> str:
    """Write the page about all runs."""
    return "\n".join([*_head(rounds), *_by_conditions(rounds), *_each(rounds), *_not_green(rounds), *_where(rounds)])


def _head(rounds: Sequence[Round]) -> Iterable[str]:
    return INTRODUCTION, summary(rounds), BOUND


def _by_conditions(rounds: Sequence[Round]) -> Iterable[str]:
    yield from _table(("weather", "busy programs", "runs", "scenarios", "failed", "broken", "minutes a run"))
    kinds = _grouped(rounds, lambda one: (one.conditions.weather, one.conditions.busy))
    for (weather, busy), some in sorted(kinds.items()):
        minutes = sum(one.seconds for one in some) / len(some) / 60
        failed, broken = sum(len(one.failed) for one in some), sum(len(one.broken) for one in some)
        yield _row(weather, busy, len(some), sum(one.scenarios for one in some), failed, broken, f"{minutes:.1f}")
    yield ""


def _each(rounds: Sequence[Round]) -> Iterable[str]:
    yield from ("## Runs", "")
    yield from _table(
        (
            "seed",
            "date",
            "revision",
            "weather",
            "workers",
            "busy programs",
            "load before",
            "scenarios",
            "verdict",
            "minutes",
        )
    )
    for one in rounds:
        had = one.conditions
        yield _row(
            *(one.seed, one.date, one.revision, had.weather, had.jobs, had.busy, f"{one.load:.0f}"),
            *(one.scenarios, one.verdict, f"{one.seconds / 60:.1f}"),
        )
    yield ""


def _not_green(rounds: Sequence[Round]) -> Iterable[str]:
    told = [(one, "failed", name) for one in rounds for name in one.failed]
    told += [(one, "broken", name) for one in rounds for name in one.broken]
    if told:
        yield from ("## What was not green", "")
        yield from (f"- seed {one.seed}, {verdict}: {name}" for one, verdict, name in told)
        yield ""


def _where(rounds: Sequence[Round]) -> Iterable[str]:
    yield from ("## Machines and versions", "")
    for (machine, versions), some in _grouped(rounds, lambda one: (one.machine, one.versions)).items():
        yield f"- {machine}; {versions}: seeds {', '.join(str(one.seed) for one in some)}"
    yield ""


def _grouped(
    rounds: Sequence[Round], by: Callable[[Round], tuple[object, ...]]
) -> dict[tuple[object, ...], list[Round]]:
    groups: dict[tuple[object, ...], list[Round]] = defaultdict(list)
    for one in rounds:
        groups[by(one)].append(one)
    return groups


def _table(heads: Sequence[str]) -> Iterable[str]:
    return _row(*heads), _row(*("---" for _ in heads))


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"

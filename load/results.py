"""What a load run has seen: counts, latencies as histograms, and the number of each order.

A worker sends what it has seen since the last time, and the master merges it. Percentiles come from merged histograms,
never from averages of percentiles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from acceptance.service_levels.levels import Distribution, Packed
from acceptance.service_levels.percentiles import rank

EXAMPLES_MOST = 5
# What can become of a customer who came. Each ends as one of these.
SERVED, LOST, TURNED_AWAY, UNCHECKED = "served", "lost", "turned away", "not checked"
ENDS = (SERVED, LOST, TURNED_AWAY, UNCHECKED)
BEGUN = "begun"
# What is wrong with an order that came to an end.
DOUBLED, MISNUMBERED, WRONG = "doubled", "misnumbered", "wrong"
# Where the time went for those that were too late: by the service level and the place.
Place = tuple[str, str]


@dataclass(frozen=True)
class Numbered:
    """The number that an order was given, and from when until when the order was open (epoch ms)."""

    number: str
    order_id: str
    began: int
    ended: int


@dataclass
class Results:
    """What one worker has seen in some seconds, or all of them in a run. `over_time` is by seconds of the epoch."""

    counts: Counter[str] = field(default_factory=Counter)
    levels: dict[str, Distribution] = field(default_factory=dict)
    numbers: list[Numbered] = field(default_factory=list)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    late_in: Counter[Place] = field(default_factory=Counter)
    over_time: dict[int, dict[str, list[Packed]]] = field(default_factory=dict)
    begun_at: Counter[int] = field(default_factory=Counter)
    processor_ms: float = 0.0  # what the workers have worked
    memory: int = 0  # what the largest worker had at most (bytes)
    late: Distribution = field(default_factory=Distribution)  # by how much later than intended they were let in

    @property
    def under_way(self) -> int:
        """How many customers have come and are not known to have ended."""
        return self.counts[BEGUN] - sum(self.counts[end] for end in ENDS)

    def example(self, of: str, words: str) -> None:
        """Keep what happened to one order in words, for the first few of a kind."""
        if len(self.examples[of]) < EXAMPLES_MOST:
            self.examples[of].append(words)

    def level(self, key: str) -> Distribution:
        """Return the latencies of a service level."""
        return self.levels.setdefault(key, Distribution())

    def packed(self, at: int) -> dict[str, Any]:
        """Return it as plain values that a message can carry. `at`: when this was (s of the epoch)."""
        return {
            "at": at,
            "counts": dict(self.counts),
            "levels": {key: list(one.packed()) for key, one in self.levels.items()},
            "numbers": [[one.number, one.order_id, one.began, one.ended] for one in self.numbers],
            "examples": dict(self.examples),
            "late_in": [[*place, ms] for place, ms in self.late_in.items()],
            "begun_at": list(self.begun_at.items()),
            "processor_ms": self.processor_ms,
            "memory": self.memory,
            "late": list(self.late.packed()),
        }

    def take(self, packed: Mapping[str, Any]) -> None:
        """Take in what a worker has sent."""
        self.counts.update(packed["counts"])
        self.begun_at.update(dict(packed["begun_at"]))
        self.processor_ms += packed["processor_ms"]
        self.memory = max(self.memory, packed["memory"])
        self.late.merge(Distribution.unpacked(tuple(packed["late"])))
        self.numbers += [Numbered(*one) for one in packed["numbers"]]
        for key, (earliest, latest, stood_still) in packed["levels"].items():
            one: Packed = (earliest, latest, stood_still)
            self.level(key).merge(Distribution.unpacked(one))
            self.over_time.setdefault(packed["at"], {}).setdefault(key, []).append(one)
        for of, words in packed["examples"].items():
            for each in words:
                self.example(of, each)
        for key, where, ms in packed["late_in"]:
            self.late_in[key, where] += ms


def given_twice(numbers: Iterable[Numbered]) -> Sequence[tuple[Numbered, Numbered]]:
    """Return the pairs of orders that had the same number while both were open.

    A shop may begin again at one after a thousand orders, so a number that is free again is given rightly.
    """
    open_by: dict[str, Numbered] = {}
    found = []
    for one in sorted(numbers, key=lambda one: one.began):
        before = open_by.get(one.number)
        if before and before.ended >= one.began:
            found.append((before, one))
        open_by[one.number] = one
    return found


def over_time(results: Results, key: str, every: int) -> Mapping[int, Distribution]:
    """Return the latencies of a service level by when they were seen, `every` so many seconds."""
    found: dict[int, Distribution] = {}
    for at, levels in sorted(results.over_time.items()):
        for packed in levels.get(key, ()):
            found.setdefault(at // every * every, Distribution()).merge(Distribution.unpacked(packed))
    return found


def percentiles(level: Distribution, percents: Sequence[float]) -> Sequence[int]:
    """Return within how many ms so many per cent of all were, at most, each in ascending order of `percents`.

    All come from one walk through the histogram, which takes milliseconds where one of them was lost.
    """
    found, passed, ranks = list[int](), 0, [rank(percent, len(level)) for percent in percents]
    for ms, count in level.longest():
        passed += count
        while len(found) < len(ranks) and ranks[len(found)] <= passed:
            found.append(ms)
    return found

"""Chance that a seed repeats: the n-th of a kind always draws the same number, regardless of other events."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Hashable


class Draws:
    """The numbers of one seed. Calls and messages of a kind are counted; others in between change nothing."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._counts: Counter[str] = Counter()
        self._known: dict[tuple[str, Hashable], float] = {}
        self._lock = threading.Lock()

    def next(self, kind: str) -> random.Random:
        """Return the chance of the next one of a kind."""
        with self._lock:
            self._counts[kind] += 1
            number = self._counts[kind]
        return random.Random(f"{self.seed} {kind} {number}")  # noqa: S311 - it is to be repeated

    def of(self, kind: str, key: Hashable) -> float:
        """Return a number from 0 to 1 that belongs to one thing of a kind, the same on each call."""
        if (kind, key) not in self._known:
            self._known[kind, key] = self.next(kind).random()
        return self._known[kind, key]

"""How long many items had to wait for each service level, compared with its limit."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from acceptance.report.pictures.canvas import Canvas, Style
from acceptance.report.pictures.label_placement import PAD, Label, place_labels
from acceptance.report.pictures.text_width import width_of
from acceptance.report.pictures.theme import (
    COLOURS,
    INK,
    LIMIT,
    MARGIN,
    MISSED,
    QUIET,
    SIGNS,
    STRIPE,
    THREAD,
    WIDTH,
)
from acceptance.report.pictures.words import compliance_words, latency_words, midpoint, summary
from acceptance.service_levels.levels import Compliance, Distribution, Latency, Promise, budget_words, is_lost

LEFT, RIGHT, LOST = MARGIN, 672.0, 700.0
# The promised time takes the same part of the width in each row, so that all rows are read alike.
BUDGET_PART = 0.65
BIN, LOWEST, TALLEST, LINE = 6.0, 3.0, 30.0, 14.0
# At most so many values are read from a histogram: one for each item, unless there are more of them.
MOST_VALUES = 400
WITHIN, BEYOND = Style(fill="#7a5236", layer=5), Style(fill=MISSED, layer=5)
TOO_LATE = Style(fill="#fbe6e2", layer=2)
BASE = Style(stroke="#8f8378", width=1, layer=6)


def latencies(judged: Sequence[tuple[Promise, Distribution]], percent: float = 95) -> str:
    """Draw for each promise how long the items had to wait, and whether it was met for `percent` of them.

    A lost item counts as beyond every budget, and is shown separately.
    """
    canvas = Canvas(WIDTH)
    rows = [_Row(promise, distribution, percent) for promise, distribution in judged if len(distribution)]
    counted = judged[0][0].counted if judged else "items"
    title = f"How long the {counted} had to wait"
    canvas.text((MARGIN, 30), title, INK, size=15, bold=True)
    if not rows:
        canvas.text((MARGIN, 56), f"No {counted} were checked.", INK)
        return canvas.svg(72, title, f"No {counted} were checked.")
    words, colour = summary([row.compliance for row in rows])
    canvas.text((WIDTH - MARGIN, 30), words, colour, size=13, bold=True, anchor="right")
    y = 44.0
    for number, row in enumerate(rows):
        bottom = row.draw(canvas, y)
        if number % 2 == 0:
            canvas.box(STRIPE, 1, y, WIDTH - 1, bottom)
        y = bottom
    squeezed = " Right of the promised time the scale is squeezed." if any(row.is_squeezed for row in rows) else ""
    y += 18
    canvas.text((MARGIN, y), f"The higher a bar, the more {counted} waited that long.{squeezed}", QUIET, size=11)
    return canvas.svg(y + MARGIN, title, ". ".join([words, *(row.words for row in rows)]))


@dataclass(frozen=True)
class _Row:
    """One promise, and how long the items waited for it."""

    promise: Promise
    distribution: Distribution
    percent: float

    @property
    def compliance(self) -> Compliance:
        return self.distribution.percentile(self.percent).compliance(self.promise.budget)

    @property
    def words(self) -> str:
        return f"{self._title}: {self._judgement}; {', '.join(self._figures())}"

    @property
    def is_squeezed(self) -> bool:
        """Whether some waited so much longer than promised that they would not fit on the scale."""
        return self._most * BUDGET_PART > 1

    def draw(self, canvas: Canvas, top: float) -> float:
        """Draw it, and return where it ends."""
        canvas.text((LEFT, top + 18), self._title, INK, bold=True)
        canvas.text((WIDTH - MARGIN, top + 18), self._judgement, COLOURS[self.compliance], anchor="right")
        base = top + 28 + TALLEST
        limit = self._x(self.promise.budget)
        canvas.box(TOO_LATE, limit, base - TALLEST, RIGHT, base)
        canvas.shape(LIMIT, [(limit, base - TALLEST - 2), (limit, base + 4)], closed=False)
        canvas.shape(BASE, [(LEFT, base), (RIGHT, base)], closed=False)
        self._bars(canvas, base)
        return self._labels(canvas, base) + 8

    @property
    def _title(self) -> str:
        count = len(self.distribution)
        counted = self.promise.counted
        return f"{self.promise.title}, {count} {counted if count > 1 else counted.removesuffix('s')}"

    @property
    def _judgement(self) -> str:
        latency, budget = self.distribution.percentile(self.percent), self.promise.budget
        sign = SIGNS[self.compliance]
        if is_lost(latency):
            return f"{sign} missed: {self._lost} of {len(self.distribution)} lost"
        within = f"{sign} {self.percent:g} % within {latency_words(latency)} of {budget_words(budget)}"
        return f"{within}, {compliance_words(latency, budget)}"

    def _at(self, rank: int) -> Latency:
        """Return how long the first, the second … of all items had to wait."""
        return self.distribution.percentile(100 * rank / len(self.distribution))

    @cached_property
    def _lost(self) -> int:
        total = len(self.distribution)
        return total - bisect_left(range(1, total + 1), True, key=lambda rank: is_lost(self._at(rank)))

    @cached_property
    def _values(self) -> Sequence[float]:
        """The waits that ended, or as many of them as are enough for a picture, in order."""
        ended = len(self.distribution) - self._lost
        shown = min(MOST_VALUES, ended)
        return [midpoint(self._at(1 + number * ended // shown)) for number in range(shown)]

    @cached_property
    def _most(self) -> float:
        """The ratio of the longest ended wait to the promised time."""
        ended = len(self.distribution) - self._lost
        return midpoint(self._at(ended)) / self.promise.budget if ended else 0

    def _x(self, ms: float) -> float:
        share = ms / self.promise.budget
        if share > 1 and self.is_squeezed:
            part = BUDGET_PART + (1 - BUDGET_PART) * math.log(share) / math.log(self._most)
        else:
            part = share * BUDGET_PART
        return LEFT + part * (RIGHT - LEFT)

    def _bars(self, canvas: Canvas, base: float) -> None:
        bins = Counter(int((self._x(value) - LEFT) / BIN) for value in self._values)
        most = max([*bins.values(), self._lost])
        limit = self._x(self.promise.budget)
        for number, count in bins.items():
            left = min(LEFT + number * BIN, RIGHT - BIN)
            style = BEYOND if left + BIN / 2 > limit else WITHIN
            canvas.box(style, left, base - max(LOWEST, TALLEST * count / most), left + BIN - 1, base)
        if self._lost:
            canvas.box(BEYOND, LOST, base - max(LOWEST, TALLEST * self._lost / most), LOST + 2 * BIN, base)
            canvas.text((LOST, base + LINE), f"{self._lost} lost", MISSED, size=11, bold=True)

    def _labels(self, canvas: Canvas, base: float) -> float:
        """Explain the scale below it, and return where that text ends."""
        limit = (self.promise.budget, f"promised: {budget_words(self.promise.budget)}", INK)
        marks = [
            *((midpoint(latency), f"{name} {latency_words(latency)}", QUIET) for name, latency in self._marks()),
            limit,
        ]
        labels = [Label((self._x(ms), self._x(ms)), width_of(words, 11), is_bar=True) for ms, words, _ in marks]
        places = place_labels(labels, [(LEFT, RIGHT)], (LEFT, LOST - 2 * PAD))
        for (_, words, colour), found in zip(marks, places, strict=True):
            if found:
                y = base + 1 + LINE * found.line
                canvas.shape(THREAD, [(found.at, base), (found.at, y)], closed=False)
                canvas.text((found.x, y), words, colour, size=11, anchor=found.anchor)
        return base + 2 + LINE * max((found.line for found in places if found), default=0)

    def _marks(self) -> Sequence[tuple[str, Latency]]:
        names = (("half", 50.0), (f"{self.percent:g} %", self.percent), ("the slowest", 100.0))
        found = [(name, self.distribution.percentile(percent)) for name, percent in names]
        return [(name, latency) for name, latency in found if not is_lost(latency)]

    def _figures(self) -> Sequence[str]:
        return [*(f"{name} {latency_words(latency)}" for name, latency in self._marks()), f"{self._lost} lost"]

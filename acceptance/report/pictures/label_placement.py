"""Labels of what lies on a line, so placed that none covers another, nor the thread by which another one hangs.

A label stands within its shape, or beside it on the line, or on a line below as a flag at a thread: those of shapes
close together hang at one thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from acceptance.report.pictures.canvas import Anchor

Interval = tuple[float, float]

PAD, CLOSE, MOST_LINES = 5.0, 7.0, 12
# Beside its shape a label must be so far from the next shape, and so much further from one it could seem to name.
CLEAR, FAR = 10.0, 28.0


@dataclass(frozen=True)
class Label:
    """A label of a shape: within the shape, if it `may_be_inside` and there is room; never left of a bar."""

    shape: Interval
    width: float
    may_be_inside: bool = False
    is_bar: bool = False

    @property
    def at(self) -> float:
        """Where its thread hangs: in the middle of a point, near the beginning of a bar."""
        return min(sum(self.shape) / 2, self.shape[0] + 8)


@dataclass(frozen=True)
class LabelPlace:
    """Where a label stands: on line 0 among the shapes, or on a line below, at a thread at `at`."""

    left: float
    right: float
    line: int
    at: float
    inside: bool = False

    @property
    def anchor(self) -> Anchor:
        """The end of the text that stays in place, should the text be narrower than was measured."""
        return "center" if self.inside else "right" if self.right < self.at else "left"

    @property
    def x(self) -> float:
        """Where that end is."""
        return {"left": self.left, "center": (self.left + self.right) / 2, "right": self.right}[self.anchor]


def place_labels(labels: Sequence[Label], shapes: Sequence[Interval], bounds: Interval) -> Sequence[LabelPlace | None]:
    """Give each label a place; None where there is no room."""
    places: list[LabelPlace | None] = [_inside(label) for label in labels]
    beside: list[Interval] = [*shapes, (-FAR, bounds[0] - FAR), (bounds[1], bounds[1] + FAR)]
    for number, label in enumerate(labels):
        places[number] = places[number] or _beside(label, beside, bounds)
        found = places[number]
        if found and not found.inside:
            beside.append((found.left, found.right))
    left_over = [number for number, found in enumerate(places) if found is None]
    for number, flag in _flags([(number, labels[number]) for number in left_over], bounds):
        places[number] = flag
    return places


def _inside(label: Label) -> LabelPlace | None:
    left, right = label.shape
    if not label.may_be_inside or label.width + 2 * PAD > right - left:
        return None
    middle, half = (left + right) / 2, label.width / 2
    return LabelPlace(middle - half, middle + half, 0, label.at, inside=True)


def _beside(label: Label, taken: Sequence[Interval], bounds: Interval) -> LabelPlace | None:
    began, ended = label.shape
    others = [span for span in taken if span[0] < began or ended < span[1]]
    to_the_right, to_the_left = (ended + PAD, 2.0, CLEAR), (began - PAD - label.width, FAR, 0.0)
    for left, before, after in [to_the_right] if label.is_bar else [to_the_right, to_the_left]:
        right = left + label.width
        if bounds[0] <= left and right <= bounds[1] and _free(others, left - before, right + after):
            return LabelPlace(left, right, 0, label.at)
    return None


def _free(taken: Iterable[Interval], left: float, right: float) -> bool:
    return all(right <= began or ended <= left for began, ended in taken)


# --- flags ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Thread:
    """Where flags hang, one below the other: each with its number and its width."""

    at: float
    flags: Sequence[tuple[int, float]]

    @property
    def width(self) -> float:
        return max(width for _, width in self.flags) + PAD

    def reaches(self, limit: float) -> bool:
        """Whether its flags, flying to the right, would reach beyond a limit."""
        return self.at + self.width > limit


def _flags(labels: Sequence[tuple[int, Label]], bounds: Interval) -> Iterable[tuple[int, LabelPlace]]:
    """Hang flags on lines below.

    Those with room fly to the right: from the last to the first, each passes below the ones after it. Those at the
    right edge fly to the left: from the first to the last, each passes below the ones before it. At last come those
    to the left that reach over a thread at the right edge: they pass below everything.
    """
    threads = _threads(labels)
    limit, edge = bounds[1], len(threads)
    while edge and threads[edge - 1].reaches(limit):
        edge -= 1
        limit = threads[edge].at
    lines: list[list[Interval]] = [[] for _ in range(MOST_LINES + 1)]
    last_to_first = threads[:edge][::-1]
    short = [thread for thread in last_to_first if not thread.reaches(limit)]
    long = [thread for thread in last_to_first if thread.reaches(limit)]
    for thread in short:
        yield from _hang(thread, lines, bounds)
    for thread in threads[edge:]:
        yield from _hang(thread, lines, bounds, flies_left=True)
    for thread in long:
        yield from _hang(thread, lines, bounds)


def _threads(labels: Sequence[tuple[int, Label]]) -> Sequence[_Thread]:
    """Tie flags close together to one thread, the first one's."""
    threads: list[_Thread] = []
    for number, label in sorted(labels, key=lambda one: one[1].at):
        flag = (number, label.width)
        if threads and label.at - threads[-1].at < CLOSE and len(threads[-1].flags) < MOST_LINES / 2:
            threads[-1] = _Thread(threads[-1].at, [*threads[-1].flags, flag])
        else:
            threads.append(_Thread(label.at, [flag]))
    return threads


def _hang(
    thread: _Thread, lines: Sequence[list[Interval]], bounds: Interval, *, flies_left: bool = False
) -> Iterable[tuple[int, LabelPlace]]:
    """Hang a thread's flags on the first lines where they, and the thread itself, cover nothing."""
    cord = (thread.at - 1, thread.at + 1)
    right_side, left_side = (thread.at + PAD, thread.at + thread.width), (thread.at - thread.width, thread.at - PAD)
    for side in (left_side, right_side) if flies_left else (right_side, left_side):
        if side[0] < bounds[0] or side[1] > bounds[1]:
            continue
        for first in range(1, len(lines) - len(thread.flags)):
            rows = range(first, first + len(thread.flags))
            if _loose(lines, rows, cord, (side[0] - PAD / 2, side[1] + PAD / 2)):
                for row, (number, width) in zip(rows, thread.flags, strict=True):
                    lines[row].append(side)
                    left = side[0] if side is right_side else side[1] - width
                    yield number, LabelPlace(left, left + width, row, thread.at)
                for row in range(1, rows.stop):
                    lines[row].append(cord)
                return


def _loose(lines: Sequence[Sequence[Interval]], rows: range, cord: Interval, text: Interval) -> bool:
    return all(_free(lines[row], *cord) for row in range(1, rows.stop)) and all(
        _free(lines[row], *text) for row in rows
    )

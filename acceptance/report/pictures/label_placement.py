"""Labels of what lies on a line, so placed that none covers another, nor the thread by which another one hangs.

A label stands within its shape, or beside it on the line, or on a line below as a flag at a thread: those of shapes
close together hang at one thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from acceptance.report.pictures.canvas import Anchor

Span = tuple[float, float]

PAD, CLOSE, MOST_LINES = 5.0, 7.0, 12
# Beside its shape a label must be so far from the next shape, and so much further from one it could be taken to name.
CLEAR, FAR = 10.0, 28.0


@dataclass(frozen=True)
class Wish:
    """A label of a shape: within the shape, if it `may_be_inside` and there is room; never left of a bar."""

    shape: Span
    width: float
    may_be_inside: bool = False
    is_bar: bool = False

    @property
    def at(self) -> float:
        """Where its thread hangs: in the middle of a point, near the beginning of a bar."""
        return min(sum(self.shape) / 2, self.shape[0] + 8)


@dataclass(frozen=True)
class Place:
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


def place(wishes: Sequence[Wish], shapes: Sequence[Span], bounds: Span) -> Sequence[Place | None]:
    """Give each label a place; None where there is no room."""
    places: list[Place | None] = [_inside(wish) for wish in wishes]
    beside: list[Span] = [*shapes, (-FAR, bounds[0] - FAR), (bounds[1], bounds[1] + FAR)]
    for number, wish in enumerate(wishes):
        places[number] = places[number] or _beside(wish, beside, bounds)
        found = places[number]
        if found and not found.inside:
            beside.append((found.left, found.right))
    left_over = [number for number, found in enumerate(places) if found is None]
    for number, flag in _flags([(number, wishes[number]) for number in left_over], bounds):
        places[number] = flag
    return places


def _inside(wish: Wish) -> Place | None:
    left, right = wish.shape
    if not wish.may_be_inside or wish.width + 2 * PAD > right - left:
        return None
    middle, half = (left + right) / 2, wish.width / 2
    return Place(middle - half, middle + half, 0, wish.at, inside=True)


def _beside(wish: Wish, taken: Sequence[Span], bounds: Span) -> Place | None:
    began, ended = wish.shape
    others = [span for span in taken if span[0] < began or ended < span[1]]
    to_the_right, to_the_left = (ended + PAD, 2.0, CLEAR), (began - PAD - wish.width, FAR, 0.0)
    for left, before, after in [to_the_right] if wish.is_bar else [to_the_right, to_the_left]:
        right = left + wish.width
        if bounds[0] <= left and right <= bounds[1] and _free(others, left - before, right + after):
            return Place(left, right, 0, wish.at)
    return None


def _free(taken: Iterable[Span], left: float, right: float) -> bool:
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


def _flags(wishes: Sequence[tuple[int, Wish]], bounds: Span) -> Iterable[tuple[int, Place]]:
    """Hang flags on lines below.

    Those with room fly to the right: from the last to the first, each passes below the ones after it. Those at the
    right edge fly to the left: from the first to the last, each passes below the ones before it. At last come those
    to the left that reach over a thread at the right edge: they pass below everything.
    """
    threads = _threads(wishes)
    limit, edge = bounds[1], len(threads)
    while edge and threads[edge - 1].reaches(limit):
        edge -= 1
        limit = threads[edge].at
    lines: list[list[Span]] = [[] for _ in range(MOST_LINES + 1)]
    last_to_first = threads[:edge][::-1]
    short = [thread for thread in last_to_first if not thread.reaches(limit)]
    long = [thread for thread in last_to_first if thread.reaches(limit)]
    for thread in short:
        yield from _hang(thread, lines, bounds)
    for thread in threads[edge:]:
        yield from _hang(thread, lines, bounds, flies_left=True)
    for thread in long:
        yield from _hang(thread, lines, bounds)


def _threads(wishes: Sequence[tuple[int, Wish]]) -> Sequence[_Thread]:
    """Tie flags close together to one thread, the first one's."""
    threads: list[_Thread] = []
    for number, wish in sorted(wishes, key=lambda one: one[1].at):
        flag = (number, wish.width)
        if threads and wish.at - threads[-1].at < CLOSE and len(threads[-1].flags) < MOST_LINES / 2:
            threads[-1] = _Thread(threads[-1].at, [*threads[-1].flags, flag])
        else:
            threads.append(_Thread(wish.at, [flag]))
    return threads


def _hang(
    thread: _Thread, lines: Sequence[list[Span]], bounds: Span, *, flies_left: bool = False
) -> Iterable[tuple[int, Place]]:
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
                    yield number, Place(left, left + width, row, thread.at)
                for row in range(1, rows.stop):
                    lines[row].append(cord)
                return


def _loose(lines: Sequence[Sequence[Span]], rows: range, cord: Span, text: Span) -> bool:
    return all(_free(lines[row], *cord) for row in range(1, rows.stop)) and all(
        _free(lines[row], *text) for row in rows
    )

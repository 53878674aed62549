"""An axis of time without its idle hours: where each moment lies, in px."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Interval = tuple[float, float]

# A gap between two stamps is cut out when it is longer than this part of all that is shown beside it: soon where
# all people only wait, late where a person works or a promise runs, since then its length matters.
IDLE, BUSY = 0.5, 20.0
SHORTEST_CUT = 300
CUT_WIDTH, CUTS_PART = 62.0, 0.4
# A short way does not have to fill the whole width.
WIDEST_MS = 4.0
TICK_ROOM = 66.0
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Stretch:
    """A part of the axis, from a time to a time and from px to px. A cut one has its own scale."""

    began: int
    ended: int
    left: float
    right: float
    is_cut: bool


@dataclass(frozen=True)
class Axis:
    """Where each time lies. A short way does not take all the room between `left` and `right`."""

    stretches: Sequence[Stretch]
    left: float
    right: float

    @property
    def ended(self) -> int:
        """The last time on it."""
        return self.stretches[-1].ended

    @property
    def cuts(self) -> Sequence[Stretch]:
        """The time that was cut out of it."""
        return [stretch for stretch in self.stretches if stretch.is_cut]

    def x(self, ms: float) -> float:
        """Return the place of a time. A time within a cut lies in its middle."""
        part = next((stretch for stretch in self.stretches if ms <= stretch.ended), self.stretches[-1])
        if part.is_cut and part.began < ms < part.ended:
            return (part.left + part.right) / 2
        share = (ms - part.began) / max(1, part.ended - part.began)
        return part.left + min(1.0, max(0.0, share)) * (part.right - part.left)

    def ticks(self, zero: int) -> Sequence[int]:
        """Return round times since `zero` (ms) for ticks, with room between them."""
        shown = [stretch for stretch in self.stretches if not stretch.is_cut and stretch.right > stretch.left]
        if not shown:
            return []
        one = shown[0]
        step = _round_up(TICK_ROOM * max(1, one.ended - one.began) / (one.right - one.left))
        return [
            since
            for stretch in shown
            for since in range(-((zero - stretch.began) // step) * step, stretch.ended - zero + 1, step)
            if since >= stretch.began - zero
        ]


def time_axis(
    stamps: Iterable[int], busy: Sequence[Interval], left: float, right: float, *, whole: bool = False
) -> Axis:
    """Lay an axis through `stamps`. No `busy` interval counts as idle. From a `whole` one nothing is cut."""
    edges = sorted(set(stamps))
    gaps = list(pairwise(edges)) or [(edges[0], edges[0])]
    cut = set() if whole else _to_be_cut(gaps, busy)
    cut_width = min(CUT_WIDTH, CUTS_PART * (right - left) / max(1, len(cut)))
    shown = sum(ended - began for began, ended in gaps if (began, ended) not in cut)
    scale = min(WIDEST_MS, (right - left - cut_width * len(cut)) / max(1, shown))
    stretches: list[Stretch] = []
    for began, ended in gaps:
        is_cut = (began, ended) in cut
        width = cut_width if is_cut else scale * (ended - began)
        if stretches and not is_cut and not stretches[-1].is_cut:
            last = stretches.pop()
            stretches.append(Stretch(last.began, ended, last.left, last.right + width, False))
        else:
            start = stretches[-1].right if stretches else left
            stretches.append(Stretch(began, ended, start, start + width, is_cut))
    return Axis(stretches, left, right)


def _to_be_cut(gaps: Sequence[tuple[int, int]], busy: Sequence[Interval]) -> set[tuple[int, int]]:
    """Choose the gaps that would squeeze everything else, the shortest first, so that each accounts for the rest."""
    cut = set()
    rest = 0
    worked = {gap for gap in gaps if any(began <= gap[0] and gap[1] <= ended for began, ended in busy)}
    for gap in sorted(gaps, key=lambda gap: (gap not in worked, gap[1] - gap[0])):
        length = gap[1] - gap[0]
        if rest and length > max(SHORTEST_CUT, rest * (BUSY if gap in worked else IDLE)):
            cut.add(gap)
        else:
            rest += length
    return cut


def _round_up(ms: float) -> int:
    """Return the next of 1, 2, 5, 10, 20, 50 …"""
    power: int = 10 ** max(0, math.floor(math.log10(max(1.0, ms))))
    return next((step * power for step in _STEPS if step * power >= ms), 10 * power)

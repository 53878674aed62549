"""Lanes side by side over time: marks for what one person or one part of a system did, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from acceptance.report.pictures.words import shortened
from acceptance.service_levels.timeline import Moment
from acceptance.waiting import Unmet

MarkKind = Literal["person", "message", "record", "missing", "starts", "works", "waits"]
# In px: a step shorter than SHORT is merged with its neighbours that are no further away than NEAR.
SHORT, NEAR = 40.0, 5.0


@dataclass(frozen=True)
class Mark:
    """A point or a bar in a lane, from `began` until `ended` (epoch ms).

    `telling`: its words are informative. `steps`: how many it represents. `said_from`: where a label hangs that
    describes everything from then on.
    """

    kind: MarkKind
    began: int
    ended: int
    words: str
    telling: bool = True
    steps: int = 1
    is_open: bool = False
    bad: bool = False
    said_from: int | None = None

    @property
    def says_much(self) -> bool:
        """Whether its words are worth a place."""
        worth_it = self.kind != "starts" and (self.telling or self.steps == 1)
        return worth_it or self.bad or self.said_from is not None

    @property
    def is_point(self) -> bool:
        """Whether it has no length by its nature."""
        return self.kind in ("person", "message", "record", "missing")


Track = Sequence[Mark]


@dataclass(frozen=True)
class Lane:
    """What one person or one part of a system did. Overlapping marks lie on several tracks."""

    name: str
    role: str
    tracks: Sequence[Track]

    @property
    def marks(self) -> Sequence[Mark]:
        """The marks of all tracks."""
        return [mark for track in self.tracks for mark in track]


def points(kind: MarkKind, moments: Iterable[Moment], words: Callable[[Moment], str]) -> Sequence[Track]:
    """Return a track with a point for each moment; those of one name at one millisecond are one."""
    found = Counter((moment.began.ms, shortened(words(moment))) for moment in moments)
    return [[Mark(kind, ms, ms, f"{count} × {said}" if count > 1 else said) for (ms, said), count in found.items()]]


def never_came(unmet: Iterable[Unmet], since: int) -> Lane:
    """Return the lane of vain waits: where each ended. Those that ended before `since` are left out."""
    concerned = [one for one in unmet if one.given_up >= since]
    marks = [Mark("missing", one.given_up, one.given_up, shortened(one.expected, 70), bad=True) for one in concerned]
    return Lane("Expected", "and did not come", packed([mark] for mark in marks))


def packed(runs: Iterable[Track]) -> Sequence[Track]:
    """Lay possibly overlapping marks on as few tracks as possible."""
    tracks: list[list[Mark]] = []
    for run in runs:
        free = next((track for track in tracks if track[-1].ended <= run[0].began and not track[-1].is_open), None)
        if free is None:
            tracks.append(list(run))
        else:
            free += run
    return tracks


def merged(track: Track, width: Callable[[int, int], float]) -> Track:
    """Merge short consecutive steps into one. It has the name of the last informative one."""
    done: list[Mark] = []
    for mark in track:
        if done and _belong_together(done[-1], mark, width):
            done[-1] = _together(done[-1], mark)
        else:
            done.append(mark)
    return done


def _belong_together(one: Mark, other: Mark, width: Callable[[int, int], float]) -> bool:
    if not one.kind == other.kind == "works":
        return False
    return width(one.ended, other.began) < NEAR and all(width(mark.began, mark.ended) < SHORT for mark in (one, other))


def _together(one: Mark, other: Mark) -> Mark:
    steps = one.steps + other.steps
    told = other if other.telling or not one.telling else one
    words = told.words if told.telling else f"{steps} short steps"
    return replace(other, began=one.began, words=words, telling=told.telling, steps=steps)

"""An order's timeline as lanes: who or what did something, and when, in the café's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from acceptance.service_levels.timeline import Moment, Timeline
from support.serverlesspresso.pictures.words import message, shortened

Look = Literal["person", "message", "record", "starts", "works", "waits"]
BARISTA = {"make", "unmake", "complete"}
# In px: a step that is shorter than SHORT is put together with its neighbours that are no further away than NEAR.
SHORT, NEAR = 40.0, 5.0


@dataclass(frozen=True)
class Item:
    """A point or a bar in a lane, from `began` until `ended` (epoch ms).

    `telling`: its words are the café's own. `steps`: how many it stands for. `said_from`: where a label hangs that
    speaks for everything from then on.
    """

    look: Look
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
        worth_it = self.look != "starts" and (self.telling or self.steps == 1)
        return worth_it or self.bad or self.said_from is not None

    @property
    def is_point(self) -> bool:
        """Whether it has no length by its nature."""
        return self.look in ("person", "message", "record")


Track = Sequence[Item]


@dataclass(frozen=True)
class Lane:
    """What one person or one part of the café did. What overlaps lies on several tracks."""

    name: str
    role: str
    tracks: Sequence[Track]


def name_of(people: Mapping[str, str], lane: str) -> str:
    """Return a person's name; `people` has those whom a timeline knows by an id."""
    return shortened(people.get(lane, lane), 14)


def people_of(timeline: Timeline, people: Mapping[str, str]) -> tuple[Sequence[Lane], Sequence[Lane]]:
    """Give the lanes of the customers and those of the baristas: who once acts as a barista is one."""
    acts: dict[str, set[str]] = {}
    for moment in timeline.moments:
        if moment.kind == "person":
            acts.setdefault(moment.lane, set()).add(str(moment.detail.get("action")))

    def lane(person: str, role: str) -> Lane:
        own = [moment for moment in timeline.moments if moment.lane == person and moment.kind == "person"]
        return Lane(name_of(people, person), role, _points("person", own, lambda moment: moment.what))

    both = "customer and barista"
    customers = [lane(person, "customer") for person, did in acts.items() if not did & BARISTA]
    baristas = {person: both if "scan" in did else "barista" for person, did in acts.items() if did & BARISTA}
    return customers, [lane(person, role) for person, role in baristas.items()]


def messages_of(timeline: Timeline) -> Lane:
    """Give the lane of the bus."""
    told = [moment for moment in timeline.moments if moment.kind == "event"]
    tracks = _points("message", told, lambda moment: message(moment.what, moment.detail))
    return Lane("Messages", "what the café tells", tracks)


def record_of(timeline: Timeline) -> Lane:
    """Give the lane of the order's record, as far as a clock of milliseconds knows it."""
    stored = [moment for moment in timeline.moments if moment.kind == "record"]
    return Lane("The record", "what is kept", _points("record", stored, lambda moment: moment.what))


def _points(look: Look, moments: Iterable[Moment], words: Callable[[Moment], str]) -> Sequence[Track]:
    """Give points; those of one name at one millisecond are one."""
    found = Counter((moment.began.ms, shortened(words(moment))) for moment in moments)
    return [[Item(look, ms, ms, f"{count} × {said}" if count > 1 else said) for (ms, said), count in found.items()]]


def packed(runs: Iterable[Track]) -> Sequence[Track]:
    """Lay what may overlap on as few tracks as it needs."""
    tracks: list[list[Item]] = []
    for run in runs:
        free = next((track for track in tracks if track[-1].ended <= run[0].began and not track[-1].is_open), None)
        if free is None:
            tracks.append(list(run))
        else:
            free += run
    return tracks


def merged(track: Track, width: Callable[[int, int], float]) -> Track:
    """Put short steps that follow each other into one. It is called like the last one that tells something."""
    done: list[Item] = []
    for item in track:
        if done and _belong_together(done[-1], item, width):
            done[-1] = _together(done[-1], item)
        else:
            done.append(item)
    return done


def _belong_together(one: Item, other: Item, width: Callable[[int, int], float]) -> bool:
    if not one.look == other.look == "works":
        return False
    return width(one.ended, other.began) < NEAR and all(width(item.began, item.ended) < SHORT for item in (one, other))


def _together(one: Item, other: Item) -> Item:
    steps = one.steps + other.steps
    told = other if other.telling or not one.telling else one
    words = told.words if told.telling else f"{steps} short steps"
    return replace(other, began=one.began, words=words, telling=told.telling, steps=steps)

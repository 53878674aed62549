"""An item's way through a system: who or what did something and when, and how its service levels were met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from acceptance.report.pictures.canvas import Canvas, Style
from acceptance.report.pictures.label_placement import Label, LabelPlace, place_labels
from acceptance.report.pictures.level_bars import LevelBar, level_bars
from acceptance.report.pictures.swimlanes import Lane, Mark, Track, merged, never_came
from acceptance.report.pictures.text_width import width_of, wrapped
from acceptance.report.pictures.theme import INK, LIMIT, MARGIN, MISSED, QUIET, RULER, STRIPE, THREAD, WIDTH
from acceptance.report.pictures.time_axis import Axis, time_axis
from acceptance.report.pictures.timeline_lanes import exact_moments, lanes_of, stamps_of, zero_of
from acceptance.report.pictures.wording import Wording
from acceptance.report.pictures.words import duration, listed, summary, time_of
from acceptance.service_levels.levels import Judgement, Promise
from acceptance.service_levels.timeline import Timeline
from acceptance.waiting import Unmet

LEFT, RIGHT = 136.0, WIDTH - MARGIN
MARKS = {
    "person": Style(fill="#1f5fa8", layer=11),
    "message": Style(fill="#8a4b08", layer=11),
    "record": Style(fill="#5b3b8c", layer=11),
    "starts": Style(fill="#dccbb8", layer=5),
    "works": Style(fill="#7a5236", stroke="#fffdf9", width=0.6, layer=5),
    "waits": Style(fill="#f7e9c8", stroke="#b9975b", width=1, dash=(3, 2), layer=5),
}
INSIDE = {"starts": INK, "works": "#ffffff", "waits": INK}
WRONG = Style(fill=MISSED, layer=6)
HOLLOW = Style(fill="#fffdf9", stroke=MISSED, width=1.6, layer=11)
TORN, TORN_EDGE = Style(fill="#fffdf9", layer=9), Style(stroke="#d3c8bc", width=1, layer=10)
BAR, TRACK, LINE, PAD, LOWEST_LANE = 14.0, 18.0, 15.0, 6.0, 36.0
DOT, TIP, SLIMMEST, TOOTH = 5.0, 8.0, 4.0, 12.0
_PLAIN = Wording()


def way_of(
    timeline: Timeline,
    promises: Sequence[Promise] = (),
    wording: Wording = _PLAIN,
    people: Mapping[str, str] | None = None,
    *,
    judgements: Sequence[Judgement] = (),
    offset: float = 0,
    unmet: Iterable[Unmet] = (),
) -> str:
    """Draw an item's way as lanes over time, and above them its service levels. Returns an SVG.

    The lanes come from the timeline: people, messages, workflows, functions and the record, with the names of
    `wording`. `people` gives the names of those whom the timeline knows by an id only. Of `promises`, those that the
    scenario has checked (`judgements`) are drawn with the budget of the check, the others without a verdict.
    `offset`: as in `judge`. Vain waits (`unmet`) have a lane of their own, with a hollow mark where the
    wait ended. Long times in which nothing happens are cut out.
    """
    exact = exact_moments(timeline)
    stamps = stamps_of(exact)
    if not stamps:
        canvas, words = Canvas(WIDTH), f"Nothing is known about this {wording.item}."
        canvas.text((MARGIN, 30), words, INK)
        return canvas.svg(48, words, words)
    missing = never_came(unmet, since=stamps[0])
    stamps = sorted({*stamps, *(mark.began for mark in missing.marks)})
    lanes = [*lanes_of(timeline, wording, people or {}, now=stamps[-1]), *([missing] if missing.marks else [])]
    bars = level_bars(timeline, promises, judgements, offset, wording)
    busy = [(mark.began, mark.ended) for lane in lanes for mark in lane.marks if mark.kind in ("starts", "works")]
    busy += [(bar.began, bar.ended) for bar in bars]
    way = _Way(time_axis(stamps, busy, LEFT, RIGHT - SLIMMEST), zero_of(exact, wording), wording)
    customer = next((lane.name for lane in lanes if wording.customer in lane.role), "")
    changes = [wording.change(moment.what) for moment in timeline.moments if moment.kind == "change"]
    whose = f"{customer}’s {wording.item}" if customer else f"The {wording.item}"
    return way.svg(whose, bars, lanes, changes)


def way_in_lanes(whose: str, lanes: Sequence[Lane], bars: Sequence[LevelBar], wording: Wording, zero: int) -> str:
    """Draw a way in lanes of a system's own, with nothing cut out. Returns an SVG.

    Only non-empty lanes are drawn: there is at least one. `zero` is the time (epoch ms) from which the
    others are counted.
    """
    shown = [lane for lane in lanes if any(lane.tracks)]
    stamps = {ms for lane in shown for mark in lane.marks for ms in (mark.began, mark.ended)}
    return _Way(time_axis(stamps, (), LEFT, RIGHT - SLIMMEST, whole=True), zero, wording).svg(whose, bars, shown)


class _Way:
    """Draws a way from the top to the bottom: `_y` is how far down it has come, `_said` the same in words.

    `zero` is the time (epoch ms) from which the others are counted.
    """

    def __init__(self, axis: Axis, zero: int, wording: Wording) -> None:
        self._wording = wording
        self._canvas = Canvas(WIDTH)
        self._axis = axis
        self._zero = zero
        self._y = MARGIN
        self._said: list[str] = []

    def svg(self, whose: str, bars: Sequence[LevelBar], lanes: Sequence[Lane], changes: Sequence[str] = ()) -> str:
        """Draw all of it. Returns an SVG."""
        self._headline(whose, bars)
        for bar in bars:
            self._y = bar.draw(self._canvas, self._axis, self._y)
            self._said += [bar.words, bar.where] if bar.where else [bar.words]
        top = self._y = self._y + 4
        for number, lane in enumerate(lanes):
            self._lane(lane, striped=number % 2 == 0)
        self._time(top)
        self._changes(changes)
        self._legend(with_limit=bool(bars))
        return self._canvas.svg(self._y + MARGIN - 4, f"{whose}: {self._wording.through}", ". ".join(self._said))

    def _headline(self, whose: str, bars: Sequence[LevelBar]) -> None:
        self._y += 14
        self._canvas.text((MARGIN, self._y), whose, INK, size=15, bold=True)
        verdicts = [bar.judgement.compliance for bar in bars if bar.judged]
        if verdicts:
            words, colour = summary(verdicts)
            self._canvas.text((RIGHT, self._y), words, colour, size=13, bold=True, anchor="right")
            self._said.append(words)
        self._y += 8

    # --- lanes -------------------------------------------------------------------------------------

    def _lane(self, lane: Lane, striped: bool) -> None:
        top = self._y
        self._y += PAD
        unnamed = sum(self._track(track) for track in lane.tracks)
        self._y = max(self._y + PAD - 2, top + LOWEST_LANE)
        if striped:
            self._canvas.box(STRIPE, 1, top, WIDTH - 1, self._y)
        self._canvas.text((MARGIN, top + 17), lane.name, INK, bold=True)
        self._canvas.text((MARGIN, top + 30), f"+ {unnamed} without a label" if unnamed else lane.role, QUIET, size=10)
        happened = [f"{mark.words} ({time_of(mark.began - self._zero)})" for mark in lane.marks]
        self._said.append(f"{lane.name}, {lane.role}: {'; '.join(happened)}")

    def _track(self, track: Track) -> int:
        """Draw a track with its labels, and return how many of them found no room."""
        marks = merged(track, lambda began, ended: self._axis.x(ended) - self._axis.x(began))
        shapes = [self._extent(mark) for mark in marks]
        for mark, shape in zip(marks, shapes, strict=True):
            self._shape(mark, *shape)
        named = [(mark, self._label(mark, shape)) for mark, shape in zip(marks, shapes, strict=True) if mark.says_much]
        places = place_labels([label for _, label in named], shapes, (LEFT, RIGHT))
        for (mark, _), found in zip(named, places, strict=True):
            if found:
                self._write_label(mark, found)
        self._y += TRACK + LINE * max((found.line for found in places if found), default=0)
        return places.count(None)

    def _extent(self, mark: Mark) -> tuple[float, float]:
        left, right = self._axis.x(mark.began), self._axis.x(mark.ended)
        if mark.is_point:
            return left - DOT, left + DOT
        return left, RIGHT if mark.is_open else max(right, left + SLIMMEST)

    def _label(self, mark: Mark, shape: tuple[float, float]) -> Label:
        left = shape[0] if mark.said_from is None else self._axis.x(mark.said_from)
        may_be_inside = not mark.is_point and mark.said_from is None
        return Label((left, shape[1]), width_of(mark.words), may_be_inside, is_bar=not mark.is_point)

    def _shape(self, mark: Mark, left: float, right: float) -> None:
        style = HOLLOW if mark.kind == "missing" else WRONG if mark.bad else MARKS[mark.kind]
        x, top, bottom, y = (left + right) / 2, self._y, self._y + BAR, self._y + BAR / 2
        if mark.kind in ("message", "missing"):
            self._canvas.shape(style, [(left, y), (x, y - DOT), (right, y), (x, y + DOT)])
        elif mark.is_point:
            self._canvas.dot(style, (x, y), DOT)
        elif mark.is_open:
            tip = right - TIP
            self._canvas.shape(style, [(left, top), (tip, top), (right, y), (tip, bottom), (left, bottom)])
        else:
            self._canvas.box(style, left, top, right, bottom)

    def _write_label(self, mark: Mark, found: LabelPlace) -> None:
        colour = INSIDE[mark.kind] if found.inside else MISSED if mark.bad else INK
        base = self._y + 11 + LINE * found.line
        self._canvas.text((found.x, base), mark.words, colour, anchor=found.anchor)
        if found.line:
            self._canvas.shape(THREAD, [(found.at, self._y + BAR), (found.at, base)], closed=False)

    # --- what stands below them ----------------------------------------------------------------------

    def _time(self, top: float) -> None:
        """Draw the ruler through all lanes, and break it where time was cut out."""
        taken: list[tuple[int, float, float]] = []  # the row of a label, where it begins and where it ends
        lowest = 0
        for cut in self._axis.cuts:
            length = duration(cut.ended - cut.began)
            self._tear(cut.left, cut.right, top)
            self._said.append(f"{length} are cut out after {time_of(cut.began - self._zero)}")
            row = self._time_label(f"… {length} …", (cut.left + cut.right) / 2, INK, taken, range(len(taken) + 1))
            lowest = max(lowest, row or 0)
        for since in self._axis.ticks(self._zero):
            x = self._axis.x(self._zero + since)
            self._canvas.shape(RULER, [(x, top), (x, self._y + 3)], closed=False)
            self._time_label(time_of(since), x, QUIET, taken, range(1))
        self._canvas.text((MARGIN, self._y + 14), self._wording.since, QUIET, size=11)
        self._y += 22 + LINE * lowest

    def _time_label(
        self, words: str, x: float, colour: str, taken: list[tuple[int, float, float]], rows: range
    ) -> int | None:
        """Write a label of the ruler in the first of some rows that has room for it, and return the row's number."""
        width = width_of(words, 11)
        left = min(max(x - width / 2, LEFT), RIGHT - width)
        for row in rows:
            if all(
                row != other or left >= after + PAD or left + width <= before - PAD for other, before, after in taken
            ):
                self._canvas.text((left, self._y + 14 + LINE * row), words, colour, size=11)
                taken.append((row, left, left + width))
                return row
        return None

    def _tear(self, left: float, right: float, top: float) -> None:
        inset = min(8.0, (right - left) / 6)
        rows = [min(top + TOOTH * row, self._y) for row in range(int((self._y - top) / TOOTH) + 2)]
        edges = [
            [(x + (2.5 if number % 2 else -2.5), y) for number, y in enumerate(rows)]
            for x in (left + inset, right - inset)
        ]
        self._canvas.shape(TORN, [*edges[0], *reversed(edges[1])])
        for edge in edges:
            self._canvas.shape(TORN_EDGE, edge, closed=False)

    def _changes(self, changes: Sequence[str]) -> None:
        if not changes:
            return
        words = f"The record’s changes in turn (their clock knows whole seconds only): {listed(changes)}"
        self._said.append(words)
        for line in wrapped(words, RIGHT - MARGIN, 11):
            self._y += LINE
            self._canvas.text((MARGIN, self._y), line, QUIET, size=11)

    def _legend(self, with_limit: bool) -> None:
        self._y += 18
        x = MARGIN
        for kind, words in self._wording.legend:
            self._canvas.box(MARKS[kind], x, self._y - 9, x + 18, self._y + 1)
            self._canvas.text((x + 24, self._y), words, QUIET, size=11)
            x += 42 + width_of(words, 11)
        if with_limit:
            self._canvas.shape(LIMIT, [(x + 2, self._y - 10), (x + 2, self._y + 2)], closed=False)
            self._canvas.text((x + 9, self._y), "the promised time ends", QUIET, size=11)

"""The service levels in the picture of an item's way: a bar for each, above the lanes, from its start to its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from acceptance.report.pictures.canvas import Canvas, Style
from acceptance.report.pictures.text_width import width_of, wrapped
from acceptance.report.pictures.theme import COLOURS, INK, LIMIT, QUIET, SIGNS
from acceptance.report.pictures.time_axis import Axis
from acceptance.report.pictures.wording import Wording
from acceptance.report.pictures.words import compliance_words, excess, latency_words
from acceptance.service_levels.levels import Compliance, Judgement, Promise, budget_words, judge, milliseconds
from acceptance.service_levels.timeline import Timeline

BARS = {verdict: Style(fill=colour, layer=6) for verdict, colour in COLOURS.items()}
UNJUDGED = Style(fill="#8f8378", layer=6)
LEFT_OVER = Style(fill="#e6dfd5", layer=4)
LINE, BAR, SMALL = 19.0, 6.0, 14.0


@dataclass(frozen=True)
class LevelBar:
    """A service level that a timeline shows, with the times of its two ends (epoch ms).

    One that the scenario has not `judged` has no verdict, since it may have met a function that had to start; late
    ones stand out all the same.
    """

    judgement: Judgement
    wording: Wording
    began: int
    ended: int
    judged: bool = True

    @property
    def words(self) -> str:
        """How it was met, in a line."""
        promise, latency = self.judgement.promise, self.judgement.latency
        figures = f"{latency_words(latency)} of {budget_words(promise.budget)}"
        if not self.judged:
            late = f", {excess(latency, promise.budget)} over (not checked here)" if self.is_late else ""
            return f"{promise.title}: {figures}{late}"
        told = compliance_words(latency, promise.budget)
        return f"{SIGNS[self.judgement.compliance]} {promise.title}: {figures}, {told}"

    @property
    def is_late(self) -> bool:
        """Whether its budget was exceeded, checked or not."""
        return self.judgement.compliance is Compliance.MISSED

    @property
    def where(self) -> str:
        """Where the time went, if it took too long."""
        hop = self.judgement.hop
        if not self.is_late or hop is None:
            return ""
        return f"{milliseconds(hop.ms)} of it passed {self.wording.passage(hop.where)}"

    def draw(self, canvas: Canvas, axis: Axis, top: float) -> float:
        """Draw it below `top`, and return where it ends."""
        verdict, left, right = self.judgement.compliance, axis.x(self.began), axis.x(self.ended)
        colour, style = (COLOURS[verdict], BARS[verdict]) if self.judged or self.is_late else (QUIET, UNJUDGED)
        self._line(canvas, axis, top + 14, self.words, colour, 12)
        bar, limit = top + LINE, self.began + self.judgement.promise.budget
        if limit > self.ended:
            canvas.box(LEFT_OVER, right, bar + 2, axis.x(limit), bar + BAR - 2)
        canvas.box(style, left, bar, max(right, left + 3), bar + BAR)
        if limit <= axis.ended:
            canvas.shape(LIMIT, [(axis.x(limit), bar - 2), (axis.x(limit), bar + BAR + 3)], closed=False)
        bottom = bar + BAR + 3
        for line in wrapped(self.where, axis.right - axis.left, 11) if self.where else []:
            self._line(canvas, axis, bottom + 11, line, INK, 11)
            bottom += SMALL
        return bottom

    def _line(self, canvas: Canvas, axis: Axis, base: float, words: str, colour: str, size: float) -> None:
        """Write at the beginning of the bar, or up to the right edge if there is not enough room."""
        left, width = axis.x(self.began), width_of(words, size)
        if left + width <= axis.right:
            canvas.text((left, base), words, colour, size=size)
        else:
            canvas.text((max(axis.right, axis.left + width), base), words, colour, size=size, anchor="right")


def level_bars(
    timeline: Timeline,
    promises: Sequence[Promise],
    judgements: Sequence[Judgement],
    offset: float,
    wording: Wording,
) -> Sequence[LevelBar]:
    """Check the promises whose two ends a timeline shows; the budget of a scenario's own check takes precedence."""
    judged = {judgement.promise.key: judgement.promise for judgement in judgements}
    bars = []
    for promise in ({promise.key: promise for promise in promises} | judged).values():
        ends, judgement = promise.ends(timeline), judge(promise, timeline, offset)
        if ends and judgement:
            bars.append(LevelBar(judgement, wording, ends[0].ms, ends[1].ms, judged=promise.key in judged))
    return sorted(bars, key=lambda bar: bar.began)

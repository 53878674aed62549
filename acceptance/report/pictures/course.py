"""An item's way as a table: the content of its picture, in turn, for readers who want the times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acceptance.report.pictures.timeline_lanes import exact_moments, lanes_of, stamps_of, zero_of
from acceptance.report.pictures.wording import Wording
from acceptance.report.pictures.words import duration, time_of
from acceptance.service_levels.timeline import Timeline

HEADINGS = ("after", "where", "what", "took")
_PLAIN = Wording()


def course_of(
    timeline: Timeline, wording: Wording = _PLAIN, people: Mapping[str, str] | None = None
) -> Sequence[Sequence[str]]:
    """Return a row for each thing that happened, under HEADINGS, in the words of the picture (`way_of`).

    Times are counted from the beginning of the item's way. What is not over yet is shown as still lasting.
    """
    exact = exact_moments(timeline)
    if not exact:
        return []
    zero, now = zero_of(exact, wording), stamps_of(exact)[-1]
    happened = [(mark, lane.name) for lane in lanes_of(timeline, wording, people or {}, now) for mark in lane.marks]
    happened.sort(key=lambda one: one[0].began)
    return [
        (
            time_of(mark.began - zero),
            lane,
            mark.words,
            "" if mark.is_point else "lasts" if mark.is_open else duration(mark.ended - mark.began),
        )
        for mark, lane in happened
    ]

"""A page view's way through the topics: how long it waited for each service, and how long each one worked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from acceptance.report.pictures import Lane, Mark, Wording, level_bars, way_in_lanes
from acceptance.report.pictures.swimlanes import never_came, points
from acceptance.report.pictures.words import duration
from acceptance.service_levels.levels import Judgement, Promise
from acceptance.service_levels.timeline import Moment, Timeline
from acceptance.waiting import Unmet
from support.retail.dialect import ENRICHED, OFFER
from support.retail.operations import PROMOTIONS_SERVICE, USER_SERVICE

RETAIL = Wording(
    item="page view",
    through="its way through the topics",
    since="since the page view",
    legend=(("waits", "waits in a topic"), ("works", "works")),
)
# Each service: its lane's name, its work, its input (None: the page view), and its output.
SERVICES = (
    (USER_SERVICE, "User Service", "adds what is known", None, ENRICHED),
    (PROMOTIONS_SERVICE, "Promotions", "makes offers", ENRICHED, OFFER),
)


def way_of_view(
    timeline: Timeline,
    promises: Sequence[Promise],
    *,
    judgements: Sequence[Judgement] = (),
    offset: float = 0,
    unmet: Iterable[Unmet] = (),
) -> str:
    """Draw a page view's way as lanes over time, and above them its service levels. Returns an SVG.

    `promises`, `judgements`, `offset` and `unmet`: as in `way_of`.
    """
    view = next(moment for moment in timeline.moments if moment.kind == "person")
    bars = level_bars(timeline, promises, judgements, offset, RETAIL)
    said = [moment for moment in timeline.moments if moment.kind == "message"]
    lanes = [
        Lane(view.lane, "visitor", [[Mark("person", view.began.ms, view.began.ms, view.what)]]),
        *(Lane(name, role, [list(_work(timeline, who, view, by, to))]) for who, name, role, by, to in SERVICES),
        Lane("Messages", "what is said", points("message", said, lambda moment: f"the {moment.what}")),
        never_came(unmet, since=view.began.ms),
    ]
    return way_in_lanes(f"{view.lane}’s {RETAIL.item}", lanes, bars, RETAIL, zero=view.began.ms)


def _work(timeline: Timeline, service: str, view: Moment, asked_by: str | None, answer: str) -> Iterator[Mark]:
    """Return a service's waiting and work, as far as it says when it took its input up."""
    begin = timeline.first("message", asked_by) if asked_by else view
    said = timeline.first("message", answer)
    if begin is None or said is None:
        return
    work = timeline.first("service", service)
    asked, taken_up, answered = begin.began.ms, work.began.ms if work else said.began.ms, said.began.ms
    if taken_up > asked:
        waited = "waits" if work else "waits or is worked on"
        yield Mark("waits", asked, taken_up, f"{waited} {duration(taken_up - asked)}")
    if work:
        yield Mark("works", max(asked, taken_up), answered, f"works {duration(answered - max(asked, taken_up))}")

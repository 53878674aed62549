"""A page view's way through the topics: how long it waited for each service, and how long each one worked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from acceptance.report.pictures.axis import axis
from acceptance.report.pictures.kept import all_kept
from acceptance.service_levels.levels import Judgement, Promise
from acceptance.service_levels.timeline import Moment, Timeline
from support.retail.driver import ENRICHED, OFFER, PROMOTIONS_SERVICE, USER_SERVICE
from support.serverlesspresso.pictures.lanes import Item, Lane
from support.serverlesspresso.pictures.way import LEFT, RIGHT, SLIMMEST, Way, Wording
from support.serverlesspresso.pictures.words import duration

RETAIL = Wording(
    "its way through the topics", "since the page view", (("waits", "waits in a topic"), ("works", "works"))
)
# Each service: how its lane is called, what it does, what it answers (None: the page view), and by what.
SERVICES = (
    (USER_SERVICE, "User Service", "adds what is known", None, ENRICHED),
    (PROMOTIONS_SERVICE, "Promotions", "makes offers", ENRICHED, OFFER),
)


def way_of_view(
    timeline: Timeline, promises: Sequence[Promise], *, judgements: Sequence[Judgement] = (), offset: float = 0
) -> str:
    """Draw a page view's way as lanes over time, and above them its promises of time. Gives an SVG.

    `promises`, `judgements` and `offset`: as for an order's way through the café.
    """
    view = next(moment for moment in timeline.moments if moment.kind == "person")
    kept = all_kept(timeline, promises, judgements, offset)
    said = [moment for moment in timeline.moments if moment.kind == "message"]
    lanes = [
        Lane(view.lane, "visitor", [[_point("person", view)]]),
        *(Lane(name, role, [list(_work(timeline, who, view, by, to))]) for who, name, role, by, to in SERVICES),
        Lane("Messages", "what is said", [[_point("message", moment) for moment in said]]),
    ]
    shown = [lane for lane in lanes if any(lane.tracks)]
    stamps = sorted(
        {ms for lane in shown for track in lane.tracks for item in track for ms in (item.began, item.ended)}
    )
    way = Way(axis(stamps, (), LEFT, RIGHT - SLIMMEST, whole=True), view.began.ms, RETAIL)
    return way.drawn(f"{view.lane}’s page view", kept, shown)


def _point(look: str, moment: Moment) -> Item:
    words = moment.what if look == "person" else f"the {moment.what}"
    return Item("person" if look == "person" else "message", moment.began.ms, moment.began.ms, words)


def _work(timeline: Timeline, service: str, view: Moment, asked_by: str | None, answer: str) -> Iterator[Item]:
    """Give a service's waiting and its work, as far as it tells when it took up what it answers."""
    begin = timeline.first("message", asked_by) if asked_by else view
    said = timeline.first("message", answer)
    if begin is None or said is None:
        return
    work = timeline.first("service", service)
    asked, taken_up, answered = begin.began.ms, work.began.ms if work else said.began.ms, said.began.ms
    if taken_up > asked:
        waited = "waits" if work else "waits or is worked on"
        yield Item("waits", asked, taken_up, f"{waited} {duration(taken_up - asked)}")
    if work:
        yield Item("works", max(asked, taken_up), answered, f"works {duration(answered - max(asked, taken_up))}")

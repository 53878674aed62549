"""The café's service levels: between which two moments of an order each one counts.

Their budgets stand in features/serverlesspresso/service_levels.feature, for people to read and to judge by. The
same figures stand here for pictures and for the quality gate; a test sees that they agree.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from acceptance.service_levels.levels import Ends, Promise
from acceptance.service_levels.timeline import Moment, Timeline
from support.serverlesspresso.messages import CLAIMED, COMPLETED, FINISHED, SCANNED, STARTED, WAITS


def _acknowledged(timeline: Timeline) -> Ends | None:
    """From the scan's delivery until the order is open: stored, by the function's own stamp, and told."""
    scan, told, stored = (
        timeline.first("event", SCANNED),
        timeline.first("event", STARTED),
        timeline.first("record", "stored"),
    )
    if not (scan and told):
        return None
    ends = [moment.began for moment in (told, stored) if moment]
    return scan.began, max(ends, key=lambda stamp: stamp.ms)


def _from_action(action: str, event: str, naming: str, timeline: Timeline) -> Ends | None:
    """From the start of an action's workflow until an event after it, one that names somebody as `naming` if given."""
    begun = _last(timeline.moments, action)
    told = timeline.first("event", event, since=begun.began.ms, naming=naming) if begun else None
    return (begun.began, told.began) if begun and told else None


def _last(moments: Sequence[Moment], action: str) -> Moment | None:
    """Return when somebody took an action, the last time; its workflow's own start stamped it."""
    taken = [moment for moment in moments if (moment.kind, moment.detail.get("action")) == ("person", action)]
    return taken[-1] if taken else None


SCAN = Promise(
    key="scan-acknowledged",
    title="A scan is acknowledged",
    told="{customer} could choose a drink",
    since="the bus delivered the scan",
    heard=STARTED,
    budget=2000,
    ends=_acknowledged,
    counted="orders",
)
DRINK = Promise(
    key="drink-reaches-baristas",
    title="A drink reaches the baristas",
    told="The baristas saw {customer}'s order",
    since="it was submitted",
    heard=WAITS,
    budget=1000,
    ends=partial(_from_action, "", WAITS, ""),
    counted="orders",
)
CLAIM = Promise(
    key="claim-shown",
    title="A claim is shown",
    told="Everybody was notified who is making {customer}'s order",
    since="it was claimed",
    heard=CLAIMED,
    budget=500,
    ends=partial(_from_action, "make", CLAIMED, "baristaUserId"),  # who gives it back is told of by the same event
    counted="orders",
)
READY = Promise(
    key="ready-heard",
    title="The customer is notified",
    told="{customer} heard that the order is ready",
    since="it was completed",
    heard=COMPLETED,
    budget=500,
    ends=partial(_from_action, "complete", COMPLETED, ""),
    counted="orders",
)
FREE = Promise(
    key="free-shown",
    title="A returned order is announced as available",
    told="Everybody was notified that {customer}'s order is available again",
    since="it was given back",
    heard=CLAIMED,
    budget=500,
    ends=partial(_from_action, "unmake", CLAIMED, ""),
    counted="orders",
)
FINISH = Promise(
    key="finish-heard",
    title="A completed order is finished",
    told="{customer}'s order was finished",
    since="it was completed",
    heard=FINISHED,
    budget=1000,
    ends=partial(_from_action, "complete", FINISHED, ""),
    counted="orders",
)
# The way of every order, as pictures show it and a rush hour is judged; not every order is given back.
PROMISES = (SCAN, DRINK, CLAIM, READY)


def after_a_failure(promise: Promise) -> Promise:
    """Return a promise for where a part fails meanwhile; it has a name of its own, so no percentile mixes the two."""
    return replace(promise, key=f"{promise.key}-after-failure", title=f"{promise.title} despite a failure")

"""Counts a café's events over a whole run: more than are due, or before their time."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from acceptance.aws.tap import Event
from acceptance.matchers import how_often
from support.serverlesspresso.bus import SOURCE
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.messages import (
    CANCELLED,
    CLAIMED,
    COMPLETED,
    FINISHED,
    SCANNED,
    SECOND_WAIT,
    STARTED,
    TIMED_OUT,
    UNAVAILABLE,
    WAITS,
)
from support.serverlesspresso.orders import name_of

# An order ends once.
ONCE = (SECOND_WAIT, COMPLETED, CANCELLED, FINISHED, TIMED_OUT)
# What each of these answers, and by which entry of both they belong together; a scan may be sent twice.
ANSWERS = {STARTED: (SCANNED, "orderId"), WAITS: (SECOND_WAIT, "orderId"), UNAVAILABLE: (SCANNED, "userId")}
BY_BARISTAS = ("make", "unmake")
A_SECOND_MS = 1000


class Tally:
    """The number of one café's events of each type and order, including late ones."""

    def __init__(self, cafe: Cafe) -> None:
        self._cafe = cafe
        self._told: dict[tuple[str, str], list[Event]] = defaultdict(list)
        self._asked: Counter[tuple[str, str]] = Counter()
        # On AWS an earlier event may arrive a little later.
        self._slack_ms = 0 if cafe.account.is_at_hand else A_SECOND_MS

    def count(self, events: Sequence[Event]) -> Iterator[tuple[str, str]]:
        """Count all events since the last call, and return their problems, and whom they are about."""
        touched: dict[tuple[str, str], None] = {}
        for event in events:
            if event.source == SOURCE:
                for name in ("orderId", "userId"):
                    self._asked[event.detail_type, f"{name} {event[name]}"] += 1
            key = event["userId" if event.detail_type == UNAVAILABLE else "orderId"]
            if event.source == SOURCE and not event.sending and isinstance(key, str):
                self._told[event.detail_type, key].append(event)
                touched[event.detail_type, key] = None
        for detail_type, key in touched:
            told = self._told[detail_type, key]
            due = self._due(detail_type, key, len(told))
            if due is not None and len(told) > due:
                yield self._too_often(told, key, due), key
            if detail_type == FINISHED and self._was_early(key):
                early = told[0].as_delivered.detail_type
                yield f"{early} was announced before the customer was notified that the order is ready", key

    def _due(self, detail_type: str, key: str, told: int) -> int | None:
        """The largest allowed number of an event, None where unknown. It was sent `told` times."""
        if detail_type in ONCE:
            return 1
        if detail_type in ANSWERS:
            asked, name = ANSWERS[detail_type]
            return self._asked[asked, f"{name} {key}"]
        if detail_type == CLAIMED and told > 1:
            taken = [action for action in self._cafe.manager.taken(key) if action.name in BY_BARISTAS]
            return sum(1 for action in taken if not self._cafe.manager.result(action).refused)
        return None

    def _too_often(self, told: Sequence[Event], key: str, due: int) -> str:
        first, last = told[0].sent_ms, told[-1].sent_ms
        over = ", when its scenario had ended" if key in self._cafe.data.earlier.orders else ""
        return (
            f"{told[-1].as_delivered.detail_type} was announced {how_often(len(told))} for {_whose(told[-1])}, "
            f"and is due {how_often(due)} at most; the last came {(last - first) / 1000:.1f} s after the first{over}"
        )

    def _was_early(self, order_id: str) -> bool:
        """Whether an order was finished before its customer was notified. Using its task token finishes it too."""
        ready, finished = self._told.get((COMPLETED, order_id)), self._told[FINISHED, order_id]
        if not ready or order_id in self._cafe.data.all.meddled:
            return False
        return finished[0].sent_ms < ready[0].sent_ms - self._slack_ms


def _whose(event: Any) -> str:
    name = name_of(str(event["userId"] or ""))
    return f"{name}'s order" if name else "one order"

"""What fails on purpose at somebody's next attempt: the tables behind their program, on the embedded account."""

from __future__ import annotations

from dataclasses import replace

from acceptance.aws.disturber import BEHIND, LOSE_ANSWER, READS, THROTTLED, WRITES, Disturbance
from support.fulfilment.workday import Workday


class Failures:
    """Lets the tables fail for this scenario's lamps and orders, until the next attempt is over."""

    def __init__(self, day: Workday) -> None:
        self._day = day

    def throttle(self, seconds: float) -> None:
        """Let the tables refuse calls for so many seconds from the first one on."""
        self._begin(Disturbance(operations=(*READS, *WRITES), code=THROTTLED, lasting=seconds))

    def lose_answers(self, seconds: float) -> None:
        """Let the tables carry out what is written, and not say so, for so many seconds from the first write on."""
        self._begin(Disturbance(effect=LOSE_ANSWER, lasting=seconds))

    def refuse_writes(self) -> None:
        """Let the tables refuse whatever is to be written."""
        self._begin(Disturbance())

    def show_late(self) -> None:
        """Let reads that do not ask for the latest state see what was before the last change."""
        self._begin(Disturbance(operations=READS, effect=BEHIND))

    def end(self) -> None:
        """Let nothing fail any more."""
        self._day.failing.close()

    def _begin(self, disturbance: Disturbance) -> None:
        day = self._day
        orders = [text for order in day.orders.values() for text in (order.id, order.delivery_id) if text]
        about = replace(disturbance, containing=[day.item, *orders])
        [seen] = day.failing.enter_context(day.fulfilment.disturbed(about))
        day.have_failed = lambda: seen() > 0

"""Hands what a café has announced and stored over to its contracts."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from acceptance.aws.tap import Event
from acceptance.contracts import Watch
from support.serverlesspresso.bus import SOURCE
from support.serverlesspresso.cafe import Cafe

BUS, ORDERS = "bus", "orders"  # as the contracts call them
# The records of so many orders of a scenario are looked at; a rush hour has more of them, all alike.
MOST = 20
MANAGER = "OrderManager."


class Published:
    """What one café has made public. `watch` holds it to the contracts."""

    def __init__(self, watch: Watch, cafe: Cafe) -> None:
        self._watch = watch
        self._cafe = cafe
        self._heard = 0
        self._said: dict[Any, list[Event]] = defaultdict(list)

    def hand_over_events(self) -> None:
        """Hand over the café's own events that were heard since the last time."""
        if not self._watch.contracts:
            return
        events = self._cafe.tap.heard(self._heard)
        self._heard += len(events)
        for event in events:
            said = event.received or event
            if said.source == SOURCE and not event.sending:
                keys = [key for key in (event["orderId"], event["userId"]) if isinstance(key, str)]
                self._watch.hears(BUS, {"detail": said.detail}, keys, said.detail_type)
                for key in keys[:1]:
                    self._said[key].append(event)

    def hand_over_records(self) -> None:
        """Hand over how the scenario's orders are stored."""
        if not self._watch.contracts:
            return
        for order_id in self._cafe.data.scenario.orders[:MOST]:
            if record := self._cafe.table.record(order_id):
                whole = {name: _number(value) for name, value in record.items()}
                self._watch.finds(ORDERS, whole, [order_id])
                self._compare(order_id, record.get("USERID"))

    def _compare(self, order_id: str, customer: Any) -> None:
        """See that what the order manager has announced of an order names its customer."""
        for event in self._said.pop(order_id, ()):
            if event.detail_type.startswith(MANAGER) and event["userId"] not in (None, customer):
                words = f"{BUS} › detail.userId of {event.detail_type} is not the customer of the order"
                self._watch.breaks(words, [order_id])


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, Decimal) and value == int(value) else value

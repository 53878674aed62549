"""The café's event bus, onto which customers and others put scans, malformed scans, and duplicates."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from acceptance.aws.tap import MARKER_SOURCE, Event, EventTap
from acceptance.trouble import Trouble
from support.serverlesspresso.dialect import Dialect
from support.serverlesspresso.messages import SCANNED
from support.serverlesspresso.orders import Scan
from support.serverlesspresso.run_data import RunData

SOURCE = "awsserverlessda.serverlesspresso"
PUT_EVENTS_MOST = 10
LONG = "x" * 5000
# Flaws of a scan: its content, made of a user and an order id, and whether that names the order.
FLAWS: dict[str, Callable[[str, str], tuple[Any, bool]]] = {
    "no order": lambda user, order: ({"userId": user}, False),
    "no customer": lambda user, order: ({"orderId": order}, True),
    "a number as its order": lambda user, order: ({"userId": user, "orderId": 4711}, False),
    "a number as its customer": lambda user, order: ({"userId": 4711, "orderId": order}, True),
    "an empty order": lambda user, order: ({"userId": user, "orderId": ""}, False),
    "an empty customer": lambda user, order: ({"userId": "", "orderId": order}, True),
    "a blank order": lambda user, order: ({"userId": user, "orderId": "   "}, False),
    "an order of 5000 letters": lambda user, order: ({"userId": user, "orderId": LONG}, False),
    "a customer of 5000 letters": lambda user, order: ({"userId": LONG, "orderId": order}, True),
    "a list in place of its content": lambda user, order: ([user, order], True),
    "a text in place of its content": lambda user, order: (order, True),
    "an order of 65 letters": lambda user, order: ({"userId": user, "orderId": "x" * 65}, False),
    "a customer of 65 letters": lambda user, order: ({"userId": _padded(user, 65), "orderId": order}, True),
    "the first half of a letter": lambda user, order: ({"userId": user, "orderId": f"{order[:-1]}\ud83c"}, False),
    "the second half of a letter": lambda user, order: ({"userId": user, "orderId": f"{order[:-1]}\udf70"}, False),
}


class Bus:
    """The café's bus, used by one run."""

    def __init__(self, tap: EventTap, data: RunData, dialect: Dialect) -> None:
        self._tap = tap
        self._data = data
        self._dialect = dialect
        self._scans: dict[str, str] = {}
        self._customers: dict[str, list[str]] = defaultdict(list)

    def scan(self, user_id: str, order_id: str | None = None) -> str:
        """Send a customer's scan, and return the id of the order it opens."""
        order_id = order_id or self._data.new_order_id()
        self._scan({order_id: user_id})
        return order_id

    def scan_twice(self, user_id: str) -> str:
        """Send a customer's scan twice, and return the id of the order it opens."""
        order_id = self._data.new_order_id()
        self._customers[order_id].append(user_id)
        scan = json.dumps(self._dialect.scan({"userId": user_id, "orderId": order_id}))
        self._scans[order_id] = self._put(self._scanned, [scan, scan])[-1]
        return order_id

    def scan_all(self, user_ids: Sequence[str]) -> Sequence[str]:
        """Send many customers' scans at the same moment, and return their orders' ids, in the same order."""
        users = {self._data.new_order_id(): user_id for user_id in user_ids}
        self._scan(users)
        return list(users)

    def scan_malformed(self, flaw: str, order_id: str = "") -> Scan:
        """Send a scan with one of FLAWS. `order_id`: an order that the scan names."""
        order_id = order_id or self._data.new_order_id()
        user_id = self._data.new_user_id("Somebody")
        self._data.scenario.strangers.append(user_id)
        content, names_order = FLAWS[flaw](user_id, order_id)
        event_id = self._put(self._scanned, [json.dumps(self._dialect.scan(content))], refusable=True)[0]
        return Scan(event_id, order_id if names_order else "", user_id)

    def scan_long(self, name: str, length: int) -> Scan:
        """Send a customer's scan, with an order id and a user id of so many letters."""
        order_id, user_id = _padded(self._data.new_order_id(), length), _padded(self._data.new_user_id(name), length)
        self._data.scenario.orders.append(order_id)
        self._data.scenario.people.append(user_id)
        self._scan({order_id: user_id})
        return Scan(self._scans[order_id], order_id, user_id)

    def scan_of(self, order_id: str) -> str:
        """Return the id of the event by which an order was scanned last, "" for none."""
        return self._scans.get(order_id, "")

    def customer_of(self, order_id: str) -> str:
        """Return the id of the customer who scanned an order last, "" for none."""
        return next(reversed(self.customers_of(order_id)), "")

    def customers_of(self, order_id: str) -> Sequence[str]:
        """Return the ids of all customers who scanned an order, the last one at the end."""
        return self._customers.get(order_id, ())

    def scanned_before(self, order_id: str) -> Sequence[str]:
        """Return the ids of the orders that an order's customer had scanned before it."""
        user_id, scanned = self.customer_of(order_id), list(self._customers)
        before = scanned[: scanned.index(order_id)] if order_id in scanned else []
        return [one for one in before if user_id in self._customers[one]]

    def deliver_again(self, event: Event) -> None:
        """Deliver an event a second time, as EventBridge may do."""
        told = event.as_delivered
        self._put(told.detail_type, [json.dumps(told.detail)])

    def send_again(self, order_id: str, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Send an event about an order that had reached nobody."""
        event_id = self._put(detail_type, [json.dumps(detail)])[0]
        if detail_type == self._scanned:
            self._scans[order_id] = event_id

    def say_as_stranger(self, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Put an event that only the café may send onto its bus, from another source."""
        self._put(self._dialect.called(detail_type), [json.dumps(detail)], source=MARKER_SOURCE)

    def say_something_else(self, content: Mapping[str, Any]) -> None:
        """Put an event onto the bus that the café's scanner might send, and that is no scan."""
        self._put(f"{self._scanned}Code", [json.dumps(self._dialect.scan(content))])

    @property
    def _scanned(self) -> str:
        return self._dialect.called(SCANNED)

    def _scan(self, users: Mapping[str, str]) -> None:
        """Send a scan for each order id and its customer, as many at a time as EventBridge takes."""
        for order_id, user_id in users.items():
            self._customers[order_id].append(user_id)
        order_ids = list(users)
        for start in range(0, len(order_ids), PUT_EVENTS_MOST):
            some = order_ids[start : start + PUT_EVENTS_MOST]
            scans = [self._dialect.scan({"userId": users[order_id], "orderId": order_id}) for order_id in some]
            self._scans.update(zip(some, self._put(self._scanned, list(map(json.dumps, scans))), strict=True))

    def _put(
        self, detail_type: str, details: Sequence[str], *, refusable: bool = False, source: str = SOURCE
    ) -> Sequence[str]:
        """Put events and return their ids, "" for one that the bus may and does refuse. Raises Trouble otherwise."""
        answers = self._tap.send(source, detail_type, details)
        event_ids = [answer.get("EventId", "") for answer in answers]
        self._data.scenario.scans.extend(filter(None, event_ids))
        refused = [answer for answer in answers if not answer.get("EventId")]
        if refused and not refusable:
            reason = f"{refused[0].get('ErrorCode')}: {refused[0].get('ErrorMessage')}"
            raise Trouble(f"The event bus did not take an event ({reason}). Run again.")
        return event_ids


def _padded(text: str, length: int) -> str:
    """An id of so many letters that begins like another one."""
    return f"{text}{'x' * length}"[:length]

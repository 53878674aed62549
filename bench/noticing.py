"""The delay between a change in the cloud and the moment at which a waiting step notices it."""

import json
import random
import threading
import time
from collections.abc import Callable

from hamcrest import has_length

from acceptance.session import Session
from acceptance.settings import Settings
from acceptance.waiting import Waiter
from support.serverlesspresso.bus import SOURCE
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.matchers.orders import is_stored

SAMPLES = 150


def measure() -> dict[str, list[float]]:
    """Return the delays in ms, for an event and for a record that are written at a random moment."""
    session = Session(Settings())
    try:
        session.start(())
        system = session.system("serverlesspresso")
        cafe, wait = system.cafe, system.cafes.waiter_of(system.cafe)
        return {
            "an event (since it was delivered)": [_event(cafe, wait) for _ in range(SAMPLES)],
            "a record (since it was sent to the table)": [_record(cafe, wait) for _ in range(SAMPLES)],
        }
    finally:
        session.stop()


def _event(cafe: Cafe, wait: Waiter) -> float:
    order_id = cafe.data.new_order_id()
    entry = {
        "EventBusName": "Serverlesspresso",
        "Source": SOURCE,
        "DetailType": "Bench",
        "Detail": json.dumps({"orderId": order_id}),
    }
    _later(lambda: cafe.account.events.put_events(Entries=[entry]))
    seen = wait.eventually(cafe.events, order_id, has_length(1))
    return time.time() * 1000 - float(seen[0].sent_ms)


def _record(cafe: Cafe, wait: Waiter) -> float:
    order_id = cafe.data.new_order_id()
    item = {"PK": {"S": "orders"}, "SK": {"S": order_id}, "USERID": {"S": "bench"}, "ORDERSTATE": {"S": "CREATED"}}
    sent: list[float] = []

    def write() -> None:
        sent.append(time.time())
        cafe.account.dynamodb.put_item(TableName=cafe.parts.orders_table, Item=item)

    _later(write)
    wait.eventually(cafe.order, order_id, is_stored())
    return (time.time() - sent[0]) * 1000


def _later(act: Callable[[], object]) -> None:
    threading.Timer(random.uniform(0.05, 0.25), act).start()  # noqa: S311 - no secret

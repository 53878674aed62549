"""An order without a proper id is refused as soon as that is certain, however often the shop tries."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from acceptance.aws.durable import execution
from acceptance.waiting import Waiter
from support.durable_orders.driver import Placed
from support.durable_orders.matchers import has_failed_for_its_id
from support.durable_orders.online_order import OnlineOrder

NOON = datetime(2026, 1, 1, 12, 0, 0, 1000, tzinfo=UTC)


def attempt(error):
    return {
        "EventType": "StepFailed",
        "EventTimestamp": NOON,
        "Name": "check",
        "StepFailedDetails": {"Error": {"Payload": {"ErrorMessage": error}}, "RetryDetails": {"CurrentAttempt": 1}},
    }


def order(status="RUNNING", error="", attempts=()):
    told = {"Error": {"ErrorMessage": error}} if error else {}
    found = {"DurableExecutionArn": "arn", "Status": status, "StartTimestamp": NOON, **told}
    return execution(found, list(map(attempt, attempts)))


@pytest.mark.parametrize(
    ("seen", "refused"),
    [
        (order("FAILED", "The order has no orderId."), True),
        (order("FAILED", "KeyError: 'order_id'"), True),
        (order("FAILED", "No."), False),
        (order(attempts=["orderId is missing"]), True),
        (order(attempts=["orderId is missing", "the network is down"]), False),
        (order(attempts=["the network is down"]), False),
        (order(), False),
        (order("SUCCEEDED", attempts=["orderId is missing"]), False),
        (order("FAILED", "No.", attempts=["orderId is missing"]), False),
    ],
)
def test_what_counts_as_refused(seen, refused):
    assert has_failed_for_its_id().matches(seen) is refused


def test_a_shop_that_tries_again_for_minutes_is_not_waited_for():
    seen = [order(attempts=["orderId is missing"])]
    orders = SimpleNamespace(parts=SimpleNamespace(wait=10), executions=lambda _: seen)
    OnlineOrder(orders, Waiter(0.0, 0.0), "Ida", Placed({})).fails_for_its_id()

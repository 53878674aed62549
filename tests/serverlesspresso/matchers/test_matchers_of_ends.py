"""What is expected where two people act on one order at the same moment, in its words."""

from types import SimpleNamespace

import pytest
from hamcrest.core.string_description import StringDescription

from support.serverlesspresso.matchers.ends import ends_again, has_ended_once, is_cancelled_and_nothing_else
from support.serverlesspresso.messages import CANCELLED, COMPLETED, STARTED, TIMED_OUT
from support.serverlesspresso.orders import Order, SeenOrder


def order(state, number=7, drink="Latte", barista=""):
    return Order(state, "Ada", number, barista, drink, (), "", {"ORDERSTATE": state})


def seen(state, *told, **more):
    return SeenOrder("A", order(state, **more), [SimpleNamespace(detail_type=one) for one in told])


def words(matcher, item):
    description = StringDescription()
    matcher.describe_mismatch(item, description)
    return str(description)


@pytest.mark.parametrize(
    ("one", "action", "matches"),
    [
        (seen("COMPLETED", STARTED, COMPLETED), "complete", True),
        (seen("COMPLETED", COMPLETED), "", True),
        (seen("CANCELLED", TIMED_OUT), "", True),
        (seen("CANCELLED", COMPLETED), "", False),
        (seen("COMPLETED", COMPLETED), "cancel", False),
        (seen("COMPLETED", COMPLETED, COMPLETED), "complete", False),
        (seen("CANCELLED", COMPLETED, CANCELLED), "", False),
        (seen("CREATED"), "", False),
        (SeenOrder("A", None, []), "", False),
    ],
)
def test_an_order_ends_once(one, action, matches):
    assert has_ended_once(action).matches(one) == matches


def test_every_end_that_was_told_is_named():
    both = seen("CANCELLED", COMPLETED, CANCELLED)
    assert ends_again().matches(both)
    assert words(has_ended_once("complete"), both) == (
        "it is cancelled, and the notifications are OrderManager.OrderCompleted once, OrderManager.OrderCancelled once"
    )
    assert "no end of it" in words(has_ended_once(), seen("CREATED"))
    assert not ends_again().matches(seen("CANCELLED", CANCELLED))


def test_what_a_cancelled_order_has_besides_is_named():
    before = order("CREATED")
    assert is_cancelled_and_nothing_else(before).matches(seen("CANCELLED"))
    assert not is_cancelled_and_nothing_else(before).matches(seen("CREATED"))
    claimed = seen("CANCELLED", barista="Ben")
    assert not is_cancelled_and_nothing_else(before).matches(claimed)
    assert words(is_cancelled_and_nothing_else(before), claimed) == "it is cancelled; its barista was None and is Ben"
    assert words(is_cancelled_and_nothing_else(before), SeenOrder("A", None, [])) == "there is no order"

"""The bounds of a shop are read in the workflow that is deployed, however it writes them."""

import pytest

from support.serverlesspresso.order_processor import CHOOSING, MAKING, Bound, OrderProcessor, bound_of, capacity_of
from support.serverlesspresso.profile import ShopProfile

CAPACITY = "Is capacity available?"
EMITS = {"Parameters": {"Entries": [{"DetailType": "OrderProcessor.WorkflowStarted"}]}}


def workflow(**states):
    return {"States": states}


def choice(*rules):
    return {"States": {CAPACITY: {"Type": "Choice", "Choices": list(rules)}}}


@pytest.mark.parametrize(
    ("definition", "capacity"),
    [
        (choice({"Variable": "$.count", "NumericGreaterThan": 3}), 3),
        (choice({"Variable": "$.count", "NumericLessThanEquals": 3}), 3),
        (choice({"Variable": "$.count", "NumericGreaterThanEquals": 3}), 2),
        (choice({"Not": {"Variable": "$.count", "NumericLessThan": 3}}), 2),
        (choice({"And": [{"IsPresent": True}, {"NumericGreaterThan": 0}]}), 0),
        (choice({"Condition": "{% $count($running) > 12 %}"}), 12),
        (choice({"Condition": "{% $count($running) < 12 %}"}), 11),
        (choice({"Variable": "$.room", "BooleanEquals": True}), 20),
        (choice(), 20),
        (workflow(**{"Shop Open?": {"Choices": [{"NumericGreaterThan": 3}]}}), 20),
        ({}, 20),
    ],
)
def test_capacity(definition, capacity):
    assert capacity_of(definition) == capacity


@pytest.mark.parametrize(
    ("definition", "bound"),
    [
        (workflow(Started={"TimeoutSeconds": 300}), ("TimeoutSeconds", 300)),
        (workflow(Started={"HeartbeatSeconds": 300}), ("HeartbeatSeconds", 300)),
        (workflow(Started={"TimeoutSeconds": 900, "HeartbeatSeconds": 300}), ("HeartbeatSeconds", 300)),
        (workflow(Started={"TimeoutSeconds": 300, "HeartbeatSeconds": 900}), ("TimeoutSeconds", 300)),
        (workflow(Choosing={**EMITS, "TimeoutSeconds": 60}), ("TimeoutSeconds", 60)),
        (workflow(All={"Branches": [workflow(Started={"TimeoutSeconds": 60})]}), ("TimeoutSeconds", 60)),
        (workflow(Started={"TimeoutSeconds": "{% $minutes * 60 %}"}), None),
        (workflow(Started={}), None),
        (workflow(Completion={"TimeoutSeconds": 900}), None),
        ({"TimeoutSeconds": 200, **workflow(Started={"TimeoutSeconds": 300})}, ("TimeoutSeconds of the workflow", 200)),
        ({"TimeoutSeconds": 1200, **workflow(Started={"TimeoutSeconds": 300})}, ("TimeoutSeconds", 300)),
        ({}, None),
    ],
    ids=[
        *("the time", "the heartbeat", "a heartbeat before the time", "the time before a heartbeat", "what it emits"),
        *("within another state", "what is worked out", "without end", "another wait"),
        *("the whole workflow first", "the whole workflow later", "nothing"),
    ],
)
def test_wait_ends_with_the_first_of_its_bounds(definition, bound):
    assert bound_of(definition, CHOOSING) == (Bound(*bound) if bound else None)


@pytest.mark.parametrize(("whole", "making"), [(1200, 900), (1000, 700)])
def test_baristas_have_what_the_customer_leaves_of_the_workflows_time(whole, making):
    waits = workflow(Started={"TimeoutSeconds": 300}, Completion={"TimeoutSeconds": 900})
    bound = bound_of({"TimeoutSeconds": whole, **waits}, MAKING)
    assert bound is not None
    assert bound.seconds == making


def test_profile_has_the_last_word():
    definition = {"States": {**choice({"NumericGreaterThan": 3})["States"], "Started": {"TimeoutSeconds": 300}}}

    def seen(shop):
        processor = OrderProcessor(None, None, lambda: definition, lambda order: "", shop)
        return processor.capacity, processor.time_out_of(CHOOSING), processor.time_out_of(MAKING)

    assert seen(ShopProfile()) == (3, 300, 0)
    assert seen(ShopProfile(capacity=5, choosing_seconds=60, making_seconds=600)) == (5, 60, 600)

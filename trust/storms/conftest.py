"""Cafés for one test each, in accounts of their own, which store only what the test has sent."""

from contextlib import ExitStack

import pytest
from deployed import deployed

from acceptance.aws.tap import EventTap
from acceptance.waiting import Pace, Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.front_door import FrontDoor
from support.serverlesspresso.parts import discover
from support.serverlesspresso.settings import ServerlesspressoSettings
from support.serverlesspresso.shop import OF_A_CUSTOMER
from support.serverlesspresso.watched import WATCHED
from trust.storms.storm import Storm

# A whole wave is polled less often, so that the café gets processor time.
PACE = Pace(first=0.02, cap=0.1)


@pytest.fixture
def storm_over():
    """Open a café and return its storm and its front door, e.g. `storm_over(folder)`."""
    with ExitStack() as open_until_the_end:

        def opened(system, patience=30.0):  # on a busy machine a wave may stall for a while
            _, account = open_until_the_end.enter_context(deployed(system))
            parts = discover(account, ServerlesspressoSettings())
            tap = EventTap(account, parts.event_bus, "storm", WATCHED, whole_bus=True)
            tap.open()
            open_until_the_end.callback(tap.close)
            wait = Waiter(patience, quiet=0.1, pace=PACE, pause=tap.pause, prove_listening=tap.prove_listening)
            cafe = Cafe(account, parts, "storm", tap)
            cafe.shop.set_limit(OF_A_CUSTOMER, 1000)  # many of the generated scans are by the same customers
            return Storm(cafe, parts, wait), FrontDoor(account, ServerlesspressoSettings(), "storm")

        yield opened

"""Cafés of their own, each in an account of its own: what is stored there is exactly what a test has let in."""

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

# Whoever asks about a whole wave asks less often, so that the café gets to work.
PACE = Pace(first=0.02, cap=0.1)


@pytest.fixture
def storm_over():
    """Open a café and return its storm and its front door, e.g. `storm_over(folder)`."""
    with ExitStack() as open_until_the_end:

        def opened(system, patience=30.0):  # on a busy machine a wave may stand still for a while
            _, account = open_until_the_end.enter_context(deployed(system))
            parts = discover(account, ServerlesspressoSettings())
            tap = EventTap(account, parts.event_bus, "storm", WATCHED, whole_bus=True)
            tap.open()
            open_until_the_end.callback(tap.close)
            wait = Waiter(patience, quiet=0.1, pace=PACE, pause=tap.pause, prove_listening=tap.prove_listening)
            cafe = Cafe(account, parts, "storm", tap)
            cafe.shop.set_limit(OF_A_CUSTOMER, 1000)  # many of the made-up scans are by the same people
            return Storm(cafe, parts, wait), FrontDoor(account, ServerlesspressoSettings(), "storm")

        yield opened

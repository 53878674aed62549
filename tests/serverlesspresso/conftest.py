"""A café in use: one for all tests of the drivers, tidied up after each of them."""

import uuid

import pytest

from acceptance.aws.tap import EventTap
from acceptance.waiting import Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.parts import discover
from support.serverlesspresso.settings import ServerlesspressoSettings
from support.serverlesspresso.watched import WATCHED


@pytest.fixture(scope="session")
def account(cafe_account):
    return cafe_account[1]


@pytest.fixture(scope="session")
def parts(account):
    return discover(account, ServerlesspressoSettings())


@pytest.fixture(scope="session")
def run_tap(account, parts):
    tap = EventTap(account, parts.event_bus, "drivers", WATCHED, whole_bus=True)
    tap.open()
    yield tap
    tap.close()


@pytest.fixture
def cafe(account, parts, run_tap):
    cafe = Cafe(account, parts, uuid.uuid4().hex[:8], run_tap)
    cafe.chronicle.open()
    yield cafe
    cafe.leave()


@pytest.fixture(scope="session")
def wait(run_tap):
    """The waiting verbs on the café's tap."""
    return Waiter(patience=10.0, quiet=0.1, pause=run_tap.pause, prove_listening=run_tap.prove_listening)

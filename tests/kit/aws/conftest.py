"""Fixtures for tests of observing: the café's account, its parts, and taps that are closed afterwards."""

import itertools

import pytest

from acceptance.aws.tap import EventTap
from support.serverlesspresso.parts import discover
from support.serverlesspresso.settings import ServerlesspressoSettings
from support.serverlesspresso.watched import WATCHED


@pytest.fixture(scope="session")
def account(cafe_account):
    return cafe_account[1]


@pytest.fixture(scope="session")
def parts(account):
    return discover(account, ServerlesspressoSettings())


@pytest.fixture
def make_tap(account, parts):
    """Create a tap, opened by default; each is closed at the end."""
    taps = []
    numbers = itertools.count()

    def make(run_id="", *, opened=True, bus=parts.event_bus):
        tap = EventTap(account, bus, run_id or f"test{next(numbers)}", WATCHED, whole_bus=True)
        taps.append(tap)
        if opened:
            tap.open()
        return tap

    yield make
    for tap in taps:
        tap.close()


@pytest.fixture
def tap(make_tap):
    return make_tap()

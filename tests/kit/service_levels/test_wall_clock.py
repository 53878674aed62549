"""If this machine's clock is set during a measurement, no system is blamed, and nothing passes because of it."""

import time

import pytest

from acceptance.service_levels import wall_clock
from acceptance.service_levels.levels import Compliance, Inconclusive, Latency, Promise, from_intended_start, judge
from acceptance.service_levels.timeline import STEP_FUNCTIONS, Stamp, Timeline

HOUR = 3_600_000
NOON = 1_800_000_000_000
STEPS = pytest.mark.parametrize("step", [HOUR, -HOUR, 5000, -5000])


def at(ms):
    return Stamp(NOON + ms, STEP_FUNCTIONS)


@pytest.fixture
def set_by(monkeypatch):
    """Set the clock of this machine, as far as Python knows."""
    now = time.time
    wall_clock.watch()

    def set_by(ms):
        monkeypatch.setattr(time, "time", lambda: now() + ms / 1000)

    yield set_by
    monkeypatch.undo()
    wall_clock.watch()


def test_a_clock_that_nobody_sets_is_exact():
    wall_clock.watch()
    assert wall_clock.was_set_by_ms() == 0
    assert Latency.between(at(0), at(500)) == Latency(499, 501)


@STEPS
def test_a_latency_across_the_step_is_neither_missed_nor_falsely_met(set_by, step):
    set_by(step)
    real = 1000
    latency = Latency.between(at(0), at(real + step))
    assert latency.earliest <= real <= latency.latest
    assert latency.compliance(500) is not Compliance.MET
    assert latency.compliance(1500) is not Compliance.MISSED


@STEPS
def test_orders_by_a_schedule_have_not_waited_for_the_step(set_by, step):
    set_by(step)
    arrivals, ends = [at(0), at(100 + step)], [at(50), at(150 + step)]
    for latency in from_intended_start(arrivals, ends, [0, 100], [0, 0]):
        assert latency.compliance(500) is not Compliance.MISSED


def test_the_reason_is_told(set_by):
    set_by(HOUR)
    promise = Promise("key", "A claim", "It", "it was claimed", "Told", 500, lambda _: (at(0), at(HOUR + 100)))
    with pytest.raises(Inconclusive, match=r"this machine's clock was set by 3,[56]"):
        judge(promise, Timeline("order", [])).require()


def test_what_was_set_before_does_not_count(set_by):
    set_by(HOUR)
    wall_clock.watch()
    assert Latency.between(at(0), at(500)) == Latency(499, 501)

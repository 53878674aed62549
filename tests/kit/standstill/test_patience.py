"""Patience grows by what the machine stood still, and ends all the same."""

import pytest
from hamcrest import equal_to

from acceptance.rest import Grace, Look
from acceptance.standstill.patience import MOST, Patience
from acceptance.trouble import Inconclusive
from acceptance.waiting import Pace, Waiter


class Clock:
    def __init__(self):
        self.now = 0.0

    def pass_(self, seconds):
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


def test_without_a_standstill_it_is_what_it_is(clock):
    patience = Patience(5, lambda: clock.now, lambda seconds: 0.0)
    clock.now = 4.9
    assert not patience.is_over()
    assert patience.left == pytest.approx(0.1)
    clock.now = 5
    assert patience.is_over()
    assert not patience.is_inconclusive


def test_it_grows_by_what_stood_still(clock):
    patience = Patience(5, lambda: clock.now, lambda seconds: min(seconds, 3.0))
    clock.now = 5
    assert not patience.is_over()
    clock.now = 8
    assert patience.is_over()
    assert not patience.is_inconclusive


def test_it_ends_on_a_machine_that_stands_still_for_ever_and_says_so(clock):
    patience = Patience(5, lambda: clock.now, lambda seconds: seconds * 0.9)
    clock.now = 5 * MOST - 0.1
    assert not patience.is_over()
    clock.now = 5 * MOST
    assert patience.is_over()
    assert patience.is_inconclusive
    assert patience.words == "the machine stood still for 18.0 s of these 20.0 s"


class TestWaits:
    def waiter(self, clock, lost, **options):
        steady = Pace(first=0.1, growth=1, cap=0.1)
        return Waiter(5, 1, steady, lambda: clock.now, clock.pass_, lost=lost, **options)

    def test_what_comes_late_by_the_standstill_has_come(self, clock):
        waiter = self.waiter(clock, lambda seconds: min(seconds, 4.0))
        assert waiter.eventually(lambda: clock.now > 8.5, equal_to(True))

    def test_what_does_not_come_in_its_time_is_a_broken_promise(self, clock):
        waiter = self.waiter(clock, lambda seconds: min(seconds, 4.0))
        with pytest.raises(AssertionError, match=r"still so after 9\.\d s"):
            waiter.eventually(lambda: clock.now > 20, equal_to(True))

    @pytest.mark.parametrize("verb", ["eventually", "settle"])
    def test_where_the_machine_gave_no_time_nobody_is_blamed(self, clock, verb):
        waiter = self.waiter(clock, lambda seconds: 0.9 * seconds)
        with pytest.raises(
            Inconclusive, match=r"it would have come: the machine stood still for 18\.\d s of these 20\.\d s"
        ):
            getattr(waiter, verb)(lambda: False, equal_to(True))

    def test_what_can_no_longer_come_is_a_broken_promise_on_any_machine(self, clock):
        class Refused:
            def dead_end(self):
                return "it was refused"

        waiter = self.waiter(clock, lambda seconds: 0.9 * seconds)
        with pytest.raises(AssertionError, match="it was refused"):
            waiter.eventually(Refused, equal_to(True))

    def test_a_machine_that_stands_still_is_not_at_rest(self, clock):
        class Quiet:
            def look(self, patience):
                return Look(at_rest="all has ended")

        waiter = self.waiter(clock, lambda seconds: min(seconds, 3.0), rest=Quiet(), grace=Grace(1.0, 5.0))
        assert waiter.eventually(lambda: clock.now > 3.5, equal_to(True))

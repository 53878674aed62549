"""What stood still is added up once, however many have noticed it, and only where it counts."""

import time

import pytest

from acceptance.standstill import record as module
from acceptance.standstill.record import RUN, SILENCE, Record, lost_between_ms, now


class Past(Record):
    """A record whose watchers have ended since."""

    def lost(self, *args):
        for watcher in list(self._heard):
            self.forget(watcher)
        return super().lost(*args)


@pytest.fixture
def record():
    return Past()


def test_nothing_is_lost_where_nobody_watches(record):
    assert record.lost(0, 100) == 0
    assert not record.watches_system


def test_what_was_lost_in_several_spans_is_added_up(record):
    record.note("account", 1.0, 1.1, 0.05)
    record.note("account", 2.0, 2.1, 0.1)
    assert record.lost(0, 100) == pytest.approx(0.15)


def test_the_same_standstill_that_two_have_noticed_counts_once(record):
    record.note("account", 10, 18.2, 8.1)
    record.note(RUN, 10, 18.2, 8.1)
    assert record.lost(9, 20) == pytest.approx(8.2)


def test_one_after_the_other_may_have_been_held_up(record):
    record.note("account", 10, 11, 0.5)
    record.note(RUN, 10, 11, 0.1)
    assert record.lost(10, 11) == pytest.approx(0.6)


def test_of_a_span_that_lies_there_in_part_all_may_have_been_lost_there(record):
    record.note("account", 10, 11, 0.3)
    assert record.lost(10.5, 20) == pytest.approx(0.3)
    assert record.lost(10.9, 20) == pytest.approx(0.1)
    assert record.lost(11, 20) == 0


def test_who_is_not_heard_of_stands_still_now():
    record = Record()
    record.note("account", 94, 95, 0)
    assert record.lost(90, 100) == pytest.approx(5)
    assert record.lost(90, 95 + SILENCE) == 0
    record.forget("account")
    assert record.lost(90, 100) == 0


def test_what_is_long_past_is_forgotten(record):
    record.note("account", 1, 2, 1)
    record.note("account", 9998, 9999, 1)
    assert record.lost(0, 9999) == pytest.approx(1)


def test_a_forked_process_knows_nothing():
    record = Record()
    record.note("account", 94, 95, 1)
    record.begin_anew()
    assert record.lost(0, 100) == 0


class TestBetweenStamps:
    @pytest.fixture
    def at(self):
        """Return the wall clock's time (ms) this many seconds after a moment a minute ago."""
        wall, machine = time.time() - 60, now() - 60
        return lambda seconds: (wall + seconds) * 1000, lambda seconds: machine + seconds

    def test_the_runs_own_standstill_is_nothing_to_the_cloud(self, at):
        ms, moment = at
        record = Record()
        record.note(RUN, moment(1), moment(3), 2)
        record.forget(RUN)
        assert lost_between_ms(ms(0), ms(5), record=record) == 0
        assert lost_between_ms(ms(0), ms(5), own=True, record=record) == pytest.approx(2000, abs=5)

    def test_the_machine_is_one_where_the_system_runs_on_it(self, at):
        ms, moment = at
        record = Record()
        record.note(RUN, moment(1), moment(3), 2)
        record.note("account", moment(1), moment(3), 0)
        for watcher in (RUN, "account"):
            record.forget(watcher)
        record.note("account", now(), now(), 0)
        assert lost_between_ms(ms(0), ms(5), record=record) == pytest.approx(2000, abs=5)


def test_seconds_are_written_as_people_do():
    assert module.seconds(8.24) == "8.2 s"

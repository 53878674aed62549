"""When customers arrive, and when a run is over."""

from types import SimpleNamespace

import pytest

from load.course import DRAIN_TIMES, Course


@pytest.fixture
def run():
    return SimpleNamespace(under_way=0, begun=0, missed="", stages=0)


def course(run, *, find=False, run_seconds=60.0, most=0, users=4):
    def next_stage():
        run.stages += 1

    options = SimpleNamespace(
        find=find, run_seconds=run_seconds, stage_seconds=10.0, settings=SimpleNamespace(patience_seconds=5.0)
    )
    return Course(
        options,
        users,
        most,
        under_way=lambda: run.under_way,
        begun=lambda: run.begun,
        next_stage=next_stage,
        why_missed=lambda: run.missed,
    )


def test_who_has_come_is_served_after_the_last_arrival(run):
    plan = course(run)
    run.under_way = 3
    assert [plan.rate(second) for second in (0, 59, 60, 70)] == [4, 4, 0, 0]
    run.under_way = 0
    assert plan.rate(71) is None


def test_who_never_ends_does_not_keep_the_run_from_ending(run):
    plan = course(run)
    run.under_way = 1
    assert plan.rate(60) == 0
    assert plan.rate(61 + DRAIN_TIMES * 5) is None


def test_the_ceiling_ends_the_arrivals_and_is_named(run):
    plan = course(run, most=100)
    run.begun = 100
    assert plan.rate(5) == 0
    assert plan.why_over == "the ceiling of 100 was reached"


def test_what_was_asked_for_is_counted_until_the_last_arrival(run):
    plan = course(run)
    for second in (0, 30, 61, 64):
        plan.rate(second)
    assert (plan.asked, plan.seconds) == (4 * 61, 61)


def test_the_ceiling_is_not_passed_when_reports_are_late(run):
    plan = course(run, most=100)
    assert [plan.rate(second) for second in (0, 24, 25)] == [4, 4, 0]


def test_the_search_asks_for_more_until_a_promise_is_missed(run):
    plan = course(run, find=True, run_seconds=0)
    assert [plan.rate(second) for second in (0, 9, 10, 20)] == [4, 4, 6, 9]
    run.missed = "A scan is acknowledged: too late."
    assert plan.rate(30) == 0
    assert (plan.found.met, plan.found.missed, plan.found.why) == (6, 9, run.missed)
    assert run.stages == 2

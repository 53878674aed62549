"""What is said of a run: kept, broken, or not to be told, because the machine was at its limit."""

from types import SimpleNamespace

import pytest

from acceptance.service_levels.levels import Distribution, Latency, Promise
from load.course import Course
from load.results import BEGUN, DOUBLED, LOST, SERVED, Results
from load.usage import Usage
from load.verdicts import Facts, exit_status, verdicts

TICKET = Promise("ticket", "A ticket is shown", "", "", "", 100, lambda _: None, counted="tickets")
TRADE = SimpleNamespace(
    promises=(TICKET,), counted="tickets", numbered=False, at_once=1, are_right="are as they were ordered"
)


def facts(results, stood_still):
    settings = SimpleNamespace(patience_seconds=5.0)
    options = SimpleNamespace(percent=95, find=False, run_seconds=20, stage_seconds=0, settings=settings)
    parts = {name: lambda: 0 for name in ("under_way", "begun", "next_stage", "why_missed")}
    course = Course(options, 1, 0, **parts)
    course.rate(0)
    course.rate(20)
    return Facts(TRADE, options, results, (), course, 1, 0.0, (), {}, Usage(), stood_still, None)


@pytest.fixture
def slow():
    results = Results(levels={TICKET.key: Distribution([Latency(300, 300)] * 20)})
    results.counts.update({BEGUN: 20, SERVED: 19, LOST: 1})
    return results


def words(found):
    return {verdict.key: verdict.word for verdict in verdicts(found)}


def test_a_slow_system_has_broken_its_promises(slow):
    found = facts(slow, stood_still=1.0)
    assert words(found) | {"ticket": "failed", "all-served": "failed"} == words(found)
    assert exit_status(found) == 1


def test_of_a_slow_machine_it_cannot_be_told(slow):
    found = facts(slow, stood_still=10.0)
    assert words(found) | {"ticket": "broken", "all-served": "broken", "run": "passed"} == words(found)
    assert "the machine or the embedded account was at its limit for 10 s of these 20 s" in verdicts(found)[0].message
    assert exit_status(found) == 2


def test_no_slowness_excuses_what_comes_twice(slow):
    slow.counts[DOUBLED] = 1
    assert words(facts(slow, stood_still=19.0))["nothing-doubled"] == "failed"

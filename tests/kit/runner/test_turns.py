"""In which order scenarios are handed out, and to whom."""

import pytest

from acceptance.runner.scenario_queue import ScenarioQueue, shuffled


def played(turns, *who):
    """Let these come one after another, each for another scenario, and end it before the next one comes."""
    got = []
    for one in who:
        got.append(turns.next(one))
        if got[-1]:
            turns.over()
    return got


def test_whoever_has_begun_a_group_goes_on_with_it():
    turns = ScenarioQueue([["a1", "a2"], ["b1", "b2"]])
    assert played(turns, "Ada", "Ben", "Ada", "Ben") == ["a1", "b1", "a2", "b2"]
    assert turns.all_begun


def test_whoever_has_finished_helps_where_most_is_left():
    turns = ScenarioQueue([["a1"], ["b1", "b2"], ["c1", "c2", "c3", "c4"]])
    assert played(turns, "Ada", "Ben", "Cleo", "Ada", "Ada") == ["a1", "b1", "c1", "c2", "c3"]


def test_what_is_kept_together_comes_first_and_nobody_helps_with_it():
    turns = ScenarioQueue([["b1"]], kept=[["a1", "a2", "a3"]])
    assert turns.most == 2
    assert played(turns, "Ada", "Ben", "Ben", "Ada", "Ben", "Ada") == ["a1", "b1", None, "a2", None, "a3"]
    assert turns.all_begun


def test_somebody_else_goes_on_with_it_when_who_has_begun_it_is_gone():
    turns = ScenarioQueue([["b1"]], kept=[["a1", "a2"]])
    assert played(turns, "Ada", "Ben", "Ben") == ["a1", "b1", None]
    turns.gone("Ada")
    assert played(turns, "Ben", "Ben") == ["a2", None]


def test_only_those_that_must_be_alone_are_left():
    turns = ScenarioQueue([["b1"]], ["z1"], kept=[["a1"]])
    assert not turns.only_alone_left
    played(turns, "Ada", "Ben")
    assert turns.only_alone_left


def test_each_is_handed_out_once():
    turns = ScenarioQueue([["a1", "a2", "a3"], ["b1"], []], ["z1", "z2"])
    got = played(turns, *("Ada", "Ben", "Cleo") * 4)
    assert sorted(filter(None, got)) == ["a1", "a2", "a3", "b1", "z1", "z2"]
    assert got[6:] == [None] * 6


def test_one_that_must_be_alone_waits_until_the_others_have_ended():
    turns = ScenarioQueue([["a1"], ["b1"]], ["z1", "z2"])
    assert [turns.next("Ada"), turns.next("Ben"), turns.next("Cleo")] == ["a1", "b1", None]
    turns.over()
    assert turns.next("Ada") is None
    assert not turns.all_begun
    turns.over()
    assert turns.next("Ada") == "z1"
    assert turns.next("Ben") is None
    turns.over()
    assert turns.next("Ben") == "z2"
    assert turns.all_begun


def test_after_a_stop_nothing_is_handed_out():
    turns = ScenarioQueue([["a1", "a2"]], ["z1"])
    turns.next("Ada")
    turns.stop()
    turns.over()
    assert turns.next("Ada") is None
    assert turns.all_begun


@pytest.mark.parametrize("seed", [0, 7, 123456])
def test_a_seed_is_an_order(seed):
    names = [str(number) for number in range(100)]
    assert shuffled(names, seed) == shuffled(names, seed)
    assert sorted(shuffled(names, seed)) == sorted(names)
    assert shuffled(names, seed) != names
    assert shuffled(names, seed) != shuffled(names, seed + 1)

"""The search for false alarms: it finds what is not green, and counts right."""

import re
import subprocess
import sys

import pytest

from trust.soak import __main__ as soak
from trust.soak.__main__ import slowed_down
from trust.soak.history import PAGE, Conditions, Round, add, page, read, summary, upper_bound

QUIET, RAIN = Conditions("none", 2, 0), Conditions("rain", 4, 8)


@pytest.mark.parametrize(("alarmed", "runs", "bound"), [(0, 100, 0.0295), (0, 10, 0.2589), (1, 100, 0.0466), (3, 3, 1)])
def test_bound_is_the_exact_binomial_one(alarmed, runs, bound):
    assert upper_bound(alarmed, runs) == pytest.approx(bound, abs=0.0001)


def test_without_an_alarm_it_is_the_rule_of_three():
    assert upper_bound(0, 300) == pytest.approx(3 / 300, rel=0.01)


def test_summary_counts_runs_scenarios_and_alarms():
    rounds = [Round(1, QUIET, 106, 40.0), Round(2, RAIN, 106, 41.0, ["one", "two"], ["three"])]
    assert summary(rounds).startswith("2 runs, 212 scenarios: 2 false alarms (failed) in 1 run, 1 scenario that could")


def test_what_could_not_be_checked_is_no_alarm():
    assert "at most 95.0 %" in summary([Round(1, RAIN, 106, 40.0, [], ["starved"])])


def test_history_holds_what_was_added(tmp_path):
    rounds = [Round(1, QUIET, 106, 40.0), Round(2, RAIN, 106, 41.0, ["one"], ["two ›"], "2026-11-28", "abc", "2", "3")]
    for one in rounds:
        add(one, tmp_path / "history.jsonl")
    assert read(tmp_path / "history.jsonl") == rounds
    assert read(tmp_path / "none.jsonl") == []


def test_page_is_that_of_the_history():
    assert PAGE.read_text(encoding="utf-8") == page(read())


def test_page_tells_of_each_run_and_of_what_was_not_green():
    told = page([Round(1, QUIET, 106, 60.0), Round(2, RAIN, 106, 120.0, ["A claim"], [], "2026-11-28", "abc")])
    assert "| rain | 8 | 1 | 106 | 1 | 0 | 2.0 |" in told
    assert "| 2 | 2026-11-28 | abc | rain | 4 | 8 | 0 | 106 | 1 failed | 2.0 |" in told
    assert "- seed 2, failed: A claim" in told


def test_a_seed_chooses_the_conditions_and_all_of_them_come():
    met = [soak.conditions_of(seed) for seed in range(100)]
    assert met == [soak.conditions_of(seed) for seed in range(100)]
    assert {one.weather for one in met} == {"none", "calm", "aws", "rain", "storm"}
    assert len({one.busy for one in met}) == 3


def test_every_function_is_slowed_down(tmp_path):
    template = slowed_down(tmp_path)
    functions = list(template.parent.glob("functions/*/app.py"))
    assert len(functions) >= 5
    for code in functions:
        text = code.read_text(encoding="utf-8")
        compile(text, code.name, "exec")
        assert text.count("def handler(") == 2


def test_arguments_for_behave_stay_as_they_were_given():
    assert soak.parted(["3", "--page", "--", "--name=Ada gets her drink"]) == (
        ["3", "--page"],
        ["--name=Ada gets her drink"],
    )
    assert soak.parted(["3"]) == (["3"], [])


def test_nothing_to_run_is_refused():
    done = subprocess.run([sys.executable, "-m", "trust.soak", "0"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert re.search("there is nothing to run", done.stderr)

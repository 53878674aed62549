"""The search for false alarms: it finds what is not green, and counts right."""

import re
import subprocess
import sys

import pytest

from trust.soak import __main__ as soak
from trust.soak.__main__ import Round, slowed_down, summary, upper_bound


@pytest.mark.parametrize(("alarmed", "runs", "bound"), [(0, 100, 0.0295), (0, 10, 0.2589), (1, 100, 0.0466), (3, 3, 1)])
def test_bound_is_the_exact_binomial_one(alarmed, runs, bound):
    assert upper_bound(alarmed, runs) == pytest.approx(bound, abs=0.0001)


def test_without_an_alarm_it_is_the_rule_of_three():
    assert upper_bound(0, 300) == pytest.approx(3 / 300, rel=0.01)


def test_summary_counts_runs_scenarios_and_alarms():
    rounds = [Round(1, 106, 40.0), Round(2, 106, 41.0, ["failed one", "broken two"])]
    assert summary(rounds).startswith("2 runs, 212 scenarios, 2 false alarms in 1 runs. With 95% confidence")


def test_every_function_is_slowed_down(tmp_path):
    template = slowed_down(tmp_path)
    functions = list(template.parent.glob("functions/*/app.py"))
    assert len(functions) >= 5
    for code in functions:
        text = code.read_text(encoding="utf-8")
        compile(text, code.name, "exec")
        assert text.count("def handler(") == 2


def test_arguments_for_behave_stay_as_they_were_given():
    assert soak.parted(["3", "--jobs", "2", "--", "--name=Ada gets her drink"]) == (
        ["3", "--jobs", "2"],
        ["--name=Ada gets her drink"],
    )
    assert soak.parted(["3"]) == (["3"], [])


@pytest.mark.parametrize("arguments", [["0"], ["1", "--jobs", "0"]])
def test_nothing_to_run_is_refused(arguments):
    done = subprocess.run([sys.executable, "-m", "trust.soak", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert re.search("there is nothing to run", done.stderr)

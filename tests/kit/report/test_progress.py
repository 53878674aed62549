"""What people see while a run is under way."""

import io
import os
import re
import subprocess
import sys
import unicodedata

import pytest
from places import ROOT

from acceptance.report.progress import time_taken
from acceptance.visible import printable

MIXED = """\
Feature: Ordering a drink
  Scenario: A drink is made
    Given it works
  Rule: Only what is on the menu
    Scenario: A drink off the menu is refused
      Given it works
      Then a promise is broken
    Scenario Outline: <who> waits
      Given it works for <who>
      Examples:
        | who |
        | Ada |
        | Ben |
    @called_off
    Scenario: later
      Given it works
"""


def test_a_line_for_each_scenario_with_its_number_among_those_selected(project):
    project.feature(MIXED)
    lines = project.run().output.splitlines()
    told = [re.sub(r"\(\d+\.\d s\)", "(t)", line) for line in lines if line.startswith("[")]
    assert told == [
        "[1/5] passed   Ordering a drink › A drink is made  (t)",
        "[2/5] failed   Ordering a drink › A drink off the menu is refused  (t)",
        "[3/5] passed   Ordering a drink › Ada waits  (t)",
        "[4/5] passed   Ordering a drink › Ben waits  (t)",
        "[5/5] skipped  Ordering a drink › later  (t)  there is no Kafka here",
    ]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.04, "0.0 s"), (59.94, "59.9 s"), (59.96, "1 min 0 s"), (179.6, "3 min 0 s"), (3599.7, "60 min 0 s")],
)
def test_no_time_has_sixty_seconds(seconds, told):
    assert time_taken(seconds) == told


def test_a_failure_is_explained_at_once_and_without_a_stack_trace(project):
    project.feature(MIXED)
    output = project.run().output
    after = output.split("A drink off the menu is refused", 1)[1].splitlines()[1:4]
    assert after[0].strip() == "Then a promise is broken  (features/cafe/ordering.feature:7)"
    assert [line.strip() for line in after[1:]] == ["Expected: an order", "but: there is none"]
    assert "Traceback" not in output
    assert 'File "steps/steps.py"' not in output


def test_each_step_that_failed_is_told_with_its_sentence(project):
    project.feature(
        "Feature: F\n  @after.raise\n  Scenario: one\n    Given the promises are judged apart\n"
        "    Then a promise is broken\n    And something else goes wrong\n    And it works\n"
    )
    output = project.run().output
    assert output.split("failed   F › one", 1)[1].split("\n\n", 1)[0].splitlines()[1:] == [
        "         Then a promise is broken  (features/cafe/ordering.feature:5)",
        "           Expected: an order",
        "                but: there is none",
        "         And something else goes wrong  (features/cafe/ordering.feature:6)",
        "           KeyError: 'order'",
        "           after_scenario: ValueError: no such house",
    ]


def test_a_stack_trace_is_there_for_the_asking(project):
    project.feature(MIXED)
    assert 'File "steps/steps.py"' in project.run("-D", "trace=yes").output


def test_a_terminal_that_knows_only_ascii_gets_ascii(project):
    project.feature(MIXED)
    ran = project.run(PYTHONIOENCODING="ascii")
    assert "[1/5] passed   Ordering a drink > A drink is made" in ran.output


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [("a › b", "utf-8", "a › b"), ("a › “é”", "ascii", 'a > "?"'), ("a › b", "no-such", "a > b")],
)
def test_what_cannot_be_printed_is_replaced(text, encoding, shown):
    assert printable(text, encoding) == shown


def shown_at_a_terminal(project, columns):
    """What a run of all features writes to a terminal that is so wide."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "behave"],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "COLUMNS": str(columns)},
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = io.BytesIO()
    try:
        while chunk := os.read(ours, 4096):
            shown.write(chunk)
    except OSError:  # Linux says so when the other end is closed.
        pass
    process.wait(timeout=30)
    os.close(ours)
    return shown.getvalue().decode()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a Unix thing")
def test_a_terminal_shows_what_is_running_and_rewrites_the_line(project):
    project.feature(MIXED)
    text = shown_at_a_terminal(project, 60)
    assert "\r\x1b[2K[2/5] running  Ordering a drink › A drink off the menu is …" in text
    assert "\r\x1b[2K[2/5] failed   Ordering a drink › A drink off the menu is refused" in text


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a Unix thing")
def test_signs_that_are_two_columns_wide_are_counted_as_two(project):
    project.feature("Feature: 注文\n  Scenario: メニューにない飲み物は断られる\n    Given it works\n")
    [running] = re.findall("(\\[1/1\\] running[^\r]*)", shown_at_a_terminal(project, 40))
    columns = sum(2 if unicodedata.east_asian_width(sign) == "W" else 1 for sign in running)
    assert running.endswith("…")
    assert 37 <= columns <= 39

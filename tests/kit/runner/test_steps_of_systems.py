"""Each system has sentences of its own: two of them may say the same, and only those that a run needs are loaded."""

import os
import subprocess
import sys

import pytest
from places import ROOT
from small_project import Ran

JOBS = pytest.mark.parametrize("jobs", [(), ("-j2",)], ids=["alone", "side by side"])
SYSTEM = """\
from acceptance.system import System

class House(System):
    name = "{name}"
    def bring_up(self): pass
    def scene(self): pass
"""
STEPS = """\
import pathlib

from behave import then, when
from helpers import DRINK

pathlib.Path("{name} is loaded").touch()

@when("{{who}} orders a drink")
def orders(context, who): context.got = DRINK

@when("{{who}} orders twice")
def orders_twice(context, who): context.execute_steps(f"When {{who}} orders a drink\\nAnd {{who}} orders a drink")

@then("it is {{drink}}")
def it_is(context, drink): assert context.got == drink, context.got

@then("the {name} house is closed")
def closed(context): pass
"""
FEATURE = """\
Feature: {name}

  @{name}
  Scenario: {name} is ordered
    When Ada orders a drink
    Then it is {name}

  Scenario: {name} is ordered by a step
    When Ada orders twice
    Then it is {name}
"""


class Houses:
    """A project about two installed systems: the steps of one are in the project, those of the other in its package."""

    def __init__(self, project):
        self.project, self.folder = project, project.folder
        for name in ("tea", "juice"):
            project.write(f"outside/{name}_house-1.0.dist-info/METADATA", f"Name: {name}-house\nVersion: 1.0\n")
            project.write(
                f"outside/{name}_house-1.0.dist-info/entry_points.txt",
                f"[acceptance.systems]\n{name} = {name}_house.system:House\n",
            )
            project.write(f"outside/{name}_house/__init__.py", "")
            project.write(f"outside/{name}_house/system.py", SYSTEM.format(name=name))
            project.write(f"features/{name}/{name}.feature", FEATURE.format(name=name))
            self.write(name, "more.py", STEPS.format(name=name))
            self.write(name, "helpers.py", f"DRINK = '{name}'\n")

    def write(self, system, name, text):
        """Write a file of a system's steps."""
        self.project.write(f"{'steps/tea' if system == 'tea' else 'outside/juice_house/steps'}/{name}", text)

    def run(self, *arguments):
        """Run in a new process: a warm one knows which packages were installed when it began."""
        path = os.pathsep.join([str(ROOT), str(self.folder / "outside")])
        done = subprocess.run(
            [sys.executable, "-m", "behave", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout, self.folder)

    def is_loaded(self, system):
        return (self.folder / f"{system} is loaded").exists()


@pytest.fixture
def houses(project):
    return Houses(project)


@JOBS
def test_two_systems_say_the_same_each_in_its_own_way(houses, jobs):
    ran = houses.run(*jobs)
    assert ran.status == 0, ran.output
    assert set(ran.verdicts().items()) == {
        (f"{name} is ordered{how}", "passed") for name in ("tea", "juice") for how in ("", " by a step")
    }


@JOBS
@pytest.mark.parametrize("wanted", [("features/tea",), ("--tags=@tea",)], ids=["path", "tag"])
def test_only_the_steps_of_a_selected_system_are_loaded(houses, jobs, wanted):
    ran = houses.run(*jobs, *wanted)
    assert ran.status == 0, ran.output
    assert houses.is_loaded("tea")
    assert not houses.is_loaded("juice")


@JOBS
def test_what_may_be_meant_is_a_sentence_of_the_same_system(houses, jobs):
    houses.project.feature("Feature: F\n  Scenario: one\n    Then the juice house is closd\n", "juice/more.feature")
    houses.project.feature("Feature: F\n  Scenario: two\n    Then the juice house is closed\n", "tea/more.feature")
    ran = houses.run(*jobs, "features/juice/more.feature", "features/tea/more.feature")
    assert ran.status == 1
    assert "“Then the juice house is closed”" in ran.message("one")
    assert "“Then the tea house is closed”" in ran.message("two")
    assert "juice house is closed”" not in ran.message("two")


def test_a_line_of_prose_is_no_step_of_another_system(houses):
    houses.write("juice", "prose.py", "from behave import when\n\n@when('Mo closes it')\ndef step(context): pass\n")
    for system in ("juice", "tea"):
        told = "Feature: F\n\n  Scenario: one\n    Mo closes it\n    When Ada orders a drink\n    Then it is tea\n"
        houses.project.feature(told, f"{system}/prose.feature")
    ran = houses.run("--dry-run")
    (said,) = [line for line in ran.output.splitlines() if "Mo closes it" in line]
    assert said.startswith("features/juice/prose.feature:4: ")


def test_a_sentence_for_all_systems_is_no_other_of_one_of_them(houses):
    houses.project.write("steps/all.py", "from behave import when\n\n@when('{who} orders a drink')\ndef s(*_): pass\n")
    ran = houses.run("features/juice")
    assert ran.status == 1
    (said,) = [line for line in ran.output.splitlines() if "There is such a sentence already" in line]
    assert said.startswith("outside/juice_house/steps/more.py:8: ")
    assert "steps/all.py:3" in said


def test_all_systems_share_the_sentences_at_the_top(houses):
    houses.project.feature("Feature: F\n  Scenario: one\n    Then it works\n", "juice/more.feature")
    houses.project.feature("Feature: F\n  Scenario: two\n    Then it works\n", "tea/more.feature")
    ran = houses.run("features/juice/more.feature", "features/tea/more.feature")
    assert ran.verdicts() == {"one": "passed", "two": "passed"}


@JOBS
@pytest.mark.parametrize("system", ["tea", "juice"])
def test_steps_that_cannot_be_loaded_are_told_with_their_place(houses, jobs, system):
    houses.write(system, "odd.py", "x = 1\ny = z\n")
    ran = houses.run(*jobs)
    place = "steps/tea" if system == "tea" else "outside/juice_house/steps"
    assert ran.status == 1
    assert (
        f"{place}/odd.py:2: This keeps the steps from being loaded: NameError: name 'z' is not defined." in ran.output
    )
    assert ran.results == []


def test_who_looks_at_the_steps_sees_those_of_all_systems(houses):
    shown = houses.run("--steps-catalog", "features/tea").output
    assert "Then the juice house is closed" in shown
    assert "Then the tea house is closed" in shown
    houses.run("--dry-run", "-f", "steps.usage", "-o", "usage.txt")
    usage = (houses.folder / "usage.txt").read_text(encoding="utf-8")
    (tea,) = [part for part in usage.split("\n\n") if "orders a drink" in part and "steps/tea/more.py" in part]
    assert "features/tea/tea.feature:5" in tea
    assert "features/juice/juice.feature" not in tea

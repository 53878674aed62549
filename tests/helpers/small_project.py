"""A small behave project in a temporary folder, run as people run it: in a process of its own."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import warm_behave
from places import ROOT

BEHAVE_INI = """\
[behave]
runner = acceptance.runner.side_by_side:SideBySide
paths = features
default_format = progress_line
format = allure_report
outfiles = reports/allure-results
show_skipped = false
color = off

[behave.formatters]
allure_report = acceptance.report.formatter:AllureReport
progress_line = acceptance.report.progress:ProgressLine
"""

STEPS = """\
import allure
from behave import step
from behave.api.pending_step import StepNotImplementedError

@step("it works")
def works(context): pass

@step("it works for {who}")
def works_for(context, who): pass

@step("a promise is broken")
def promise(context): assert 1 == 2, "Expected: an order\\n     but: there is none"

@step("a bare assertion fails")
def bare(context): assert 1 == 2

@step("something else goes wrong")
def wrong(context): raise KeyError("order")

@step("it is still to be done")
def pending(context): raise StepNotImplementedError("later")

@step("somebody presses Ctrl-C")
def interrupt(context): raise KeyboardInterrupt

@step("the process wants to leave")
def leave(context): raise SystemExit(3)

@step("it is called off because {reason}")
def skip(context, reason): context.scenario.skip(reason)

@step("the promises are judged apart")
def judged_apart(context): context.scenario.continue_after_failed_step = True

@step("the promises are judged together")
def judged_together(context): context.scenario.continue_after_failed_step = False

@step("something is attached")
def attach(context):
    with allure.step("looking closer"):
        allure.attach("text", "by the step")
"""

# Hooks do what a scenario's, a rule's or a feature's tags ask for.
ENVIRONMENT = """\
import pathlib

import allure
from acceptance.profile import Profile
from acceptance.profile.promises import Promises
from acceptance.profile.reading import read_profile
from acceptance.report import integrity
from acceptance.report.deviations import attach_deviations, known_deviations
from acceptance.report.run import Run, reported
from acceptance.trouble import Lost

def tamper(results, context): pass

def trouble(kind):
    if kind == "assert": raise AssertionError("the house is not in order")
    if kind == "raise": raise ValueError("no such house")
    if kind == "lost": raise Lost("The house has gone.")
    if kind == "interrupt": raise KeyboardInterrupt
    if kind == "exit": raise SystemExit("gone")

def asked(thing, when):
    for tag in getattr(thing, "tags", []):
        if tag.startswith(when + "."): trouble(tag.split(".")[1])

@reported
def before_all(context):
    profile = pathlib.Path("profile.yaml")
    if profile.exists():
        Run.of(context.config).promises = Promises([read_profile(profile, lambda system: Profile)])
    if Run.of(context.config).plays:
        context.add_cleanup(trouble, context.config.userdata.get("cleanup_all"))
        trouble(context.config.userdata.get("before_all"))

def before_feature(context, feature):
    asked(feature, "before_feature")
    if "cleanup_feature" in feature.tags: context.add_cleanup(trouble, "raise")
    if "skip_feature" in feature.tags: feature.skip("not today")

def after_feature(context, feature): asked(feature, "after_feature")

def before_rule(context, rule):
    asked(rule, "before_rule")
    if "cleanup_rule" in rule.tags: context.add_cleanup(trouble, "raise")

def after_rule(context, rule): asked(rule, "after_rule")

def before_tag(context, tag):
    if tag == "bad_tag": trouble("raise")

def after_tag(context, tag):
    if tag == "bad_end_of_tag": trouble("raise")

def before_step(context, step): asked(context.scenario, "before_step")

def after_step(context, step): asked(context.scenario, "after_step")

def before_scenario(context, scenario):
    allure.attach("text", "by before_scenario")
    asked(scenario, "before")
    if "cleanup.raise" in scenario.tags: context.add_cleanup(trouble, "raise")
    if "cleanup.assert" in scenario.tags: context.add_cleanup(trouble, "assert")
    if "called_off" in scenario.tags: scenario.skip("there is no Kafka here")

def after_scenario(context, scenario):
    with allure.step("afterwards"):
        allure.attach("text", "by after_scenario")
    asked(scenario, "after")

@reported
def after_all(context):
    if not Run.of(context.config).tells:
        return trouble(context.config.userdata.get("after_all_of_a_worker"))
    run = Run.of(context.config)
    attach_deviations(run, known_deviations(run.promises, run.outcomes.values()))
    tamper(pathlib.Path("reports/allure-results"), context)
    differences = integrity.check(context)
    pathlib.Path("differences.txt").write_text("\\n".join(differences), encoding="utf-8")
    assert not differences, "\\n".join(differences)
    trouble(context.config.userdata.get("after_all"))
"""

# A scenario for each way in which one can end.
EVERYTHING = """\
Feature: Ordering

  Scenario: all is well
    Given it works

  Scenario: a promise
    Given it works
    Then a promise is broken
    And it works

  Scenario: a bare assertion
    Then a bare assertion fails

  Scenario: an error
    Then something else goes wrong

  Scenario: an unwritten step
    Then nobody knows what this means

  Scenario: a pending step
    Then it is still to be done

  @called_off
  Scenario: called off by a hook
    Then it works

  Scenario: called off by a step
    Given it works
    When it is called off because the shop is shut
    Then it works

  @before.raise
  Scenario: before raises
    Then it works

  @before.assert
  Scenario: before asserts
    Then it works

  @after.raise
  Scenario: after raises
    Then it works

  @after.assert
  Scenario: after asserts
    Then it works

  @after.raise
  Scenario: a promise, and after raises
    Then a promise is broken

  @bad_tag
  Scenario: a tag hook raises
    Then it works

  @cleanup.raise
  Scenario: a cleanup raises
    Then it works

  @cleanup.assert
  Scenario: a cleanup asserts
    Then it works

  @before_step.raise
  Scenario: a hook raises before a step
    Then it works

  @after_step.assert
  Scenario: a hook asserts after a step
    Then it works

  @after.raise
  Scenario Outline: after raises for <who>
    Then it works for <who>
    Examples:
      | who |
      | Ada |

  Rule: A rule
    Background:
      Given it works for Ada

    @after.raise
    Scenario: after raises in a rule
      Then it works

    Scenario: a promise in a rule
      Then a promise is broken
"""


@dataclass
class Ran:
    """What a run left behind."""

    status: int
    output: str
    folder: Path

    @property
    def results(self):
        files = (self.folder / "reports" / "allure-results").glob("*-result.json")
        return [json.loads(path.read_text(encoding="utf-8")) for path in files]

    @property
    def differences(self):
        """What the check at the end of the run found."""
        return (self.folder / "differences.txt").read_text(encoding="utf-8").splitlines()

    def result(self, name):
        found = [result for result in self.results if result["name"] == name]
        assert len(found) == 1, f"{name}: {len(found)} of {sorted(r['name'] for r in self.results)}"
        return found[0]

    def verdict(self, name):
        return self.result(name)["status"]

    def message(self, name):
        return self.result(name).get("statusDetails", {}).get("message", "")

    def verdicts(self):
        return {result["name"]: result["status"] for result in self.results}

    def labels(self, name, kind):
        return sorted(label["value"] for label in self.result(name)["labels"] if label["name"] == kind)


class Project:
    """A behave project: write features into it, then run it."""

    def __init__(self, folder):
        self.folder = folder
        self.write("behave.ini", BEHAVE_INI)
        self.write("environment.py", ENVIRONMENT)
        self.write("steps/steps.py", STEPS)

    def write(self, path, text):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def feature(self, text, path="cafe/ordering.feature"):
        self.write(f"features/{path}", text)

    def tamper(self, code):
        """Do this to `results`, the folder, in after_all, before the report is compared with the run."""
        environment = (self.folder / "environment.py").read_text(encoding="utf-8")
        body = "\n".join(f"    {line}" for line in code.splitlines())
        tampering = f"import json, shutil\ndef tamper(results, context):\n{body}\n"
        self.write("environment.py", f"{environment}\n{tampering}")

    def run(self, *arguments, **variables):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables}
        status, output = warm_behave.run(self.folder, arguments, environment, 60)
        encoding = environment["PYTHONIOENCODING"].partition(":")[0]
        return Ran(status, output.decode(encoding), self.folder)

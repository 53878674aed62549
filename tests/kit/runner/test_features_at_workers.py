"""What a worker makes of a feature: each of its scenarios meets the same as when one process plays the whole file."""

import json

import pytest

pytestmark = pytest.mark.trust("workers")

ENVIRONMENT = """\
import pathlib

from acceptance.report import integrity
from acceptance.report.run import Run, reported

HOOKS = pathlib.Path("hooks.txt")


def note(*words):
    with HOOKS.open("a", encoding="utf-8") as hooks:
        hooks.write(" | ".join(map(str, words)) + "\\n")


@reported
def before_all(context): pass


def before_feature(context, feature):
    context.seen = [feature.name, feature.tags, feature.background is not None]
    if "skip_feature" in feature.tags: feature.skip("not today")


def before_rule(context, rule):
    context.seen = [*context.seen, rule.name, rule.tags, rule.feature.name]
    if "skip_rule" in rule.tags: rule.skip("not here")


def before_scenario(context, scenario):
    cells = scenario._row and scenario._row.cells
    tags, steps = sorted(scenario.effective_tags), [step.name for step in scenario.all_steps]
    parents = scenario.parent.name, scenario.parent.type, scenario.feature.name, len(context.feature.scenarios)
    note("before", scenario.name, scenario.line, scenario.filename, context.seen, cells, tags, steps, parents)
    if "skip_scenario" in scenario.tags: scenario.skip("called off")


def after_scenario(context, scenario): note("after", scenario.name, scenario.line, scenario.status.name)


def after_feature(context, feature): note("feature", feature.name, context.feature is feature)


@reported
def after_all(context):
    if Run.of(context.config).tells:
        assert integrity.check(context) == []
"""

STEPS = """

@step("a background of a feature")
def of_feature(context): context.backgrounds = ["feature"]

@step("a background of a rule")
def of_rule(context): context.backgrounds += ["rule"]

@step("there were the backgrounds {these}")
def were(context, these): assert ",".join(context.backgrounds) == these

@step("it is the example {value} of {text}")
def is_example(context, value, text):
    assert value == text == context.active_outline["who"]
    assert context.table is None or context.table.rows[0].cells == [value]
"""

FEATURE = """\
@of_feature
Feature: Many kinds
  Background:
    Given a background of a feature

  Scenario: twice
    Then there were the backgrounds feature
  Scenario: twice
    Then a promise is broken
  @skip_scenario
  Scenario: called off
    Then it works

  @of_outline
  Scenario Outline: example <who>
    Given it is the example <who> of <who>
    Then there were the backgrounds feature
    @first
    Examples: First
      | who |
      | Ada |
      | Bob |
    @second @kind.<kind>
    Examples: Second
      | kind | who |
      | a    | Ada |
      | b    | Cem |
    Examples:
      | who |
      | Cem |

  Scenario Outline: alike
    Given it is the example <who> of <who>
      | name  |
      | <who> |
    Examples:
      | who |
      | Ada |
      | Ada |

  @of_rule
  Rule: First
    Background:
      Given a background of a rule
    Scenario: twice
      Then there were the backgrounds feature,rule
    Scenario Outline: <who> in a rule
      Then there were the backgrounds feature,rule
      And a promise is broken
      @of_example
      Examples:
        | who |
        | Ada |
        | Bob |

  Rule: Second
    Scenario: twice
      Then there were the backgrounds feature
    Example: in the second rule
      Then something else goes wrong

  Rule: Second
    Scenario: twice
      Then there were the backgrounds feature

  @skip_rule
  Rule: Skipped
    Scenario: in a skipped rule
      Then it works
"""

SKIPPED = "@skip_feature\nFeature: Skipped\n  Scenario: in a skipped feature\n    Then it works\n"
GERMAN = """\
# language: de
Funktionalität: Deutsch
  Grundlage:
    Angenommen it works
  Szenariogrundriss: für <who>
    Dann it works for <who>
    Beispiele:
      | who  |
      | Änne |
"""


def told(ran, folder):
    """Everything that a run reports about its scenarios: results, calls of hooks, and calls of behave's formatters."""
    results = []
    for result in ran.results:
        labels = sorted(
            (one["name"], one["value"]) for one in result["labels"] if one["name"] not in ("thread", "host")
        )
        steps = [(step["name"], step["status"]) for step in result.get("steps", [])]
        message = result.get("statusDetails", {}).get("message")
        parameters = [(one["name"], one["value"]) for one in result.get("parameters", [])]
        names = result["fullName"], result["historyId"], result["status"]
        results.append((*names, message, steps, labels, sorted(parameters)))
    hooks = (folder / "hooks.txt").read_text(encoding="utf-8").splitlines()
    features = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    elements = [
        (feature["name"], element["name"], element["location"], element.get("status"), len(element["steps"]))
        for feature in features
        for element in feature.get("elements", [])
        if not element["name"].startswith("in a skipped ")  # the lead's formatters receive those, too
    ]
    told_hooks = sorted(line for line in hooks if not line.startswith("feature"))
    whole = {line for line in hooks if line.startswith("feature")}
    assert all(line.endswith("True") for line in whole)
    return {"status": ran.status, "results": sorted(results, key=str), "hooks": told_hooks, "elements": elements}


def line_of(text):
    return FEATURE.splitlines().index(text) + 1


SELECTIONS = {
    "everything": [],
    "tags": ["--tags=@first or @kind.a or @of_rule"],
    "names": ["--name=twice", "--name=Ada in a rule"],
    "line of the second of a name": [f"features/cafe/ordering.feature:{line_of('  Scenario: twice') + 2}"],
    "line of one row": [f"features/cafe/ordering.feature:{line_of('      | b    | Cem |')}"],
    "one file named twice": [
        f"features/cafe/ordering.feature:{line_of('  @of_outline') + 1}",
        "features/cafe/german.feature",
        f"features/cafe/ordering.feature:{line_of('    Example: in the second rule')}",
    ],
    "shuffled": ["-D", "shuffle=7"],
}


@pytest.mark.parametrize("arguments", SELECTIONS.values(), ids=SELECTIONS)
def test_each_scenario_meets_the_same_at_a_worker(shared_project, second_project, arguments):
    seen = []
    for project, jobs in ((shared_project, "1"), (second_project, "2")):
        project.write("environment.py", ENVIRONMENT)
        project.write("steps/kinds.py", STEPS)
        project.feature(FEATURE)
        project.feature(SKIPPED, "cafe/skipped.feature")
        project.feature(GERMAN, "cafe/german.feature")
        (project.folder / "hooks.txt").unlink(missing_ok=True)
        ran = project.run("-j", jobs, "-f", "json", "-o", "out.json", "-f", "progress_line", *arguments)
        assert "Traceback" not in ran.output
        seen.append(told(ran, project.folder))
    assert seen[0]["results"]
    for part in seen[0]:
        assert seen[0][part] == seen[1][part]

"""What a scenario's page says about its place, and which earlier files a run clears away."""

import pytest

FEATURE = """\
@critical @slow
Feature: Ordering a drink
  A café sells drinks.

  Scenario: outside
    Given it works

  @minor
  Rule: Only what is on the menu
    Mo writes the menu.

    Scenario: inside
      Given it works

    @blocker @allure.label.epic:Mornings @allure.issue:42
    Scenario: told by tags
      This one says more.

      Given it works
"""


@pytest.fixture(scope="module")
def ran(shared_project):
    shared_project.feature(FEATURE, "durable_orders/ordering.feature")
    shared_project.write("reports/allure-results/old-result.json", "{}")
    shared_project.write("reports/allure-results/environment.properties", "a=b")
    shared_project.write("reports/allure-results/notes.txt", "mine")
    return shared_project.run("-D", "AllureFormatter.issue_pattern=https://issues.example/{}")


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        ("outside", "epic", ["Durable orders"]),
        ("told by tags", "epic", ["Mornings"]),
        ("outside", "feature", ["Ordering a drink"]),
        ("outside", "story", []),
        ("inside", "story", ["Only what is on the menu"]),
        ("outside", "severity", ["critical"]),
        ("inside", "severity", ["minor"]),
        ("told by tags", "severity", ["blocker"]),
        ("inside", "tag", ["slow"]),
        ("inside", "framework", ["behave"]),
    ],
)
def test_a_label_comes_from_the_nearest_tag_or_the_place(ran, name, kind, values):
    assert ran.labels(name, kind) == values


def test_every_result_has_what_the_timeline_needs(ran):
    for result in ran.results:
        assert {"host", "thread", "language"} <= {label["name"] for label in result["labels"]}
        assert result["stop"] >= result["start"]


def test_a_description_holds_what_feature_rule_and_scenario_say(ran):
    told = ran.result("told by tags")["description"]
    assert told == "A café sells drinks.\n\nMo writes the menu.\n\nThis one says more."


def test_an_issue_is_linked(ran):
    assert ran.result("told by tags")["links"][0]["url"] == "https://issues.example/42"


def test_only_allures_own_files_are_cleared(ran):
    left = {path.name for path in (ran.folder / "reports/allure-results").iterdir()}
    assert "notes.txt" in left
    assert not left & {"old-result.json", "environment.properties"}


def test_a_dry_run_leaves_the_last_results_alone(project):
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n")
    assert not (project.run("--dry-run").folder / "reports").exists()
    project.run()
    ran = project.run("--dry-run")
    assert ran.verdicts() == {"one": "passed"}
    assert "[1/1] untested F › one" in ran.output

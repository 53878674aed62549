"""What a scenario's page says about its place, and which earlier files a run clears away."""

import os

import pytest

from acceptance.report.source_links import source_url

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
    ],
)
def test_a_label_comes_from_the_nearest_tag_or_the_place(ran, name, kind, values):
    assert ran.labels(name, kind) == values


def test_every_result_has_what_the_timeline_needs(ran):
    for result in ran.results:
        assert {"host", "thread"} <= {label["name"] for label in result["labels"]}
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


GITHUB = {"GITHUB_SERVER_URL": "https://git.example", "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee"}
GITLAB = {"CI_PROJECT_URL": "https://lab.example/a/b", "CI_COMMIT_SHA": "c0ffee"}


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        (GITHUB, "https://git.example/a/b/blob/c0ffee/features/a%20caf%C3%A9/x.feature#L7"),
        (GITLAB, "https://lab.example/a/b/-/blob/c0ffee/features/a%20caf%C3%A9/x.feature#L7"),
        ({**GITHUB, "GITHUB_SHA": ""}, ""),
        ({}, ""),
    ],
)
def test_a_scenario_is_linked_to_its_line_where_a_pipeline_tells_the_repository(variables, url):
    assert source_url("features/a café/x.feature", 7, variables) == url


def test_a_path_that_is_no_text_is_linked_by_its_bytes():
    assert source_url(os.fsdecode(b"caf\xe9.feature"), 7, GITHUB).endswith("/c0ffee/caf%E9.feature#L7")


def test_the_link_stands_on_the_scenarios_page(project):
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n")
    [link] = project.run(**GITHUB).result("one")["links"]
    assert (link["name"], link["url"].rpartition("#")[2]) == ("features/cafe/ordering.feature:2", "L2")

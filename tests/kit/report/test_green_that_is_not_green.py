"""What plain allure-behave reports as green, or not at all, and what ours says instead."""

import json
import re

import pytest

TWO = "Feature: {name}\n  Scenario: one\n    Given it works\n  Scenario: two\n    Given it works\n"


def test_scenarios_inside_a_rule_are_reported_and_can_attach(project):
    project.feature(
        "Feature: F\n  Background:\n    Given it works\n"
        "  Rule: R\n    Scenario: one\n      Given something is attached\n"
        "    Scenario Outline: an order of <drink>\n      Given it works for <who>\n"
        "      Examples:\n        | drink | who |\n        | tea | Ada |\n        | tea | Ben |\n"
    )
    ran = project.run()
    assert ran.status == 0, ran.output
    assert ran.verdicts() == {
        "one": "passed",
        "an order of tea (drink: tea, who: Ada)": "passed",
        "an order of tea (drink: tea, who: Ben)": "passed",
    }
    one = ran.result("one")
    assert [step["name"] for step in one["steps"]] == [
        "Given it works",
        "Given something is attached",
        "afterwards",
    ]
    assert [a["name"] for a in one["attachments"]] == ["by before_scenario"]
    assert [a["name"] for a in one["steps"][1]["steps"][0]["attachments"]] == ["by the step"]
    assert [a["name"] for a in one["steps"][2]["attachments"]] == ["by after_scenario"]
    cells = ran.result("an order of tea (drink: tea, who: Ben)")["parameters"]
    assert [(cell["name"], cell["value"]) for cell in cells] == [("drink", "tea"), ("who", "Ben")]


@pytest.mark.parametrize("hook", ["before_all", "before_feature", "after_feature", "after_all"])
def test_what_is_attached_outside_scenarios_belongs_to_the_run_and_does_no_harm(project, hook):
    environment = (project.folder / "environment.py").read_text(encoding="utf-8")
    begun = re.search(rf"def {hook}\(.*\):", environment).group(0)
    project.write("environment.py", environment.replace(begun, f"{begun}\n    allure.attach('text', 'the log')\n   "))
    project.feature("Feature: F\n" + _later())
    ran = project.run()
    assert ran.status == 0, ran.output
    (kept,) = (project.folder / "reports" / "allure-results").glob("*-globals.json")
    assert [a["name"] for a in json.loads(kept.read_text(encoding="utf-8"))["attachments"]] == ["the log"]


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        *((tag, "broken") for tag in ("before.raise", "after.raise", "cleanup.raise", "before_step.raise")),
        *((tag, "broken") for tag in ("after_step.raise", "bad_tag", "bad_end_of_tag")),
        *((tag, "failed") for tag in ("before.assert", "after.assert", "cleanup.assert", "after_step.assert")),
    ],
)
def test_a_failing_hook_or_cleanup_is_neither_skipped_nor_passed(project, tag, word):
    project.feature(
        f"Feature: F\n  @{tag}\n  Scenario: one\n    Given it works\n"
        f"  @{tag}\n  Scenario Outline: for <who>\n    Given it works for <who>\n"
        "    Examples:\n      | who |\n      | Ada |\n"
        "  Rule: R\n    Background:\n      Given it works for Ben\n"
        f"    @{tag}\n    Scenario: in a rule\n      Given it works\n    Scenario: next\n      Given it works\n"
    )
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {"one": word, "for Ada": word, "in a rule": word, "next": "passed"}
    assert all("house" in ran.message(name) for name in ("one", "for Ada", "in a rule"))
    assert ran.differences == []


def test_a_background_that_fails_fails_every_scenario_of_its_rule_and_no_other(project):
    project.feature(
        "Feature: F\n  Rule: R\n    Background:\n      When a promise is broken\n"
        "    Scenario: one\n      Then it works\n    Scenario: two\n      Then it works\n"
        "  Rule: S\n    Scenario: three\n      Then it works\n"
    )
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {"one": "failed", "two": "failed", "three": "passed"}
    steps = [(step["name"], step["status"]) for step in ran.result("two")["steps"]]
    assert steps[:2] == [("When a promise is broken", "failed"), ("Then it works", "skipped")]
    assert ran.differences == []


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("before_feature.raise", "Not run: before_feature: ValueError: no such house"),
        ("before_feature.assert", "Not run: before_feature: the house is not in order"),
        ("bad_tag", "Not run: before_tag(tag=bad_tag): ValueError: no such house"),
    ],
)
def test_before_feature_raising_breaks_every_scenario_of_that_feature(project, tag, message):
    project.feature(f"@{tag}\n" + TWO.format(name="F"))
    project.feature("Feature: G\n  Scenario: three\n    Given it works\n", "cafe/other.feature")
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {"one": "broken", "two": "broken", "three": "passed"}
    assert ran.message("one") == message
    assert ran.differences == []


@pytest.mark.parametrize("kind", ["interrupt", "exit"])
def test_before_feature_ending_the_run_breaks_all_that_would_follow(project, kind):
    project.feature(f"@before_feature.{kind}\n" + TWO.format(name="F"))
    project.feature("Feature: G\n  Scenario: three\n    Given it works\n", "cafe/other.feature")
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {"one": "broken", "two": "broken", "three": "broken"}
    assert ran.differences == []


@pytest.mark.parametrize("tag", ["before_rule.raise", "bad_tag"])
def test_before_rule_raising_breaks_the_scenarios_of_that_rule(project, tag):
    project.feature(
        "Feature: F\n  Scenario: outside\n    Given it works\n"
        f"  @{tag}\n  Rule: R\n    Scenario: inside\n      Given it works\n"
        "    Scenario Outline: for <who>\n      Given it works for <who>\n"
        "      Examples:\n        | who |\n        | Ada |\n"
    )
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {"outside": "passed", "inside": "broken", "for Ada": "broken"}
    assert ran.message("inside").startswith("Not run: before_")
    assert ran.message("inside").endswith(": ValueError: no such house")
    assert ran.differences == []


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("raise", "Not run: before_all: ValueError: no such house"),
        ("exit", "Not run: before_all: SystemExit: gone"),
        ("interrupt", "Not run: the run was interrupted."),
    ],
)
def test_before_all_raising_breaks_every_scenario(project, kind, message):
    project.feature(TWO.format(name="F"))
    ran = project.run("-D", f"before_all={kind}")
    assert ran.status == 1
    assert ran.verdicts() == {"one": "broken", "two": "broken"}
    assert ran.message("one") == message
    assert f"2 scenarios: {message}" in ran.output
    assert ran.differences == []


def test_two_files_with_the_same_names_stay_apart(project):
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n", "a/same.feature")
    project.feature(
        "Feature: F\n  Scenario: one\n    Given it works\n"
        "  Rule: R\n    Scenario: one\n      Given it works\n"
        "  Rule: S\n    Scenario: one\n      Given it works\n",
        "b/same.feature",
    )
    first = {result["fullName"]: result["historyId"] for result in project.run().results}
    assert len(set(first.values())) == 4
    assert "features/b/same.feature: R: one" in first
    project.feature("# a line more\n\nFeature: F\n  Scenario: one\n    Given it works\n", "a/same.feature")
    assert first == {result["fullName"]: result["historyId"] for result in project.run().results}


def test_two_equal_examples_stay_apart(project):
    project.feature(
        "Feature: F\n  Scenario Outline: for <who>\n    Given it works for <who>\n"
        "    Examples:\n      | who |\n      | Ada |\n      | Ada |\n"
    )
    ran = project.run()
    assert set(ran.verdicts()) == {"for Ada", "for Ada [2]"}
    assert len({result["historyId"] for result in ran.results}) == 2


@pytest.mark.parametrize(
    "selection",
    [["features/cafe/ordering.feature:4"], ["--name", "two"], ["--tags", "not @first"]],
    ids=["line", "name", "tags"],
)
@pytest.mark.parametrize("skipped", ["--no-skipped", "--show-skipped"])
def test_what_is_not_selected_is_not_reported(project, selection, skipped):
    project.feature("Feature: F\n  @first\n  Scenario: one\n  Scenario: two\n    Given it works\n")
    ran = project.run(*selection, skipped)
    assert ran.status == 0, ran.output
    assert ran.verdicts() == {"two": "passed"}
    assert "[1/1] passed   F › two" in ran.output


def test_a_rerun_by_line_into_the_same_folder_leaves_only_what_it_ran(project):
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n  Scenario: two\n    Given it works\n")
    first = project.run()
    assert first.verdicts() == {"one": "passed", "two": "passed"}
    history = first.result("two")["historyId"]
    again = project.run("features/cafe/ordering.feature:4", "--show-skipped")
    assert again.verdicts() == {"two": "passed"}
    assert again.result("two")["historyId"] == history
    assert again.differences == []


def test_a_file_that_is_named_again_after_another_is_reported_in_both_its_parts(project):
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n  Scenario: two\n    When a promise is broken\n")
    project.feature("Feature: G\n  Scenario: three\n    Given it works\n", "cafe/other.feature")
    parts = [f"features/cafe/{part}" for part in ("ordering.feature:2", "other.feature:2", "ordering.feature:4")]
    ran = project.run(*parts)
    assert ran.status == 1
    assert ran.verdicts() == {"one": "passed", "two": "failed", "three": "passed"}
    assert ran.differences == []
    assert "3 scenarios: 2 passed, 1 failed" in ran.output


def test_a_scenario_that_would_run_twice_is_refused_before_the_run(project):
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n")
    project.feature("Feature: G\n  Scenario: three\n    Given it works\n", "cafe/other.feature")
    ordering = "features/cafe/ordering.feature"
    ran = project.run(ordering, "features/cafe/other.feature", ordering)
    assert ran.status == 1
    assert f"{ordering}: one: It was named 2 times: name it once." in ran.output
    assert ran.results == []


@pytest.mark.parametrize(
    "formatter", ["progress_line", "progress", "progress2", "progress3", "pretty", "plain", "json"]
)
def test_a_failing_cleanup_does_not_stop_the_progress(project, formatter):
    project.feature(
        "Feature: F\n  @cleanup.raise\n  Scenario: one\n    Given it works\n  Scenario: two\n    Given it works\n"
    )
    ran = project.run("-f", formatter)
    assert ran.status == 1
    assert ran.verdicts() == {"one": "broken", "two": "passed"}
    assert ran.differences == []
    assert formatter != "progress_line" or "[2/2] passed   F › two" in ran.output


def test_ctrl_c_breaks_what_is_under_way_and_all_that_would_follow(project):
    project.feature(
        "Feature: F\n  Scenario: before\n    Given it works\n"
        "  Scenario: under way\n    When somebody presses Ctrl-C\n  Scenario: after\n    Given it works\n"
    )
    project.feature("Feature: G\n  Scenario: later\n    Given it works\n", "cafe/z.feature")
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {
        "before": "passed",
        "under way": "broken",
        "after": "broken",
        "later": "broken",
    }
    assert ran.message("under way") == "interrupted"
    assert ran.message("later") == "Not run: the run was interrupted."


@pytest.mark.parametrize("tag", ["before.interrupt", "before_step.interrupt", "after_step.exit", "after.interrupt"])
def test_an_interrupted_hook_breaks_its_scenario(project, tag):
    project.feature(f"Feature: F\n  @{tag}\n" + TWO.format(name="F").split("\n", 1)[1])
    ran = project.run()
    assert ran.status == 1
    assert (ran.message("one"), ran.verdict("two")) == ("interrupted", "broken")


def test_what_kills_behave_itself_still_leaves_a_report(project):
    project.feature(
        "Feature: F\n  Scenario: leaving\n    When the process wants to leave\n    Then it works\n"
        "  Scenario: after\n    Given it works\n"
    )
    ran = project.run()
    assert ran.status != 0
    assert ran.verdicts() == {"leaving": "broken", "after": "broken"}
    assert "SystemExit: 3" in ran.message("leaving")
    assert "SystemExit: 3" in ran.message("after")


def test_stopping_at_the_first_failure_says_so_on_the_rest(project):
    project.feature("Feature: F\n  Scenario: bad\n    When a promise is broken\n" + _later())
    ran = project.run("--stop")
    assert ran.verdicts() == {"bad": "failed", "later": "skipped"}
    assert "--stop" in ran.message("later")
    assert ran.differences == []


@pytest.mark.parametrize(
    ("tag", "where", "verdict"),
    [
        ("after_feature.raise", "After the feature “F”", "broken"),
        ("after_feature.assert", "After the feature “F”", "failed"),
        ("bad_end_of_tag", "After the feature “F”", "broken"),
        ("cleanup_feature", "Tidying up after the feature “F”", "broken"),
    ],
)
def test_trouble_after_a_feature_has_a_result_of_its_own(project, tag, where, verdict):
    project.feature(f"@{tag}\nFeature: F\n" + _later())
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {"later": "passed", where: verdict}
    assert "house" in ran.message(where)
    assert ran.differences == []


@pytest.mark.parametrize(
    ("tag", "where", "verdict"),
    [
        ("after_rule.raise", "After the rule “{}”", "broken"),
        ("after_rule.assert", "After the rule “{}”", "failed"),
        ("bad_end_of_tag", "After the rule “{}”", "broken"),
        ("cleanup_rule", "Tidying up after the rule “{}”", "broken"),
    ],
)
def test_trouble_after_a_rule_has_a_result_of_its_own(project, tag, where, verdict):
    project.feature(
        f"Feature: F\n  @{tag}\n  Rule: R\n    Scenario: one\n      Given it works\n"
        f"  @{tag}\n  Rule: S\n    Scenario: two\n      Given it works\n"
    )
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {
        "one": "passed",
        "two": "passed",
        where.format("R"): verdict,
        where.format("S"): verdict,
    }
    assert len({result["historyId"] for result in ran.results}) == 4, "Allure would show one with a retry"
    assert ran.differences == []


@pytest.mark.parametrize(
    ("setting", "where"), [("after_all=raise", "after_all"), ("cleanup_all=raise", "Tidying up after the run")]
)
def test_trouble_at_the_very_end_has_a_result_of_its_own(project, setting, where):
    project.feature("Feature: F\n" + _later())
    ran = project.run("-D", setting)
    assert ran.status == 1
    assert ran.verdicts() == {"later": "passed", where: "broken"}
    assert ran.message(where) == "ValueError: no such house"


def test_an_outline_whose_table_is_changed_on_the_way_is_reported_row_by_row(project):
    environment = (project.folder / "environment.py").read_text(encoding="utf-8")
    change = (
        "def before_feature(context, feature):\n"
        "    for examples in feature.scenarios[0].examples: examples.table.add_row(['Ben'])\n"
    )
    project.write("environment.py", environment.replace("def before_feature(context, feature):\n", change))
    project.feature(
        "Feature: F\n  Scenario Outline: for <who>\n    Given it works for <who>\n    When a promise is broken\n"
        "    Examples:\n      | who |\n      | Ada |\n"
    )
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {"for Ada": "failed", "for Ben": "failed"}
    assert ran.differences == []


def test_a_skipped_feature_says_why_on_each_scenario(project):
    project.feature("@skip_feature\n" + TWO.format(name="F"))
    ran = project.run()
    assert ran.verdicts() == {"one": "skipped", "two": "skipped"}
    assert ran.message("one") == "not today"


def _later():
    return "  Scenario: later\n    Given it works\n"


def test_an_environment_that_does_not_hand_over_still_gets_a_true_report(project):
    environment = (project.folder / "environment.py").read_text(encoding="utf-8")
    project.write("environment.py", environment.replace("@reported\n", ""))
    project.feature(TWO.format(name="F"))
    ran = project.run("-D", "before_all=raise")
    assert ran.status == 1
    assert ran.verdicts() == {"one": "broken", "two": "broken"}
    assert ran.message("one") == "Not run: the run ended before its turn; the console says why."
    assert "[1/2] passed   F › one" in project.run().output

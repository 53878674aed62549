"""What plain allure-behave reports as green, or not at all, and what ours says instead."""

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


@pytest.mark.parametrize("hook", ["before_scenario", "after_scenario", "cleanup"])
def test_a_failing_hook_or_cleanup_is_neither_skipped_nor_passed(project, hook):
    tag = {"before_scenario": "before.raise", "after_scenario": "after.raise", "cleanup": "cleanup.raise"}
    project.feature(f"Feature: F\n  @{tag[hook]}\n  Scenario: one\n    Given it works\n")
    ran = project.run()
    assert ran.status == 1
    assert ran.verdict("one") == "broken"
    assert "no such house" in ran.message("one")


@pytest.mark.parametrize("kind", ["raise", "assert"])
def test_before_feature_raising_breaks_every_scenario_of_that_feature(project, kind):
    project.feature(f"@before_feature.{kind}\n" + TWO.format(name="F"))
    project.feature("Feature: G\n  Scenario: three\n    Given it works\n", "cafe/other.feature")
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {"one": "broken", "two": "broken", "three": "passed"}
    assert ran.message("one").startswith("Not run: before_feature: ")
    assert ran.differences == []


def test_before_rule_raising_breaks_the_scenarios_of_that_rule(project):
    project.feature(
        "Feature: F\n  Scenario: outside\n    Given it works\n"
        "  @before_rule.raise\n  Rule: R\n    Scenario: inside\n      Given it works\n"
    )
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {"outside": "passed", "inside": "broken"}
    assert ran.message("inside") == "Not run: before_rule: ValueError: no such house"


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


def test_a_failing_cleanup_does_not_stop_the_progress(project):
    project.feature(
        "Feature: F\n  @cleanup.raise\n  Scenario: one\n    Given it works\n  Scenario: two\n    Given it works\n"
    )
    ran = project.run()
    assert "[1/2] broken   F › one" in ran.output
    assert "[2/2] passed   F › two" in ran.output


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


def test_an_interrupted_hook_breaks_its_scenario(project):
    project.feature("Feature: F\n  @before.interrupt\n" + TWO.format(name="F").split("\n", 1)[1])
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
    project.feature("Feature: F\n  Scenario: bad\n    Given a promise is broken\n" + _later())
    ran = project.run("--stop")
    assert ran.verdicts() == {"bad": "failed", "later": "skipped"}
    assert "--stop" in ran.message("later")
    assert ran.differences == []


@pytest.mark.parametrize("tag", ["after_feature.raise", "cleanup_feature"])
def test_trouble_after_a_feature_has_a_result_of_its_own(project, tag):
    project.feature(f"@{tag}\nFeature: F\n" + _later())
    ran = project.run()
    assert ran.status == 1
    assert sorted(ran.verdicts().values()) == ["broken", "passed"]
    assert ran.differences == []


def test_trouble_at_the_very_end_has_a_result_of_its_own(project):
    project.feature("Feature: F\n" + _later())
    ran = project.run("-D", "after_all=raise")
    assert ran.status == 1
    assert ran.verdicts() == {"later": "passed", "after_all": "broken"}
    assert ran.message("after_all") == "ValueError: no such house"


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
    assert "[1/2] passed   F › one" in project.run().output
    ran = project.run("-D", "before_all=raise")
    assert ran.status == 1
    assert ran.verdicts() == {"one": "broken", "two": "broken"}
    assert ran.message("one") == "Not run: the run ended before its turn; the console says why."

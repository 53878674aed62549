"""A promise that is broken in a Given: its scenario could not be checked, and the one that checks it fails."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

PAIR = """\
Feature: Orders
  Scenario: an order is made
    When it works
    Then a promise is broken
  Scenario: an order is paid
    Given a promise is broken
    When it works
  Scenario: an order is served
    Given it works
    And a promise is broken
    Then it works
"""
ALONE = """\
Feature: Orders
  Scenario: an order is paid
    Given a promise is broken
    When it works
  Scenario: an order is served
    Given a promise is broken
  Scenario: all is well
    Then it works
"""
MESSAGE = "Expected: an order\n     but: there is none"
CHECKED = "“Orders › an order is made” checks this, and failed."


@pytest.fixture(scope="module", params=[(), ("-j2",)], ids=["alone", "side by side"])
def pair(request, shared_project):
    shared_project.feature(PAIR)
    return shared_project.run(*request.param, "--junit", "-f", "json", "-o", "told.json", "-f", "progress_line")


@pytest.fixture(scope="module")
def alone(second_project):
    second_project.feature(ALONE)
    return second_project.run()


class TestWhereAnotherScenarioChecksIt:
    def test_only_that_one_fails(self, pair):
        assert pair.verdicts() == {
            "an order is made": "failed",
            "an order is paid": "broken",
            "an order is served": "broken",
        }
        assert (pair.status, pair.differences) == (1, [])

    def test_the_message_says_what_could_not_be_checked_and_who_checks_it(self, pair):
        assert pair.message("an order is paid") == (
            f"Could not be checked: Given a promise is broken\n{MESSAGE}\n{CHECKED}"
        )
        assert pair.message("an order is served").startswith("Could not be checked: And a promise is broken\n")

    def test_all_of_them_have_one_cause(self, pair):
        causes = {tuple(pair.labels(name, "cause")) for name in pair.verdicts()}
        assert causes == {("Expected: an order but: there is none",)}

    def test_junit_and_behaves_formatters_call_it_an_error(self, pair):
        (file,) = (pair.folder / "reports").glob("TESTS-*.xml")
        cases = {case.get("name"): case for case in ElementTree.parse(file).getroot()}  # noqa: S314 - our own
        assert cases["an order is made"][0].tag == "failure"
        assert cases["an order is paid"][0].tag == "error"
        (feature,) = json.loads((pair.folder / "told.json").read_text(encoding="utf-8"))
        assert [one["status"] for one in feature["elements"]] == ["failed", "error", "error"]

    def test_the_console_tells_the_reason_once_and_lists_the_scenarios_of_the_cause(self, pair):
        assert pair.output.count("           Expected: an order\n                but: there is none") == 1
        assert "           as in [" in pair.output
        summary = pair.output.partition("\nExpected: an order but: there is none\n")[2].splitlines()
        assert [line.split()[0] for line in summary[:3]] == ["failed", "broken", "broken"]


class TestWhereNoneDoes:
    def test_the_promise_is_not_lost(self, alone):
        assert alone.status == 1
        assert alone.verdicts() == {
            "an order is paid": "broken",
            "an order is served": "broken",
            "all is well": "passed",
            "Broken in a Given: a promise is broken": "failed",
        }
        assert alone.message("Broken in a Given: a promise is broken") == (
            f"{MESSAGE}\nThis is a Given of 2 scenarios, and no scenario that checks it has failed."
        )

    def test_the_scenarios_say_so(self, alone):
        assert alone.message("an order is paid").endswith(
            "No scenario that checks this has failed, so the promise counts as broken by itself."
        )

    def test_one_that_says_the_same_and_passed_is_named(self, project):
        project.write(
            "steps/flaky.py",
            "from behave import step\nsay = []\n@step('it is sometimes so')\n"
            "def sometimes(context):\n    say.append(1)\n    assert len(say) > 1, 'not so'\n",
        )
        project.feature(
            "Feature: F\n  Scenario: first\n    Given it is sometimes so\n"
            "  Scenario: second\n    Then it is sometimes so\n"
        )
        ran = project.run()
        assert ran.verdicts() == {
            "first": "broken",
            "second": "passed",
            "Broken in a Given: it is sometimes so": "failed",
        }
        assert "has failed: “F › second”, which says the same, passed." in ran.message(
            "Broken in a Given: it is sometimes so"
        )


class TestInARerun:
    def test_what_holds_by_now_counts_no_longer(self, project):
        project.feature(ALONE)
        project.run("-f", "rerun", "-o", "rerun.txt", "-f", "progress_line")
        steps = (project.folder / "steps/steps.py").read_text(encoding="utf-8")
        project.write("steps/steps.py", steps.replace("assert 1 == 2, ", "assert 1 == 1, "))
        again = project.run("@rerun.txt")
        assert (again.status, again.differences) == (0, [])
        assert "Broken in a Given: a promise is broken" not in {result["name"] for result in again.results}


class TestWhatElseGoesWrongBeside:
    @pytest.fixture
    def ran(self, project):
        project.feature(
            "Feature: F\n  @after.assert\n  Scenario: a hook asserts\n    Given a promise is broken\n"
            "  Scenario: it cannot be known\n    Given something else goes wrong\n"
        )
        return project.run()

    def test_it_was_not_checked_all_the_same(self, ran):
        assert ran.verdict("a hook asserts") == "broken"
        assert "the house is not in order" in ran.message("a hook asserts")
        # What cannot be known breaks no promise.
        assert ran.verdict("it cannot be known") == "broken"
        assert not [name for name in ran.verdicts() if "something else goes wrong" in name]

"""A failure that is as its deviation says is neither passed nor failed, and excuses nothing else."""

import json
import xml.etree.ElementTree as ElementTree

import pytest
import rendered

from acceptance.report import render
from acceptance.report.deviations import gone

pytestmark = pytest.mark.trust("gate")

STEPS = """\
from behave import step

@step("every promise is judged")
def every(context): context.scenario.continue_after_failed_step = True

@step("another promise is broken")
def another(context): assert 1 == 2, "Expected: one order\\n     but: there are 2 (last event: 17)"
"""
FEATURE = """\
Feature: Ordering a drink
  Rule: Only what is on the menu
    Scenario: known
      When a promise is broken
      And it works
    Scenario: known twice
      Given every promise is judged
      Then a promise is broken
      And another promise is broken
    Scenario: known, but it failed otherwise
      When a bare assertion fails
    Scenario: not known, but it failed alike
      When a promise is broken
    Scenario: known, but it passed
      Given it works
    Scenario: known, but it could not be checked
      Given something else goes wrong
    @after.raise
    Scenario: known, and a hook failed
      When a promise is broken
    @after.assert
    Scenario: known, and a hook failed alike
      Given it works
    @cleanup.raise
    Scenario: known, and tidying up failed
      When a promise is broken
    Scenario: known, and another promise was broken
      Given every promise is judged
      Then a promise is broken
      And a bare assertion fails
    Scenario: known, and something could not be checked
      Given every promise is judged
      Then a promise is broken
      And something else goes wrong
    Scenario: known until lately
      When a promise is broken
    Scenario Outline: known of each
      When a promise is broken
      And it works for <who>
      Examples:
        | who |
        | Ada |
        | Ben |
    Scenario Outline: known of one
      When a promise is broken
      And it works for <who>
      Examples:
        | who |
        | Ada |
        | Ben |
    @spa
    Scenario: not promised
      Given something else goes wrong
"""
DEVIATING = [
    "known",
    "known of each (who: Ada)",
    "known of each (who: Ben)",
    "known of one (who: Ben)",
    "known twice",
]
FAILED = [
    "known of one (who: Ada)",
    "known until lately",
    "known, and a hook failed",
    "known, and a hook failed alike",
    "known, and another promise was broken",
    "known, and something could not be checked",
    "known, and tidying up failed",
    "known, but it failed otherwise",
    "not known, but it failed alike",
]
ISSUE = "https://tracker.example/browse/CAFE-7"


def entry(scenario, message="Expected: an order but: … none", until="2999-12-31"):
    name = json.dumps(f"Ordering a drink › {scenario}", ensure_ascii=False)
    return (
        f"  - scenario: {name}\n    message: '{message}'\n    reason: Orders get lost.\n"
        f"    until: {until}\n    issue: {ISSUE}\n"
    )


PROFILE = "system: cafe\nnot_made:\n  - {promise: '@spa', reason: There is no spa.}\ndeviations:\n" + "".join(
    [
        entry("known"),
        entry("Only what is on the menu › known twice"),
        entry("known twice", "there are … (last event"),
        entry("known, but it failed otherwise"),
        entry("known, but it passed"),
        entry("known, but it could not be checked", "order"),
        entry("known, and a hook failed"),
        entry("known, and a hook failed alike", "the house is not in order"),
        entry("known, and tidying up failed"),
        entry("known, and another promise was broken"),
        entry("known, and something could not be checked"),
        entry("known, and something could not be checked", "KeyError"),
        entry("known until lately", until="2020-02-29"),
        entry("known of each"),
        entry("known of one (who: Ben)"),
    ]
)


@pytest.fixture(scope="module")
def project(shared_project):
    shared_project.write("steps/more_steps.py", STEPS)
    shared_project.write("profile.yaml", PROFILE)
    shared_project.feature(FEATURE)
    return shared_project


@pytest.fixture(scope="module", params=[(), ("-j2",)], ids=["alone", "side by side"])
def ran(request, project):
    return project.run(*request.param, "--junit", "-f", "json", "-o", "told.json", "-f", "rerun", "-o", "rerun.txt")


@pytest.fixture(scope="module")
def only_known(second_project):
    second_project.write("steps/more_steps.py", STEPS)
    second_project.write("profile.yaml", PROFILE)
    second_project.feature(FEATURE)
    return second_project.run("-n", "known$", "-n", "known twice", "-n", "it passed", "-n", "not promised", "--summary")


class TestInTheResults:
    def test_it_has_a_status_of_its_own(self, ran):
        found = {word: sorted(n for n, w in ran.verdicts().items() if w == word) for word in ran.verdicts().values()}
        assert found == {
            "unknown": DEVIATING,
            "failed": FAILED,
            "broken": ["known, but it could not be checked"],
            "passed": ["known, but it passed"],
            "skipped": ["not promised"],
        }
        assert ran.differences == []

    def test_its_message_says_what_is_known_and_what_was_received(self, ran):
        assert ran.message("known") == (
            "Known deviation (counts again after 2999-12-31): Orders get lost. · "
            "Expected: an order\n     but: there is none"
        )
        told = "Known deviation (counts again after 2999-12-31): Orders get lost."
        assert ran.result("known")["description"] == told, "the page shows no message of an unknown result"
        assert ran.labels("known", "tag") == ["Known deviation"]
        assert ran.result("known")["links"] == [{"type": "issue", "url": ISSUE, "name": ISSUE}]
        assert [step["status"] for step in ran.result("known")["steps"][:2]] == ["failed", "skipped"]

    def test_one_that_has_expired_says_so(self, ran):
        assert ran.message("known until lately").splitlines()[1:] == [
            "     but: there is none",
            "This deviation was known until 2020-02-29, and counts again: Orders get lost.",
        ]

    def test_what_is_not_excused_says_nothing_of_it(self, ran):
        for name in FAILED:
            assert ran.labels(name, "tag") in ([], [tag for tag in ran.labels(name, "tag") if "." in tag])
            assert "Known deviation" not in ran.message(name)

    def test_a_promise_that_is_not_made_is_skipped_with_its_reason(self, ran):
        assert ran.message("not promised") == "not promised: There is no spa."


class TestForBehave:
    def test_a_run_with_other_failures_fails(self, ran):
        assert ran.status == 1

    def test_a_run_with_nothing_else_succeeds(self, only_known):
        assert only_known.status == 0, only_known.output
        assert sorted(only_known.verdicts().values()) == ["passed", "skipped", "unknown", "unknown"]

    def test_it_is_skipped_in_junit(self, ran):
        (file,) = (ran.folder / "reports").glob("TESTS-*.xml")
        cases = {case.get("name"): case for case in ElementTree.parse(file).getroot()}  # noqa: S314 - our own
        assert [child.tag for child in cases["known"]] == ["system-out", "skipped"]
        assert "Orders get lost." in cases["known"].find("skipped").get("message")
        assert cases["known until lately"].find("failure") is not None

    def test_no_formatter_calls_it_passed_or_names_it_for_a_rerun(self, ran):
        (feature,) = json.loads((ran.folder / "told.json").read_text(encoding="utf-8"))
        told = {one["name"]: one["status"] for one in feature["elements"] if "status" in one}
        assert told["known"] == "xfailed"
        again = (ran.folder / "rerun.txt").read_text(encoding="utf-8")
        lines = {line.rpartition(":")[2].strip() for line in again.splitlines() if line.startswith("features")}
        assert "3" not in lines
        assert lines


class TestOnTheConsole:
    def test_it_is_told_with_its_reason(self, only_known):
        assert "deviating Ordering a drink › known  (" in only_known.output
        assert "           known, and counts again after 2999-12-31: Orders get lost.\n" in only_known.output
        assert "1 scenario passed, 0 failed, 14 skipped, 2 xfailed\n" in only_known.output
        assert only_known.output.count("There is no spa.") == 1
        assert "4 scenarios: 1 passed, 2 deviating, 1 skipped  (" in only_known.output

    def test_what_no_longer_happens_is_told_at_the_end(self, only_known):
        (line,) = [line for line in only_known.output.splitlines() if "no longer happens" in line]
        assert line == (
            "profile.yaml:25: This deviation no longer happens: “Ordering a drink › known, but it passed” passed. "
            "Remove it from the profile."
        )


class TestAfterwards:
    def test_the_results_know_what_no_longer_happens(self, only_known):
        assert [one.scenario for one in gone(only_known.folder / "reports" / "allure-results")] == [
            "Ordering a drink › known, but it passed"
        ]

    def test_a_rerun_keeps_what_the_first_run_knew(self, second_project, only_known):
        second_project.write("list.txt", "features/cafe/ordering.feature:3\n")
        again = second_project.run("@list.txt")
        assert again.status == 0
        assert len(gone(again.folder / "reports" / "allure-results")) == 1

    def test_the_page_has_a_category_and_a_table(self, only_known, tmp_path):
        page = render.render(only_known.folder / "reports" / "allure-results", tmp_path / "page")
        assert rendered.results(page)["known"]["status"] == "unknown"
        assert rendered.parts(page)["widgets/statistic.json"]["unknown"] == 2
        assert round(rendered.parts(page)["widgets/pie_chart.json"]["percentage"]) == 33, "it is no pass"
        assert "Known deviation" in json.dumps(rendered.parts(page)["widgets/categories.json"])
        (table,) = rendered.parts(page)["widgets/globals.json"]["attachments"]
        assert table["name"] == "Known deviations"
        (path,) = (only_known.folder / "reports" / "allure-results").glob("*-attachment.html")
        text = path.read_text(encoding="utf-8")
        assert "<h1>Known deviations: 3 of 15 met</h1>" in text
        assert text.count('<td class="date">no longer happens</td>') == 1
        assert text.count("expired: it counts again") == 1

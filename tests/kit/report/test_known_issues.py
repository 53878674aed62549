"""A known defect is shown as one, stays a failure, and excuses nothing else."""

import json

import pytest
import rendered

from acceptance.report import __main__ as command
from acceptance.report import render

pytestmark = pytest.mark.trust("gate")

SHIPPED = render.RESULTS.parent / "known-issues.json"
KEY = "features/cafe/ordering.feature: Only what is on the menu: "
STEPS = """\
from behave import step

@step("every promise is judged")
def every(context): context.scenario.continue_after_failed_step = True
"""
FEATURE = """\
Feature: Ordering a drink
  Rule: Only what is on the menu
    Scenario: known
      Given a promise is broken
    Scenario: known, but it failed otherwise
      Given a bare assertion fails
    Scenario: not known, but it failed alike
      Given a promise is broken
    Scenario: known, but it was made
      Given it works
    @after.raise
    Scenario: known, and a hook failed
      Given a promise is broken
    @cleanup.raise
    Scenario: known, and tidying up failed
      Given a promise is broken
    Scenario: known, and another promise was broken
      Given every promise is judged
      Then a promise is broken
      And a bare assertion fails
"""
ISSUE = {
    "issue": "CAFE-7",
    "url": "https://tracker.example/browse/CAFE-7",
    "reason": "Orders get lost.",
    "scenarios": [
        KEY + name
        for name in (
            "known",
            "known, but it failed otherwise",
            "known, but it was made",
            "known, and a hook failed",
            "known, and tidying up failed",
            "known, and another promise was broken",
        )
    ],
    "message": "but: there is (none|no order)",
}


@pytest.fixture
def listed(tmp_path, monkeypatch):
    """Let these issues be known, or whatever else is put into the file."""

    def write(content):
        path = tmp_path / "issues.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        monkeypatch.setenv("REPORT_KNOWN_ISSUES", str(path))
        return path

    return write


@pytest.fixture(scope="module")
def ran(shared_project):
    shared_project.write("steps/more_steps.py", STEPS)
    shared_project.feature(FEATURE)
    return shared_project.run()


@pytest.fixture
def results(ran):
    return ran.folder / "reports" / "allure-results"


@pytest.fixture(scope="module")
def page(ran):
    path = ran.folder / "issues.json"
    path.write_text(json.dumps({"issues": [ISSUE]}), encoding="utf-8")
    before = SHIPPED.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORT_KNOWN_ISSUES", str(path))
        page = render.render(ran.folder / "reports" / "allure-results", ran.folder / "page")
    assert SHIPPED.read_bytes() == before, "Allure would keep a file of its own there"
    return page


class TestAKnownFailure:
    def test_is_shown_with_its_issue_its_link_and_the_reason(self, page):
        known = rendered.results(page)["known"]
        assert known["links"] == [{"type": "issue", "name": "CAFE-7", "url": ISSUE["url"]}]
        groups = rendered.parts(page)["widgets/resolution-categories.json"]["groups"]
        assert [(group["name"], group["comment"]) for group in groups] == [("CAFE-7", "Orders get lost.")]
        assert [result["name"] for result in groups[0]["testResults"]] == ["known"]

    def test_stays_a_failure_for_behave_and_in_the_report(self, ran, page):
        assert ran.status == 1
        assert ran.verdict("known") == "failed"
        assert rendered.results(page)["known"]["status"] == "failed"
        assert rendered.parts(page)["widgets/statistic.json"]["passed"] == 1

    @pytest.mark.parametrize(
        "name",
        [
            "known, but it failed otherwise",
            "not known, but it failed alike",
            "known, but it was made",
            "known, and a hook failed",
            "known, and tidying up failed",
            "known, and another promise was broken",
        ],
    )
    def test_excuses_nothing_else(self, page, name):
        result = rendered.results(page)[name]
        assert "resolution" not in result
        assert result["links"] == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"message": ""}, "issue, url, reason and message must be texts that are not empty"),
        ({"message": ".*"}, "message fits any failure; it must hold words of this one"),
        ({"message": "(none"}, "message: Invalid regular expression"),
        ({"message": None}, "issue, url, reason and message must be texts"),
        ({"scenarios": []}, "scenarios must be a list of at least one scenario's key"),
        ({"scenarios": KEY}, "scenarios must be a list of at least one scenario's key"),
        ({"url": "tracker.example/CAFE-7"}, "url must be a full address, https://…, with “CAFE-7” in it"),
        ({"url": "https://tracker.example/CAFE-8"}, "url must be a full address, https://…, with “CAFE-7” in it"),
        ({"mesage": "none"}, "it must say issue, url, reason, scenarios, message, and nothing else; look at mesage"),
    ],
)
def test_a_bad_entry_is_refused_in_a_sentence(listed, results, tmp_path, capsys, change, sentence):
    path = listed({"issues": [ISSUE, {**ISSUE, "issue": "CAFE-7", **change}]})
    assert command.main(["--results", str(results), "--output", str(tmp_path / "page")]) == 1
    assert f"{path}: entry 2 (CAFE-7): {sentence}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('{"issues": [,]}', "this is not JSON"),
        ("[]", "`issues` must be a list"),
        ({"issues": [ISSUE, ISSUE]}, "entry 2 (CAFE-7): it is there twice; name all its scenarios in one entry"),
        ({"issues": [{}]}, "entry 1 (without an issue): it must say issue, url"),
        ({"issues": ["CAFE-7"]}, "entry 1 (without an issue): it must say issue, url"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(listed, results, tmp_path, capsys, content, sentence):
    path = listed(content)
    assert command.main(["--results", str(results), "--output", str(tmp_path / "page")]) == 1
    assert f"{path}: {sentence}" in capsys.readouterr().err


def test_the_file_that_is_shipped_names_no_issue_and_its_example_would_be_taken(listed, results, tmp_path):
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    assert shipped["issues"] == []
    listed({**shipped, "issues": [shipped["example"]]})
    assert render.render(results, tmp_path / "page").exists()

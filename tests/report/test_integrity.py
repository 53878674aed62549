"""The check of the report against the run, with differences made on purpose."""

import json

import pytest

from support.report import integrity

HELD = {"f: one": {"passed"}, "f: two": {"failed", "broken"}}


@pytest.mark.parametrize(
    ("reported", "told"),
    [
        ([("f: one", "passed"), ("f: two", "broken")], []),
        ([("f: one", "passed")], ["Selected, but not reported: f: two"]),
        (
            [("f: one", "passed"), ("f: two", "failed"), ("f: three", "passed")],
            ["Reported, but not selected: f: three"],
        ),
        (
            [("f: one", "passed"), ("f: one", "passed"), ("f: two", "failed")],
            ["Reported 2 times: f: one"],
        ),
        (
            [("f: one", "passed"), ("f: two", "passed")],
            ["Reported as passed, but behave holds broken or failed: f: two"],
        ),
    ],
    ids=["same", "missing", "too many", "twice", "another verdict"],
)
def test_a_difference_is_told_in_a_sentence(reported, told):
    assert integrity.compare(HELD, reported) == told


def test_trouble_outside_scenarios_is_not_taken_for_one(tmp_path):
    result = {"fullName": f"{integrity.OUTSIDE}after_all", "status": "broken"}
    (tmp_path / "a-result.json").write_text(json.dumps(result), encoding="utf-8")
    assert integrity.read(tmp_path) == []


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("path.unlink()", "Selected, but not reported: features/cafe/ordering.feature: one"),
        (
            "path.write_text(path.read_text().replace('failed', 'passed'))",
            "Reported as passed, but behave holds failed: features/cafe/ordering.feature: one",
        ),
    ],
    ids=["lost", "whitewashed"],
)
def test_a_run_whose_report_is_wrong_fails_and_says_where(project, tampering, told):
    environment = (project.folder / "environment.py").read_text(encoding="utf-8")
    project.write(
        "environment.py",
        environment.replace(
            "    differences = ",
            "    for path in pathlib.Path('reports/allure-results').glob('*-result.json'):\n"
            f"        {tampering}\n"
            "    differences = ",
        ),
    )
    project.feature("Feature: F\n  Scenario: one\n    Given a promise is broken\n")
    ran = project.run()
    assert ran.status == 1
    assert told in ran.output


def test_a_run_without_allure_results_has_nothing_to_compare(project):
    project.write("behave.ini", "[behave]\npaths = features\ndefault_format = plain\n")
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n")
    ran = project.run()
    assert ran.status == 0, ran.output

"""The check of the report against the run, with differences made on purpose."""

import json
import os
import subprocess
import sys

import pytest
from places import ROOT

from acceptance.report import integrity
from acceptance.report.integrity import Reported

HELD = {"f: one": {"passed"}, "f: two": {"failed", "broken"}}
ORDERING = "features/cafe/ordering.feature"
FAILING = "Feature: F\n  Scenario: one\n    When a promise is broken\n"
REWRITE = """\
for path in results.glob("*-result.json"):
    result = json.loads(path.read_text(encoding="utf-8"))
    {0}
    path.write_text(json.dumps(result), encoding="utf-8")
"""


def reported(key, verdict, mark=None):
    return Reported(key, verdict, mark or key)


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ([reported("f: one", "passed"), reported("f: two", "broken")], []),
        ([reported("f: one", "passed")], ["Selected, but not reported: f: two"]),
        (
            [reported("f: one", "passed"), reported("f: two", "failed"), reported("f: three", "passed")],
            ["Reported, but not selected: f: three"],
        ),
        (
            [reported("f: one", "passed"), reported("f: one", "passed"), reported("f: two", "failed")],
            ["Reported 2 times: f: one"],
        ),
        (
            [reported("f: one", "passed"), reported("f: two", "passed")],
            ["Reported as passed, but behave holds broken or failed: f: two"],
        ),
        (
            [reported("f: one", "passed", "1"), reported("f: two", "failed", "1")],
            ["Shown as one, for they carry one id: f: one and f: two"],
        ),
    ],
    ids=["same", "missing", "too many", "twice", "another verdict", "one id"],
)
def test_a_difference_is_told_in_a_sentence(results, told):
    assert integrity.compare(HELD, results) == told


def test_trouble_outside_scenarios_is_not_taken_for_one(tmp_path):
    result = {"fullName": f"{integrity.OUTSIDE}after_all", "status": "broken", "testCaseId": "1"}
    (tmp_path / "a-result.json").write_text(json.dumps(result), encoding="utf-8")
    assert integrity.read(tmp_path) == ([], [])


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        (
            "for path in results.glob('*-result.json'): path.unlink()",
            f"Selected, but not reported: {ORDERING}: one",
        ),
        ("shutil.rmtree(results)", f"Selected, but not reported: {ORDERING}: one"),
        (
            REWRITE.format("result['status'] = 'passed'"),
            f"Reported as passed, but behave holds failed: {ORDERING}: one",
        ),
        (
            "for path in results.glob('*-result.json'): shutil.copy(path, results / 'again-result.json')",
            f"Reported 2 times: {ORDERING}: one",
        ),
        (REWRITE.format("result['fullName'] = 'another'"), "Reported, but not selected: another"),
    ],
    ids=["lost", "folder lost", "whitewashed", "doubled", "renamed"],
)
def test_a_run_whose_report_is_wrong_fails_and_says_where(project, tampering, told):
    project.tamper(tampering)
    project.feature(FAILING)
    ran = project.run()
    assert ran.status == 1
    assert told in ran.differences
    assert told in ran.output
    assert told in ran.message("after_all")


@pytest.mark.parametrize(
    "content",
    [b'{"fullName": "f', b"", b"[]", b"{}", b"\xff\xfe", b'{"fullName": "f: one", "testCaseId": "1"}'],
    ids=["cut off", "empty", "a list", "nothing in it", "no text", "no verdict"],
)
def test_a_result_that_cannot_be_read_is_named_with_the_scenario_that_is_missing(project, content):
    project.tamper(
        f"for path in results.glob('*-result.json'): path.rename(results / 'a-result.json')\n"
        f"(results / 'a-result.json').write_bytes({content!r})"
    )
    project.feature(FAILING)
    ran = project.run()
    assert ran.status == 1
    unreadable, missing = ran.differences
    assert unreadable.startswith("No result that can be read: reports/allure-results/a-result.json (")
    assert missing == f"Selected, but not reported: {ORDERING}: one"
    assert unreadable in ran.output


@pytest.mark.parametrize("verdict", ["passed", "failed", "broken", "skipped", "unknown"])
def test_no_kind_of_verdict_can_be_changed_unnoticed(project, everything, verdict):
    project.feature(everything)
    true = {result["fullName"]: result["status"] for result in project.run().results}
    project.tamper(REWRITE.format(f"result['status'] = {verdict!r}"))
    ran = project.run()
    assert ran.status == 1
    # behave keeps nothing of what a cleanup raises, so that either red word is right there.
    alike = {"failed", "broken"} if verdict in ("failed", "broken") else {verdict}
    changed = {key for key, word in true.items() if word not in (alike if ": a cleanup " in key else {verdict})}
    assert {told.partition(": ")[2] for told in ran.differences} == changed
    assert changed


def test_a_known_deviation_cannot_be_whitewashed(project):
    project.write(
        "profile.yaml",
        "system: cafe\ndeviations:\n"
        "  - {scenario: F › one, message: there is none, reason: It is lost., until: 2999-12-31}\n",
    )
    project.feature(FAILING)
    assert project.run().status == 0
    project.tamper(REWRITE.format("result['status'] = 'passed'"))
    ran = project.run()
    assert ran.status == 1
    assert ran.differences == [f"Reported as passed, but behave holds unknown: {ORDERING}: one"]


def test_a_run_that_could_not_begin_cannot_be_whitewashed(project):
    project.tamper(REWRITE.format("result['status'] = 'passed'"))
    project.feature(FAILING)
    ran = project.run("-D", "before_all=raise")
    assert ran.status == 1
    assert ran.differences == [f"Reported as passed, but behave holds broken: {ORDERING}: one"]


@pytest.mark.parametrize("tag", ["allure.label.ALLURE_ID:7", "allure.label.AS_ID:7"])
def test_scenarios_that_allure_would_show_as_one_fail_the_run(project, tag):
    project.feature(
        f"@{tag}\nFeature: F\n  Scenario: one\n    When a promise is broken\n  Scenario: two\n    Given it works\n"
    )
    ran = project.run()
    assert ran.status == 1
    assert ran.differences == [f"Shown as one, for they carry one id: {ORDERING}: one and {ORDERING}: two"]


def before_each_feature(project, code):
    """Let the project's hook do something more before each feature."""
    hook = "def before_feature(context, feature):\n"
    environment = (project.folder / "environment.py").read_text(encoding="utf-8")
    assert environment.count(hook) == 1
    project.write("environment.py", environment.replace(hook, hook + code))


def test_a_scenario_that_runs_though_it_was_left_out_fails_the_run(project):
    before_each_feature(
        project,
        "    for scenario in feature.walk_scenarios(): scenario.should_skip = False\n",
    )
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n  Scenario: two\n    Given it works\n")
    ran = project.run(f"{ORDERING}:4")
    assert ran.status == 1
    assert ran.verdicts() == {"two": "passed", "after_all": "failed"}
    assert ran.differences == [f"Run, but not selected: {ORDERING}: one"]


def test_a_scenario_that_vanishes_before_its_turn_fails_the_run(project):
    before_each_feature(project, "    del feature.scenarios[1:], feature.run_items[1:]\n")
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n  Scenario: two\n    Given it works\n")
    ran = project.run()
    assert ran.status == 1
    assert ran.differences == [f"Selected, but gone before its turn: {ORDERING}: two"]


def test_a_scenario_that_is_tried_again_fails_the_run(project):
    before_each_feature(
        project,
        "    from behave.contrib.scenario_autoretry import patch_scenario_with_autoretry as patch\n"
        "    for scenario in feature.walk_scenarios(): patch(scenario, max_attempts=2)\n",
    )
    project.feature(FAILING)
    ran = project.run()
    assert ran.status == 1
    assert ran.differences == [f"Reported 2 times: {ORDERING}: one"]


def test_what_is_lost_with_the_folder_half_way_is_told_at_the_end(project):
    environment = (project.folder / "environment.py").read_text(encoding="utf-8")
    project.write(
        "environment.py",
        environment.replace(
            "def after_feature(context, feature):",
            "def after_feature(context, feature):\n"
            "    import shutil\n"
            "    if feature.name == 'F': shutil.rmtree('reports')\n   ",
        ),
    )
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n", "a.feature")
    project.feature("Feature: G\n  Scenario: two\n    Given it works\n", "b.feature")
    ran = project.run()
    assert ran.status == 1
    assert ran.verdicts() == {"two": "passed", "after_all": "failed"}
    assert ran.differences == ["Selected, but not reported: features/a.feature: one"]


THIEF = """\
from behave.formatter.base import Formatter
from acceptance.report.run import Run

class Thief(Formatter):
    def __init__(self, stream_opener, config):
        super().__init__(stream_opener, config)
        self.run = Run.of(config)
        self.run.listeners.append(self)
    def scenario_started(self, scenario, identity): pass
    def trouble_outside(self, where, verdict, feature): pass
    def scenario_ended(self, outcome):
        if len(self.run.outcomes) == 1:
            for path in self.run.results.glob("*-result.json"): path.unlink()
"""


@pytest.mark.runs
def test_the_suites_own_environment_makes_the_check(tmp_path):
    (tmp_path / "thief.py").write_text(THIEF, encoding="utf-8")
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ACCEPTANCE_", "CAFE_"))
    }
    done = subprocess.run(
        [
            *(sys.executable, "-m", "behave", "--tags=@smoke", "--format=progress_line", "--format=thief:Thief"),
            "features/serverlesspresso",
            # Without a region it ends soon, before the first scenario.
            *("-D", "target=aws", "-D", "report=no", "-D", f"results={tmp_path / 'results'}"),
        ],
        cwd=ROOT,
        env={**inherited, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.count("Selected, but not reported: features/serverlesspresso/") == 1, done.stdout


def test_a_run_without_allure_results_has_nothing_to_compare(project):
    project.write("behave.ini", "[behave]\npaths = features\ndefault_format = plain\n")
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n")
    ran = project.run()
    assert ran.status == 0, ran.output

"""The quality gate: open only for a whole run in which nothing failed and every figure is kept."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
import rendered

from acceptance.report import gate, metrics, render
from acceptance.report.cover.kept import RUN_FACTS, Level, RunFacts
from acceptance.report.metrics import Metric

pytestmark = pytest.mark.trust("gate")

SHIPPED = render.RESULTS.parent / "quality-gate.json"
FEATURE = """\
Feature: Ordering a drink
  @good
  Scenario: one
    Given it works
  @good
  Scenario: two
    Given it works
  @promise
  Scenario: a promise
    When a promise is broken
  @error
  Scenario: an error
    Given something else goes wrong
  @known
  Scenario: known
    When a promise is broken
  @mended
  Scenario: mended
    Given it works
  @called_off
  Scenario: called off
    Given it works
"""
FIGURES = {
    "scenarios": {"minimum": 2},
    "metrics": {"scan-p95": {"maximum": 2000}, "exercised": {"minimum": 95}},
}
SCAN = Metric("scan-p95", "A scan is acknowledged", 2000, "ms")
EXERCISED = Metric("exercised", "The system was exercised", 95, "%", better="higher")
PROFILE = """\
system: cafe
deviations:
  - {scenario: Ordering a drink › known, message: there is none, reason: Orders get lost., until: 2999-12-31}
  - {scenario: Ordering a drink › mended, message: there is none, reason: Orders get lost., until: 2999-12-31}
"""


@pytest.fixture(scope="module")
def runs(shared_project):
    """Give the results of a run of scenarios with these tags."""
    shared_project.feature(FEATURE)
    shared_project.write("profile.yaml", PROFILE)
    kept = {}

    def run(tags):
        if tags not in kept:
            ran = shared_project.run(f"--tags={tags}")
            kept[tags] = ran.folder / tags.replace(" ", "-")
            shutil.copytree(ran.folder / "reports" / "allure-results", kept[tags])
        return kept[tags]

    return run


@pytest.fixture
def judged(runs, tmp_path, monkeypatch, capsys):
    """Run these scenarios, measure this, and ask the gate: its exit status and what it says."""

    def judge(*arguments, tags="good", measured=(SCAN, EXERCISED), figures=FIGURES):
        results = tmp_path / "allure-results"
        shutil.copytree(runs(tags), results)
        metrics.write(results, measured, 1_000, 2_000)
        path = tmp_path / "REPORT_QUALITY_GATE.json"
        path.write_text(json.dumps(figures), encoding="utf-8")
        monkeypatch.setenv("REPORT_QUALITY_GATE", str(path))
        status = gate.main(["--results", str(results), *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return judge


def test_the_gate_is_kept_when_all_is_well_and_every_figure_is_just_met(judged):
    assert judged() == (0, "Quality gate passed.\n")


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        ("good or promise", "1 scenario failed."),
        ("good or error", "1 scenario could not be checked."),
        ("good or promise or error", "1 scenario failed, 1 could not be checked."),
    ],
)
def test_a_scenario_that_failed_or_is_broken_keeps_it_shut(judged, tags, sentence):
    assert judged(tags=tags) == (1, f"Quality gate FAILED:\n  {sentence}\n")


@pytest.mark.parametrize(
    ("measured", "sentence"),
    [
        ([SCAN, replace(EXERCISED, value=94.99)], "exercised: 94.99 %; it must be at least 95 %"),
        ([replace(SCAN, value=2000.5), EXERCISED], "acknowledged: 2000.5 ms; it must be at most 2000 ms"),
        ([EXERCISED], "scan-p95 was not measured; it must be at most 2000"),
        ([SCAN], "exercised was not measured; it must be at least 95"),
    ],
    ids=["too little exercised", "too slow", "no time", "no part exercised"],
)
def test_a_figure_that_is_missed_or_missing_keeps_it_shut(judged, measured, sentence):
    status, said = judged(measured=measured)
    assert status == 1
    assert sentence in said
    assert len(said.splitlines()) == 2


@pytest.mark.parametrize(("tags", "judged_ones"), [("good or called_off", 2), ("called_off", 0)])
def test_skipped_scenarios_do_not_count(judged, tags, judged_ones):
    status, said = judged(tags=tags, figures={**FIGURES, "scenarios": {"minimum": 3}})
    assert status == 1
    assert f"Only {judged_ones} of at least 3 scenarios ran." in said


def test_a_service_level_that_may_have_been_met_is_not_said_to_be_missed(judged, runs):
    level = Level(SCAN.key, "A scan is acknowledged", "cafe", 2000, 1823, 2724, 20, "inconclusive")
    facts = runs("good") / RUN_FACTS.file
    facts.write_bytes(RUN_FACTS.as_json(RunFacts(levels=[level])))
    try:
        status, said = judged(measured=[replace(SCAN, title=f"{SCAN.title}, 95th percentile", value=2724), EXERCISED])
    finally:
        facts.unlink()
    assert status == 1
    assert said.splitlines()[1:] == [
        "  A scan is acknowledged, 95th percentile: 2724 ms; it must be at most 2000 ms. "
        "That is inconclusive: it took 1,823 ms to 2,724 ms."
    ]


def test_a_result_without_a_verdict_keeps_it_shut(judged, runs, tmp_path):
    odd = runs("good") / "odd-result.json"
    odd.write_text(json.dumps({"uuid": "odd", "name": "odd", "fullName": "odd"}), encoding="utf-8")
    try:
        status, said = judged()
    finally:
        odd.unlink()
    assert (status, said.splitlines()[1:]) == (1, ["  1 scenario could not be checked."])


class TestKnownDeviations:
    TOLD = "  known: Known deviation (counts again after 2999-12-31): Orders get lost."

    def test_they_count(self, judged):
        status, said = judged(tags="good or known")
        assert status == 1
        assert said.splitlines() == [
            "Quality gate FAILED:",
            "  1 known deviation counts (--allow-deviations lets them pass).",
            "Known deviations:",
            self.TOLD,
        ]

    def test_they_are_told_of_when_they_are_allowed(self, judged):
        status, said = judged("--allow-deviations", tags="good or known")
        assert status == 0
        assert said.splitlines() == ["Quality gate passed.", "Known deviations, which are allowed:", self.TOLD]

    def test_the_former_name_of_the_option_still_works(self, judged):
        status, said = judged("--allow-known", tags="good or known")
        assert status == 0
        assert "--allow-known is called --allow-deviations now" in said

    def test_what_is_not_known_is_not_allowed_with_them(self, judged):
        status, said = judged("--allow-deviations", tags="good or known or promise")
        assert status == 1
        assert "  1 scenario failed." in said.splitlines()

    def test_a_result_without_a_verdict_is_not_taken_for_one(self, judged, runs):
        odd = runs("good") / "odd-result.json"
        odd.write_text(json.dumps({"uuid": "odd", "name": "odd", "fullName": "odd"}), encoding="utf-8")
        try:
            assert judged("--allow-deviations")[0] == 1
        finally:
            odd.unlink()

    def test_one_that_no_longer_happens_is_told(self, judged):
        status, said = judged(tags="good or mended")
        assert status == 0
        assert said.splitlines()[1:] == [
            "profile.yaml:4: This deviation no longer happens: “Ordering a drink › mended” passed. "
            "Remove it from the profile."
        ]


@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ({"metrics": {}}, "scenarios must say a minimum of at least 1, and nothing else."),
        ({"scenarios": {"minimum": 0}}, "scenarios must say a minimum of at least 1, and nothing else."),
        ({"scenarios": {"minimum": "2"}}, "scenarios must say a minimum of at least 1, and nothing else."),
        ({**FIGURES, "metric": {}}, "nobody knows what “metric” means; there are scenarios and metrics."),
        ({**FIGURES, "metrics": {"a": {"maximun": 1}}}, "a must say a maximum or a minimum, as a number"),
        ({**FIGURES, "metrics": {"a": {}}}, "a must say a maximum or a minimum, as a number"),
        ({**FIGURES, "metrics": {"a": {"maximum": None}}}, "a must say a maximum or a minimum, as a number"),
    ],
)
def test_bad_figures_are_refused_in_a_sentence(judged, figures, sentence):
    status, said = judged(figures=figures)
    assert status == 2
    assert f"REPORT_QUALITY_GATE.json: {sentence}" in said


def test_no_results_are_no_pass(tmp_path, capsys):
    assert gate.main(["--results", str(tmp_path)]) == 2
    assert "There are no results in" in capsys.readouterr().err


def test_a_result_that_was_cut_off_is_no_pass(judged, runs):
    cut = runs("good") / "cut-result.json"
    cut.write_text('{"uuid": "cut', encoding="utf-8")
    try:
        status, said = judged()
    finally:
        cut.unlink()
    assert status == 2
    assert "cut-result.json" in said


def test_misuse_has_a_status_of_its_own(capsys):
    with pytest.raises(SystemExit) as ended:
        gate.main(["--allow-all"])
    assert ended.value.code == 2


def test_asking_leaves_neither_files_nor_a_line_in_the_history(judged, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORT_HISTORY", str(tmp_path / "history.jsonl"))
    judged()
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["REPORT_QUALITY_GATE.json", "allure-results"]


def test_the_node_that_comes_with_python_does_as_well(judged, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert judged()[0] == 0


def test_the_figures_that_are_shipped_demand_the_service_levels(judged):
    figures = json.loads(SHIPPED.read_text(encoding="utf-8"))
    status, said = judged(figures=figures, measured=[])
    assert status == 1
    assert said.splitlines()[2:] == [
        "  scan-acknowledged-p95 was not measured; it must be at most 2000.",
        "  drink-reaches-baristas-p95 was not measured; it must be at most 1000.",
        "  claim-shown-p95 was not measured; it must be at most 500.",
        "  ready-heard-p95 was not measured; it must be at most 500.",
        "  durable-order-p95 was not measured; it must be at most 15000.",
        "  view-enriched-p95 was not measured; it must be at most 1000.",
        "  offer-made-p95 was not measured; it must be at most 500.",
        "  exercised was not measured; it must be at least 95.",
    ]


def test_the_cover_shows_every_rule_and_allures_page_counts_those_that_are_breached(judged, tmp_path):
    judged(tags="good or promise", measured=[SCAN])
    cover = render.render(tmp_path / "allure-results", tmp_path / "page")
    breached = [
        "1 scenario failed.",
        "exercised was not measured; it must be at least 95.",
    ]
    told = rendered.parts(cover)["widgets/quality-gate.json"]["default"]
    assert [(rule["success"], rule["message"]) for rule in told] == [(False, message) for message in breached]
    gate = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["gate"]
    assert [(rule["success"], rule["measured"], rule["message"]) for rule in gate] == [
        (False, True, breached[0]),
        (True, False, "No scenario deviates."),
        (True, False, "3 scenarios ran (minimum 2)."),
        (True, True, "A scan is acknowledged: 2000 ms; it must be at most 2000 ms."),
        (False, False, breached[1]),
    ]


@pytest.mark.parametrize(
    ("lowest", "status", "told"),
    [(95, 0, []), (94.9, 1, ["  Coverage of b: 94.9 %; it must be at least 95 %."])],
)
def test_what_is_measured_of_each_system_is_demanded_of_each(judged, lowest, status, told):
    of_each = [replace(EXERCISED, key=f"exercised-{name}", title=f"Coverage of {name}") for name in ("a", "b")]
    found, said = judged(measured=[SCAN, of_each[0], replace(of_each[1], value=lowest)])
    assert (found, said.splitlines()[1:]) == (status, told)


def test_its_exit_status_and_its_words_reach_a_terminal_that_knows_only_ascii(judged, tmp_path):
    judged(measured=[replace(SCAN, title="“Ready” is heard", value=2001), EXERCISED])
    done = subprocess.run(
        [sys.executable, "-m", "acceptance.report.gate", "--results", str(tmp_path / "allure-results")],
        cwd=render.RESULTS.parents[1],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.decode("ascii").splitlines() == [
        "Quality gate FAILED:",
        "  ?Ready? is heard: 2001 ms; it must be at most 2000 ms.",
    ]

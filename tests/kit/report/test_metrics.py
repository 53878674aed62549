"""What a run measured: on the page with its trend, and gone when the next run begins."""

import dataclasses

import pytest
import rendered

from acceptance.report import metrics, render
from acceptance.report.metrics import Metric

SCAN = Metric("scan-acknowledged-p95", "A scan is acknowledged, 95 of 100 times within", 1200, "ms")
EXERCISED = Metric("exercised", "Part of the system that was exercised", 96.4, "%", better="higher")


@pytest.fixture
def run(project):
    """Run, measure this, and give the page and the results."""
    project.feature("Feature: F\n  Scenario: one\n    Given it works\n")

    def run(*measured):
        results = project.run().folder / "reports" / "allure-results"
        metrics.write(results, measured, 1_000, 61_000)
        return render.render(results, project.folder / "reports" / "allure-report"), results

    return run


def test_the_page_shows_what_was_measured_and_its_trend_over_runs(run):
    run(SCAN, EXERCISED)
    page, _ = run(dataclasses.replace(SCAN, value=900.5), EXERCISED)
    shown = rendered.parts(page)["widgets/metrics.json"]
    told = [(m["title"], m["value"], m["unit"], m["better"], m["groupTitle"]) for m in shown["current"]]
    assert told == [
        (SCAN.title, 900.5, "ms", "lower", "Service levels"),
        (EXERCISED.title, 96.4, "%", "higher", "Service levels"),
    ]
    assert [run["metrics"] for run in shown["history"]] == [{SCAN.key: 1200, EXERCISED.key: 96.4}]


def test_scenarios_have_a_trend_and_so_has_the_run(run):
    run()
    page, _ = run()
    assert [past["status"] for past in rendered.results(page)["one"]["history"]] == ["passed"]
    charts = rendered.parts(page)["widgets/charts.json"]["general"].values()
    run_by_run = next(chart for chart in charts if chart["title"] == "Run by run")
    assert [point["statistic"]["passed"] for point in run_by_run["data"]] == [1, 1]


def test_the_next_run_begins_without_what_the_last_one_measured(run, project):
    _, results = run(SCAN)
    assert list(results.glob("*-perf.json"))
    project.run()
    assert not list(results.glob("*-perf.json"))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_no_number_is_refused_and_nothing_is_written(tmp_path, value):
    with pytest.raises(ValueError, match="Out of range"):
        metrics.write(tmp_path, [EXERCISED, dataclasses.replace(SCAN, value=value)], 1_000, 2_000)
    assert list(tmp_path.iterdir()) == []

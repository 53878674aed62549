"""What a collector receives of a real run of a small system: spans with the cloud's stamps, and metrics."""

import json
import re
import shutil
import subprocess
import sys
import time
from itertools import pairwise

import pytest
from otlp_receiver import attributes, collector
from places import ROOT
from running import surroundings

from acceptance.scaffold import new

pytestmark = [pytest.mark.cloud, pytest.mark.runs]
MS = 1_000_000
LATENCY = "acceptance.service_level.latency"
TOKEN, HEADER = "AQCE" + "k" * 300, "c2VjcmV0LWhlYWRlcg"
STEPS = """

@then("taskToken={token}")
def step_token(context, token):
    raise AssertionError(f"taskToken={token}")


@then("the worker is killed")
def step_killed(context):
    import os

    os.kill(os.getpid(), 9)
"""
SCENARIOS = f"""
    Scenario: A token is told
      When Ada asks for a trip
      Then taskToken={TOKEN}
      And Ada's trip is confirmed

    Scenario: A worker dies
      Then the worker is killed
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The telemetry of two workers on the system that `new` writes; one of them dies on the way."""
    folder = tmp_path_factory.mktemp("told")
    new("trips", folder)
    shutil.copy(ROOT / "behave.ini", folder)
    (folder / "support" / "__init__.py").touch()
    (folder / "environment.py").write_text("from acceptance.hooks import *\n", encoding="utf-8")
    add(folder / "features" / "trips" / "trips.feature", SCENARIOS)
    add(folder / "steps" / "trips" / "trips.py", STEPS)
    system = folder / "support" / "trips" / "system.py"
    here = "from pathlib import Path\n\nROOT = Path(__file__).parents[2]\n"
    text = system.read_text("utf-8").replace("from pathlib import Path\n", "")
    system.write_text(text.replace("from acceptance.root import ROOT\n", here), encoding="utf-8")
    began = time.time_ns()
    with collector() as (url, received):
        ran = subprocess.run(
            [sys.executable, "-m", "behave", "features/trips", "-j", "2", "-D", "report=no"],
            cwd=folder,
            env=surroundings(
                folder,
                PYTHONPATH=f"{folder}:{ROOT}",
                OTEL_EXPORTER_OTLP_ENDPOINT=url,
                OTEL_EXPORTER_OTLP_HEADERS=f"authorization=Basic%20{HEADER}",
                OTEL_SERVICE_NAME="trips-watch",
                OTEL_RESOURCE_ATTRIBUTES="deployment.environment.name=test",
            ),
            capture_output=True,
            encoding="utf-8",
            timeout=240,
            check=False,
        )
    received.output, received.status = ran.stdout + ran.stderr, ran.returncode
    received.began, received.ended = began, time.time_ns()
    assert "5 passed, 1 failed, 1 broken" in received.output, received.output
    return received


def add(path, text):
    path.write_text(path.read_text("utf-8") + text, encoding="utf-8")


def test_the_run_is_one_trace_of_a_named_service(told):
    assert told.status == 1
    assert "Telemetry" not in told.output
    assert len({span.trace_id for span in told.spans}) == 1
    [root] = [span for span in told.spans if not span.parent_span_id]
    about = attributes(root)
    assert (root.name, about["test.suite.name"], about["test.suite.run.status"]) == ("run", "Trips", "failure")
    assert root.status.message == "1 failed, 1 broken of 7 scenarios"
    assert told.began < root.start_time_unix_nano < root.end_time_unix_nano < told.ended
    for resource in told.resources:
        assert resource["service.name"] == "trips-watch"
        assert resource["deployment.environment.name"] == "test"
    assert len({resource["service.instance.id"] for resource in told.resources}) == 1
    assert {headers["authorization"] for headers in told.headers} == {f"Basic {HEADER}"}


def test_each_scenario_is_a_span_with_its_verdict_and_each_step_one_below(told):
    scenarios = told.children(told.span("run"))
    OK, ERROR = 1, 2  # opentelemetry/proto/trace/v1/trace.proto: Status.StatusCode
    verdicts = {span.name: (attributes(span)["test.case.result.status"], span.status.code) for span in scenarios}
    assert verdicts == {
        "A trip is confirmed and announced": ("pass", OK),
        "Two guests have a trip each": ("pass", OK),
        "A request that is delivered twice makes one trip": ("pass", OK),
        "A refused trip leaves nothing behind": ("pass", OK),
        "A trip is confirmed in time": ("pass", OK),
        "A token is told": ("fail", ERROR),
        "A worker dies": ("broken", ERROR),
    }
    one = told.span("A trip is confirmed and announced")
    about = attributes(one)
    assert about["test.suite.name"] == "Trips"
    assert about["code.file.path"] == "features/trips/trips.feature"
    assert about["acceptance.system"] == "trips"
    assert {"core", "smoke"} <= set(about["acceptance.tags"])
    steps = sorted(
        (span for span in told.children(one) if re.match("When|Then|And", span.name)),
        key=lambda span: span.start_time_unix_nano,
    )
    assert [step.name for step in steps] == [
        "When Ada asks for a trip",
        "Then Ada's trip is confirmed",
        "And Ada's confirmation is announced",
    ]
    times = [time for step in steps for time in (step.start_time_unix_nano, step.end_time_unix_nano)]
    assert one.start_time_unix_nano < times[0]
    assert times == sorted(times)
    assert times[-1] < one.end_time_unix_nano


def test_a_step_that_did_not_run_is_no_span_and_one_that_failed_says_why(told):
    scenario = told.span("A token is told")
    [failed] = [span for span in told.children(scenario) if span.status.code == 2]
    assert failed.name.startswith("Then taskToken=")
    assert "taskToken=" in scenario.status.message
    assert "And Ada's trip is confirmed" not in {span.name for span in told.children(scenario)}


def test_a_worker_that_died_is_told_of_by_its_lead(told):
    scenario = told.span("A worker dies")
    assert "has died (SIGKILL)" in scenario.status.message
    assert told.children(scenario) == []
    assert told.began < scenario.start_time_unix_nano < scenario.end_time_unix_nano < told.ended


def test_an_orders_hops_are_spans_with_the_stamps_of_the_cloud(told):
    scenario = told.span("A trip is confirmed and announced")
    [way] = [span for span in told.children(scenario) if span.name == "the way of Ada's trip"]
    assert attributes(way)["acceptance.way.key"]
    points = [(event, attributes(event)) for event in way.events]
    clocks = {about["acceptance.point.clock"] for _, about in points}
    assert {"Step Functions history", "SQS SentTimestamp"} <= clocks
    asked = next(event for event, about in points if event.name == "TripRequested")
    confirmed = next(event for event, about in points if event.name == "TripConfirmed")
    assert asked.time_unix_nano % MS == confirmed.time_unix_nano % MS == 0  # as exact as the stamps, no more
    hops = sorted(told.children(way), key=lambda span: span.start_time_unix_nano)
    assert hops  # two stamps in one millisecond make none
    stamps = {event.time_unix_nano for event in way.events}
    assert {hop.start_time_unix_nano for hop in hops} & stamps
    for one, next_one in pairwise(hops):
        assert one.start_time_unix_nano < one.end_time_unix_nano <= next_one.start_time_unix_nano
    assert any("workflow" in hop.name for hop in hops)
    assert way.start_time_unix_nano <= hops[0].start_time_unix_nano
    assert hops[-1].end_time_unix_nano <= way.end_time_unix_nano


def test_a_service_level_is_a_histogram_in_seconds_with_its_objective_and_what_became_of_it(told):
    metric = told.metrics[LATENCY]
    assert metric.unit == "s"
    [(about, point)] = told.points(LATENCY)
    key = about["acceptance.service_level.key"]
    assert about["acceptance.system"] == "trips"
    assert point.count == 1
    assert 0 < point.sum < 30
    assert 2.0 in point.explicit_bounds  # the objective is a bucket boundary, so the share within it is exact
    [(same, objective)] = told.points("acceptance.service_level.objective")
    assert (same["acceptance.service_level.key"], objective.as_double) == (key, 2.0)
    checks = told.values("acceptance.service_level.checks", "acceptance.compliance")
    assert checks == {"met": 1, "missed": 0, "inconclusive": 0}


def test_the_verdicts_are_counted(told):
    assert told.values("acceptance.run.scenarios", "test.case.result.status") == {
        "pass": 5,
        "fail": 1,
        "broken": 1,
        "skipped": 0,
        "known_deviation": 0,
    }
    statuses = told.values("acceptance.run.status", "test.suite.run.status")
    assert [name for name, value in statuses.items() if value] == ["failure"]
    [(_, ended)] = told.points("acceptance.run.ended")
    assert told.began < ended.as_double * 1e9 < told.ended


def as_prometheus(metric):
    """The series of a metric, as Prometheus and the collectors name them."""
    name = re.sub(r"\W", "_", metric.name) + ("_seconds" if metric.unit == "s" else "")
    return [f"{name}_{part}" for part in ("bucket", "count", "sum")] if metric.HasField("histogram") else [name]


def test_the_board_asks_for_what_is_told(told):
    board = json.loads((ROOT / "docs" / "grafana-watch.json").read_text("utf-8"))
    queries = [target.get("expr") or target["query"] for panel in board["panels"] for target in panel["targets"]]
    series = {name for metric in told.metrics.values() for name in as_prometheus(metric)}
    labels = {re.sub(r"\W", "_", name) for metric in told.metrics for about, _ in told.points(metric) for name in about}
    asked = set(re.findall(r"\b(?:acceptance|test)_\w+", " ".join(queries)))
    assert asked - labels <= series
    assert {name for name in asked if name in series} >= {
        "acceptance_run_scenarios",
        "acceptance_run_status",
        "acceptance_service_level_latency_seconds_bucket",
    }
    of_spans = {name for span in told.spans for name in attributes(span)}
    assert {name for query in queries for name in re.findall(r"\bspan\.([\w.]+)", query)} <= of_spans


def test_no_secret_is_told(told):
    everything = "".join(str(request) for requests in told.requests.values() for request in requests)
    assert TOKEN not in everything
    assert "k" * 40 not in everything
    assert HEADER not in everything
    assert HEADER not in told.output

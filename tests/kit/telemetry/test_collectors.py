"""Collectors that do not answer as they should: the run's verdicts, its status and its end do not depend on them."""

import contextlib
import re
import socket
import time

import pytest
from otlp_receiver import collector, grpc_collector
from small_project import Project

from acceptance.telemetry import endpoints
from acceptance.telemetry.endpoints import Unusable

ENVIRONMENT = """\
from acceptance.hooks import after_step
from acceptance.report.run import Run, reported
from acceptance.telemetry.reporter import follow

@reported
def before_all(context): follow(Run.of(context.config))
"""
FEATURE = """\
Feature: Ordering
  Scenario: all is well
    Given it works for Ada
  Scenario: a promise
    Given it works
    Then a promise is broken
"""
# How long a collector may take, in s; one that is not there is asked for as long.
SECONDS = 10
AFTER = "The run and its verdicts stay as they are."


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("told"))
    project.write("environment.py", ENVIRONMENT)
    project.feature(FEATURE)
    return project


def ran(project, *arguments, seconds=SECONDS, **variables):
    """A run of the project, which ends as it does without a collector. Returns what it said, and for how long."""
    began = time.monotonic()
    run = project.run(*arguments, OTEL_EXPORTER_OTLP_TIMEOUT=str(seconds), **variables)
    assert run.status == 1, run.output
    assert run.verdicts() == {"all is well": "passed", "a promise": "failed"}
    assert "Traceback" not in run.output
    return [line for line in run.output.splitlines() if "Telemetry" in line], time.monotonic() - began


def test_without_an_endpoint_nothing_is_said(project):
    assert ran(project)[0] == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_collector_that_answers_hears_everything(project, jobs):
    with collector() as (url, received):
        assert ran(project, "-j", jobs, OTEL_EXPORTER_OTLP_ENDPOINT=url)[0] == []
    run = received.span("run")
    assert [one.name for one in received.children(run)] == ["a promise", "all is well"]
    steps = [[one.name for one in received.children(one)] for one in received.children(run)]
    assert steps == [["Given it works", "Then a promise is broken"], ["Given it works for Ada"]]
    assert received.values("acceptance.run.scenarios", "test.case.result.status") == {
        "pass": 1,
        "fail": 1,
        "broken": 0,
        "skipped": 0,
        "known_deviation": 0,
    }


def test_one_that_speaks_grpc_hears_the_same(project):
    with grpc_collector() as (url, received):
        told, _ = ran(project, OTEL_EXPORTER_OTLP_ENDPOINT=url, OTEL_EXPORTER_OTLP_PROTOCOL="grpc")
    assert told == []
    assert [one.name for one in received.children(received.span("run"))] == ["a promise", "all is well"]
    assert received.values("acceptance.run.scenarios", "test.case.result.status")["fail"] == 1


def test_one_that_is_not_there_for_grpc_either(project):
    told, _ = ran(
        project, seconds=1, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", OTEL_EXPORTER_OTLP_PROTOCOL="grpc"
    )
    [sentence] = told
    assert sentence.startswith(
        "Telemetry: 6 of 6 spans and the metrics did not reach the collector at http://127.0.0.1:9"
    )


@pytest.mark.parametrize(
    ("answer", "seconds", "why"),
    [
        ("never", 1, r"it did not (answer in time|take them within 1 s)"),
        ("closes", 1, "it closed the connection"),
        (404, 1, "it answered 404 Not Found"),
        (503, 1, "it answered 503 Service Unavailable"),
        (301, 1, "it answered 301 Moved Permanently"),
    ],
)
def test_one_that_does_not_take_it_costs_a_sentence_and_some_seconds(project, answer, seconds, why):
    with collector(answer) as (url, received):
        told, took = ran(project, seconds=seconds, OTEL_EXPORTER_OTLP_ENDPOINT=f"{url}/")
    assert received.asked
    [sentence] = told
    lost = f"Telemetry: 6 of 6 spans and the metrics did not reach the collector at {re.escape(url)}/"
    assert re.fullmatch(f"{lost}: {why}\\. {AFTER}", sentence), sentence
    assert took < 30  # by far less than a collector could keep it waiting


def test_one_that_is_not_there(project):
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        [sentence] = ran(project, seconds=1, OTEL_EXPORTER_OTLP_ENDPOINT=url)[0]
    lost = f"6 of 6 spans and the metrics did not reach the collector at {url}"
    assert sentence == f"Telemetry: {lost}: it refused the connection. {AFTER}"


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4318"},
            "OTEL_EXPORTER_OTLP_ENDPOINT is “localhost:4318”, which is no address of a collector: "
            "it has the form http://host:4318 or https://host.",
        ),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"},
            "OTEL_EXPORTER_OTLP_PROTOCOL is “http/json”; a run knows http/protobuf and grpc.",
        ),
    ],
    ids=["no address", "unknown protocol"],
)
def test_a_wrong_variable_is_told_at_once(project, variables, told):
    assert ran(project, **variables)[0] == [f"Telemetry: {told} {AFTER}"]


def test_the_missing_extra_is_named(project):
    hidden = "import sys\nsys.modules['opentelemetry.exporter'] = None\n"
    project.write("environment.py", hidden + ENVIRONMENT)
    try:
        [sentence] = ran(project, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")[0]
    finally:
        project.write("environment.py", ENVIRONMENT)
    lacks = "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the packages that export by http/protobuf are not installed."
    assert sentence == f"Telemetry: {lacks} Install them by: pip install -e '.[otel]'. {AFTER}"


def test_what_is_wrong_while_telling_is_told_once(project):
    project.write("environment.py", f"{ENVIRONMENT}\nimport opentelemetry.sdk.trace as t\nt.TracerProvider = None\n")
    try:
        with collector() as (url, _):
            [sentence] = ran(project, OTEL_EXPORTER_OTLP_ENDPOINT=url)[0]
    finally:
        project.write("environment.py", ENVIRONMENT)
    assert sentence.startswith("Telemetry: The collector is told nothing more (TypeError: ")


# --- variables ---------------------------------------------------------------------------------------


def shown(**variables):
    found = endpoints.endpoints({f"OTEL_{name}": value for name, value in variables.items()})
    return {signal: (one.address, one.protocol) for signal, one in found.items()}


HTTP, URL = "http/protobuf", "http://127.0.0.1:4318"


def test_each_signal_goes_where_its_own_variable_says_or_that_of_all():
    assert shown() == {}
    both = {"traces": (URL, HTTP), "metrics": (URL, HTTP)}
    assert shown(EXPORTER_OTLP_ENDPOINT=URL) == both
    assert shown(EXPORTER_OTLP_ENDPOINT=URL, SDK_DISABLED="TRUE") == {}
    assert shown(EXPORTER_OTLP_ENDPOINT=URL, METRICS_EXPORTER="none") == {"traces": (URL, HTTP)}
    assert shown(EXPORTER_OTLP_TRACES_ENDPOINT=URL) == {"traces": (URL, HTTP)}
    assert shown(EXPORTER_OTLP_METRICS_ENDPOINT="host:4317", EXPORTER_OTLP_METRICS_PROTOCOL="grpc") == {
        "metrics": ("host:4317", "grpc")
    }


@pytest.mark.parametrize("address", ["ftp://host", "http://", "http://host:0", "http://host:99999", "http://[::1", "x"])
def test_no_other_address_is_taken(address):
    with pytest.raises(Unusable, match="is no address of a collector"):
        shown(EXPORTER_OTLP_ENDPOINT=address)


def test_no_other_exporter_is_taken():
    with pytest.raises(Unusable, match="OTEL_TRACES_EXPORTER is “zipkin”"):
        shown(EXPORTER_OTLP_ENDPOINT=URL, TRACES_EXPORTER="zipkin")


def test_an_address_is_shown_without_what_is_secret():
    [one, _] = endpoints.endpoints({"OTEL_EXPORTER_OTLP_ENDPOINT": "https://ada:pw@host:1/path?token=x"}).values()
    assert one.shown == "https://host:1/path"
    with pytest.raises(Unusable) as refused:
        shown(EXPORTER_OTLP_ENDPOINT="ftp://ada:pw@host/")
    assert "pw" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 10), ("2.5", 2.5), ("10000", 10), ("-1", 0), ("soon", 10), ("nan", 10)]
)
def test_the_end_waits_as_long_as_one_export_may_take_but_never_longer_than_10_s(text, seconds):
    assert endpoints.seconds_to_wait({"OTEL_EXPORTER_OTLP_TIMEOUT": text}) == seconds

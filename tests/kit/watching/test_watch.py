"""`python -m acceptance watch`: rounds are bounded, never overlap, and print one line each."""

import contextlib
import os
import signal
import subprocess
import sys
import threading

import pytest
from otlp_receiver import attributes, collector
from places import ROOT
from running import surroundings
from small_project import Project

from acceptance.adoption.outcomes import Outcome
from acceptance.telemetry.reporter import tell_of_lost_run
from acceptance.watching.round import BROKE_PROMISE, NOT_CHECKED, PASSED_ALL, Finding

FEATURE = """\
Feature: Ordering
  @smoke
  Scenario: the one that is watched
    Then {step}
  Scenario: not watched
    Then a promise is broken
"""
HANGS = """
import pathlib
import signal
import threading

@step("it hangs")
def hangs(context):
    pathlib.Path("hangs").touch()
    threading.Event().wait(120)

@step("it hangs and hears nothing")
def deaf(context):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hangs(context)
"""
ENVIRONMENT = """
import pathlib
from acceptance.report.at_the_end import end_when_asked
from acceptance.report.run import Run, reported
from acceptance.telemetry.reporter import follow

@reported
def before_all(context):
    end_when_asked(context)
    follow(Run.of(context.config))

def after_all(context): pathlib.Path("cleared up").touch()
"""
SECONDS = 60
DEAR = pytest.mark.trust("watch")  # a round or more each


class Watched(Project):
    """A small project that is watched in processes of their own."""

    def __init__(self, folder):
        super().__init__(folder)
        self.write("steps/hangs.py", "from behave import step\n" + HANGS)
        self.write("environment.py", ENVIRONMENT)
        self.processes = []

    def that(self, step):
        self.feature(FEATURE.format(step=step))
        return self

    def start(self, *arguments, module="acceptance", **variables):
        command = [sys.executable, "-m", module, *arguments]
        if module == "acceptance":
            command[3:3] = ["watch", "--folder", "watch"]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=surroundings(self.folder, PYTHONPATH=str(ROOT), **variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def watch(self, *arguments, **variables):
        process = self.start(*arguments, **variables)
        output, _ = process.communicate(timeout=SECONDS)
        return process.returncode, output

    @property
    def hangs(self):
        return (self.folder / "hangs").exists()


@pytest.fixture
def project(tmp_path):
    project = Watched(tmp_path)
    yield project
    for process in project.processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(SECONDS)
        for stream in (process.stdin, process.stdout):
            stream.close()


@pytest.mark.runs
@DEAR
def test_rounds_run_what_is_watched_and_say_a_line_each(project):
    status, output = project.that("it works").watch("--rounds", "2", "--every", "0.001", "--within", "1")
    lines = output.splitlines()
    assert status == PASSED_ALL, output
    assert len(lines) == 2
    assert all("Z  1 passed (" in line for line in lines)
    assert not (project.folder / "watch" / "last-red").exists()


@pytest.mark.runs
def test_a_broken_promise_is_the_status_and_its_results_are_kept(project):
    status, output = project.that("a promise is broken").watch("--rounds", "1")
    first, detail, kept = output.splitlines()
    assert status == BROKE_PROMISE
    assert "Z  1 failed (" in first
    assert detail == "  failed  Ordering › the one that is watched: Expected: an order"
    folder = kept.partition("--results ")[2]
    assert list((project.folder / folder).glob("*-result.json"))


@pytest.mark.runs
def test_a_round_that_hangs_is_ended_and_reported(project):
    status, output = project.that("it hangs").watch("--rounds", "1", "--within", "0.05")
    assert status == NOT_CHECKED
    assert "; it took longer than 3 s, and was ended" in output


@pytest.mark.runs
@DEAR
def test_a_round_that_does_not_end_when_it_is_asked_to_is_killed(project, wait_until):
    arguments = (f"{SECONDS}", "1", "-1", "--tags=@smoke")
    keeper = project.that("it hangs and hears nothing").start(*arguments, module="acceptance.watching.keeper")
    wait_until(lambda: project.hangs, "the round", SECONDS)
    keeper.stdin.close()
    assert keeper.wait(SECONDS) == 137
    assert not (project.folder / "cleared up").exists()


@pytest.mark.runs
@DEAR
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_asks_for_the_end_gets_it_when_the_round_has_cleared_up(project, wait_until, number):
    with collector() as (url, received):
        process = project.that("it hangs").start(OTEL_EXPORTER_OTLP_ENDPOINT=url)
        wait_until(lambda: project.hangs, "the round", SECONDS)
        process.send_signal(number)
        output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == PASSED_ALL, output
    assert output.endswith("; it was interrupted\n")
    assert (project.folder / "cleared up").exists()
    assert attributes(received.span("run"))["test.suite.run.status"] == "aborted"
    assert not (project.folder / "watch" / "watch.txt").exists()


@pytest.mark.runs
@DEAR
def test_between_rounds_the_end_comes_at_once(project):
    process = project.that("it works").start("--every", "60", "--within", "1")
    assert "1 passed" in process.stdout.readline()
    process.terminate()
    assert process.wait(10) == PASSED_ALL


@pytest.mark.runs
def test_two_do_not_meet_and_one_that_was_killed_leaves_no_lock(project, wait_until):
    first = project.that("it hangs").start()
    wait_until(lambda: project.hangs, "the round", SECONDS)
    status, output = project.watch("--rounds", "1")
    assert status == NOT_CHECKED
    assert f"is running here: process {first.pid}, since " in output
    assert "Two rounds must not overlap." in output
    first.kill()
    first.wait(SECONDS)
    project.that("it works")

    def passes():
        status, output = project.watch("--rounds", "1")
        return status == PASSED_ALL and "1 passed" in output

    wait_until(passes, "a round after that of the killed watch has ended", SECONDS)


@pytest.mark.runs
@DEAR
def test_a_round_that_came_to_nothing_says_why(project):
    project.write("features/broken.feature", "Feature: a\n  no gherkin\n")
    with collector() as (url, received):
        status, output = project.watch("--rounds", "1", OTEL_EXPORTER_OTLP_ENDPOINT=url)
    assert status == NOT_CHECKED
    assert "nothing was checked" in output
    assert "features/broken.feature:1: There is no scenario in this file" in output
    assert attributes(received.span("run"))["test.suite.run.status"] == "aborted"


@pytest.mark.runs
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-D", "exclusive=yes"), "A watch must not run scenarios"),
        (("-D", "exclusiv=yes"), "Did you mean exclusive?"),
        (("--every", "0"), "is not a number of minutes"),
        (("--every", "nan"), "is not a number of minutes"),
        (("--rounds", "0"), "is not a number from 1"),
    ],
)
def test_what_is_no_watch_is_refused_in_a_sentence(project, arguments, words):
    status, output = project.watch(*arguments)
    assert status == NOT_CHECKED
    assert words in output
    assert "Traceback" not in output


# --- what a round was ----------------------------------------------------------------------------------


def finding(*words, status=0, seconds=4.0, **more):
    outcomes = [Outcome("F", "", f"{n}", word, "why\nmore") for n, word in enumerate(words)]
    return Finding(outcomes, status, seconds, 60.0, **more)


@pytest.mark.parametrize(
    ("found", "verdict", "words"),
    [
        (finding("passed", "passed", "skipped"), PASSED_ALL, "2 passed, 1 skipped (4 s)"),
        (finding("passed", "unknown"), PASSED_ALL, "1 passed, 1 known to deviate (4 s)"),
        (finding("passed", "failed", "broken", status=1), BROKE_PROMISE, "1 failed, 1 broken, 1 passed (4 s)"),
        (finding("passed", "broken", status=1), NOT_CHECKED, "1 broken, 1 passed (4 s)"),
        (finding("passed", status=1), NOT_CHECKED, "1 passed (4 s)"),
        (finding("skipped"), NOT_CHECKED, "1 skipped (4 s)"),
        (finding(status=1), NOT_CHECKED, "nothing was checked (4 s)"),
        (
            finding("broken", status=124, seconds=61),
            NOT_CHECKED,
            "1 broken (61 s); it took longer than 60 s, and was ended",
        ),
        (
            finding(status=137, seconds=150),
            NOT_CHECKED,
            "nothing was checked (150 s); it took longer than 60 s, and was killed",
        ),
        (finding(status=137), NOT_CHECKED, "nothing was checked (4 s); it was killed"),
    ],
)
def test_a_round_has_a_verdict_and_a_line(found, verdict, words):
    assert found.verdict == verdict
    assert found.words == words


def test_a_lost_round_is_told_of_and_a_collector_that_does_not_answer_ends_no_watch(monkeypatch, capsys):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    with collector() as (url, received):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        tell_of_lost_run(1_000_000_000, "timed_out", "it was killed")
    assert received.span("run").status.message == "it was killed"
    assert received.values("acceptance.run.status", "test.suite.run.status")["timed_out"] == 1
    assert capsys.readouterr().err == ""
    with collector(503) as (url, _):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        told = threading.Thread(target=tell_of_lost_run, args=(1_000_000_000, "timed_out", "it was killed"))
        told.start()
        told.join(SECONDS)
    assert not told.is_alive()
    assert "it answered 503 Service Unavailable" in capsys.readouterr().err

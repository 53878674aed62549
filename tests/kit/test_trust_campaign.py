"""The campaign's own machinery, on a few small cases: verdicts, report, exit status, going on, an interruption."""

import json
import os
import signal
import subprocess
import sys

import psutil
import pytest
from places import ROOT

from trust import __main__ as command
from trust import campaign, cases, catchers
from trust.cases import Case, sample
from trust.mutants.scenarios import Scenario
from trust.report import Report
from trust.results import Result, Results

pytestmark = pytest.mark.trust("campaign")

SMALL = """\
import os, subprocess, sys
from pathlib import Path
import pytest

def note(name):
    with open("ran.txt", "a") as file:
        file.write(f"{name}\\n")

@pytest.mark.planted
@pytest.mark.parametrize("system", ["bakery", "florist"])
def test_a_fault_is_caught(system):
    note(system)

@pytest.mark.planted
def test_a_fault_nobody_notices():
    note("unnoticed")
    assert Path("mended.txt").exists(), "nobody has noticed <this> fault"

def test_nothing_is_wrong():
    note("green")

def test_an_alarm_without_reason():
    assert 1 == 2

def test_something_else():
    raise ConnectionError("no network")

def test_a_worker_dies():
    os._exit(3)

@pytest.mark.quiet
def test_alone():
    pytest.skip("not here")
"""
SLOW = """\
import subprocess, sys
import pytest

def test_quick(): pass

@pytest.mark.quiet
def test_slow():
    subprocess.run([sys.executable, "-c", "import time; time.sleep(300)"], check=False)
"""
# As in trust/conftest.py.
MARKED = """
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.trust)
"""
# What `python -m trust` is, with another folder of cases and without mutants.
SMALL_TRUST = """
import sys
from pathlib import Path
from trust import __main__ as command, campaign, cases, catchers, durations
cases.HERE, cases.ROOT, campaign.ROOT, cases.SYSTEMS = Path("trust").resolve(), Path.cwd(), Path.cwd(), Path("systems")
cases.TESTS, durations.FILE = Path("tests").resolve(), Path("durations.json").resolve()
catchers.FILE = Path("catchers.json").resolve()
command.CODE = command.ANSWERED = ()
sys.exit(command.main(sys.argv[1:]))
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with a small campaign about two systems."""
    for system in ("bakery", "florist"):
        (tmp_path / "systems" / system).mkdir(parents=True)
        (tmp_path / "systems" / system / "app.py").write_text("", encoding="utf-8")
    (tmp_path / "trust" / "small").mkdir(parents=True)
    (tmp_path / "trust" / "small" / "test_small.py").write_text(SMALL, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  planted\n  quiet\n  trust\n", encoding="utf-8")
    (tmp_path / "trust" / "conftest.py").write_text(MARKED, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def trust(project):
    """Run the campaign, and return its exit status and its report."""

    def run(*arguments, status=None):
        done = subprocess.run(
            [sys.executable, "-c", SMALL_TRUST, "--reports", "told", "--jobs", "2", "--seed", "4", *arguments],
            cwd=project,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        assert status is None or done.returncode == status, done.stdout + done.stderr
        return done.stdout, json.loads((project / "told" / "trust.json").read_text("utf-8"))

    return run


def ran(project):
    file = project / "ran.txt"
    told = sorted(file.read_text("utf-8").split()) if file.exists() else []
    file.unlink(missing_ok=True)
    return told


def verdicts(report):
    return {one["case"].partition("::test_")[2]: one["verdict"] for one in report["results"]}


def test_each_case_gets_its_verdict_and_what_is_bad_makes_the_status_1(project, trust):
    output, report = trust(status=1)
    assert verdicts(report) == {
        "a_fault_is_caught[bakery]": "caught",
        "a_fault_is_caught[florist]": "caught",
        "a_fault_nobody_notices": "gone through",
        "nothing_is_wrong": "green",
        "an_alarm_without_reason": "false alarm",
        "something_else": "broken",
        "a_worker_dies": "broken",
        "alone": "skipped",
    }
    figures = report["figures"]["small"]
    assert (figures["cases"], figures["caught"], figures["false alarm"], figures["broken"]) == (8, 2, 1, 2)
    assert "nobody has noticed <this> fault" in output
    assert "[   8/8]" in output
    assert "--jobs 2 --seed 4" in output
    page = (project / "told" / "index.html").read_text("utf-8")
    assert "nobody has noticed &lt;this&gt; fault" in page
    assert "no network" in page
    assert "seed 4" in page


def test_what_has_a_result_is_not_tried_again_until_its_files_change(project, trust):
    trust("--only", "fault_is_caught", status=0)
    assert ran(project) == ["bakery", "florist"]
    (project / "systems" / "bakery" / "app.py").write_text("changed = True", encoding="utf-8")
    _, report = trust("--only", "fault_is_caught", "--only", "nothing_is", status=0)
    assert ran(project) == ["bakery", "green"], "the florist has not changed"
    assert report["figures"]["small"]["cases"] == 3
    trust("--only", "fault_is_caught", "--fresh", status=0)
    assert ran(project) == ["bakery", "florist"]


def test_what_was_bad_stays_bad_and_a_later_attempt_does_not_hide_it(project, trust):
    trust("--only", "nobody_notices", status=1)
    (project / "mended.txt").touch()
    _, report = trust("--only", "nobody_notices", status=1)
    assert ran(project) == ["unnoticed"]
    assert verdicts(report) == {"a_fault_nobody_notices": "gone through"}
    _, report = trust("--only", "nobody_notices", "--again", status=0)
    assert verdicts(report) == {"a_fault_nobody_notices": "caught"}
    [[earlier]] = report["bad before"].values()
    assert (earlier["verdict"], earlier["attempt"]) == ("gone through", 1)
    assert "Bad in an earlier attempt" in (project / "told" / "index.html").read_text("utf-8")


def test_there_are_no_such_cases_and_modules_that_cannot_be_read(project, trust):
    for arguments, words in ((["--only", "nothing like it"], "There are no such cases."), ([], "no module of mine")):
        done = subprocess.run(
            [sys.executable, "-c", SMALL_TRUST, *arguments], cwd=project, capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert words in done.stderr
        (project / "trust" / "small" / "test_bad.py").write_text('raise ImportError("no module of mine")', "utf-8")


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=lambda asked: asked.name)
def test_an_interruption_keeps_what_is_done_and_ends_everything(project, trust, asked):
    (project / "trust" / "small" / "test_small.py").write_text(SLOW, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", SMALL_TRUST, "--reports", "told", "--seed", "4"],
        cwd=project,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as run:
        for line in run.stdout:
            if "alone" in line:
                break
        family = until_asleep(run)
        run.send_signal(asked)
        rest = run.stdout.read()
        assert run.wait(60) == 2
    assert "Interrupted. What has ended is kept" in rest
    _, left = psutil.wait_procs(family, 10)
    assert left == []
    report = json.loads((project / "told" / "trust.json").read_text("utf-8"))
    assert verdicts(report) == {"quick": "green"}
    assert (report["interrupted"], report["missing"]) == (True, 1)


def until_asleep(run):
    """Wait for the program that the slow case has started, and return all processes of the run."""
    while True:
        family = psutil.Process(run.pid).children(recursive=True)
        for one in family:
            try:
                if any("sleep(300)" in word for word in one.cmdline()):
                    return family
            except psutil.Error:
                continue


FEW = [Case(f"trust/{campaign}::{system}-{number}", campaign, system, planted=True)
       for campaign, system in (("faults", "bakery"), ("faults", "florist"), ("storms", ""))
       for number in range(20)]  # fmt: skip
TOOK = {case.id: 10.0 for case in FEW}


def test_a_sample_is_that_of_its_seed_has_something_of_everything_and_takes_its_time():
    drawn = sample(FEW, 30, 1, 2, TOOK)
    assert drawn == sample(FEW[::-1], 30, 1, 2, TOOK)
    assert drawn != sample(FEW, 30, 2, 2, TOOK)
    assert len(drawn) == 6
    assert {(case.campaign, case.system) for case in drawn} == {(case.campaign, case.system) for case in FEW}


def test_a_case_that_wants_the_machine_for_itself_costs_all_workers():
    alone = [Case(case.id, case.campaign, case.system, quiet=True) for case in FEW]
    assert len(sample(alone, 30, 1, 2, TOOK)) == 3
    assert sample(FEW, 9, 1, 4, TOOK) == [], "one that takes longer than all the time is not begun"


def test_a_mutant_that_nobody_can_notice_is_no_fault_that_went_through(monkeypatch):
    monkeypatch.setattr(command, "read_answers", lambda: {"a › b": "It comes to the same."})
    survived = Result(f"{cases.MUTANTS}a › b", "mutants", "gone through", "", 1.0, "d", 1)
    assert command.answered(survived).verdict == "equivalent"
    assert command.answered(survived).words == "It comes to the same."
    other = Result(f"{cases.MUTANTS}a › c", "mutants", "gone through", "", 1.0, "d", 1)
    assert command.answered(other) is other


def test_a_list_of_equivalents_that_is_out_of_date_needs_a_look(monkeypatch):
    answers = {"retail › there is none": "a reason", "fulfilment › not asked about": "a reason"}
    monkeypatch.setattr(campaign, "read_answers", lambda: answers)
    monkeypatch.setattr(campaign, "all_mutants", lambda _: [])  # hundreds of them take seconds
    tried = Result(f"{cases.MUTANTS}retail › a › b", "mutants", "caught", "", 1.0, "d", 1, "retail")
    [told] = campaign.out_of_date([tried], 1)
    assert told.bad
    assert told.words == "There is no such mutant (any more): retail › there is none"


def test_half_a_line_of_a_run_that_was_killed_is_left_out(tmp_path):
    file = tmp_path / "results.jsonl"
    results = Results(file)
    results.add(Result("one", "faults", "caught", "", 1.0, "d", 1))
    with file.open("a", encoding="utf-8") as lines:
        lines.write('{"case": "two", "camp')
    assert [one.case for one in Results(file).all()] == ["one"]


def test_an_unbroken_system_that_is_red_among_its_mutants_is_said_in_the_headline():
    mutant = Result(f"{cases.MUTANTS}retail › a › b", "mutants", "caught", "", 1.0, "d", 1, "retail")
    control = Result(f"{campaign.CONTROL}1", "mutants", "false alarm", "late", 1.0, "d", 1, "retail")
    told = Report([mutant, control], 0, 1, 1.0, "")
    assert told.headline.startswith(
        "1 of 1 planted faults were caught; 1 false alarms. The unbroken retail did not stay green"
    )
    assert told.status == 1


def test_who_has_caught_a_mutant_is_kept_and_a_sample_has_no_others(tmp_path, monkeypatch):
    file = tmp_path / "catchers.json"
    assert catchers.read(file) == {}
    told = [
        Result(f"{cases.MUTANTS}cafe › a", "mutants", "caught", "", 1.0, "d", 1, "cafe", "f: first"),
        Result(f"{cases.MUTANTS}cafe › old", "mutants", "caught", "", 1.0, "d", 1, "cafe", "f: renamed since"),
        Result(f"{cases.MUTANTS}cafe › not deployed", "mutants", "caught", "", 1.0, "d", 1, "cafe"),
        Result(f"{cases.MUTANTS}cafe › b", "mutants", "gone through", "", 1.0, "d", 1, "cafe"),
        Result("trust/faults::c", "faults", "caught", "", 1.0, "d", 1, "cafe"),
    ]
    there = {"cafe › a", "cafe › old", "cafe › b"}
    catchers.remember(told, there, file)
    catchers.remember(told[:1], there - {"cafe › b"}, file)
    assert catchers.read(file) == {"cafe › a": "f: first", "cafe › old": "f: renamed since"}
    monkeypatch.setattr(catchers, "FILE", file)
    monkeypatch.setattr(command, "read_answers", dict)
    monkeypatch.setattr(command, "read_scenarios", lambda _: [Scenario("f: first", "f:1", frozenset())])
    everything = [Case(one.case, one.campaign, one.system) for one in told]
    drawn = command.choose(everything, command._options(["--sample", "60", "--seed", "1"]))
    assert {case.id for case in drawn} == {told[0].case, told[-1].case}
    catchers.remember([], {"cafe › old"}, file)
    assert catchers.read(file) == {"cafe › old": "f: renamed since"}, "the other one is no mutant any more"

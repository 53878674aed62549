"""A large outline with `-j`: a worker reads its file once, keeps nothing of what has ended, and takes little for it."""

import os
import resource
import subprocess
import sys

import pytest
from places import ROOT

pytestmark = pytest.mark.trust("workers")
KEEPING = '''
import gc, os, sys, weakref
from pathlib import Path
from acceptance.report.run import Run, reported

payloads = []

class Payload:
    """Something large that a scenario holds."""

def note(kind, text):
    Path(f"{kind}-{os.getpid()}.txt").write_text(str(text), encoding="utf-8")

opened = []

def hear(event, about):
    if event == "open" and str(about[0]).endswith("rows.feature"):
        opened.append(about[0])

@reported
def before_all(context):
    sys.addaudithook(hear)

def before_scenario(context, scenario):
    gc.collect()
    if not Run.of(context.config).tells:
        note("alive", sum(one() is not None for one in payloads))
    context.payload = Payload()
    payloads.append(weakref.ref(context.payload))

@reported
def after_all(context):
    if not Run.of(context.config).tells:
        note("opened", len(opened))
        note("played", len(payloads))
'''


def outline(rows):
    return (
        "Feature: F\n  Scenario Outline: one for <who>\n    Given it works for <who>\n    Examples:\n      | who |\n"
    ) + "".join(f"      | guest {row} |\n" for row in range(rows))


def numbers(project, kind):
    """What each worker has noted of this kind."""
    return [int(path.read_text(encoding="utf-8")) for path in project.folder.glob(f"{kind}-*.txt")]


def test_worker_reads_a_file_once_and_keeps_nothing_of_its_scenarios(project):
    project.write("environment.py", KEEPING)
    project.feature(outline(30), "rows.feature")
    ran = project.run("-j", "2")
    assert ran.status == 0, ran.output
    assert sum(numbers(project, "played")) == 30
    assert max(numbers(project, "opened")) == 1
    assert max(numbers(project, "alive")) <= 1  # a scenario of which its worker is about to let go


def seconds_for(project, rows, *arguments):
    """How much time of a processor a whole run takes, with all of its processes."""
    project.feature(outline(rows), "rows.feature")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "behave", *arguments]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=project.folder, env=surroundings, capture_output=True, text=True, check=False)
    assert f"{rows} passed" in done.stdout, done.stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_each_further_row_takes_no_longer_than_the_ones_before(project):
    """Alone, and by two workers: the time that 300 further rows take, in that of one process."""
    alone, several = (seconds_for(project, 400, "-j", n) - seconds_for(project, 100, "-j", n) for n in ("1", "2"))
    assert several < 6 * max(alone, 0.5), f"{several:.1f} s for 300 further rows; one process needs {alone:.1f} s"

"""A process of the run: it ends with the run, when it is asked to, or at once; its last words are kept."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from acceptance.processes.child import Child
from acceptance.processes.programs import Programs
from acceptance.root import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc, which only Linux has"),
]
# Reports its start, has a child of its own, and ends on SIGTERM only if asked to.
PROGRAM = """
import signal, subprocess, sys, time
if {polite}:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
else:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sleep", "600"])
sys.stderr.write("I am there\\n")
sys.stderr.flush()
time.sleep(600)
"""


@pytest.fixture
def programs(tmp_path):
    """A program that is kept running, polite or not."""
    made = []

    def run(*, polite=True, code=None):
        (tmp_path / "program.py").write_text(code or PROGRAM.format(polite=polite))
        made.append(Programs(tmp_path, {"Program": "program"}, os.environ, tmp_path / "run.log"))
        made[-1].start()
        return made[-1]

    yield run
    for one in made:
        one.stop()


def members(programs):
    group = programs._running["Program"].pid
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            found.append(int(path.parent.name))
    return found


def is_there(programs, wait_until):
    wait_until(lambda: "I am there" in programs.last_words()["Program"], "it is there")
    assert len(members(programs)) == 3  # the keeper, the program, and what that has started


def test_it_ends_when_it_is_asked_to_and_says_how(programs, wait_until):
    running = programs()
    is_there(running, wait_until)
    running.ask_to_end("Program")
    assert running.ended("Program") == 3
    assert running.fallen() == {"Program": "it has ended with status 3: I am there"}


def test_one_that_does_not_end_is_killed(programs, wait_until, monkeypatch):
    monkeypatch.setattr("acceptance.processes.programs.STOP_SECONDS", 0.5)
    running = programs(polite=False)
    is_there(running, wait_until)
    running.ask_to_end("Program")
    assert running.ended("Program") is None
    wait_until(lambda: not members(running), "everybody has gone")


def test_one_that_crashes_leaves_nobody(programs, wait_until):
    running = programs()
    is_there(running, wait_until)
    running.crash("Program")
    wait_until(lambda: not members(running), "everybody has gone")
    assert "status" in running.fallen()["Program"]


def test_one_that_has_fallen_is_started_again_and_one_that_runs_is_not(programs, wait_until):
    running = programs()
    is_there(running, wait_until)
    before = members(running)
    running.start()
    assert members(running) == before
    running.crash("Program")
    running.start()
    assert running.fallen() == {}
    assert not set(members(running)) & set(before)


def test_its_last_words_are_those_of_its_last_life(programs, wait_until):
    running = programs(code="raise SystemExit('I cannot')")
    wait_until(running.fallen, "it has ended")
    assert running.fallen() == {"Program": "it has ended with status 1: I cannot"}
    running.begin("Program")
    wait_until(running.fallen, "it has ended again")
    assert running.fallen() == {"Program": "it has ended with status 1: I cannot"}


def test_it_ends_with_its_parent_however_that_ends(tmp_path, wait_until):
    (tmp_path / "program.py").write_text(PROGRAM.format(polite=False))
    parent = f"""
import os, sys, time
from pathlib import Path
from acceptance.processes.programs import Programs
folder = Path({str(tmp_path)!r})
programs = Programs(folder, {{"Program": "program"}}, os.environ, folder / "run.log")
programs.start()
print(programs._running["Program"].pid, flush=True)
time.sleep(600)
"""
    process = subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    group = int(process.stdout.readline())
    wait_until(lambda: "I am there" in (tmp_path / "run.program.log").read_text(), "it is there")
    process.kill()
    process.wait(10)
    process.stdout.close()

    def gone():
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        return False

    wait_until(gone, "everybody has gone")


def test_a_next_line_that_never_comes_ends_the_program(tmp_path):
    (tmp_path / "silent.py").write_text("import time; time.sleep(600)")
    child = Child("silent", log=tmp_path / "log", environment={**os.environ, "PYTHONPATH": str(tmp_path)})
    try:
        assert child.next_line(within=0.5) == ""
        assert child.status == -signal.SIGKILL
    finally:
        child.stop()

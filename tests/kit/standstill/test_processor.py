"""Waiting for a processor is read from Linux's counters, and differs from sleeping."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from acceptance.standstill.processor import Delays, Pressure, parent_of


@pytest.fixture
def proc(tmp_path):
    """Make a /proc of these threads: process, thread, what it has waited (s), which processes it has started."""

    def proc(*threads, **pressure):
        (tmp_path / "self/task/1").mkdir(parents=True, exist_ok=True)
        (tmp_path / "self/task/1/children").touch()
        for pid, thread, waited, children in threads:
            folder = tmp_path / f"{pid}/task/{thread}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "schedstat").write_text(f"5000000 {round(waited * 1e9)} 7\n")
            (folder / "children").write_text(children)
        (tmp_path / "pressure").mkdir(exist_ok=True)
        for name, total in pressure.items():
            text = f"some avg10=0.00 avg60=0.00 avg300=0.00 total={total * 2}\nfull avg10=0.00 total={total}\n"
            (tmp_path / "pressure" / name).write_text(text)
        return tmp_path

    return proc


def test_what_threads_and_children_have_waited_is_added_up(proc):
    there = proc((7, 7, 0.1, "8 "), (7, 71, 0.2, ""), (8, 8, 0.4, ""))
    delays, alone = Delays(there), Delays(there, with_children=False)
    assert delays.since_last_time([7]) == pytest.approx(0.7)
    assert alone.since_last_time([7]) == pytest.approx(0.3)
    assert delays.since_last_time([7]) == 0
    proc((8, 8, 0.5, ""), (7, 72, 0.05, ""))
    assert delays.since_last_time([7]) == pytest.approx(0.15)


def test_a_process_that_has_ended_waits_no_more(proc):
    delays = Delays(proc((7, 7, 0.1, "")))
    delays.since_last_time([7])
    assert delays.since_last_time([99]) == 0


def test_where_nothing_is_counted_nothing_was_waited(tmp_path):
    assert Delays(tmp_path).since_last_time([7]) == 0
    assert Pressure(tmp_path).since_last_time() == 0


def test_the_worst_reason_of_the_machine_counts(proc, tmp_path):
    there = proc(memory=0, io=0, cpu=0)
    (there / "self/schedstat").write_text("1 2 3\n")
    pressure = Pressure(there)
    proc(memory=300_000, io=100_000, cpu=900_000)
    assert pressure.since_last_time() == pytest.approx(0.3)
    (there / "stat").write_text("cpu 0 0 0 0 0 0 0 90 0 0\ncpu0 0 0 0 0 0 0 0 10 0 0\ncpu1 0 0 0 0 0 0 0 80 0 0\n")
    before = pressure.since_last_time()
    (there / "stat").write_text("cpu 0 0 0 0 0 0 0 190 0 0\ncpu0 0 0 0 0 0 0 0 10 0 0\ncpu1 0 0 0 0 0 0 0 180 0 0\n")
    assert before == 0
    assert pressure.since_last_time() == pytest.approx(100 / os.sysconf("SC_CLK_TCK"))


def test_without_the_kernels_count_the_pressure_stands_in(proc):
    pressure = Pressure(proc(cpu=0))
    proc(cpu=50_000)
    assert pressure.since_last_time() == pytest.approx(0.1)  # the time in which some thread waited


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="only Linux counts it")
def test_who_works_beside_others_waits_and_who_sleeps_does_not():
    pin = "import os, sys, time; os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[0]}); "
    work = "until = time.monotonic() + 0.5\nwhile time.monotonic() < until: pass"
    busy = [subprocess.Popen([sys.executable, "-c", pin + "\n" + work]) for _ in range(3)]
    idle = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    of_busy, of_idle, waited, slept = Delays(), Delays(), 0.0, []
    while busy[0].poll() is None:
        waited += of_busy.since_last_time([busy[0].pid])
        slept.append(of_idle.since_last_time([idle.pid]))
        time.sleep(0.01)  # noqa: TID251 - beside what is measured
    idle.communicate()
    for one in busy:
        one.wait()
    assert waited > 0.1
    assert slept[-1] < 0.01


def test_a_child_knows_who_has_started_it():
    if not Path("/proc/self/stat").exists():
        pytest.skip("only Linux has /proc")
    assert parent_of(os.getpid()) == os.getppid()
    assert parent_of(2**30) == 0

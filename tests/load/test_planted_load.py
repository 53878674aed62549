"""Runs under load in which something goes wrong on purpose: the system loses and doubles, a worker or the lead dies."""

import json
import subprocess
import sys

import psutil
import pytest
from places import ROOT

from trust.system_copy import CAFE, copy_of

pytestmark = [pytest.mark.slow, pytest.mark.trust("load")]
READY = "Emit - Order Completed"
SPAWNED = ("All users spawned", "Spawning is complete")


def begin(folder, *arguments):
    command = [sys.executable, "-m", "load", "-u", "3", "--results", str(folder), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def end(run, folder):
    said, _ = run.communicate(timeout=240)
    assert (folder / "figures.json").exists(), said
    return json.loads((folder / "figures.json").read_text(encoding="utf-8"))


def when_spawned(run):
    for line in run.stdout:
        if any(words in line for words in SPAWNED):
            return psutil.Process(run.pid).children()
    raise AssertionError("nobody ever came")


def nothing_is_left(processes):
    _, alive = psutil.wait_procs(processes, timeout=90)
    return not alive


@pytest.fixture
def broken_cafe(tmp_path):
    """A café that loses each order whose id ends in one of four digits, and announces each other drink twice."""
    system = copy_of(CAFE, tmp_path)
    path = system / "statemachines" / "order_manager.asl.json"
    workflow = json.loads(path.read_text(encoding="utf-8"))
    ready = workflow["States"][READY]
    ready["Parameters"]["Entries"] *= 2
    ends = [{"Variable": "$.orderId", "StringMatches": f"*{digit}"} for digit in "0123"]
    workflow["States"]["Plan"] = {"Type": "Choice", "Choices": [{"Or": ends, "Next": "Lost"}], "Default": READY}
    workflow["States"]["Lost"] = {"Type": "Succeed"}
    before = next(state for state in workflow["States"].values() if state.get("Next") == READY)
    before["Next"] = "Plan"
    path.write_text(json.dumps(workflow), encoding="utf-8")
    return system / "template.yaml"


def test_what_is_lost_and_what_is_announced_twice_is_counted_for_every_order(broken_cafe, tmp_path):
    template = f"serverlesspresso_template={broken_cafe}"
    run = begin(tmp_path / "run", "-t", "10s", "--processes", "2", "-D", template, "-D", "patience=5")
    found = end(run, tmp_path / "run")
    assert run.returncode == found["status"] == 1
    assert 0 < found["lost"] < found["came"]
    assert found["lost"] + found["served"] + found["not_checked"] == found["came"]
    doubled = found["verdicts"]["nothing-doubled"]
    assert doubled["status"] == "failed"
    assert doubled["message"].startswith(f"{found['served']:,} announcements of {found['came']:,} orders")
    assert found["verdicts"]["ready-heard"]["status"] == "failed"
    assert found["verdicts"]["numbers-differ"]["status"] == "passed"


def test_a_worker_that_dies_is_counted_as_not_checked_and_leaves_nothing(tmp_path):
    run = begin(tmp_path / "run", "-t", "15s", "--processes", "2")
    children = when_spawned(run)
    workers = [one for one in children if "locust" in " ".join(one.cmdline())]
    workers[-1].kill()
    found = end(run, tmp_path / "run")
    assert run.returncode == found["status"] == 2
    assert "A worker died" in found["verdicts"]["run"]["message"]
    assert found["served"] + found["not_checked"] == found["came"]
    assert nothing_is_left(children)


def test_workers_and_account_end_when_the_lead_is_killed(tmp_path):
    run = begin(tmp_path / "run", "-t", "60s", "--processes", "2")
    children = when_spawned(run)
    run.kill()
    run.communicate(timeout=240)
    assert nothing_is_left(children)

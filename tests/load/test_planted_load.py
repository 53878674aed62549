"""Runs under load in which something goes wrong on purpose: the system loses and doubles, a worker or the lead dies."""

import json
import os
import subprocess
import sys
from itertools import count

import psutil
import pytest
from places import ROOT

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.aws.secret import SECRET
from acceptance.weather.station import Fate, Station
from support.serverlesspresso.parts import discover
from support.serverlesspresso.settings import ServerlesspressoSettings
from support.serverlesspresso.shop import Shop
from trust.behave_run import run_behave
from trust.system_copy import CAFE, copy_of

pytestmark = [pytest.mark.slow, pytest.mark.trust("load")]
READY = "Emit - Order Completed"
SPAWNED = ("All users spawned", "Spawning is complete")
WORKERS = 4
# So many orders the shop takes at once, so that it is never full.
ROOM = 99


def begin(folder, *arguments, users=3, **environment):
    command = [sys.executable, "-m", "load", "-u", str(users), "--processes", str(WORKERS), "--results", str(folder)]
    return subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def end(run, folder):
    said, _ = run.communicate(timeout=400)
    assert (folder / "figures.json").exists(), said
    return json.loads((folder / "figures.json").read_text(encoding="utf-8"))


def when_spawned(run):
    for line in run.stdout:
        if any(words in line for words in SPAWNED):
            return psutil.Process(run.pid).children(recursive=True)
    raise AssertionError("nobody ever came")


def nothing_is_left(processes):
    _, alive = psutil.wait_procs(processes, timeout=90)
    return not alive


def changed_cafe(folder, change):
    """Copy the café, and let `change` change the states of its order manager."""
    system = copy_of(CAFE, folder)
    path = system / "statemachines" / "order_manager.asl.json"
    workflow = json.loads(path.read_text(encoding="utf-8"))
    change(workflow["States"])
    path.write_text(json.dumps(workflow), encoding="utf-8")
    return system


def before_ready(states, name, state):
    """Put a state before the announcement that an order is ready."""
    states[name] = state
    before = next(one for one in states.values() if one.get("Next") == READY and one is not state)
    before["Next"] = name


def loses_and_doubles(states):
    """Lose each order whose id ends in one of eight digits, and announce each other drink twice."""
    states[READY]["Parameters"]["Entries"] *= 2
    ends = [{"Variable": "$.orderId", "StringMatches": f"*{digit}"} for digit in "01234567"]
    states["Lost"] = {"Type": "Succeed"}
    plan = {"Type": "Choice", "Choices": [{"Or": ends, "Next": "Lost"}], "Default": READY}
    before_ready(states, "Plan", plan)


def test_what_is_lost_and_what_is_announced_twice_is_counted_for_every_order(tmp_path):
    template = changed_cafe(tmp_path, loses_and_doubles) / "template.yaml"
    run = begin(tmp_path / "run", "-t", "10s", "-D", f"serverlesspresso_template={template}", "-D", "patience=5")
    found = end(run, tmp_path / "run")
    assert run.returncode == found["status"] == 1, found["verdicts"]
    assert 0 < found["lost"] < found["came"]
    assert found["lost"] + found["served"] + found["not_checked"] == found["came"]
    doubled = found["verdicts"]["nothing-doubled"]
    assert doubled["status"] == "failed"
    assert doubled["message"].startswith(f"{found['served']:,} announcements of {found['came']:,} orders")
    assert found["verdicts"]["ready-heard"]["status"] == ("broken" if found["limited"] else "failed")
    assert found["verdicts"]["numbers-differ"]["status"] == "passed"


def test_four_workers_come_up_to_their_rate_and_every_order_is_known_to_have_ended(tmp_path):
    run = begin(tmp_path / "run", "-t", "20s", users=WORKERS)
    found = end(run, tmp_path / "run")
    assert found["workers"] == WORKERS
    assert found["verdicts"]["run"]["status"] == "passed", found["verdicts"]["run"]["message"]
    assert found["served"] == found["came"]


def test_a_worker_that_dies_is_counted_as_not_checked_and_leaves_nothing(tmp_path):
    run = begin(tmp_path / "run", "-t", "15s")
    processes = when_spawned(run)
    workers = [one for one in psutil.Process(run.pid).children() if "locust" in " ".join(one.cmdline())]
    assert len(workers) == WORKERS
    workers[-1].kill()
    found = end(run, tmp_path / "run")
    assert run.returncode == found["status"] == 2, found["verdicts"]
    assert "A worker died" in found["verdicts"]["run"]["message"]
    assert found["served"] + found["not_checked"] == found["came"]
    assert found["served"] > found["not_checked"]
    assert nothing_is_left(processes)


def test_workers_and_account_end_when_the_lead_is_killed(tmp_path):
    run = begin(tmp_path / "run", "-t", "60s")
    processes = when_spawned(run)
    run.kill()
    said, _ = run.communicate(timeout=240)
    assert said.count("The lead of this run has ended, so its workers end.") == WORKERS
    assert nothing_is_left(processes)
    assert not (tmp_path / "run" / "figures.json").exists()


def test_what_a_throttled_account_refuses_is_not_checked_and_ends_the_run(tmp_path):
    """From the fifth order on, the account throttles each call that would start a workflow."""
    started = count()

    def fate(call):
        throttled = call.operation == "StartExecution" and next(started) >= 15
        return Fate.THROTTLED if throttled else Fate.ANSWERED

    with EmbeddedAccount() as embedded, Station(embedded.url, secret=SECRET) as station:
        account = Account("us-east-1", embedded.url, "000000000000")
        deploy(account, ROOT / "systems" / CAFE / "template.yaml", {"Capacity": ROOM})
        Shop(account, discover(account, ServerlesspressoSettings()), None).let_in(ROOM)
        station.fate = fate
        run = begin(
            tmp_path / "run",
            *("-t", "300s", "-D", "target=aws", "-D", "region=us-east-1", "-D", "patience=5"),
            *("--orders-at-most", "1000", "--usd-at-most", "5"),
            users=5,
            AWS_ACCESS_KEY_ID="000000000000",
            AWS_SECRET_ACCESS_KEY=SECRET,
            AWS_ENDPOINT_URL=station.url,
        )
        found = end(run, tmp_path / "run")
        rules = account.events.list_rules(NamePrefix="acceptance", EventBusName="Serverlesspresso")["Rules"]
    assert run.returncode == found["status"] == 2, found["verdicts"]
    assert "more than half of the orders could not be checked" in found["verdicts"]["run"]["message"]
    assert "ThrottlingException" in found["verdicts"]["run"]["message"]
    assert found["lost"] == found["turned_away"] == 0
    assert found["served"] + found["not_checked"] == found["came"] < 1000
    assert rules == []


def is_slow_to_announce(states):
    """Announce three seconds late that an order is ready."""
    before_ready(states, "Dawdle", {"Type": "Wait", "Seconds": 3, "Next": READY})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, {}),
        (is_slow_to_announce, {"served in time": "The customer is notified: 95 %"}),
        (loses_and_doubles, {"served in time": "got there at all", "served once": "were lost"}),
    ],
)
def test_the_feature_is_red_where_the_cafe_breaks_its_promise_and_only_there(change, said, tmp_path):
    system = changed_cafe(tmp_path, change or (lambda _: None))
    run = run_behave(system, ("load",), "--tags=@load", "-D", "load=yes", "-D", "patience=5", seconds=600)
    failed = {one.name: one.message for one in run.scenarios if one.verdict == "failed"}
    assert len(run.scenarios) == 2
    assert len(failed) == len(said), run.output
    for name, words in said.items():
        [message] = [message for known, message in failed.items() if name in known]
        assert words in message

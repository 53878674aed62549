"""Kill or stop a random process at a random moment, in each of sixteen runs.

No run hangs, loses a scenario, or blames a system for it. TRUST_SEED repeats a draw.
"""

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from behave.runner_util import FileLocation, parse_features
from running import ROOT

from acceptance.report.integrity import read
from acceptance.report.selection import identities

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.quiet,  # each has a worker for every processor
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc, which only Linux has"),
]
# All four systems, and all scenarios that are kept together: retail, terminals, online, slow and crowd. No service
# levels, because a busy machine may miss them.
FEATURES = (
    "features/retail/enrichment.feature",
    "features/fulfilment/reserving.feature",
    "features/durable_orders/submitting_twice.feature",
    "features/serverlesspresso/time_outs.feature",
    "features/serverlesspresso/order_numbers.feature",
)
# With a long timeout: a crowd takes long on a busy machine, and its promise would seem broken.
RUN = ("-j", "4", "-D", "report=no", "-D", "patience=90", *FEATURES)
KILLS = 16
SEED = int(os.environ.get("TRUST_SEED") or random.SystemRandom().randrange(1_000_000))
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP)
# The victim is chosen within this time after the first process of its kind started, in s. Programs come and go.
DELAYS = {"worker": 25, "emulator": 15, "broker": 10, "service": 10, "watcher": 5, "program": 3}
# A stopped worker is noticed after a minute, and others then do its work. The machine may be busy.
ENDS_WITHIN_SECONDS = 300
NEVER = threading.Event()


def kind_of(process, lead):
    """Return the kind of a run's process, "" if it is not one to be killed."""
    command, parent = process.cmdline(), process.ppid()
    line = " ".join(command)
    if "spawn_main" in line and parent == lead:
        return "worker"
    if "acceptance.aws.emulator" in line:
        return "emulator" if "spawn_main" in " ".join(psutil.Process(parent).cmdline()) else ""
    for part, kind in (("cloud.mock_cluster", "broker"), ("drivers.watcher", "watcher"), (" services.", "service")):
        if part in line:
            return kind
    return "program" if len(command) == 2 and re.fullmatch(r"\w+\.py", command[1]) else ""


def processes_of(run, kind):
    """Return a run's present processes of this kind, oldest first."""
    found = []
    with contextlib.suppress(psutil.Error):
        for process in psutil.Process(run.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if kind_of(process, run.process.pid) == kind:
                    found.append(process)
    return sorted(found, key=lambda process: process.create_time())


def left_of(home):
    """Return the running processes that were started with this home folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("HOME") == str(home) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def selected():
    """Return the keys of all scenarios that a run selects."""
    config = SimpleNamespace(base_dir=str(ROOT / "features"))
    features = parse_features([FileLocation(str(ROOT / name)) for name in FEATURES])
    return [identity.key for feature in features for _, identity in identities(feature, config)]


def strike(run, kind, what, draw):
    """Send a signal to a process of this kind at a random moment, and return that process.

    If none of that kind is left, the signal goes to a worker.
    """
    first, delay = None, draw.uniform(0, DELAYS[kind])
    while run.process.poll() is None:
        NEVER.wait(0.05)
        victims, now = processes_of(run, kind), time.monotonic()
        first = now if first is None and victims else first
        if first is None or now < first + delay:
            continue
        if not victims and now > first + 2 * DELAYS[kind]:
            victims = processes_of(run, "worker")
        if victims:
            victim = draw.choice(victims)
            with contextlib.suppress(psutil.NoSuchProcess):
                name = f"{kind_of(victim, run.process.pid)} {victim.cmdline()[1:][-2:]}"
                victim.send_signal(what)
                return name
    return "nobody, for the run was over"


@pytest.fixture
def no_one_left(tmp_path):
    """End all processes that a test has left, also stopped ones."""
    yield
    for process in left_of(tmp_path):
        with contextlib.suppress(psutil.Error):
            process.kill()


@pytest.mark.parametrize("number", range(KILLS))
def test_run_survives_the_death_of_any_of_its_processes(start, tmp_path, no_one_left, wait_until, capsys, number):
    kind, what = random.Random(SEED).sample([*product(DELAYS, SIGNALS)], KILLS)[number]  # noqa: S311 - no secret
    run = start(*RUN, TMPDIR=str(tmp_path))
    began = time.monotonic()
    who = strike(run, kind, what, random.Random(f"{SEED} {number}"))  # noqa: S311
    struck = time.monotonic()
    try:
        status = run.ended(ENDS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        pytest.fail(f"the run hangs after {what.name} to {who} (TRUST_SEED={SEED}):\n{run.output}")
    told = (
        f"TRUST_SEED={SEED} {number}: {what.name} to {who} after {struck - began:.1f} s; ended "
        f"{time.monotonic() - struck:.1f} s later with status {status}: {dict(Counter(run.words()))}"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{told}\n")
    everything = f"{told}\n{run.output}"
    reported, unreadable = read(tmp_path / "results")
    assert not unreadable, everything
    assert sorted(result.key for result in reported) == sorted(selected()), everything
    assert len(re.findall(r"^\[ *\d+/\d+\] ", run.output, re.MULTILINE)) == len(selected()), everything
    assert set(run.words()) <= {"passed", "broken", "skipped"}, everything
    assert status == ("broken" in run.words()), everything
    assert "Traceback" not in run.output, everything
    wait_until(lambda: not left_of(tmp_path), f"every process has ended: {everything}", 30)

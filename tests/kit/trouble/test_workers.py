"""Trouble with workers that play side by side: the run ends soon, says what happened, and leaves no process."""

import os
import re
import signal
from pathlib import Path

import pytest
from running import processes

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc, which only Linux has"),
]
WORKERS = ("-j", "2", "-D", "report=no", "features/serverlesspresso/ordering.feature")


def family(process):
    """The processes that a process has started, and those that they have started, and so on."""
    young = [child for child, parent, _ in processes() if parent == process]
    return young + [one for child in young for one in family(child)]


def scenarios(run):
    """How many scenarios a run has selected."""
    return int(re.search(r"^\[ *\d+/(\d+)\]", run.output, re.MULTILINE).group(1))


def workers(run):
    """The processes of a run that play."""
    return [child for child in family(run.process.pid) if family(child)]


def accounts(run):
    """The process groups of the accounts of a run's workers."""
    groups = {process: group for process, _, group in processes()}
    return [child for worker in workers(run) for child in family(worker) if groups.get(child) == child]


@pytest.fixture
def under_way(start, wait_until):
    """A run with two workers, one of which has passed a scenario while the other one has an account too."""

    def begun(*arguments):
        run = start(*WORKERS, *arguments)
        wait_until(lambda: " passed " in run.output and len(accounts(run)) == 2, "both workers play", 120)
        return run, family(run.process.pid)

    return begun


@pytest.fixture
def all_gone(wait_until):
    """Wait until none of these processes runs."""

    def gone(those):
        wait_until(lambda: not set(those) & {process for process, _, _ in processes()}, "every process has ended", 30)

    return gone


def test_worker_that_is_killed(under_way, all_gone):
    run, everybody = under_way()
    os.kill(workers(run)[0], signal.SIGKILL)
    assert run.ended() == 1
    assert run.words().count("broken") == 1
    assert set(run.words()) == {"broken", "passed"}
    assert len(run.words()) - scenarios(run) in (0, 1)  # one more if it was killed between two scenarios
    assert "has died (SIGKILL)." in run.messages()[0]
    assert "Traceback" not in run.output
    all_gone(everybody)


def test_account_of_one_worker_that_dies(under_way, all_gone):
    run, everybody = under_way()
    os.killpg(accounts(run)[0], signal.SIGKILL)
    assert run.ended() == 1
    assert set(run.words()) == {"broken", "passed"}
    assert run.words().count("broken") <= 2
    others = [message for message in run.messages() if "The embedded account has died" not in message]
    assert not others
    assert "Traceback" not in run.output
    all_gone(everybody)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=lambda asked: asked.name)
def test_run_that_is_asked_to_end(under_way, all_gone, asked):
    run, everybody = under_way()
    run.tell(asked)
    assert run.ended(30) == 1
    assert len(run.words()) == scenarios(run)
    assert set(run.words()) == {"broken", "passed"}
    assert "Not run: the run was interrupted." in run.messages()
    assert "Traceback" not in run.output
    all_gone(everybody)


def test_run_that_is_killed(under_way, all_gone):
    run, everybody = under_way()
    run.process.kill()
    run.ended(5)
    all_gone(everybody)

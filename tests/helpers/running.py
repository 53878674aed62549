"""A run of behave in a process of its own, and the processes around it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from places import ROOT

SECONDS = 60
PATIENCE = 6  # of a guest


def surroundings(home, **variables):
    """Return an environment without the user's cloud or café settings."""
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "ACCEPTANCE_", "CAFE_"))
    }
    return {
        **inherited,
        "HOME": str(home),
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
        **variables,
    }


def processes():
    """Return (id, parent, group) of every process, without zombies."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent, group = path.read_text().rpartition(")")[2].split()[:3]
            if state != "Z":
                yield int(path.parent.name), int(parent), int(group)


@dataclass
class Run:
    """A run of behave with results of its own, and what it has written so far."""

    process: subprocess.Popen
    folder: Path
    lines: list[str] = field(default_factory=list)

    def __post_init__(self):
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def output(self):
        return "\n".join(self.lines)

    @property
    def results(self):
        return [json.loads(path.read_text("utf-8")) for path in (self.folder / "results").glob("*-result.json")]

    @property
    def page(self):
        return self.folder / "allure-report" / "index.html"

    @property
    def said(self):
        """The run's output, without behave's first line."""
        return [line for line in self.lines if line and not line.startswith("USING RUNNER")]

    @property
    def account(self):
        """The process group of its embedded account, None before that has started."""
        groups = (group for _, parent, group in processes() if parent == self.process.pid)
        return next((group for group in groups if group != self.process.pid), None)

    @staticmethod
    def members(group):
        """The ids of a group's processes."""
        return [process for process, _, its_group in processes() if its_group == group]

    def words(self):
        """The verdicts that were reported, sorted."""
        return sorted(result["status"] for result in self.results)

    def messages(self):
        """Why each scenario that did not pass did not pass."""
        return [result["statusDetails"]["message"] for result in self.results if result["status"] != "passed"]

    def tell(self, what):
        """Send a signal to it and to its tools, as a terminal does."""
        os.killpg(self.process.pid, what)

    def ended(self, seconds=SECONDS):
        """Wait for its end and return its exit status."""
        status = self.process.wait(timeout=seconds)
        self._reader.join(timeout=5)
        return status

    def end(self):
        """End the run and its tools, also if they are stopped."""
        with contextlib.suppress(ProcessLookupError):
            self.tell(signal.SIGKILL)
        self.process.wait(timeout=10)

    def _read(self):
        for line in self.process.stdout or self.process.stderr:
            self.lines.append(line.rstrip("\n"))


@pytest.fixture
def start(tmp_path):
    """Start behave with its results in a folder of the test, its output into a file if one is named.

    `before` is called in its process before it begins.
    """
    runs = []

    def started(*arguments, output=None, before=None, **variables):
        process = subprocess.Popen(
            [sys.executable, "-m", "behave", "-D", f"results={tmp_path / 'results'}", *arguments],
            cwd=ROOT,
            env=surroundings(tmp_path, **variables),
            stdout=output or subprocess.PIPE,
            stderr=subprocess.PIPE if output else subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
            preexec_fn=before,
        )
        runs.append(Run(process, tmp_path))
        return runs[-1]

    yield started
    for run in runs:
        run.end()


@pytest.fixture
def behave(start):
    """Run behave to its end."""

    def ran(*arguments, **variables):
        run = start(*arguments, **variables)
        run.status = run.ended()
        return run

    return ran

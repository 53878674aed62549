"""One trial: a copy of a system, a change in it, and a run of behave on an embedded account of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trust.behave_run import leading_to
from trust.mutants.reach import let_note, read_notes
from trust.mutants.scenarios import Scenario
from trust.system_copy import copy_of, environment_in

CAUGHT, SURVIVED, EQUIVALENT = "caught", "survived", "equivalent"
NOT_DEPLOYED, TOO_LONG, IN_DOUBT = "cannot be deployed", "took too long", "in doubt"
PATIENCE = 10.0
LONGEST_SECONDS = 600.0
MESSAGE_MOST = 600
UNDEPLOYABLE = "could not be deployed"
# Options that shorten the waits of a system.
QUICKER = {"durable_orders": ("-D", "durable_wait=2"), "fulfilment": ("-D", "fulfilment_answer=10")}
RESULTS = Path("reports", "allure-results")


@dataclass(frozen=True)
class Outcome:
    """The outcome of a trial. `scenario` and `message` are those of the first red scenario; `broken`: it could not be
    checked. `ran` is the number of scenarios that ran.
    """

    verdict: str
    scenario: str = ""
    message: str = ""
    broken: bool = False
    ran: int = 0
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The outcome for the report."""
        return asdict(self)


class Interrupted(Exception):
    """The campaign was stopped while the trial ran."""


class Trials:
    """Runs trials of a system; `stop()` ends the running ones and prevents others from starting."""

    def __init__(self, system: str, patience: float = PATIENCE, longest: float = LONGEST_SECONDS) -> None:
        self._system = system
        self._patience = patience
        self._longest = longest
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self.stopped = False

    def stop(self) -> None:
        """End every run of behave. Its embedded account ends with it."""
        with self._lock:
            self.stopped = True
            for process in self._running:
                _kill(process)

    def run(self, change: Callable[[Path], None], scenarios: Sequence[Scenario]) -> Outcome:
        """Run one mutant: copy the system, change the copy, and run the scenarios in order up to the first red one."""
        with self._folder() as folder:
            return self._try(folder, change, scenarios)

    def measure(self, files: Iterable[str], scenarios: Sequence[Scenario]) -> tuple[Outcome, Set[str]]:
        """Run the unbroken system, and record which functions in these files the scenarios reach."""
        with self._folder() as folder:
            notes = folder / "reached"
            outcome = self._try(folder, lambda system: let_note(system, files, notes), scenarios)
            return outcome, read_notes(notes)

    @contextlib.contextmanager
    def _folder(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="mutant-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def _try(self, folder: Path, change: Callable[[Path], None], scenarios: Sequence[Scenario]) -> Outcome:
        began = time.monotonic()
        system = copy_of(self._system, folder)
        change(system)
        status, output = self._behave(folder, system, scenarios)
        seconds = time.monotonic() - began
        if status is None:
            return Outcome(TOO_LONG, message=f"The run had not ended after {self._longest:.0f} s.", seconds=seconds)
        return judge(folder / RESULTS, status, output, seconds, scenarios)

    def _behave(self, folder: Path, system: Path, scenarios: Sequence[Scenario]) -> tuple[int | None, str]:
        places = [scenario.place for scenario in scenarios]
        command = [
            *(sys.executable, "-m", "behave", *places, "-r", "trust.mutants.runner:CalmRunner", "--stop"),
            *leading_to(system, self._system),
            *("-D", "report=no", "-D", f"patience={self._patience}", *QUICKER.get(self._system, ())),
        ]
        with (folder / "output").open("wb") as output:
            process = self._start(command, folder, output)
            try:
                status: int | None = process.wait(self._longest)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                _kill(process)
                with self._lock:
                    self._running.discard(process)
        if self.stopped:
            raise Interrupted
        return status, (folder / "output").read_text(encoding="utf-8", errors="replace")

    def _start(self, command: Sequence[str], folder: Path, output: Any) -> subprocess.Popen[bytes]:
        with self._lock:
            if self.stopped:
                raise Interrupted
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**environment_in(folder), "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._running.add(process)
            return process


def judge(results: Path, status: int, output: str, seconds: float, scenarios: Sequence[Scenario]) -> Outcome:
    """Return whether the change was caught, from the run's results and its exit status."""
    told = [json.loads(path.read_text(encoding="utf-8")) for path in results.glob("*-result.json")]
    ran = [one for one in told if one["status"] != "skipped"]
    red = sorted((one for one in ran if one["status"] != "passed"), key=lambda one: one.get("start", 0))
    if not red:
        if status != 0 or len(ran) != len(scenarios):
            return Outcome(CAUGHT, "", _why_no_pass(status, output, len(ran), len(scenarios)), True, len(ran), seconds)
        return Outcome(SURVIVED, ran=len(ran), seconds=seconds)
    first = red[0]
    message = first.get("statusDetails", {}).get("message", "")[:MESSAGE_MOST]
    if len(red) == len(scenarios) and UNDEPLOYABLE in message:
        return Outcome(NOT_DEPLOYED, message=message, seconds=seconds)
    timed = any(scenario.timed for scenario in scenarios if scenario.key == first["fullName"])
    verdict = IN_DOUBT if timed else CAUGHT
    return Outcome(verdict, first["fullName"], message, first["status"] == "broken", len(ran), seconds)


def _why_no_pass(status: int, output: str, ran: int, wanted: int) -> str:
    """Describe what was wrong with a run without a red scenario."""
    last = " | ".join(output.strip().splitlines()[-3:])
    return f"{ran} of {wanted} scenarios were judged, and the run ended with status {status}: {last}"[:MESSAGE_MOST]


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

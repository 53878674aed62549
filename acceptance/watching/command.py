"""The command: rounds by a schedule, one line for each, and an exit status that says what they found."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from acceptance import doctor
from acceptance.report.render import REPORTS
from acceptance.report.results_folder import lock
from acceptance.telemetry.reporter import tell_of_lost_run
from acceptance.trouble import Trouble
from acceptance.watching.round import BROKE_PROMISE, NOT_CHECKED, PASSED_ALL, RED, RESULTS, Finding, Round

ABOUT = (
    "Watch a deployment: run a few scenarios (@smoke) every few minutes, as a guest who changes nothing for others, "
    "print a line per round, and export to the OpenTelemetry collector in OTEL_EXPORTER_OTLP_ENDPOINT if it is set. "
    "Ctrl-C or SIGTERM ends it; the current round cleans up first."
)
EXIT = (
    "Exit status: 0 every round passed, 1 a promise was broken in a round, 2 a round could not be checked, "
    "took too long, or did not take place."
)
FOLDER, HOLDER = REPORTS / "watch", "watch.txt"
TAGS, MINUTES = "@smoke", 5.0
MOST_MINUTES = 7 * 24 * 60


def options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    doctor.options(parser)
    parser.add_argument(
        "--every",
        type=_minutes,
        default=MINUTES,
        metavar="MINUTES",
        help=f"interval of the rounds; default: {MINUTES:g}",
    )
    parser.add_argument(
        "--within", type=_minutes, metavar="MINUTES", help="timeout of a round; default: that of --every"
    )
    parser.add_argument("--rounds", type=_whole, default=0, metavar="N", help="stop after N rounds; default: never")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="folder of the results; default: reports/watch")
    parser.add_argument("-j", "--jobs", type=_whole, default=1, metavar="N", help="workers; default: 1")


def watch(given: argparse.Namespace) -> int:
    """Run rounds until they are over, or the user asks for the end. Returns the exit status. Raises Trouble."""
    given.tags = given.tags or [TAGS]
    question = doctor.Question.of(given)
    if question.settings.exclusive:
        raise Trouble(
            "A watch must not run scenarios that change the system for all its users.",
            "Leave out -D exclusive=yes.",
        )
    for profile in question.settings.profiles.values():
        profile.refuse_unsigned()
    with _alone(given.folder) as held:
        return Watch([*question.arguments, "-j", str(given.jobs)], given, held).go_on()


class Watch:
    """A watch at work."""

    def __init__(self, arguments: Sequence[str], given: argparse.Namespace, held: int) -> None:
        """`held` is the descriptor of the lock, which rounds hold as well."""
        self._arguments, self._folder, self._held = arguments, given.folder.absolute(), held
        self._every, self._rounds = given.every * 60, given.rounds
        self._within = (given.within or given.every) * 60
        self._stopped = threading.Event()
        self._round: Round | None = None
        self._verdicts: list[int] = []

    def go_on(self) -> int:
        """Run round after round, and return the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked)
        due = time.monotonic()
        while not self._stopped.is_set():
            self._one_round()
            if self._rounds and len(self._verdicts) >= self._rounds:
                break
            due = max(due + self._every, time.monotonic())
            self._stopped.wait(due - time.monotonic())
        return next((one for one in (BROKE_PROMISE, NOT_CHECKED) if one in self._verdicts), PASSED_ALL)

    def _one_round(self) -> None:
        began_ns = time.time_ns()
        self._round = Round(self._arguments, self._folder, self._within, self._held)
        if self._stopped.is_set():  # asked to end while it was started
            self._round.ask_to_end()
        finding = self._round.wait()
        self._round = None
        if not finding.asked or finding.verdict == BROKE_PROMISE:
            self._verdicts.append(finding.verdict)
        self._tell(finding, began_ns)

    def _tell(self, finding: Finding, began_ns: int) -> None:
        at = f"{datetime.fromtimestamp(began_ns / 1e9, UTC):%Y-%m-%d %H:%M:%SZ}"
        lines = [f"{at}  {finding.words}", *(f"  {line}" for line in finding.details())]
        if finding.kept:
            lines.append(f"  Its report: python -m acceptance.report --results {self._folder / RED / RESULTS}")
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
        if not finding.was_told and not finding.asked:
            tell_of_lost_run(began_ns, "timed_out" if finding.was_ended else "aborted", finding.words)

    def _asked(self, _number: int, _frame: object) -> None:
        """End in order; who asks a second time does not wait for that."""
        insisted = self._stopped.is_set()
        self._stopped.set()
        if self._round:
            self._round.kill() if insisted else self._round.ask_to_end()


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """Hold the lock of a watch, which the system takes back however this process and its round end.

    Raises Trouble where another watch has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held, holder = lock(folder), folder / HOLDER
    if held is None:
        who = holder.read_text(encoding="utf-8").strip() if holder.exists() else "another process"
        raise Trouble(
            f"Another watch, or a round that it left behind, is running here: {who}. Two rounds must not overlap.",
            "Wait until it ends. A watch of another deployment needs its own --folder.",
        )
    holder.write_text(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}\n", encoding="utf-8")
    try:
        yield held
    finally:
        holder.unlink(missing_ok=True)
        if held >= 0:
            os.close(held)


def _minutes(text: str) -> float:
    minutes = float(text)
    if not 0 < minutes <= MOST_MINUTES:
        raise argparse.ArgumentTypeError(f"{text} is not a number of minutes up to {MOST_MINUTES}")
    return minutes


def _whole(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1")
    return number

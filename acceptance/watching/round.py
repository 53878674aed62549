"""One round of a watch: the run, bounded in time, and what came of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from acceptance.adoption.outcomes import Outcome, outcomes_in
from acceptance.report.cleaning import clean
from acceptance.report.verdicts import BROKEN, FAILED, PASSED, SKIPPED
from acceptance.watching.keeper import KILLED, TOO_LONG

# For so long a round may clear up when it is asked to end (s), and its keeper may take besides.
GRACE_SECONDS, SLACK_SECONDS = 90.0, 30.0
RESULTS, RED, LOG = "allure-results", "last-red", "round.log"
PASSED_ALL, BROKE_PROMISE, NOT_CHECKED = range(3)
_LAST_LINES, _LONGEST = 3, 300


@dataclass(frozen=True)
class Finding:
    """What came of a round. `status` is that of its process, `within` how long it was allowed to take (s)."""

    outcomes: Sequence[Outcome]
    status: int
    seconds: float
    within: float
    last_words: str = ""
    asked: bool = False

    @property
    def kept(self) -> bool:
        """Whether what it has left is kept, for a report."""
        return self.verdict != PASSED_ALL and bool(self.outcomes) and not self.asked

    @property
    def verdict(self) -> int:
        """Whether all promises were kept (0), one was broken (1), or that could not be checked (2)."""
        words = {outcome.status for outcome in self.outcomes}
        if FAILED in words:
            return BROKE_PROMISE
        checked = self.status == 0 and BROKEN not in words and words - {SKIPPED}
        return PASSED_ALL if checked else NOT_CHECKED

    @property
    def was_told(self) -> bool:
        """Whether the round itself came so far that it has told a collector of itself, if there is one."""
        return bool(self.outcomes) and self.status != KILLED

    @property
    def was_ended(self) -> bool:
        """Whether it was ended or killed, because it took too long or did not end."""
        return self.status in (TOO_LONG, KILLED)

    @property
    def words(self) -> str:
        """Say in a line what came of it."""
        counts = Counter(outcome.status for outcome in self.outcomes)
        told = ", ".join(f"{counts[word]} {word}" for word in (FAILED, BROKEN, PASSED, SKIPPED) if counts[word])
        others = sum(counts.values()) - sum(counts[word] for word in (FAILED, BROKEN, PASSED, SKIPPED))
        told += f", {others} known to deviate" if others else ""
        return f"{told or 'nothing was checked'} ({self.seconds:.0f} s){self._ending}"

    @property
    def _ending(self) -> str:
        if self.asked:
            return "; it was interrupted"
        how = "killed" if self.status == KILLED else "ended"
        if self.was_ended and self.seconds >= self.within:
            return f"; it took longer than {self.within:g} s, and was {how}"
        return "; it was killed" if self.status == KILLED else ""

    def details(self) -> Iterator[str]:
        """Say what is wrong, a line for each scenario."""
        telling = (FAILED,) if self.asked else (FAILED, BROKEN)
        wrong = [outcome for outcome in self.outcomes if outcome.status in telling]
        for outcome in wrong:
            yield f"{outcome.status}  {outcome.title}: {_first_line(outcome.message)}"
        if not wrong and self.verdict != PASSED_ALL and self.last_words and not self.asked:
            yield f"Its last output: {self.last_words}"


class Round:
    """A round that runs. `wait()` for it; it can be asked to end meanwhile."""

    def __init__(self, arguments: Sequence[str], folder: Path, within: float, lock: int) -> None:
        """Start behave with these arguments; everything that it writes lies in `folder`. `within` is in s."""
        self._folder, self._within, self._asked = folder, within, False
        self._began_ms, self._since = time.time() * 1000 - 1, time.monotonic()
        self._log = folder / LOG
        options = ["-D", f"results={folder / RESULTS}", "-D", "report=no", "-D", "exclusive=no"]
        keeper = [sys.executable, "-m", "acceptance.watching.keeper", f"{within}", f"{GRACE_SECONDS}", f"{lock}"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [*keeper, *arguments, *options],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=os.name == "posix",  # a terminal's Ctrl-C is for the watch, which asks the round
                pass_fds=() if lock < 0 else (lock,),
            )

    def ask_to_end(self) -> None:
        """Ask it to end and to clear up."""
        self._asked = True
        self._let_go()

    def kill(self) -> None:
        """End it at once."""
        self._asked = True
        self._process.terminate()

    def wait(self) -> Finding:
        """Wait for its end, keep what it has left if it was red, and say what came of it."""
        try:
            status = self._process.wait(self._within + GRACE_SECONDS + SLACK_SECONDS)
        except subprocess.TimeoutExpired:  # not even its keeper answers
            self._process.kill()
            self._process.wait()
            status = KILLED
        seconds = time.monotonic() - self._since
        self._let_go()
        outcomes = outcomes_in(self._folder / RESULTS, self._began_ms)
        finding = Finding(outcomes, status, seconds, self._within, self._last_words(), self._asked)
        if finding.kept:
            shutil.rmtree(self._folder / RED, ignore_errors=True)
            shutil.copytree(self._folder / RESULTS, self._folder / RED / RESULTS)
        return finding

    def _let_go(self) -> None:
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        with suppress(OSError):
            self._process.stdin.close()

    def _last_words(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        told = [line.strip() for line in lines if line.strip()]
        return clean(" | ".join(told[-_LAST_LINES:]))[:_LONGEST]


def _first_line(message: str) -> str:
    return clean(message.strip().partition("\n")[0])[:_LONGEST]

"""The formatter people watch: a line per scenario as it ends, and at once why it failed, once for each reason.

In behave.ini: `progress_line = acceptance.report.progress:ProgressLine`. On a terminal a further line,
rewritten in place, names the scenario that is running. `-D trace=yes` or `--verbose` adds the stack
trace and what was printed. A summary comes last.
"""

from __future__ import annotations

import shutil
import textwrap
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from behave.formatter.base import Formatter

from acceptance.report.causes import Cause
from acceptance.report.cleaning import clean_stream
from acceptance.report.deviations import GONE, known_deviations, told_gone
from acceptance.report.givens import explanation
from acceptance.report.run import Run, ScenarioOutcome
from acceptance.report.selection import Identity, title_of
from acceptance.report.verdicts import (
    BROKEN,
    DEVIATING,
    FAILED,
    NOT_CHECKED,
    PASSED,
    SKIPPED,
    Verdict,
    describe,
    of_exception,
    sentence,
)
from acceptance.settings import given
from acceptance.trouble import Trouble

_COLOURS = {PASSED: "32", FAILED: "31", BROKEN: "35", SKIPPED: "33", DEVIATING: "36"}
_SHOWN = {DEVIATING: "deviating"}
_REWRITE = "\r\x1b[2K"


class ProgressLine(Formatter):
    """Reports progress, a line per scenario; see the module's head."""

    name = "progress_line"
    description = "One line per scenario as it ends, with the reason where it failed"
    writes = False

    def __init__(self, stream_opener: Any, config: Any) -> None:
        super().__init__(stream_opener, config)
        self._run = Run.of(config)
        self._stream = clean_stream(self.open())
        self._terminal = bool(getattr(self._stream, "isatty", lambda: False)())
        self._coloured = self._terminal and config.has_colored_mode(self._stream)
        self._traces = bool(config.verbose) or wants_traces(config.userdata)
        self._run.listeners.append(self)
        self._done = 0
        self._not_run: Counter[str] = Counter()
        self._told: dict[str, int] = {}
        self._began = time.monotonic()

    def feature(self, feature: Any) -> None:
        """Wrap the scenarios of a feature that is about to run."""
        self._run.watch(feature)

    def scenario_started(self, scenario: Any, identity: Identity) -> None:
        """Name the running scenario, on a terminal only."""
        if self._terminal:
            line = f"{self._count(self._done + 1)} running  {title_of(scenario, identity)}"
            width = max(shutil.get_terminal_size().columns - 1, 20)  # A longer one could not be rewritten.
            self._put(_REWRITE + _cut_to(width, line))

    def scenario_ended(self, outcome: ScenarioOutcome) -> None:
        """Write the scenario's line; those that never ran are counted and reported together."""
        self._done += 1
        if not outcome.ran:
            self._not_run[outcome.verdict.message] += 1
            return
        verdict = outcome.verdict
        word = "untested" if self.config.dry_run else verdict.word
        name = title_of(outcome.scenario, outcome.identity)
        line = f"{self._count(self._done)} {self._painted(word)} {name}  ({outcome.seconds:.1f} s)"
        self._line(line if verdict.word != SKIPPED else f"{line}  {verdict.message}")
        if verdict.word in (FAILED, BROKEN) and not self.config.dry_run:
            self._explain(verdict)
            self._show_output(outcome.scenario)
        for deviation in verdict.deviations:
            self._line(f"           known, and counts again after {deviation.until}: {deviation.reason}")

    def trouble_outside(self, where: str, verdict: Verdict, feature: Any | None) -> None:
        """Report an error outside any scenario."""
        self._line(f"{' ' * len(self._count(0))} {self._painted(verdict.word)} {where}")
        self._explain(verdict)

    def close(self) -> None:
        """Report how many scenarios never ran, and why."""
        if not self.config.dry_run:
            self._run.finish()
        if self._terminal:
            self._put(_REWRITE)
        self._tell_of_those_not_run()
        if not self.config.dry_run and any(outcome.ran for outcome in self._run.outcomes.values()):
            self._sum_up()
        super().close()

    def _sum_up(self) -> None:
        """behave's own summary omits time spent inside rules, and has its own words for hooks; so it is off."""
        for cause in self._run.causes:
            self._tell_cause(cause)
        counts = Counter(outcome.verdict.word for outcome in self._run.outcomes.values())
        kinds = (PASSED, FAILED, BROKEN, DEVIATING, SKIPPED)
        words = ", ".join(f"{counts[word]} {_SHOWN.get(word, word)}" for word in kinds if counts[word])
        took = time_taken(time.monotonic() - self._began)
        self._line(f"\n{self._done} scenario{'s' if self._done > 1 else ''}: {words}  ({took})")
        for known in known_deviations(self._run.promises, self._run.outcomes.values()):
            if known.state == GONE:
                self._line(told_gone(known))

    def _tell_cause(self, cause: Cause) -> None:
        """Print the causes, and name their scenarios; those that never ran were reported before."""
        reds = [(red, self._run.outcomes.get(red.key)) for red in cause.reds]
        shown = [(red, outcome) for red, outcome in reds if outcome is None or outcome.ran]
        if not shown:
            return
        self._line(f"\n{cause.sentence}")
        for red, outcome in shown:
            where = f"{outcome.scenario.location}  " if outcome else ""
            self._line(f"  {self._painted(red.word)} {where}{red.title}")
        for red in cause.also:
            self._line(f"           also seen in {red.title}")
        everyone = self._run.judged
        for told in dict.fromkeys(explanation(everyone, cause, red.key) for red in cause.reds):
            if told and not cause.failed:
                self._line(f"           {told}")

    def _tell_of_those_not_run(self) -> None:
        error = self._run.hook_errors.get("before_all")
        if isinstance(error, Trouble):
            self._line(describe(error))
        for message, count in self._not_run.items():
            scenarios = f"{count} scenario{'s' if count > 1 else ''}"
            self._line(f"{scenarios} could not be checked." if self._given_up else f"{scenarios}: {message}")
        if isinstance(error, Exception) and self._traces:
            self._show_trace(of_exception(error))
        elif isinstance(error, Exception) and not self._given_up:
            self._line("-D trace=yes shows where that comes from.")

    @property
    def _given_up(self) -> bool:
        """Whether an error ended the run; its sentence has been printed by then."""
        return any(hook != "after_all" and isinstance(e, Trouble) for hook, e in self._run.hook_errors.items())

    def _explain(self, verdict: Verdict) -> None:
        pointed_at: set[int] = set()
        for trouble in verdict.parts or (verdict,):
            if trouble.step is not None:
                unchecked = NOT_CHECKED if trouble.given else ""
                self._line(f"         {unchecked}{sentence(trouble.step)}  ({trouble.step.location})")
            first = self._told.setdefault(trouble.cause or trouble.message, self._done)
            if first == self._done or self._traces:
                self._line(textwrap.indent(trouble.message, " " * 11))
            elif first not in pointed_at:
                pointed_at.add(first)
                self._line(f"           as in {self._count(first)}")
            self._show_trace(trouble)

    def _show_trace(self, verdict: Verdict) -> None:
        if self._traces and verdict.trace:
            self._line(textwrap.indent(verdict.trace, " " * 11))

    def _show_output(self, scenario: Any) -> None:
        if self._traces and scenario.captured.has_output():
            self._line(textwrap.indent(scenario.captured.make_report(), " " * 11))

    def _count(self, number: int) -> str:
        if not self._run.total_known:
            return f"[{number}]"
        total = str(len(self._run.selected))
        return f"[{number:>{len(total)}}/{total}]"

    def _painted(self, word: str) -> str:
        padded = f"{_SHOWN.get(word, word):<8}"
        return f"\x1b[{_COLOURS.get(word, '0')}m{padded}\x1b[0m" if self._coloured else padded

    def _line(self, text: str) -> None:
        self._put(f"{_REWRITE if self._terminal else ''}{text}\n")

    def _put(self, text: str) -> None:
        """Print a text. The reader may be gone, or a disk full: the run continues, and its check reports it."""
        self._stream.write(text)
        self._stream.flush()


def _cut_to(columns: int, line: str) -> str:
    """Cut a line that is wider than the terminal. Some signs are two columns wide, others have no width."""
    from rich.cells import cell_len, set_cell_size  # for terminals only: others need not wait for it

    return line if cell_len(line) <= columns else f"{set_cell_size(line, columns - 1)}…"


def wants_traces(userdata: Mapping[str, str]) -> bool:
    """Return whether the setting `trace` asks for stack traces; a wrong value is refused elsewhere."""
    return str(given(userdata, "trace")).lower() in ("yes", "true", "on", "1")


def time_taken(seconds: float) -> str:
    """Write how long a run took: `59.9 s`, `3 min 0 s`."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"

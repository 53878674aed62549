"""Follows a run, and reports it to an OpenTelemetry collector: a listener of the run, and one of behave's reporters.

Any error here is reported in a sentence on stderr, and changes nothing of the run.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from acceptance.masking import words_of
from acceptance.report.cleaning import clean, clean_name
from acceptance.report.labels import name_of_system
from acceptance.report.verdicts import BROKEN, FAILED, SKIPPED, Verdict
from acceptance.telemetry.endpoints import Unusable, endpoints, missing, remember_headers, seconds_to_wait

if TYPE_CHECKING:
    from acceptance.report.run import Run, ScenarioOutcome
    from acceptance.report.selection import Identity
    from acceptance.telemetry.delivery import Delivery
    from acceptance.telemetry.spans import RunSpans


def follow(run: Run) -> None:
    """Report a run that begins to a collector, if the environment names one."""
    try:
        chosen = endpoints()
        lacks = missing(chosen)
    except Unusable as error:
        lacks, chosen = str(error), {}
    if lacks:
        say(lacks)
    elif chosen:
        remember_headers()
        run.observes = True
        if run.tells:
            reporter = Reporter(run)
            run.listeners.append(reporter)
            run.config.reporters.append(reporter)


def tell_of_lost_run(began_ns: int, status: str, why: str) -> None:
    """Tell a collector, if the environment names one, of a run that could not tell of itself.

    `status` is how it ended, as `test.suite.run.status` has it.
    """
    try:
        chosen = endpoints()
        if not chosen or missing(chosen):
            return
        remember_headers()
        from acceptance.telemetry.delivery import Delivery
        from acceptance.telemetry.metrics import record_run
        from acceptance.telemetry.spans import RunSpans

        delivery, now = Delivery(chosen, "unknown"), time.time_ns()
        RunSpans(delivery.spans, began_ns, {}).end(status, now, {}, clean(why))
        record_run(delivery.metrics, status, (now - began_ns) / 1e9, now / 1e9, "")
        lost = delivery.close(seconds_to_wait())
    except Exception as error:  # noqa: BLE001 - it must not end a watch
        lost = f"A lost round is not told of ({type(error).__name__}: {words_of(error)})."
    if lost:
        say(lost)


def say(what: str) -> None:
    """Print in a sentence why a collector does not receive everything."""
    sys.stderr.write(f"Telemetry: {clean(what)} The run and its verdicts stay as they are.\n")


class Reporter:
    """See the module's head. Spans are made of what a scenario has left when it has ended; metrics at the end."""

    writes = False

    def __init__(self, run: Run) -> None:
        self._run = run
        self._began_ns = time.time_ns()
        self._made: tuple[Delivery, RunSpans] | None = None
        self._failed = False

    def scenario_started(self, scenario: Any, identity: Identity) -> None:
        """Do nothing: a span is created when its end is known."""

    def scenario_ended(self, outcome: ScenarioOutcome) -> None:
        """Report a scenario."""
        self._safely(lambda: self._spans.scenario(outcome, time.time_ns()))

    def trouble_outside(self, where: str, verdict: Verdict, feature: Any | None) -> None:
        """Report an error outside any scenario."""
        self._safely(lambda: self._spans.outside(where, verdict, time.time_ns()))

    def feature(self, _feature: Any) -> None:
        """Do nothing: scenarios are reported one by one."""

    def end(self) -> None:
        """Tell of the whole run, and wait for the collector, but not for long, and not for who interrupts that."""
        with suppress(KeyboardInterrupt):
            self._safely(self._end)

    @property
    def _delivery(self) -> Delivery:
        return self._both[0]

    @property
    def _spans(self) -> RunSpans:
        return self._both[1]

    @property
    def _both(self) -> tuple[Delivery, RunSpans]:
        """The SDK, imported as late as this so that no first step waits for it."""
        if self._made is None:
            from acceptance.telemetry.delivery import Delivery
            from acceptance.telemetry.spans import SUITE_NAME, RunSpans

            delivery = Delivery(endpoints(), self._run.facts.get("Commit", "unknown"))
            about = {SUITE_NAME: self._suite, "acceptance.workers": self._run.config.jobs}
            self._made = delivery, RunSpans(delivery.spans, self._began_ns, about)
        return self._made

    @property
    def _suite(self) -> str:
        """The subject of the run, for people: its systems."""
        from acceptance.telemetry.spans import system_in

        files = (str(scenario.filename) for scenario in self._run.selected.values())
        return ", ".join(name_of_system(name) for name in sorted({system_in(file) for file in files} - {""}))

    def _end(self) -> None:
        from acceptance.telemetry.metrics import record_levels, record_run, record_verdicts

        now, words = time.time_ns(), self._words
        seen = [outcome.observed for outcome in self._run.outcomes.values() if outcome.observed]
        status, seconds = self._status, (now - self._began_ns) / 1e9
        about = {_attribute(name): clean(value) for name, value in self._run.facts.items()}
        self._spans.end(status, now, about, self._words_on_failures)
        record_verdicts(self._delivery.metrics, words, self._suite)
        record_run(self._delivery.metrics, status, seconds, now / 1e9, self._suite)
        record_levels(self._delivery.metrics, [level for one in seen for level in one.levels])
        lost = self._delivery.close(seconds_to_wait())
        if lost:
            say(lost)

    @property
    def _words(self) -> Sequence[str]:
        return [outcome.verdict.word for outcome in self._run.outcomes.values()]

    @property
    def _status(self) -> str:
        """How the run ended, as `test.suite.run.status` has it."""
        run, words = self._run, self._words
        if run.interrupted or any(isinstance(error, KeyboardInterrupt) for error in run.hook_errors.values()):
            return "aborted"
        if run.troubles or run.hook_errors or FAILED in words or BROKEN in words:
            return "failure"
        return "skipped" if set(words) <= {SKIPPED} else "success"

    @property
    def _words_on_failures(self) -> str:
        words = self._words
        return f"{words.count(FAILED)} failed, {words.count(BROKEN)} broken of {len(words)} scenarios"

    def _safely(self, tell: Callable[[], object]) -> None:
        """Keep telemetry errors out of the run; the first one is printed, and nothing more is sent."""
        if self._failed:
            return
        try:
            tell()
        except Exception as error:  # noqa: BLE001 - see above
            self._failed = True
            say(f"The collector is told nothing more ({type(error).__name__}: {words_of(error)}).")


def _attribute(fact: str) -> str:
    """Return the attribute of a fact about the run: `Weather seed` is `acceptance.run.weather_seed`."""
    return f"acceptance.run.{clean_name(fact).lower().replace(' ', '_').replace('-', '_')}"

"""A worker: behave in a process and a session of its own, which runs the scenarios that the lead hands out."""

from __future__ import annotations

import copy
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from behave.formatter.base import Formatter, StreamOpener
from behave.runner import Context

from acceptance.behave_adapter import enter_outline, features_in, sentences, set_parts
from acceptance.report.configured import configured
from acceptance.report.formatter import AllureReport
from acceptance.report.run import Run, ScenarioOutcome
from acceptance.report.selection import Identity, identities, rule_of
from acceptance.report.verdicts import Verdict
from acceptance.runner.messages import Ended, Free, Outside, Play, Ready, Words, WorkerDone, without_steps
from acceptance.runner.step_files import RunnerBySystem

# How often a worker shows that it lives.
PULSE_SECONDS = 1.0


def work(arguments: Sequence[str], number: int, of: int, results: Path | None, lead: Connection, pulse: Any) -> None:
    """Run the scenarios that the lead hands out over the connection, until there are no more: a process's whole life.

    `arguments` are those of behave's command line, `number` says which worker this is, from 0,
    `of` how many there are. `pulse` is counted up as long as this process runs.
    """
    _stay_apart()
    pulse.value += 1  # it has begun: from now on it is alive only while its pulse beats
    threading.Thread(target=_beat, args=(pulse,), name="pulse", daemon=True).start()
    config = configured(arguments)
    if config.capture_stdout:  # the lead prints behave's own output
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as this process lives
    config.reporters.clear()
    run = Run.of(config)
    run.tells, run.worker, run.workers = False, number, of
    runner = Worker(config, results, lead)
    try:
        failed = runner.run()
    except BaseException as error:  # noqa: BLE001 - the lead reports it
        failed = True
        run.hook_errors.setdefault("a worker", error)
    troubles = {hook: Words.of(error) for hook, error in run.hook_errors.items()}
    asked = any(isinstance(error, KeyboardInterrupt) for error in run.hook_errors.values())
    interrupted = asked or (run.interrupted and not run.hook_errors)
    lead.send(WorkerDone(bool(failed), run.figures, interrupted, troubles, run.unwritten))


class Worker(RunnerBySystem):
    """behave's runner, but for its features: they come one scenario at a time."""

    def __init__(self, config: Any, results: Path | None, lead: Connection) -> None:
        super().__init__(config)
        self._results = results
        self._lead = lead

    def run_with_paths(self) -> bool:
        """Bring the systems up, run scenarios, and take everything down."""
        self.context = Context(self)
        self.load_hooks()
        self.load_step_definitions()
        self.formatters = [Messenger(self._lead, self.config)]
        if self._results:
            self.formatters.append(AllureReport(StreamOpener(str(self._results)), self.config))
        return bool(self.run_model(self._handed_out()))

    def _handed_out(self) -> Iterator[Any]:
        """Yield each scenario as a feature that contains nothing else, and keep nothing of it once it has run."""
        run, files = Run.of(self.config), Files(self.config)
        if not self.aborted:
            self._lead.send(Ready(run.facts))
        while not self.aborted and (play := self._next()):
            found = files.take(play)
            if found:
                feature, scenario = found
                sentences().known_to(feature.filename)  # loaded before its hooks, as in other runs
                enter_outline(self.context, scenario)
                yield feature
                scenario.reset()
                run.forget()

    def _next(self) -> Play | None:
        try:
            self._lead.send(Free())
            play: Play | None = self._lead.recv()
        except (EOFError, OSError):  # the lead has gone
            return None
        return play


class Files:
    """The feature files of a run, each of which is read once."""

    def __init__(self, config: Any) -> None:
        self._config = config
        self._scenarios: dict[str, dict[str, tuple[Any, Any, Identity]]] = {}

    def take(self, play: Play) -> tuple[Any, Any] | None:
        """Return a feature with one scenario of its own, and that scenario; None if it is not in the file any more."""
        if play.filename not in self._scenarios:
            self._scenarios[play.filename] = dict(self._read(play.filename))
        found = self._scenarios[play.filename].get(play.key)
        if found is None:
            return None
        feature, scenario, identity = found
        return _only(feature, scenario, identity), scenario

    def _read(self, filename: str) -> Iterator[tuple[str, tuple[Any, Any, Identity]]]:
        for feature in features_in(filename, self._config.lang):
            for scenario, identity in identities(feature, self._config):
                yield identity.key, (feature, scenario, identity)


def _only(feature: Any, scenario: Any, identity: Identity) -> Any:
    """Return a copy of the feature, and of its rule, with only one scenario."""
    only, rule = copy.copy(feature), rule_of(scenario)
    if rule is None:
        set_parts(only, [scenario])
    else:
        part = copy.copy(rule)
        set_parts(part, [scenario])
        set_parts(only, [part])
    only.identified = [(scenario, identity)]
    return only


class Messenger(Formatter):
    """Reports to the lead what the progress line would show."""

    name = "messenger"
    writes = False

    def __init__(self, lead: Connection, config: Any) -> None:
        super().__init__(StreamOpener(), config)
        self._lead = lead
        self._run = Run.of(config)
        self._run.listeners.append(self)

    def feature(self, feature: Any) -> None:
        """Wrap the scenario that is about to run."""
        self._run.watch(feature)

    def scenario_started(self, scenario: Any, identity: Identity) -> None:
        """Do nothing: the lead knows which scenario it has handed out."""

    def scenario_ended(self, outcome: ScenarioOutcome) -> None:
        """Report how a scenario ended."""
        self._lead.send(Ended.of(outcome))

    def trouble_outside(self, where: str, verdict: Verdict, feature: Any | None) -> None:
        """Report an error outside any scenario."""
        self._lead.send(Outside(where, without_steps(verdict)))

    def close(self) -> None:
        """Report errors at the very end."""
        self._run.finish()


def _beat(pulse: Any) -> None:
    never = threading.Event()
    while not never.wait(PULSE_SECONDS):
        pulse.value += 1


def _stay_apart() -> None:
    """Let a terminal's Ctrl-C reach only the lead, which then ends its workers; and end when the lead has died."""
    if os.name == "posix":
        os.setsid()
    lead = multiprocessing.parent_process()

    def end_with_lead() -> None:
        if lead:
            lead.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_with_lead, daemon=True).start()

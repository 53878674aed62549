"""The workers of a run, as their lead sees them: started, kept busy, listened to, and always ended."""

from __future__ import annotations

import multiprocessing
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from acceptance.report.figures import lost
from acceptance.report.integrity import read
from acceptance.report.run import Run, ScenarioOutcome
from acceptance.report.selection import Identity
from acceptance.report.verdicts import BROKEN, FAILED, Verdict
from acceptance.runner.messages import Ended, Free, Outside, Play, Ready, WorkerDone
from acceptance.runner.scenario_queue import ScenarioQueue
from acceptance.runner.worker import work
from acceptance.telemetry.observed import Observed

# How often the lead checks whether the user wants the run to end, and whether every worker is well.
LOOK_SECONDS = 0.2
# How long workers may take to clean up when the run is to end early.
GRACE_SECONDS = 60.0
# For so long a worker may show no sign of life: its pulse beats even while its scenario waits.
SILENT_SECONDS = 60.0
# Until its first beat: a busy machine takes long to start a process.
START_SECONDS = 300.0
# A scenario may wait for what people have 15 minutes for, and more than once. One that takes longer never ends.
LONGEST_SECONDS = 3600.0
# A dead worker's last messages may still be on their way, for so long.
LAST_WORDS_SECONDS = 2.0
QueuedScenario = tuple[Any, Identity]  # a scenario and its names


@dataclass
class Worker:
    """A worker as its lead knows it. `playing` is None between two scenarios; `waits` when it has asked for one.

    `began_ns` is when it was given the last one (ns since 1970).

    `pulse` counts up as long as its process runs. `silent` and `busy` are for how long, in seconds, it has stood still
    and the worker has sent nothing; time in which the lead itself did not run does not count.
    """

    number: int
    process: Any
    connection: Connection
    pulse: Any
    playing: QueuedScenario | None = None
    waits: bool = False
    began_ns: int = 0
    done: bool = False
    silent: float = 0.0
    busy: float = 0.0
    dead: float = 0.0
    ended_because: str = ""
    last_pulse: int = -1

    @property
    def name(self) -> str:
        """Its name for people."""
        return f"Worker {self.number + 1}"


@dataclass
class Crew:
    """Runs scenarios side by side. `abort` ends the run. `facts` are each worker's reports of where it runs."""

    run: Run
    turns: ScenarioQueue[QueuedScenario]
    abort: Callable[[], object]
    workers: list[Worker] = field(default_factory=list)
    facts: list[Mapping[str, str]] = field(default_factory=list)
    failed: bool = False
    _ends_at: float | None = None
    _troubles: list[tuple[Worker, str, BaseException]] = field(default_factory=list)
    _began_ms: int = field(default_factory=lambda: round(time.time() * 1000))
    _heard: queue.SimpleQueue[tuple[Worker, Any]] = field(default_factory=queue.SimpleQueue)
    _looked_at: float = field(default_factory=time.monotonic)

    def play(self, size: int) -> None:
        """Run this many workers until nothing is left, or the user asks the run to end."""
        try:
            for number in range(size):
                self.workers.append(self._start(number, size))
            while any(not worker.done for worker in self.workers):
                self._listen()
                self._look_after_workers()
                self._end_if_asked()
        finally:
            for worker in self.workers:
                self._see_off(worker)
            self._tell_of_troubles()

    def _start(self, number: int, of: int) -> Worker:
        context = multiprocessing.get_context("spawn")  # the same on every system; nothing is inherited by accident
        ours, theirs = context.Pipe()
        pulse = context.RawValue("L", 0)
        arguments = (sys.argv[1:], number, of, self.run.results, theirs, pulse)
        process = context.Process(target=work, args=arguments, name=f"worker-{number + 1}")
        process.start()
        theirs.close()  # otherwise the death of the worker would go unnoticed
        worker = Worker(number, process, ours, pulse)
        threading.Thread(target=self._read, args=(worker,), name=f"reader-{number + 1}", daemon=True).start()
        return worker

    # --- listening ---------------------------------------------------------------------------------

    def _read(self, worker: Worker) -> None:
        """Forward a worker's messages: a message that never ends blocks only this thread."""
        try:
            while True:
                self._heard.put((worker, worker.connection.recv()))
        except Exception as error:  # noqa: BLE001 - it is gone, or it sent no valid message
            self._heard.put((worker, error))

    def _listen(self) -> None:
        try:
            worker, message = self._heard.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return
        worker.busy = 0.0
        if worker.done:
            return
        if isinstance(message, Exception):
            self._mourn(worker)
        else:
            self._hear(worker, message)

    def _look_after_workers(self) -> None:
        """End the wait for each worker that will send nothing more."""
        now = time.monotonic()
        passed, self._looked_at = min(now - self._looked_at, 5 * LOOK_SECONDS), now
        for worker in self.workers:
            if worker.done:
                continue
            pulse = worker.pulse.value
            worker.silent = 0.0 if pulse != worker.last_pulse else worker.silent + passed
            worker.last_pulse = pulse
            worker.busy = 0.0 if worker.waits else worker.busy + passed
            if not worker.process.is_alive():  # its connection reports it at once, unless one of its children holds it
                worker.dead += passed
                if worker.dead > LAST_WORDS_SECONDS:
                    self._mourn(worker)
            elif worker.silent > (may := SILENT_SECONDS if pulse else START_SECONDS):
                self._give_up(worker, f"it gave no sign of life for {may:.0f} s")
            elif worker.busy > LONGEST_SECONDS:
                self._give_up(worker, f"nothing was heard of it for {LONGEST_SECONDS / 60:.0f} minutes")

    def _give_up(self, worker: Worker, why: str) -> None:
        worker.ended_because = f"{why}, and was ended"
        worker.process.kill()
        worker.process.join(GRACE_SECONDS)
        self._mourn(worker)

    def _hear(self, worker: Worker, message: Any) -> None:
        match message:
            case Ready():
                self.run.begin()
                self.facts.append(message.facts)
            case Free():
                self._is_free(worker)
            case Ended():
                self._ended(worker, message)
            case Outside():
                self.run.outside(message.where, message.verdict, None, written=True)
            case WorkerDone():
                self._done(worker, message)
        self._hand_out()

    def _hand_out(self) -> None:
        for worker in self.workers:
            if not worker.waits:
                continue
            turn = self.turns.next(worker.number)
            if turn:
                scenario, identity = worker.playing = turn
                worker.waits, worker.began_ns = False, time.time_ns()
                self._send(worker, Play(scenario.filename, identity.key))
            elif self.turns.all_begun or (self.turns.only_alone_left and self._others_can_go_on(worker)):
                worker.waits = False
                self._send(worker, None)

    def _others_can_go_on(self, worker: Worker) -> bool:
        """Whether one of the others can run the rest: scenarios that must be alone need one worker only."""
        return any(other is not worker and not other.done and (other.playing or other.waits) for other in self.workers)

    def _is_free(self, worker: Worker) -> None:
        worker.waits = True
        self._not_run(worker, "it was gone before its turn.")  # a process there has removed it

    def _done(self, worker: Worker, message: WorkerDone) -> None:
        worker.done = True
        self.turns.gone(worker.number)  # others take over the rest of its group
        why = next((words.text for words in message.troubles.values()), "")
        self._not_run(worker, f"{worker.name} could not go on{f': {why}' if why else '.'}")
        self.failed |= message.failed
        self.run.figures.extend(message.figures)
        self.run.unwritten.extend(message.unwritten)
        self._troubles += [(worker, hook, words.spoken()) for hook, words in message.troubles.items()]
        if message.interrupted:
            self.abort()

    def _not_run(self, worker: Worker, why: str) -> None:
        """Report the scenario that a worker was given and has not run, if there is one."""
        if worker.playing:
            scenario, identity = worker.playing
            told = Verdict(BROKEN, f"Not run: {why}")
            self._over(worker, ScenarioOutcome(scenario, identity, told, ran=False), written=False)

    def _ended(self, worker: Worker, message: Ended) -> None:
        if worker.playing is None or worker.playing[1].key != message.key:
            self.failed = True
            self.run.outside(worker.name, Verdict(BROKEN, f"It has run what it was not asked to: {message.key}"), None)
            return
        scenario, identity = worker.playing
        verdict = message.onto(scenario)
        outcome = ScenarioOutcome(scenario, identity, verdict, message.seconds, message.ran, message.observed)
        self._over(worker, outcome, written=True)

    def _over(self, worker: Worker, outcome: ScenarioOutcome, *, written: bool) -> None:
        worker.playing = None
        self.turns.over()
        self.run.report(outcome, written=written)
        if outcome.verdict.word in (FAILED, BROKEN):
            self.failed = True
            if self.run.config.stop:
                self.turns.stop()

    # --- endings -----------------------------------------------------------------------------------

    def _mourn(self, worker: Worker) -> None:
        """Handle a worker's death: the outcome of its scenario is unknown."""
        worker.done, self.failed = True, True
        self.turns.gone(worker.number)
        worker.process.join(1)
        asked = self._ends_at is not None
        why = f"{worker.name} has died ({worker.ended_because or _how(worker.process.exitcode)})."
        self.run.figures.append(lost(why, self._began_ms))
        if worker.playing:
            scenario, identity = worker.playing
            result = self._result_of(identity)
            message = (
                "interrupted"
                if asked
                else f"{why} It was running this scenario, which could not be checked. Run again."
            )
            told = Verdict(result) if result else Verdict(BROKEN, message)
            outcome = ScenarioOutcome(scenario, identity, told, observed=Observed(worker.began_ns))
            self._over(worker, outcome, written=bool(result))
        elif not asked:
            self.run.outside(worker.name, Verdict(BROKEN, why), None)
        self._hand_out()

    def _result_of(self, identity: Identity) -> str | None:
        """The verdict that a dead worker has written before it could report it."""
        if self.run.results is None:
            return None
        reported, _ = read(self.run.results, self.run.earlier)
        return next((result.verdict for result in reported if result.key == identity.key), None)

    def _end_if_asked(self) -> None:
        now = time.monotonic()
        if self.run.interrupted and self._ends_at is None:
            self._ends_at = now + GRACE_SECONDS
            self.turns.stop()
            self._hand_out()  # a worker that waits for a scenario learns that there is none
            for worker in self.workers:
                if not worker.done:
                    worker.process.terminate()
        if self._ends_at is not None and (now > self._ends_at or self.run.asked_to_end > 1):
            for worker in self.workers:
                worker.process.kill()

    def _see_off(self, worker: Worker) -> None:
        if not worker.done:  # the lead itself raised an exception
            worker.process.kill()
        worker.process.join(GRACE_SECONDS)
        worker.process.kill()
        worker.connection.close()

    def _send(self, worker: Worker, message: Play | None) -> None:
        try:
            worker.connection.send(message)
        except OSError:
            pass  # it has died, which its connection reports too

    def _tell_of_troubles(self) -> None:
        """Report why workers could not continue as the reason for the scenarios not run; separately if all were run."""
        everything = all(key in self.run.outcomes for key in self.run.selected)
        told: set[str] = set()
        for worker, hook, error in self._troubles:
            if isinstance(error, KeyboardInterrupt) or str(error) in told:
                continue
            told.add(str(error))
            if everything and hook == "before_all":
                self.run.outside(worker.name, Verdict(BROKEN, str(error)), None)
            elif not everything:
                self.run.hook_errors.setdefault(hook, error)


def _how(exitcode: int | None) -> str:
    if exitcode is None:
        return "it does not answer"
    return signal.Signals(-exitcode).name if exitcode < 0 else f"exit status {exitcode}"

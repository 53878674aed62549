"""A mutation campaign: run many mutants, several at a time, with the unbroken system as a control.

A mutant is caught if a scenario is red that is green on the unbroken system. So from time to time the unbroken system
runs under the same load, against all scenarios. If it is red, the results prove nothing and are rejected. The first of
these runs goes feature by feature and also records which features reach which functions: a mutant runs only against the
features that reach it. The load alone can break service levels, so a mutant that only those have caught runs once more
at the end, alone.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from trust.mutants.functions import KIND
from trust.mutants.mutant import Mutant
from trust.mutants.reach import Reach
from trust.mutants.scenarios import Experience, Scenario
from trust.mutants.trial import CAUGHT, IN_DOUBT, SURVIVED, Interrupted, Outcome, Trials

NOT_REACHED = "No scenario reaches it."


@dataclass(frozen=True)
class Tried:
    """A mutant, or None for a control, and the outcome of its trial."""

    mutant: Mutant | None
    outcome: Outcome


@dataclass
class Campaign:
    """The mutants of one system to run. `done` receives each result.

    After every `control_every` mutants the unbroken system runs; with 0 it never does, and every mutant runs against
    all scenarios.
    """

    mutants: Sequence[Mutant]
    scenarios: Sequence[Scenario]
    trials: Trials
    jobs: int
    control_every: int
    done: Callable[[Tried], object]
    experience: Experience = field(default_factory=Experience)

    def run(self) -> None:
        """Run all mutants. Ctrl-C ends the campaign; earlier results are kept."""
        self._reach: Reach | None = None
        self._waiting: deque[Mutant | None] = deque(self._with_controls())
        self._lock = threading.Lock()
        self._doubtful: list[Tried] = []
        workers = [threading.Thread(target=self._work, daemon=True) for _ in range(self.jobs)]
        try:
            if self.control_every:
                self._measure()
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            self._ask_again_alone()
        except KeyboardInterrupt:
            self.trials.stop()
            for worker in workers:
                if worker.ident:
                    worker.join()
            raise

    def _measure(self) -> None:
        files = sorted({mutant.file for mutant in self.mutants if mutant.kind == KIND})
        features: dict[str, list[Scenario]] = defaultdict(list)
        for scenario in self.scenarios:
            features[scenario.feature].append(scenario)
        pool = ThreadPoolExecutor(self.jobs)
        try:
            measured = list(pool.map(partial(self.trials.measure, files), features.values()))
        except BaseException:
            self.trials.stop()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
        for outcome, _ in measured:
            self._take(Tried(None, outcome))
        # A run that ended early does not show everything that the feature reaches.
        if all(outcome.verdict == SURVIVED for outcome, _ in measured):
            self._reach = Reach(dict(zip(features, (functions for _, functions in measured), strict=True)))

    def _with_controls(self) -> list[Mutant | None]:
        if not self.control_every:
            return list(self.mutants)
        order: list[Mutant | None] = []
        for number, mutant in enumerate(self.mutants, start=1):
            order.append(mutant)
            if number % self.control_every == 0 or number == len(self.mutants):
                order.append(None)
        return order

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    return
                mutant = self._waiting.popleft()
                order = self._order(mutant)
            try:
                tried = Tried(mutant, self._try(mutant, order))
            except Interrupted:
                return
            with self._lock:
                self._take(tried)

    def _try(self, mutant: Mutant | None, scenarios: Sequence[Scenario]) -> Outcome:
        if not scenarios:
            return Outcome(SURVIVED, message=NOT_REACHED)
        return self.trials.run(_change(mutant), scenarios)

    def _order(self, mutant: Mutant | None) -> Sequence[Scenario]:
        """Return all scenarios for a control; for a mutant those that reach it, the likely catchers first."""
        if not mutant:
            return self.scenarios
        near = self._reach.of(mutant, self.scenarios) if self._reach else self.scenarios
        return self.experience.order(mutant, near)

    def _take(self, tried: Tried) -> None:
        if tried.outcome.verdict == IN_DOUBT:
            self._doubtful.append(tried)
            return
        if tried.mutant and tried.outcome.verdict == CAUGHT and tried.outcome.scenario:
            self.experience.learn(tried.mutant, tried.outcome.scenario)
        self.done(tried)

    def _ask_again_alone(self) -> None:
        """Run mutants that broke a service level once more while nothing else runs, the service levels first.

        The first red scenario ended their trial, so later scenarios have not run.
        """
        for doubtful in self._doubtful:
            order = sorted(self._order(doubtful.mutant), key=lambda scenario: not scenario.timed)
            again = self._try(doubtful.mutant, order)
            verdict = CAUGHT if again.verdict == IN_DOUBT else again.verdict
            self._take(Tried(doubtful.mutant, replace(again, verdict=verdict)))


def _change(mutant: Mutant | None) -> Callable[[Path], None]:
    return mutant.apply if mutant else lambda _: None

"""A campaign: tries many mutants, some at a time, with the unbroken system among them as a control.

A mutant is caught when a scenario is red that is green on the unbroken system. So every so often the unbroken system
itself takes its turn, under the same load and against all scenarios. If that is red, nothing is proved: the results
are refused. Promises of time are another matter, since the load alone can break them: who is caught by one of those is
tried once more at the end, alone.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from trust.mutants.mutant import Mutant
from trust.mutants.scenarios import Experience, Scenario
from trust.mutants.trial import (
    CAUGHT,
    EQUIVALENT,
    IN_DOUBT,
    NOT_DEPLOYED,
    SURVIVED,
    TOO_LONG,
    Interrupted,
    Outcome,
    Trials,
)

CONTROL = "the unbroken system"
VERDICTS = (CAUGHT, EQUIVALENT, SURVIVED, NOT_DEPLOYED, TOO_LONG)


@dataclass(frozen=True)
class Tried:
    """A mutant, or None for a control, and how its trial ended."""

    mutant: Mutant | None
    outcome: Outcome

    @property
    def name(self) -> str:
        """The mutant's name."""
        return self.mutant.name if self.mutant else CONTROL

    def as_json(self) -> dict[str, Any]:
        """What the report says of it."""
        about = {"name": self.name}
        if self.mutant:
            about |= {"kind": self.mutant.kind, "place": " › ".join(self.mutant.place), "change": self.mutant.change}
        return {**about, **self.outcome.as_json()}


@dataclass
class Campaign:
    """Everything that is tried. `answers` are the mutants that are known to be equivalent.

    After every `control_every` mutants the unbroken system takes its turn; 0 leaves that out. `first`: a mutant
    meets only so many scenarios, those that are likeliest to catch it; 0: all of them. `done` takes what was tried.
    """

    mutants: Sequence[Mutant]
    scenarios: Sequence[Scenario]
    answers: Mapping[str, str]
    trials: Trials
    jobs: int
    control_every: int
    tell: Callable[[str], None]
    first: int = 0
    done: Callable[[Tried], object] = bool
    experience: Experience = field(default_factory=Experience)
    tried: list[Tried] = field(default_factory=list)
    controls: list[Tried] = field(default_factory=list)
    seconds: float = 0.0

    def run(self) -> None:
        """Try them all. Ctrl-C ends it; what was tried by then stays."""
        began = time.monotonic()
        self._waiting: deque[Mutant | None] = deque(self._with_controls())
        self._lock = threading.Lock()
        self._doubtful: list[Tried] = []
        workers = [threading.Thread(target=self._work, daemon=True) for _ in range(self.jobs)]
        try:
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            self._ask_again_alone()
        except KeyboardInterrupt:
            self.trials.stop()
            for worker in workers:
                worker.join()
            raise
        finally:
            self.seconds = time.monotonic() - began

    def _with_controls(self) -> list[Mutant | None]:
        if not self.control_every:
            return list(self.mutants)
        order: list[Mutant | None] = [None]
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
                tried = Tried(mutant, self.trials.run(_change(mutant), order))
            except Interrupted:
                return
            with self._lock:
                self._take(tried)

    def _order(self, mutant: Mutant | None) -> Sequence[Scenario]:
        """All scenarios for a control, and for a mutant those that are wanted, the likely catchers first."""
        if not mutant:
            return self.scenarios
        order = self.experience.order(mutant, self.scenarios)
        return order[: self.first] if self.first else order

    def _take(self, tried: Tried) -> None:
        if tried.outcome.verdict == IN_DOUBT:
            self._doubtful.append(tried)
            self.tell(f"{'':11}in doubt  {tried.name}: to be tried again alone")
            return
        if tried.mutant and tried.outcome.verdict == CAUGHT and tried.outcome.scenario:
            self.experience.learn(tried.mutant, tried.outcome.scenario)
        if tried.mutant and tried.outcome.verdict == SURVIVED and tried.name in self.answers:
            tried = replace(tried, outcome=replace(tried.outcome, verdict=EQUIVALENT))
        (self.tried if tried.mutant else self.controls).append(tried)
        self.done(tried)
        self.tell(self._line(tried))

    def _line(self, tried: Tried) -> str:
        outcome = tried.outcome
        if not tried.mutant:
            said = (
                "green"
                if outcome.verdict == SURVIVED
                else f"RED, so nothing is proved: {outcome.scenario}: {outcome.message}"
            )
            return f"{'':11}{CONTROL} is {said}  ({outcome.seconds:.1f} s)"
        by = f"  by {outcome.scenario.split(': ', 2)[-1]}" if outcome.scenario else ""
        broken = " (broken)" if outcome.broken else ""
        count = f"[{len(self.tried):4}/{len(self.mutants):4}]"
        return f"{count} {outcome.verdict}{broken}  {tried.name}{by}  ({outcome.seconds:.1f} s)"

    def _ask_again_alone(self) -> None:
        """Try those that broke a promise of time once more while nothing else runs, the promises of time first.

        The first red scenario has ended their trial, so they have not met those after it.
        """
        for doubtful in self._doubtful:
            order = sorted(self._order(doubtful.mutant), key=lambda scenario: not scenario.timed)
            again = self.trials.run(_change(doubtful.mutant), order)
            verdict = CAUGHT if again.verdict == IN_DOUBT else again.verdict
            self._take(Tried(doubtful.mutant, replace(again, verdict=verdict)))


def _change(mutant: Mutant | None) -> Callable[[Path], None]:
    return mutant.apply if mutant else lambda _: None

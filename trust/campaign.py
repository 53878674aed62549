"""Run cases: first tests in parallel, then tests that need the machine to themselves, then mutants.

Each result is reported as it arrives. An interruption ends every started process.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from trust import catchers, durations, recorder
from trust.cases import MUTANTS, Case, digest
from trust.mutants.answers import read_answers, stale
from trust.mutants.campaign import Campaign as MutantCampaign
from trust.mutants.campaign import Tried
from trust.mutants.mutant import BETWEEN, Mutant
from trust.mutants.scenarios import Experience, Scenario, read_scenarios
from trust.mutants.source import all_mutants
from trust.mutants.trial import CAUGHT as MUTANT_CAUGHT
from trust.mutants.trial import NOT_DEPLOYED as MUTANT_NOT_DEPLOYED
from trust.mutants.trial import SURVIVED, TOO_LONG, Trials
from trust.results import BROKEN, CAUGHT, FALSE_ALARM, GONE_THROUGH, GREEN, NOT_DEPLOYED, OUT_OF_DATE, SKIPPED, Result
from trust.system_copy import ROOT

CONTROL_EVERY = 150
STOP_SECONDS = 15
ANSWERS = f"{MUTANTS}docs/equivalent-mutants.md"
CONTROL = "the unbroken system, time "


@dataclass
class Campaign:
    """The cases to run. `known` are earlier results, which say which scenario catches which mutant.

    `done` receives each result, `say` a line of progress; pytest's output goes to `log`. After every `control_every`
    mutants of a system, the unbroken system is run as a control; 0: never.
    """

    cases: Sequence[Case]
    jobs: int
    seed: int
    log: Path
    done: Callable[[Result], None]
    say: Callable[[str], None]
    known: Sequence[Result] = field(default_factory=list)
    control_every: int = CONTROL_EVERY

    def run(self) -> None:
        """Run all cases. KeyboardInterrupt ends the campaign and every process it has started."""
        tests = [case for case in self.cases if not case.is_mutant]
        self._run_tests([case for case in tests if not case.quiet], self.jobs, "side by side")
        self._run_tests([case for case in tests if case.quiet], 1, "alone")
        mutants = [case for case in self.cases if case.is_mutant]
        for system in sorted({case.system for case in mutants}):
            self._run_mutants(system, {case.id.removeprefix(MUTANTS) for case in mutants if case.system == system})

    # --- tests -----------------------------------------------------------------------------------

    def _run_tests(self, cases: Sequence[Case], jobs: int, how: str) -> None:
        if not cases:
            return
        self.say(f"{len(cases)} tests {how}, {min(jobs, len(cases))} at a time")
        missing = {case.id: case for case in cases}
        while missing:
            for told in self._pytest(sorted(missing), min(jobs, len(cases))):
                name = told["id"] if told["id"] in missing else told["id"].rpartition("@")[0]
                if case := missing.pop(name, None):
                    self._take(case, _verdict(case, told["outcome"]), told["words"], told["seconds"])
                if (
                    told["outcome"] == recorder.CRASHED
                ):  # xdist would run it again and then hang: restart with the remaining cases
                    break
            else:
                break
        for case in missing.values():
            self._take(case, BROKEN, f"pytest has not run it: see {self.log}", 0.0)

    def _take(self, case: Case, verdict: str, words: str, seconds: float) -> None:
        own = digest(case.campaign, case.system)
        self.done(Result(case.id, case.campaign, verdict, words, seconds, own, self.seed, case.system))

    def _pytest(self, ids: Sequence[str], jobs: int) -> Iterator[dict[str, Any]]:
        """Run pytest on these tests, and yield the result of each."""
        # pytest loses the fixtures of a folder's conftest.py if modules of other folders lie between those of this one.
        # So it is given them folder by folder, and sorts the tests by the order of `asked`.
        modules = sorted({name.partition("::")[0] for name in ids})
        with tempfile.TemporaryDirectory(prefix="trust-") as folder, self.log.open("ab") as log:
            asked = Path(folder, "cases.json")
            asked.write_text(json.dumps(_longest_first(ids)), encoding="utf-8")
            read, write = os.pipe()
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "pytest", "-q", "-p", "trust.recorder", "-n", str(jobs)),
                    *(
                        "--dist",
                        "loadgroup",
                        "--basetemp",
                        str(Path(folder, "tests")),
                        "--rootdir",
                        str(ROOT),
                        *modules,
                    ),
                ],
                cwd=ROOT,
                env={
                    **os.environ,
                    recorder.CASES: str(asked),
                    recorder.PIPE: str(write),
                    "TRUST_SEED": str(self.seed),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[write],
                start_new_session=True,  # so that Ctrl-C reaches only this process, which then ends all of them
            )
            os.close(write)
            try:
                with os.fdopen(read, encoding="utf-8") as lines:
                    yield from map(json.loads, lines)
                process.wait()
            finally:
                end(process)

    # --- mutants ---------------------------------------------------------------------------------

    def _run_mutants(self, system: str, names: set[str]) -> None:
        mutants = {mutant.name: mutant for mutant in all_mutants(system)}
        scenarios = read_scenarios(system)
        controls = f"{MUTANTS}{system}{BETWEEN}{CONTROL}"
        number = count(1 + sum(one.case.startswith(controls) for one in self.known))

        def tried(one: Tried) -> None:
            outcome = one.outcome
            verdict = _MUTANTS[outcome.verdict] if one.mutant else _CONTROLS.get(outcome.verdict, FALSE_ALARM)
            words = f"{outcome.scenario}: {outcome.message}"
            if outcome.verdict == SURVIVED:
                words = outcome.message or f"{outcome.ran} scenarios have met it, and passed."
            case = f"{MUTANTS}{one.mutant.name}" if one.mutant else f"{controls}{next(number)}"
            own, seconds = digest("mutants", system), round(outcome.seconds, 1)
            self.done(Result(case, "mutants", verdict, words, seconds, own, self.seed, system, outcome.scenario))

        chosen = [mutants[name] for name in sorted(names & mutants.keys())]
        self.say(f"{len(chosen)} mutants of {system}, {self.jobs} at a time")
        experience = self._experience(mutants, scenarios)
        MutantCampaign(chosen, scenarios, Trials(system), self.jobs, self.control_every, tried, experience).run()

    def _experience(self, mutants: Mapping[str, Mutant], scenarios: Sequence[Scenario]) -> Experience:
        learned, keys = Experience(), {scenario.key for scenario in scenarios}
        known = {**catchers.read(), **{one.case.removeprefix(MUTANTS): one.by for one in self.known if one.by}}
        for name, scenario in known.items():
            if name in mutants and scenario in keys:
                learned.learn(mutants[name], scenario)
        return learned


_MUTANTS = {
    MUTANT_CAUGHT: CAUGHT,
    SURVIVED: GONE_THROUGH,
    TOO_LONG: BROKEN,
    MUTANT_NOT_DEPLOYED: NOT_DEPLOYED,
}
_CONTROLS = {SURVIVED: GREEN}


def _verdict(case: Case, outcome: str) -> str:
    if outcome == "skipped":
        return SKIPPED
    if outcome == "passed":
        return CAUGHT if case.planted else GREEN
    if outcome == "failed":
        return GONE_THROUGH if case.planted else FALSE_ALARM
    return BROKEN


def _longest_first(ids: Sequence[str]) -> list[str]:
    """Return the tests, modules with long tests first: a long test at the end would leave other workers idle."""
    took = durations.expected(Case(name, "") for name in ids)
    longest: dict[str, float] = {}
    for name, seconds in took.items():
        module = name.partition("::")[0]
        longest[module] = max(seconds, longest.get(module, 0.0))
    return sorted(ids, key=lambda name: (-longest[name.partition("::")[0]], name.partition("::")[0]))


def out_of_date(results: Sequence[Result], seed: int) -> list[Result]:
    """Return a result for each system with outdated entries in docs/equivalent-mutants.md."""
    found = []
    for system in sorted({one.system for one in results if one.campaign == "mutants"}):
        own = [one for one in results if one.campaign == "mutants" and one.system == system]
        answers = {name: why for name, why in read_answers().items() if name.startswith(f"{system}{BETWEEN}")}
        caught = [one.case.removeprefix(MUTANTS) for one in own if one.verdict == CAUGHT]
        if lines := stale(answers, (mutant.name for mutant in all_mutants(system)), caught):
            words = "\n".join(lines)
            found.append(Result(ANSWERS, "mutants", OUT_OF_DATE, words, 0.0, digest("mutants", system), seed, system))
    return found


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all its descendants: first by SIGTERM, then by SIGKILL."""
    with contextlib.suppress(psutil.Error):
        family = psutil.Process(process.pid).children(recursive=True)
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        for one in family:
            with contextlib.suppress(psutil.Error):
                one.terminate()
        _, left = psutil.wait_procs(family, STOP_SECONDS)
        for one in left:
            with contextlib.suppress(psutil.Error):
                one.kill()
    if process.poll() is None:
        process.kill()
    process.wait()


def interruptible() -> None:
    """Let SIGTERM interrupt as Ctrl-C does, also in the background, where shells ignore Ctrl-C."""
    if threading.current_thread() is threading.main_thread():
        for asked in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked, signal.default_int_handler)

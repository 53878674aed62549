"""One run of behave as its report sees it: which scenarios were selected, which ran, which never ran.

behave notifies a formatter when a scenario starts, but not when it has ended, nor of anything that
goes wrong outside its steps. `Run` closes that gap once, for both formatters: it wraps each
scenario's `run`, and it is one of behave's reporters, which are notified of every feature, run or not.
"""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from acceptance.behave_adapter import (
    HOOK_ERROR,
    hear_cleanup_errors,
    let_deviate,
    run_instead,
    runner_of,
    show_deviations,
)
from acceptance.profile.promises import Promises
from acceptance.report import memory, metadata
from acceptance.report.causes import Cause, Red, causes_of
from acceptance.report.cleaning import clean_formatters, clean_outputs, clean_up, remember_cells
from acceptance.report.deviations import excused
from acceptance.report.givens import broken_only_in_givens
from acceptance.report.judged import Judged, judged, said_by
from acceptance.report.results_folder import ResultsFolder
from acceptance.report.selection import Identity, has_run, identities, is_selected, rule_of
from acceptance.report.shards.shard import SHARD, Shard
from acceptance.report.verdicts import (
    BROKEN,
    DEVIATING,
    FAILED,
    PASSED,
    SKIPPED,
    Verdict,
    describe,
    hook_message,
    of_exception,
    symptoms_of,
    verdict_of,
)
from acceptance.root import ROOT
from acceptance.telemetry.observed import Observed
from acceptance.trouble import Trouble

_REPORTS = ROOT / "reports"
# The results' name for an error outside any scenario.
OUTSIDE = "Outside any scenario: "


@dataclass(frozen=True)
class ScenarioOutcome:
    """How one scenario ended. `ran` is false for one that was never started.

    `observed` are the notes taken while it ran, None if none were taken.
    """

    scenario: Any
    identity: Identity
    verdict: Verdict
    seconds: float = 0.0
    ran: bool = True
    observed: Observed | None = None


class Listener(Protocol):
    """A listener to the run's events; the formatters are ones. `writes`: whether it writes results."""

    writes: bool

    def scenario_started(self, scenario: Any, identity: Identity) -> None:
        """Handle the beginning of a scenario, before its hooks."""

    def scenario_ended(self, outcome: ScenarioOutcome) -> None:
        """Handle the end of a scenario, after its hooks and cleanups, or that it was never run."""

    def trouble_outside(self, where: str, verdict: Verdict, feature: Any | None) -> None:
        """Handle an error outside any scenario."""


@dataclass
class Run:
    """What is known about this run; `Run.of(config)` returns the same one to every caller.

    A run with several workers has a lead, which runs no scenarios but reports them (report, figures, integrity),
    and workers, which run scenarios and report nothing. `worker` is the number of one, from 0, of so many `workers`.

    `facts` describe for readers where it takes place. Scenarios with one of the tags `alone` run while no other worker
    runs any, those with one of the tags `kept_together` on the same worker, before others. `reasons` are the files that
    say why some parts of the systems are not covered; not each of them need exist. `promises` is what the profiles of
    the deployments say about the scenarios. `observes`: whether the ways of orders are to be noted too, in `observed`,
    the notes on the current scenario. `shard` is the part of a run that this one is, None if it is a whole one; `whole`
    are then the feature files of each scenario of the whole run.
    """

    config: Any
    plays: bool = True
    tells: bool = True
    worker: int = 0
    workers: int = 1
    facts: dict[str, str] = field(default_factory=dict)
    alone: Collection[str] = ()
    kept_together: Sequence[str] = ()
    reasons: Sequence[Path] = ()
    promises: Promises = field(default_factory=Promises)
    observes: bool = False
    observed: Observed | None = None
    shard: Shard | None = None
    whole: Sequence[str] = ()
    asked_to_end: int = 0
    listeners: list[Listener] = field(default_factory=list)
    folder: ResultsFolder | None = None
    results: Path | None = None
    selected: dict[str, Any] = field(default_factory=dict)
    outcomes: dict[str, ScenarioOutcome] = field(default_factory=dict)
    troubles: list[tuple[str, Verdict]] = field(default_factory=list)
    figures: list[Any] = field(default_factory=list)
    hook_errors: dict[str, BaseException] = field(default_factory=dict)
    unwritten: list[tuple[Path, OSError]] = field(default_factory=list)
    unsaid: OSError | None = None
    total_known: bool = False
    _known: set[tuple[int, str]] = field(default_factory=set)
    _expected: set[tuple[int, str]] = field(default_factory=set)
    _watched: set[int] = field(default_factory=set)
    _cleanup_errors: dict[str, list[tuple[str, BaseException]]] = field(default_factory=dict)
    _context: Any = None
    _finished: bool = False

    @classmethod
    def of(cls, config: Any) -> Run:
        """Return the run that belongs to behave's configuration."""
        run = getattr(config, "report_run", None)
        if not isinstance(run, Run):
            run = config.report_run = cls(config)
            clean_outputs(config, run.lose)
            show_deviations(config.reporters)
            config.reporters.append(run)
        return run

    def lose(self, name: str, error: Exception) -> None:
        """Note that something could not be written. The run continues, and its check reports it."""
        known = error if isinstance(error, OSError) else OSError(describe(error))
        what = "The output"
        if name != "<stdout>":
            self.unwritten.append((Path(name), known))
            what = name
        elif self.unsaid is None:
            self.unsaid = known
        sys.stderr.write(f"{what} could not be written: {known.strerror or describe(error)}. The run goes on.\n")

    @property
    def earlier(self) -> Collection[str]:
        """The names of the results that other runs have written, and that are kept."""
        return self.folder.earlier if self.folder else ()

    @property
    def log(self) -> Path:
        """Where the embedded account of this part of the run writes: beside the results."""
        folder = self.results.parent if self.results else _REPORTS
        return folder / f"embedded-account{f'-{self.worker}' if self.worker else ''}.log"

    def begin(self) -> None:
        """Discard the results of an earlier run: this one takes place."""
        if self.folder and not self.folder.settled:
            self.folder.begin()
            self._write_facts()
            self.keep_shard()

    def call_off(self) -> None:
        """Keep the report of the last run, if there is one: this run does not take place.

        A shard keeps none: another shard's results there would be merged in its place.
        """
        if self.shard:
            self.begin()
            return
        if self.folder and not self.folder.settled:
            self.folder.call_off()
            if self.folder.left_alone:
                self.results = None
            else:
                self._write_facts()

    def keep_shard(self, *, failed: bool | None = None) -> None:
        """Record what the merge needs to know of a shard: that it has begun, or, with `failed`, how it ended."""
        if self.shard is None or self.folder is None or self.folder.left_alone:
            return
        if failed is not None:
            said = {key: self._said(key) for key, one in self.outcomes.items() if one.verdict.word == PASSED}
            self.shard = self.shard.ended(self.judged, said, self.reds_outside, failed=failed)
        self.folder.put(SHARD.file, SHARD.as_json(self.shard))

    def _write_facts(self) -> None:
        if self.facts and self.results:
            try:
                metadata.write(self.results, self.facts)
            except OSError as error:
                self.unwritten.append((self.results, error))

    @property
    def interrupted(self) -> bool:
        """Return whether the user has asked the run to stop."""
        return bool(self._context is not None and self._context.aborted)

    def meet(self, context: Any) -> None:
        """Take behave's context, and with it the features and the exceptions of cleanups."""
        if self._context is not None:
            return
        self._context = context
        hear_cleanup_errors(context, self._hear_cleanup_error)
        clean_formatters(runner_of(context))
        for feature in runner_of(context).features:
            self.expect(feature)
        self.total_known = True

    def expect(self, feature: Any) -> None:
        """Note which scenarios of a feature are selected; the first answer is kept.

        behave reads a file anew when another one was named in between (`a:3 b:3 a:9`). Each reading is
        a feature of its own with a selection of its own.
        """
        for scenario, identity in identities(feature, self.config):
            mark = (id(feature), identity.key)
            if mark not in self._known:
                self._known.add(mark)
                remember_cells(scenario)
                if is_selected(scenario, self.config):
                    self._expected.add(mark)
                    self.selected[identity.key] = scenario

    def expects(self, feature: Any, identity: Identity) -> bool:
        """Return whether this feature's scenario of that identity is selected."""
        return (id(feature), identity.key) in self._expected

    def watch(self, feature: Any) -> None:
        """Wrap every selected scenario of a feature that is about to run."""
        self.expect(feature)
        for scenario, identity in identities(feature, self.config):
            if self.expects(feature, identity) and id(scenario) not in self._watched:
                self._watched.add(id(scenario))
                run_instead(scenario, functools.partial(self._run, scenario, identity, scenario.run))

    def forget(self) -> None:
        """Keep nothing of the ended scenarios: for a worker, whose lead remembers them."""
        for kept in (self.selected, self.outcomes, self._known, self._expected, self._watched):
            kept.clear()

    def feature(self, feature: Any) -> None:
        """Handle behave's notice that a feature is over, or was never begun: report its remaining scenarios."""
        self.expect(feature)
        for scenario, identity in identities(feature, self.config):
            if self.expects(feature, identity) and identity.key not in self.outcomes:
                self.report(self._left_over(feature, scenario, identity))
        for entity in [feature, *feature.iter_rules()]:
            self._report_after_hook(entity, feature)
        for layer in ("rule", "feature"):
            self._report_cleanups(layer, feature)

    def end(self) -> None:
        """Do nothing at behave's summary; everything is reported by then."""

    def finish(self) -> None:
        """Report what went wrong after the last feature. Called by every formatter; counts once."""
        if self._finished:
            return
        self._finished = True
        if "after_all" in self.hook_errors:
            self.outside("after_all", of_exception(self.hook_errors["after_all"]), None)
        self._report_cleanups("testrun", None)
        untroubled = all(outcome.verdict.word != BROKEN for outcome in self.outcomes.values())
        if self.tells and self.interrupted and untroubled:
            self.outside("The run", Verdict(BROKEN, "The run was interrupted."), None)
        if self.tells:
            for where, verdict, key in broken_only_in_givens(self.judged, self.causes, self._said):
                self.outside(where, verdict, self.outcomes[key].scenario.feature)

    @property
    def causes(self) -> Sequence[Cause]:
        """Why scenarios failed or could not be checked, and the errors outside of them."""
        reds = [one.red for one in self.judged.values() if one.word in (FAILED, BROKEN)]
        return causes_of([*reds, *self.reds_outside])

    @property
    def reds_outside(self) -> Sequence[Red]:
        """The errors outside of scenarios, in the form from which causes are found."""
        return [Red(f"{OUTSIDE}{where}", where, one.word, symptoms_of(one)) for where, one in self.troubles]

    @property
    def judged(self) -> Mapping[str, Judged]:
        """The record of each scenario that has ended, by its key."""
        return {key: judged(outcome) for key, outcome in self.outcomes.items()}

    def _said(self, key: str) -> Sequence[str]:
        return said_by(self.outcomes[key].scenario)

    def _run(self, scenario: Any, identity: Identity, original: Callable[..., bool], runner: Any) -> bool:
        self.meet(runner.context)
        for listener in self.listeners:
            listener.scenario_started(scenario, identity)
        self._leave_out_if_not_promised(scenario, identity)
        begun, ended_by, failed = time.monotonic(), None, True
        self.observed = Observed()
        try:
            failed = original(runner)
        except BaseException as error:
            ended_by = error
            raise
        finally:
            clean_up(scenario)
            cleanup = self._cleanup_errors.pop("scenario", [])
            verdict = verdict_of(scenario, cleanup[0][1] if cleanup else None, ended_by, self.interrupted)
            verdict = self._as_known(scenario, identity, verdict)
            seconds = time.monotonic() - begun
            self.report(ScenarioOutcome(scenario, identity, verdict, seconds, observed=self.observed))
            if ended_by is not None and not isinstance(ended_by, KeyboardInterrupt):
                self._give_up(runner, ended_by)
        return failed and verdict.word != DEVIATING

    def _leave_out_if_not_promised(self, scenario: Any, identity: Identity) -> None:
        why_not = self.promises.why_not(scenario, identity)
        if why_not:  # behave's own `skip` would print a line, which is not captured here
            scenario.should_skip, scenario.skip_reason = True, why_not

    def _as_known(self, scenario: Any, identity: Identity, verdict: Verdict) -> Verdict:
        """Return the verdict on a scenario, and inform behave if it fails as a known deviation says."""
        verdict = excused(verdict, self.promises.deviations_of(scenario, identity), self.promises.today)
        if verdict.word == DEVIATING:
            let_deviate(scenario, verdict.message)
        return verdict

    def _give_up(self, runner: Any, error: BaseException) -> None:
        """Report the rest: an exception outside a scenario ends behave silently."""
        self.hook_errors.setdefault("a scenario", error)
        for feature in runner.features:
            self.feature(feature)
        self.finish()

    def report(self, outcome: ScenarioOutcome, *, written: bool = False) -> None:
        """Notify all listeners of how a scenario ended. `written`: a worker has already written its result."""
        self.outcomes[outcome.identity.key] = outcome
        for listener in self._who_hears(written):
            listener.scenario_ended(outcome)

    def _left_over(self, feature: Any, scenario: Any, identity: Identity) -> ScenarioOutcome:
        """Report a scenario that was not watched: it ran (its table was changed on the way) or it did not."""
        if has_run(scenario):
            verdict = verdict_of(scenario, interrupted=self.interrupted)
            return ScenarioOutcome(scenario, identity, self._as_known(scenario, identity, verdict))
        return ScenarioOutcome(scenario, identity, self._why_not_run(feature, scenario), ran=False)

    def _why_not_run(self, feature: Any, scenario: Any) -> Verdict:
        for entity in (rule_of(scenario), feature):
            if entity is not None and entity.hook_failed and entity.error_message:
                told = of_exception(entity.exception) if entity.exception else Verdict(BROKEN)
                return Verdict(BROKEN, f"Not run: {hook_message(entity.error_message)}", told.trace)
        for hook, error in self.hook_errors.items():
            if not isinstance(error, KeyboardInterrupt):
                why = f"{'' if isinstance(error, Trouble) else f'{hook}: '}{describe(error)}"
                return Verdict(BROKEN, f"Not run: {why}", of_exception(error).trace)
        if self.interrupted or self.hook_errors:
            return Verdict(BROKEN, "Not run: the run was interrupted.")
        if scenario.should_skip:
            return Verdict(SKIPPED, str(scenario.skip_reason or "Skipped without a reason."))
        if self.config.stop:
            return Verdict(SKIPPED, "Not run: the run stops at the first failure (--stop).")
        return Verdict(BROKEN, "Not run: the run ended before its turn; the console says why.")

    def _report_after_hook(self, entity: Any, feature: Any) -> None:
        """Report an after-hook's error separately: the results of its scenarios are already written."""
        told = entity.error_message or ""
        if entity.hook_failed and f"{HOOK_ERROR}after_" in told:
            verdict = of_exception(entity.exception) if entity.exception else Verdict(BROKEN)
            self.outside(f"After {_named(entity)}", Verdict(verdict.word, hook_message(told), verdict.trace), feature)

    def _report_cleanups(self, layer: str, feature: Any | None) -> None:
        for where, error in self._cleanup_errors.pop(layer, []):
            self.outside(f"Tidying up after {where}", of_exception(error), feature)

    def outside(self, where: str, verdict: Verdict, feature: Any | None, *, written: bool = False) -> None:
        """Notify all listeners of an error outside any scenario. `written`: as above."""
        self.troubles.append((where, verdict))
        for listener in self._who_hears(written):
            listener.trouble_outside(where, verdict, feature)

    def _who_hears(self, written: bool) -> Sequence[Listener]:
        return [listener for listener in self.listeners if not (written and listener.writes)]

    def _hear_cleanup_error(self, layer: str, entity: Any | None, error: Exception) -> None:
        where = "the run" if entity is None else _named(entity)
        self._cleanup_errors.setdefault(layer, []).append((where, error))


def _named(entity: Any) -> str:
    return f"the {entity.type} “{entity.name}”"


def reported(hook: Callable[[Any], None]) -> Callable[[Any], None]:
    """Report the errors of `before_all` or `after_all`: put it above both in environment.py.

    behave keeps nothing of what these two raise. The report needs it, to give the reason on every scenario that
    was not run, and the progress line needs the number of scenarios before the first one starts.
    """

    @functools.wraps(hook)
    def told(context: Any) -> None:
        run = Run.of(context.config)
        run.meet(context)
        try:
            hook(context)
            # A lead begins when one of its workers is ready, and an empty run never does.
            if hook.__name__ == "before_all" and run.plays and run.selected:
                run.begin()
        except BaseException as error:
            known = memory.in_words(error) if hook.__name__ == "before_all" else error
            run.hook_errors[hook.__name__] = known
            run.call_off()
            if known is error:
                raise
            raise known from error

    return told

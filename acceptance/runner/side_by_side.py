"""behave's runner for this suite: as usual, or, with `-j N` or a shuffle, with workers that run side by side.

In behave.ini: `runner = acceptance.runner.side_by_side:SideBySide`. This process is then the lead: it selects and hands
out the scenarios, and reports its workers' results to behave's formatters and reporters. It runs no scenario itself.
"""

from __future__ import annotations

import functools
import random
import sys
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from behave.matchers import NoMatch

from acceptance.behave_adapter import run_instead
from acceptance.report import metadata
from acceptance.report.run import Run
from acceptance.report.selection import has_run, identities
from acceptance.runner.checks import Checked
from acceptance.runner.pool import Crew, QueuedScenario
from acceptance.runner.scenario_queue import ScenarioQueue, shuffled
from acceptance.settings import given

SEEDS = 1_000_000


class SideBySide(Checked):
    """Runs features with as many workers as `-j` says; one without it. See the module's head."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self._shuffle = given(config.userdata, "shuffle") or "no"
        self._leads = (config.jobs > 1 or self._shuffle != "no") and not config.dry_run
        Run.of(config).plays = not self._leads

    def run_model(self, features: Any = None) -> bool:
        """Run behave's own loop; the lead passes it the scenarios that have already run."""
        return bool(super().run_model(self._played() if self._leads else features))

    def _played(self) -> Iterator[Any]:
        for feature in self.features:
            shown = [scenario for scenario in feature.walk_scenarios() if scenario.should_run(self.config)]
            run_instead(feature, functools.partial(_replay, feature, shown))
        if not self.aborted:
            self._play()
        yield from self.features

    def _play(self) -> None:
        run = Run.of(self.config)
        run.meet(self.context)
        turns = self._turns(run)
        size = min(self.config.jobs, turns.most)
        crew = Crew(run, turns, self.abort)
        crew.play(size)
        if run.results and crew.facts:
            runs = ", ".join(facts.get("Run", "") for facts in crew.facts)
            metadata.write(run.results, {**run.facts, **crew.facts[-1], "Run": runs, "Workers": str(size)})
        self.hook_failures += crew.failed or any(key not in run.outcomes for key in run.selected)

    def _turns(self, run: Run) -> ScenarioQueue[QueuedScenario]:
        features: list[Sequence[QueuedScenario]] = [
            [turn for turn in identities(feature, self.config) if run.expects(feature, turn[1])]
            for feature in self.features
        ]
        kept: list[Sequence[QueuedScenario]] = []
        if self._shuffle != "no":
            seed = random.randrange(SEEDS) if self._shuffle == "yes" else int(self._shuffle)  # noqa: S311 - no secret
            sys.stdout.write(f"Shuffled by the seed {seed}; the same order again: -D shuffle={seed}\n")
            features = [shuffled([turn for feature in features for turn in feature], seed)]
        else:
            for tag in run.kept_together:
                kept.append([turn for feature in features for turn in feature if _tagged(turn, {tag})])
                features = _without(features, {tag})
        alone = [turn for group in [*kept, *features] for turn in group if _tagged(turn, run.alone)]
        return ScenarioQueue(_without(features, run.alone), alone, _without(kept, run.alone))


def _without(groups: Sequence[Sequence[QueuedScenario]], tags: Collection[str]) -> list[Sequence[QueuedScenario]]:
    return [[turn for turn in group if not _tagged(turn, tags)] for group in groups]


def _tagged(turn: QueuedScenario, tags: Collection[str]) -> bool:
    return bool(set(tags) & set(turn[0].effective_tags))


def _replay(feature: Any, shown: Sequence[Any], runner: Any) -> bool:
    """Report a feature that workers have run to behave's formatters, and return whether anything in it has failed.

    `shown` are the scenarios that were to run; hooks may have skipped some of them since.
    """
    for container in [feature, *feature.iter_rules()]:
        container.clear_status()
    _tell(feature, shown, runner)
    scenarios = list(feature.walk_scenarios())
    steps = [step for scenario in scenarios for step in scenario.all_steps]
    runner.undefined_steps.extend(step for step in steps if step.status.name == "undefined")
    return any(scenario.status.has_failed() for scenario in scenarios)


def _tell(thing: Any, shown: Sequence[Any], runner: Any) -> None:
    """Report a feature, a rule, an outline or a scenario with the calls that behave makes as it runs."""
    if thing.type == "scenario":
        if runner.config.show_skipped or any(thing is scenario for scenario in shown):
            _tell_scenario(thing, runner)
        return
    is_container = thing.type in ("feature", "rule")
    if is_container and not (runner.config.show_skipped or thing.should_run(runner.config)):
        return
    if is_container:
        _say(runner, thing.type, thing)
        if thing.background:
            _say(runner, "background", thing.background)
    for part in thing.run_items if is_container else thing.scenarios:
        _tell(part, shown, runner)
    if is_container:
        _say(runner, "eof" if thing.type == "feature" else "rule_finished")


def _tell_scenario(scenario: Any, runner: Any) -> None:
    _say(runner, "scenario", scenario)
    if not (runner.config.show_skipped or scenario.should_run(runner.config) or has_run(scenario)):
        return
    for step in scenario:
        _say(runner, "step", step)
    for step in scenario.all_steps:
        if step.duration or step.status.name not in ("untested", "skipped"):  # one may have skipped the rest itself
            _say(runner, "match", runner.step_registry.find_match(step) or NoMatch())
            _say(runner, "result", step)


def _say(runner: Any, event: str, *about: Any) -> None:
    for formatter in runner.formatters:
        tell = getattr(formatter, event, None)  # not every formatter handles rules
        if tell:
            tell(*about)

"""behave's hooks: assemble the run, record what happened, undo a scenario's changes; nothing else.

An environment.py needs one line: `from acceptance.hooks import *`.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from acceptance.aws.embedded import Ahead
from acceptance.behave_adapter import runner_of
from acceptance.contracts import BrokenContract
from acceptance.profile.promises import Promises
from acceptance.report import figures, integrity, metadata
from acceptance.report.at_the_end import AtTheEnd, end_when_asked, told_once
from acceptance.report.attachments import attach_levels
from acceptance.report.configured import run_as_at_home
from acceptance.report.cover.kept import RUN_FACTS, Covered, Level, RunFacts
from acceptance.report.deviations import KnownDeviation, attach_deviations, known_deviations
from acceptance.report.run import Run, reported
from acceptance.report.selection import identities_in, selection_of
from acceptance.session import Session, alone, kept_together
from acceptance.settings import Settings, read_settings
from acceptance.system import FEATURES, find, system_of
from acceptance.telemetry.reporter import follow
from acceptance.trouble import Trouble
from acceptance.weather.chosen import announced, draw_seed

__all__ = [
    "EACH_SCENARIO_CHECKS",
    "after_all",
    "after_scenario",
    "after_step",
    "before_all",
    "before_reading",
    "before_scenario",
]

EACH_SCENARIO_CHECKS = True  # the runner refuses scenarios without a Then


def before_reading(config: Any) -> None:
    """Let the embedded account load while this process reads what it has to do."""
    if Run.of(config).plays and not config.dry_run:
        Ahead.begin(config.userdata)


@told_once
@reported
def before_all(context: Any) -> None:
    """Bring the systems up."""
    end_when_asked(context)
    run = Run.of(context.config)
    ending = AtTheEnd(run)
    context.config.reporters.append(ending)
    follow(run)
    settings = read_settings(context.config.userdata)
    ending.wanted = settings.report
    if run.tells:
        settings = _announced(settings, context.config.userdata)
    settings.refuse_parts_elsewhere()
    if run.tells:
        _refuse_running_nothing(run, settings)
    systems = list(dict.fromkeys(system_of(scenario.filename) for scenario in run.selected.values()))
    for profile in settings.profiles.values():
        profile.refuse_unsigned()
    run.promises = Promises(settings.profiles.values())
    if run.tells:
        features, home = runner_of(context).features, Path(context.config.base_dir, FEATURES)
        of_all_shards = list(dict.fromkeys(system_of(file) for file in dict.fromkeys(run.whole))) or systems
        run.promises.check(of_all_shards, lambda system: identities_in(home / system, features, context.config))
        sys.stderr.write(run.promises.notice)
    run.reasons = [Path(context.config.base_dir, FEATURES, system, "not_exercised.yaml") for system in systems]
    session = context.session = Session(settings, run.log, run.worker, run.workers)
    run.alone, run.kept_together = alone(systems, settings), kept_together(systems, settings)
    try:
        if run.plays:
            session.start(systems)
        elif settings.on_aws:
            session.lead(systems)
    finally:
        run.facts = session.target.facts()
        if run.tells:
            templates = {name: find(name).deployed_from(settings) for name in systems}
            run.facts = {
                **metadata.of_systems(systems, templates),
                **run.facts,
                **metadata.of_the_suite(),
                **({"Shard": run.shard.name} if run.shard else {}),
                **metadata.of_profiles(settings.profiles.values()),
            }


def _refuse_running_nothing(run: Run, settings: Settings) -> None:
    if settings.shard and run.shard is None:
        raise Trouble("Shards need the suite's own runner: let behave.ini name it, or leave the setting shard out.")
    if not run.selected:
        raise Trouble("No scenario is selected, so nothing would be tested. Check the tags, the names and the paths.")


def _announced(settings: Settings, userdata: Mapping[str, str]) -> Settings:
    """Report what is unusual about a run, and return its settings with the seed of the weather."""
    if settings.notice:
        sys.stderr.write(f"{settings.notice}\n")
    if draw_seed(settings):
        settings = read_settings(userdata)
    sys.stdout.write(announced(settings))
    return settings


@told_once
def before_scenario(context: Any, scenario: Any) -> None:
    """Prepare a scenario with new people, unless this run must leave it out."""
    context.session.check_alive()
    system = context.system = context.session.system(system_of(scenario.filename))
    why_not = system.why_not(scenario.effective_tags)
    if why_not:
        scenario.skip(why_not)
        return
    context.scene = system.scene()


def after_step(context: Any, step: Any) -> None:
    """Note when a step ended, and let a scenario that checks its promises separately continue after a broken one."""
    observed = Run.of(context.config).observed
    if observed:
        observed.take_step(step, list(context.scenario.all_steps))
    judged_apart = "judged_apart" in context.scenario.effective_tags
    goes_on = judged_apart and step.step_type == "then" and not context.aborted
    context.scenario.continue_after_failed_step = goes_on


@told_once
def after_scenario(context: Any, scenario: Any) -> None:
    """Keep the evidence, and restore the system's state."""
    if "scene" not in context:
        return
    context.session.check_alive(in_doubt=scenario.status.has_failed())
    try:
        broken = context.system.contracts.broken_by(context.system.concerns(context.scene))
        latencies = context.scene.latencies()
        context.session.levels.take(latencies, context.system.name)
        attach_levels(latencies)
        context.system.keep_evidence(context.scene, failed=scenario.status.has_failed() or bool(broken))
        run = Run.of(context.config)
        if run.observes and run.observed:
            run.observed.take_levels(context.system.name, latencies)
            run.observed.take_ways(lambda: context.system.timelines(context.scene))
    finally:
        context.scene.end()
    if broken:
        raise BrokenContract(broken)


def keep_facts(run: Run, context: Any, known: Sequence[KnownDeviation]) -> None:
    """Keep what is known of a run besides its results: figures, the selection, whether it finished."""
    levels: Sequence[Level] = ()
    covered: Mapping[str, Covered] = {}
    if run.figures and not context.aborted:
        levels, covered = figures.attach_figures(run.figures, run.reasons, run, known)
    if run.folder:
        shard = f"-D shard={run.shard.name}" if run.shard else ""
        asked = f"{selection_of(run.config)} {shard}".strip()
        facts = RunFacts(asked, context.aborted, levels, covered)
        run.folder.put(RUN_FACTS.file, RUN_FACTS.as_json(facts))


@told_once
@reported
def after_all(context: Any) -> None:
    """Take everything down in any case, and check that the report covers the whole run."""
    run, late = Run.of(context.config), ()
    try:
        if "session" in context:
            try:
                if run.plays and not context.aborted:  # a user who ends a run wants it to end
                    late = context.session.hears_last()
                    run.figures.append(figures.take_figures(context.session))
            finally:
                context.session.stop()
        rerun = bool(run.earlier)  # the figures of the whole run are kept
        if run.tells:
            known = known_deviations(run.promises, run.outcomes.values())
            if not rerun:
                keep_facts(run, context, known)
            attach_deviations(run, known)
            if "session" in context:  # or its systems may not even be known
                from acceptance.report.specification.beside import keep_specification  # no first step waits for it

                keep_specification(run)
    finally:
        differences = integrity.check(context)
        if differences:
            raise Trouble("\n".join(differences))
    if late:
        raise BrokenContract(late)


# Must be the last line, since behave may run again within it, and look for everything above.
run_as_at_home()

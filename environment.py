"""behave's hooks: assemble the run, record what happened, undo what a scenario did; nothing else."""

import signal

from support.cloud.settings import read_settings
from support.report import evidence, integrity, metadata
from support.report.at_the_end import AtTheEnd
from support.report.run import Run, reported
from support.scene import Scene
from support.session import Session


@reported
def before_all(context):
    """Bring the café up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    results, settings = Run.of(context.config).results, read_settings(context.config.userdata)
    context.session = Session(settings)
    if results:
        metadata.write(results, context.session.facts())
    if results and settings.report:
        context.config.reporters.append(AtTheEnd(results))
    context.session.start()


def before_scenario(context, scenario):
    """Let fresh people into the café, unless this run must leave the scenario out."""
    context.session.check_alive()
    why_not = context.session.why_not(scenario.effective_tags)
    if why_not:
        scenario.skip(why_not)
        return
    context.scene = Scene(context.session.cafe)
    context.session.attend(context.scene)


def after_scenario(context, scenario):
    """Keep the evidence of a failure, and put everything back."""
    if "scene" not in context:
        return
    context.session.check_alive()
    if scenario.status.has_failed():
        evidence.attach("Where the orders are now", context.scene.cafe.evidence())
    context.scene.cafe.end_shift()


@reported
def after_all(context):
    """Take the café down whatever happened, and see that the report tells the whole run."""
    try:
        if "session" in context:
            context.session.stop()
    finally:
        differences = integrity.check(context)
        assert not differences, "\n".join(differences)

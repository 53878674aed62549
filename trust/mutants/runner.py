"""behave's runner for a trial: it polls less often, and skips work for the report.

Several trials run in parallel, each in its own process, so each is paced like one of several workers. Pictures,
evidence and coverage are left out. None of this changes a verdict.
"""

from acceptance.report import figures
from acceptance.report.figures import Figures
from acceptance.report.run import Run
from acceptance.runner.step_files import RunnerBySystem
from acceptance.service_levels.levels import Levels
from acceptance.system import find, system_of


class CalmRunner(RunnerBySystem):
    """Run the features of one system at a slow pace, without pictures."""

    def __init__(self, config):
        super().__init__(config)
        Run.of(config).workers = 2
        find(system_of(config.paths[0])).keep_evidence = lambda *_, **__: None
        figures.take_figures = lambda session: Figures({}, Levels(), session.began_ms)

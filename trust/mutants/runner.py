"""behave's runner for a trial: it asks less often, and leaves out what only a reader of the report wants.

Several trials go side by side, each in a process of its own, so each is paced like one of several workers. Pictures,
evidence and what was exercised are left out. None of it changes a verdict.
"""

from acceptance.report import figures
from acceptance.report.run import Run
from acceptance.runner.step_files import RunnerBySystem
from acceptance.system import find, system_of


class CalmRunner(RunnerBySystem):
    """Runs the features of one system, calmly, and draws nothing."""

    def __init__(self, config):
        super().__init__(config)
        Run.of(config).workers = 2
        find(system_of(config.paths[0])).keep_evidence = lambda *_, **__: None
        figures.take_figures = figures.attach_figures = lambda *_, **__: None

"""behave's runner for a trial: it asks less often, and leaves out what only a reader of the report wants.

The suite usually looks every few milliseconds, which keeps a processor busy while it waits. Many runs at a time do
better with a calmer pace. Pictures, evidence and what was exercised are left out. None of it changes a verdict.
"""

from behave.runner import Runner

from support import session
from support.observe import tap
from support.observe.waiting import Pace
from support.report import evidence, figures

PACE = Pace(first=0.03, growth=1.5, cap=0.12, gap=0.06)
IDLE_GAP = 0.25


class CalmRunner(Runner):
    """Runs the features, calmly, and draws nothing."""

    def __init__(self, config):
        super().__init__(config)
        session.EMBEDDED_PACE = PACE
        tap.IDLE_GAP = IDLE_GAP
        evidence.keep = lambda *_, **__: None
        figures.take = figures.tell = lambda *_, **__: None

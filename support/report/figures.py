"""The figures of a whole run: what it has exercised of the system, and how the promises of time were kept."""

import time
from pathlib import Path

from support.report import exercised, metrics
from support.report.metrics import Metric
from support.report.run import Run
from support.session import Session


def tell(session: Session, reasons: Path, run: Run) -> None:
    """Attach what was exercised, and write every figure where Allure and its gate look for them.

    `reasons` is the file that says why some parts are not exercised. Ask before the session stops.
    """
    seen = exercised.tell(session.look_back, reasons, run)
    measured = list(session.measured())
    # What could not be read is in no percentage, so there is none to judge by.
    if seen and seen.percent_shown is not None and not seen.gaps:
        measured.append(Metric("exercised", "Exercised of the system", seen.percent_shown, "%", "higher"))
    if run.results and measured:
        metrics.write(run.results, measured, session.began_ms, round(time.time() * 1000))

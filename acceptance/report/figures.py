"""The figures of a whole run: what it has exercised of the system, and how the promises of time were kept."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from acceptance.aws.coverage import Coverage, Snapshot
from acceptance.report import coverage as exercised
from acceptance.report import metrics
from acceptance.report.attachments import attach_text
from acceptance.report.deviations import KnownDeviation, count_met
from acceptance.report.metrics import Metric
from acceptance.report.run import Run
from acceptance.report.verdicts import describe
from acceptance.service_levels.levels import Levels
from acceptance.session import Session
from acceptance.trouble import Trouble


@dataclass(frozen=True)
class Figures:
    """What one session has done and judged. `trouble`: why it could not look back, "" if it could.

    `forms`: how often it has seen each form of the systems' contracts.
    """

    snapshots: Sequence[Snapshot]
    levels: Levels
    began_ms: int
    trouble: str = ""
    forms: Mapping[str, int] = field(default_factory=dict)


def take_figures(session: Session) -> Figures:
    """Return a session's figures. Ask before it stops."""
    try:
        snapshots, trouble = session.look_back(), ""
    except Exception as error:  # noqa: BLE001 - it says nothing of the system, and is told on the page
        snapshots, trouble = (), describe(error)
    return Figures(snapshots, session.levels, session.began_ms, trouble, session.forms())


def lost(why: str, began_ms: int) -> Figures:
    """Return the figures of a session that cannot be asked any more."""
    return Figures((Snapshot({}, (), {}, (), gaps=(why,)),), Levels(), began_ms)


def attach_figures(
    several: Sequence[Figures], reasons: Sequence[Path], run: Run, known: Sequence[KnownDeviation]
) -> None:
    """Attach what was exercised, and write every figure where Allure and its gate look for them.

    `several` are the figures of the run's sessions. `reasons` are the files that say why some parts are not exercised,
    `known` the known deviations.
    """
    # A run about another system has no workflows or rules to look back on.
    looked = [figures for figures in several if figures.snapshots or figures.trouble]
    forms: Counter[str] = Counter()
    for figures in several:
        forms.update(figures.forms)
    if run.results and forms:
        attach_text("Published forms that were seen", _seen_and_never(forms))
    seen = exercised.attach_coverage(lambda: _seen(looked), reasons, run) if looked else None
    levels = Levels()
    for figures in several:
        levels.take(figures.levels.judged())
    measured = [
        Metric(f"{promise.key}-p95", f"{promise.title}, 95th percentile", distribution.percentile(95).latest, "ms")
        for promise, distribution in levels.judged()
    ]
    # What could not be read is in no percentage, so there is none to judge by.
    if seen and seen.percent_shown is not None and not seen.gaps:
        measured.append(Metric("exercised", "Exercised of the system", seen.percent_shown, "%", "higher"))
    if known:
        measured.append(Metric("known-deviations", "Known deviations met", count_met(known), ""))
    if run.results and measured:
        began_ms = min(figures.began_ms for figures in several)
        # A clock that was set back meanwhile must not end it before it began.
        metrics.write(run.results, measured, began_ms, max(began_ms, round(time.time() * 1000)))


def _seen_and_never(forms: Mapping[str, int]) -> str:
    seen = [f"{times:>6} × {form}" for form, times in sorted(forms.items()) if times]
    never = [f" never   {form}" for form, times in sorted(forms.items()) if not times]
    return "\n".join([f"{len(seen)} of {len(forms)} published forms were seen.", *seen, *never])


def _seen(several: Sequence[Figures]) -> Coverage:
    for figures in several:
        if figures.trouble:
            raise Trouble(figures.trouble)
    return Coverage.of(snapshot for figures in several for snapshot in figures.snapshots)

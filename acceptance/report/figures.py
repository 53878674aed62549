"""The figures of a whole run: what of each system took part, and how the service levels were met."""

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
from acceptance.report.cover.kept import Covered, Level, Untouched
from acceptance.report.coverage import CoverageReport
from acceptance.report.deviations import KnownDeviation, count_met
from acceptance.report.labels import name_of_system
from acceptance.report.metrics import Metric
from acceptance.report.run import Run
from acceptance.report.verdicts import describe
from acceptance.service_levels.levels import Levels, is_lost
from acceptance.session import Session
from acceptance.trouble import Trouble

# Of a session that cannot be asked any more, nobody knows which systems it had.
_ANY = ""
PERCENT = 95


@dataclass(frozen=True)
class Figures:
    """What one session has done and judged; `snapshots` by system. `trouble`: why it could not look back.

    `forms`: how often it has seen each form of the contracts of a system, which comes first in a form's name.
    """

    snapshots: Mapping[str, Sequence[Snapshot]]
    levels: Levels
    began_ms: int
    trouble: str = ""
    forms: Mapping[str, int] = field(default_factory=dict)


def take_figures(session: Session) -> Figures:
    """Return a session's figures. Ask before it stops."""
    snapshots: Mapping[str, Sequence[Snapshot]] = {}
    try:
        snapshots, trouble = session.look_back(), ""
    except Exception as error:  # noqa: BLE001 - it says nothing of the system, and is told on the page
        trouble = describe(error)
    return Figures(snapshots, session.levels, session.began_ms, trouble, session.forms())


def lost(why: str, began_ms: int) -> Figures:
    """Return the figures of a session that cannot be asked any more."""
    return Figures({_ANY: (Snapshot({}, (), {}, (), gaps=(why,)),)}, Levels(), began_ms)


def attach_figures(
    several: Sequence[Figures], reasons: Sequence[Path], run: Run, known: Sequence[KnownDeviation]
) -> tuple[Sequence[Level], Mapping[str, Covered]]:
    """Attach what of each system took part, write every figure where Allure and its gate look, and return them.

    `several` are the figures of the run's sessions. `reasons` are the files that say why some parts are not exercised,
    `known` the known deviations.
    """
    forms: Counter[str] = Counter()
    for figures in several:
        forms.update(figures.forms)
    if run.results and forms:
        attach_text("Published forms that were seen", _seen_and_never(forms))
    reports = _attach_coverage(several, reasons, run)
    levels = Levels()
    for figures in several:
        levels.take_all(figures.levels)
    measured = [
        Metric(f"{promise.key}-p95", f"{promise.title}, 95th percentile", distribution.percentile(PERCENT).latest, "ms")
        for promise, distribution in levels.judged()
    ]
    # What could not be read is in no percentage, so there is none to judge by.
    measured += [
        Metric(
            f"exercised-{name}", f"Coverage of {name_of_system(name)}", report.exercised.percent_shown, "%", "higher"
        )
        for name, report in reports.items()
        if report.exercised.percent_shown is not None and not report.exercised.gaps
    ]
    if known:
        measured.append(Metric("known-deviations", "Known deviations met", count_met(known), ""))
    if run.results and measured:
        began_ms = min(figures.began_ms for figures in several)
        # A clock that was set back meanwhile must not end it before it began.
        metrics.write(run.results, measured, began_ms, max(began_ms, round(time.time() * 1000)))
    systems = dict.fromkeys([*reports, *(name for figures in several for name in figures.snapshots if name != _ANY)])
    return _levels(levels), {name: _covered(name, reports.get(name), forms) for name in systems}


def _attach_coverage(several: Sequence[Figures], reasons: Sequence[Path], run: Run) -> Mapping[str, CoverageReport]:
    """Attach a page for each system that looks back on its parts, and return what they are made of."""
    looked: dict[str, list[Snapshot]] = {}
    for figures in several:
        for name, snapshots in figures.snapshots.items():
            looked.setdefault(name, []).extend(snapshots)
    for_all = looked.pop(_ANY, [])
    names = [name for name, snapshots in looked.items() if snapshots]
    troubles = [figures.trouble for figures in several if figures.trouble]
    if not names and (for_all or troubles):
        names = [_ANY]
    found = {}
    for name in names:

        def seen(own: Sequence[Snapshot] = (*looked.get(name, ()), *for_all)) -> Coverage:
            if troubles:
                raise Trouble(troubles[0])
            return Coverage.of(own)

        about = [file for file in reasons if file.parent.name == name or name == _ANY]
        title = f"{exercised.TITLE}: {name_of_system(name)}" if len(names) > 1 else exercised.TITLE
        report = exercised.attach_coverage(seen, about, run, title)
        if report:
            found[name] = report
    found.pop(_ANY, None)
    return found


def _levels(levels: Levels) -> Sequence[Level]:
    found = []
    for promise, distribution in levels.judged():
        latency = distribution.percentile(PERCENT)
        found.append(
            Level(
                key=f"{promise.key}-p95",
                title=promise.title,
                system=levels.systems.get(promise.key, ""),
                limit_ms=promise.budget,
                earliest_ms=latency.earliest,
                latest_ms=latency.latest,
                count=len(distribution),
                compliance=latency.compliance(promise.budget).value,
                lost=is_lost(latency),
            )
        )
    return found


def _covered(name: str, report: CoverageReport | None, forms: Mapping[str, int]) -> Covered:
    own = {form.partition(": ")[2]: times for form, times in forms.items() if form.partition(": ")[0] == name}
    seen = report.exercised if report else None
    return Covered(
        percent=seen.percent_shown if seen else None,
        touched=len(seen.touched) if seen else 0,
        parts=len(seen.items) if seen else 0,
        untouched=[Untouched(item.name, report.reason(item)) for item in seen.untouched] if seen and report else [],
        gaps=report.gaps if report else (),
        forms_seen=sum(times > 0 for times in own.values()),
        forms=len(own),
        forms_never=[form for form, times in own.items() if not times],
    )


def _seen_and_never(forms: Mapping[str, int]) -> str:
    seen = [f"{times:>6} × {form}" for form, times in sorted(forms.items()) if times]
    never = [f" never   {form}" for form, times in sorted(forms.items()) if not times]
    return "\n".join([f"{len(seen)} of {len(forms)} published forms were seen.", *seen, *never])

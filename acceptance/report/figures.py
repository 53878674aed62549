"""The figures of a whole run: the parts of each system that took part, and how the service levels were met."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from acceptance.aws.coverage import Coverage, Snapshot
from acceptance.report import coverage as exercised
from acceptance.report import metrics
from acceptance.report.attachments import attach_text
from acceptance.report.cover.kept import Covered, Level, Untouched
from acceptance.report.coverage import CoverageReport, Looked
from acceptance.report.deviations import KnownDeviation, count_met
from acceptance.report.kept import Kept
from acceptance.report.labels import name_of_system
from acceptance.report.metrics import Metric
from acceptance.report.run import Run
from acceptance.report.verdicts import describe
from acceptance.service_levels.levels import KeptLevel, Levels, is_lost
from acceptance.session import Session
from acceptance.trouble import Trouble

# The systems of a session that no longer answers are unknown.
ANY_SYSTEM = ""
PERCENT = 95
# The title of the page with the published forms of a run.
FORMS = "Published forms that were seen"


@dataclass(frozen=True)
class Figures:
    """What one session has done and checked; `snapshots` by system. `trouble`: why it could not look back.

    `forms`: how often it has seen each form of a system's contracts; a form's name begins with the system's.
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
    except Exception as error:  # noqa: BLE001 - it says nothing of the system, and the page reports it
        trouble = describe(error)
    return Figures(snapshots, session.levels, session.began_ms, trouble, session.forms())


def lost(why: str, began_ms: int) -> Figures:
    """Return the figures of a session that no longer answers."""
    return Figures({ANY_SYSTEM: (Snapshot({}, (), {}, (), gaps=(why,)),)}, Levels(), began_ms)


@dataclass(frozen=True)
class RunFigures:
    """The figures of a run as kept in a file, so that those of its shards can be combined.

    `looked`: the result of looking back on each system; `systems` are those that took part; times are in ms since
    1970, `forms` as in `Figures`. `ran` and `left_out` count scenarios.
    """

    levels: Sequence[KeptLevel]
    looked: Mapping[str, Looked]
    forms: Mapping[str, int]
    systems: Sequence[str]
    began_ms: int
    ended_ms: int
    ran: int
    left_out: int

    @classmethod
    def merged(cls, several: Sequence[RunFigures]) -> RunFigures:
        """Combine the figures of a run's shards."""
        levels, forms = Levels(), Counter[str]()
        for one in several:
            levels.take_all(Levels.of(one.levels))
            forms.update(one.forms)
        for_all = [one.looked[ANY_SYSTEM] for one in several if ANY_SYSTEM in one.looked]
        names = dict.fromkeys(name for one in several for name in one.looked if name != ANY_SYSTEM)
        ran, left_out = sum(one.ran for one in several), sum(one.left_out for one in several)
        looked = {
            name: Looked.merged([*(one.looked[name] for one in several if name in one.looked), *for_all], ran, left_out)
            for name in names or ([ANY_SYSTEM] if for_all else ())
        }
        return cls(
            levels.kept(),
            looked,
            forms,
            list(dict.fromkeys(name for one in several for name in one.systems)),
            min(one.began_ms for one in several),
            max(one.ended_ms for one in several),
            ran,
            left_out,
        )


RUN_FIGURES = Kept("figures.json", RunFigures)


def attach_figures(
    several: Sequence[Figures], reasons: Sequence[Path], run: Run, known: Sequence[KnownDeviation]
) -> tuple[Sequence[Level], Mapping[str, Covered]]:
    """Attach each system's coverage, write every figure where Allure and its gate look, and return them.

    `several` are the figures of the run's sessions. `reasons` are the files that say why some parts are not covered,
    `known` the known deviations.
    """
    figures = _whole(several, reasons, run)
    if run.folder and run.shard:
        run.folder.put(RUN_FIGURES.file, RUN_FIGURES.as_json(figures))
    return show_figures(figures, run.results, known)


def show_figures(
    figures: RunFigures, results: Path | None, known: Sequence[KnownDeviation]
) -> tuple[Sequence[Level], Mapping[str, Covered]]:
    """Attach a run's figures to the whole of it, and write them into its results folder, if it has one."""
    forms, levels = figures.forms, Levels.of(figures.levels)
    if results and forms:
        attach_text(FORMS, _seen_and_never(forms))
    reports = _attach_coverage(figures.looked)
    measured = [
        Metric(f"{promise.key}-p95", f"{promise.title}, 95th percentile", distribution.percentile(PERCENT).latest, "ms")
        for promise, distribution in levels.judged()
    ]
    # Unreadable parts are in no percentage, so none can be checked.
    measured += [
        Metric(
            f"exercised-{name}", f"Coverage of {name_of_system(name)}", report.exercised.percent_shown, "%", "higher"
        )
        for name, report in reports.items()
        if report.exercised.percent_shown is not None and not report.exercised.gaps
    ]
    if known:
        measured.append(Metric("known-deviations", "Known deviations met", count_met(known), ""))
    if results and measured:
        # A clock that was set back meanwhile must not end it before it began.
        metrics.write(results, measured, figures.began_ms, max(figures.began_ms, figures.ended_ms))
    systems = dict.fromkeys([*reports, *figures.systems])
    return _levels(levels), {name: _covered(name, reports.get(name), forms) for name in systems}


def _whole(several: Sequence[Figures], reasons: Sequence[Path], run: Run) -> RunFigures:
    """Combine the figures of a run's sessions."""
    forms, levels = Counter[str](), Levels()
    for figures in several:
        forms.update(figures.forms)
        levels.take_all(figures.levels)
    systems = dict.fromkeys(name for figures in several for name in figures.snapshots if name != ANY_SYSTEM)
    began_ms = min(figures.began_ms for figures in several)
    looked = dict(_look_back(several, reasons, run))
    ran = exercised.how_many_ran(run)
    return RunFigures(
        levels.kept(), looked, forms, list(systems), began_ms, round(time.time() * 1000), ran, len(run.outcomes) - ran
    )


def _look_back(several: Sequence[Figures], reasons: Sequence[Path], run: Run) -> Iterator[tuple[str, Looked]]:
    """Return the result of looking back for each system that looks back on its parts."""
    looked: dict[str, list[Snapshot]] = {}
    for figures in several:
        for name, snapshots in figures.snapshots.items():
            looked.setdefault(name, []).extend(snapshots)
    for_all = looked.pop(ANY_SYSTEM, [])
    names = [name for name, snapshots in looked.items() if snapshots]
    troubles = [figures.trouble for figures in several if figures.trouble]
    if not names and (for_all or troubles):
        names = [ANY_SYSTEM]
    for name in names:

        def seen(own: Sequence[Snapshot] = (*looked.get(name, ()), *for_all)) -> Coverage:
            if troubles:
                raise Trouble(troubles[0])
            return Coverage.of(own)

        about = [file for file in reasons if file.parent.name == name or name == ANY_SYSTEM]
        came_to = exercised.look(seen, about, run)
        if came_to:
            yield name, came_to


def _attach_coverage(looked: Mapping[str, Looked]) -> Mapping[str, CoverageReport]:
    """Attach a page for each system that was looked back on, and return their material."""
    found = {}
    for name, one in looked.items():
        title = f"{exercised.TITLE}: {name_of_system(name)}" if len(looked) > 1 else exercised.TITLE
        report = exercised.attach_page(one, title)
        if report and name != ANY_SYSTEM:
            found[name] = report
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

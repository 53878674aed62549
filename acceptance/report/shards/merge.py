"""Merges the results folders of a run's shards into one, equal to that of an undivided run.

Only a whole run can determine causes, promises broken in Givens only, figures and deviations: these are created again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import allure_commons
from allure_commons.reporter import AllureReporter
from allure_commons.utils import md5, now, uuid4

from acceptance.aws.coverage import Coverage
from acceptance.report import coverage, deviations, metadata
from acceptance.report.cause_labels import label_results
from acceptance.report.causes import Cause, Red, Symptom, causes_of, comparable
from acceptance.report.cover.kept import RUN_FACTS, Covered, Level, RunFacts
from acceptance.report.coverage import CoverageReport, Looked
from acceptance.report.figures import ANY_SYSTEM, FORMS, RUN_FIGURES, RunFigures, show_figures
from acceptance.report.formatter import ResultFiles
from acceptance.report.givens import WHERE, broken_only_in_givens
from acceptance.report.judged import Judged
from acceptance.report.labels import epic_of
from acceptance.report.results import message_of
from acceptance.report.results_folder import NOT_RUN, InUse, ResultsFolder, take
from acceptance.report.run import OUTSIDE
from acceptance.report.shards.integrity import check
from acceptance.report.shards.reading import HandedOver
from acceptance.report.specification.contents import SPECIFICATION, Specification
from acceptance.report.verdicts import BROKEN, FAILED, Verdict, symptoms_of
from acceptance.trouble import Trouble

_GIVEN = f"{OUTSIDE}{WHERE}"
_TOGETHER = "The shards together"
# The attachments of the whole run, which are created again.
_ATTACHED_ANEW = (coverage.TITLE, FORMS, deviations.TITLE)


@dataclass
class Merged:
    """The merged run: how each scenario ended, by its key, the causes, and where the report differs."""

    everyone: Mapping[str, Judged]
    outside: Sequence[Red] = ()
    causes: Sequence[Cause] = ()
    differences: Sequence[str] = ()
    failed: bool = False
    unwritten: list[tuple[Path, OSError]] = field(default_factory=list)

    @property
    def red(self) -> bool:
        """Whether a run would have ended with another exit status than 0."""
        ended_red = any(one.word in (FAILED, BROKEN) for one in self.everyone.values())
        return bool(ended_red or self.outside or self.differences or self.failed or self.unwritten)


def merge(handed_over: Sequence[HandedOver], results: Path) -> Merged:
    """Write the results of all shards into a folder, replacing its earlier results, and return the run.

    Raises Trouble with a sentence if that is impossible.
    """
    unwritten: list[tuple[Path, OSError]] = []
    folder = _folder(results, [one.folder for one in handed_over], unwritten)
    checked = check(handed_over)
    folder.begin()
    given: dict[str, Mapping[str, Any]] = {}
    for one in handed_over:
        given |= _copy(one, folder)
    everyone = _everyone(handed_over)
    for key, why in checked.not_run.items():
        everyone[key] = _not_run(key, why, folder)
    outside = [_renamed(red, one.shard.name) for one in handed_over for red in one.shard.outside if not _in_given(red)]
    if checked.differences:
        outside.append(_put_outside(_TOGETHER, Verdict(BROKEN, "\n".join(checked.differences)), folder))
    reds = [one.red for one in everyone.values() if one.word in (FAILED, BROKEN)]
    said = {key: words for one in handed_over for key, words in one.shard.said.items()}
    for where, verdict, _ in broken_only_in_givens(
        everyone, causes_of([*reds, *outside]), lambda key: said.get(key, ())
    ):
        outside.append(_put_outside(where, verdict, folder, given.get(f"{OUTSIDE}{where}")))
    merged = Merged(
        everyone,
        outside,
        causes_of([*reds, *outside]),
        checked.differences,
        any(one.shard.failed for one in handed_over),
        unwritten,
    )
    label_results(folder, merged.causes, everyone)
    _keep_facts(handed_over, folder, merged)
    return merged


def _folder(results: Path, shards: Sequence[Path], unwritten: list[tuple[Path, OSError]]) -> ResultsFolder:
    if results.resolve() in (shard.resolve() for shard in shards):
        raise Trouble(
            f"{results} holds one of the shards, and would be overwritten: choose another folder (--results)."
        )
    try:
        return ResultsFolder(take(results, elsewhere=False), unwritten)
    except InUse:
        raise Trouble(f"A run uses {results}: wait until it has ended, or choose another folder (--results).") from None
    except OSError as error:
        why = "it is a file" if results.is_file() else error.strerror or str(error)
        raise Trouble(f"The results cannot be written to {results}: {why}.") from None


# --- results ---------------------------------------------------------------------------------------


def _copy(one: HandedOver, folder: ResultsFolder) -> Mapping[str, Mapping[str, Any]]:
    """Copy a shard's results; return its remarks on Givens, which only the whole run can decide."""
    given, made_anew = {}, set[str]()
    for path in _files(one.folder, "*-globals.json"):
        read = _read(path)
        attached = read.get("attachments", ())
        if any(str(each.get("name")).startswith(_ATTACHED_ANEW) for each in attached):
            made_anew |= {str(each.get("source")) for each in attached}
        else:
            folder.put(path.name, path.read_bytes())
    for path in _files(one.folder, "*-result.json"):
        result = _read(path)
        key = str(result.get("fullName", ""))
        if key.startswith(_GIVEN):
            given[key] = result
        elif key.startswith(OUTSIDE):
            folder.put(path.name, _json(_outside_of(result, one.shard.name)))
        else:
            folder.put(path.name, path.read_bytes())
    for path in [*_files(one.folder, "*-container.json"), *_files(one.folder, "*-attachment*")]:
        if path.name not in made_anew:
            folder.put(path.name, path.read_bytes())
    return given


def _files(folder: Path, pattern: str) -> Sequence[Path]:
    """Return the files themselves: a link may lead anywhere."""
    return sorted(path for path in folder.glob(pattern) if path.is_file() and not path.is_symlink())


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}  # the check reports it
    return content if isinstance(content, dict) else {}


def _json(result: Mapping[str, Any]) -> bytes:
    return json.dumps(result, ensure_ascii=False).encode()


def _outside_of(result: Mapping[str, Any], shard: str) -> Mapping[str, Any]:
    """Return a result of an error outside scenarios, named after its shard: others may have had the same error."""
    key = _with_shard(str(result["fullName"]), shard)
    return {**result, **_identity(key, key.removeprefix(OUTSIDE))}


def _identity(key: str, name: str) -> Mapping[str, Any]:
    """Return the part of a result by which Allure recognises it in other runs."""
    return {"name": name, "fullName": key, "testCaseId": md5(key), "historyId": md5(key)}


def _renamed(red: Red, shard: str) -> Red:
    return Red(_with_shard(red.key, shard), _with_shard(red.title, shard), red.word, red.symptoms)


def _with_shard(name: str, shard: str) -> str:
    return f"{name} (shard {shard})"


def _in_given(red: Red) -> bool:
    return red.key.startswith(_GIVEN)


def _put_outside(where: str, verdict: Verdict, folder: ResultsFolder, like: Mapping[str, Any] | None = None) -> Red:
    """Write a result for an error outside scenarios, `like` one that a shard has written."""
    key = f"{OUTSIDE}{where}"
    same = {**_identity(key, where), "labels": [], **(like or {})}
    details = {"message": verdict.message, **({"trace": verdict.trace} if verdict.trace else {})}
    _put(folder, {**same, "status": verdict.word, "statusDetails": details})
    return Red(key, where, verdict.word, symptoms_of(verdict))


def _put(folder: ResultsFolder, result: Mapping[str, Any]) -> None:
    uuid = uuid4()
    folder.put(f"{uuid}-result.json", _json({"start": now(), "stop": now(), **result, "uuid": uuid}))


def _not_run(key: str, why: str, folder: ResultsFolder) -> Judged:
    """Write a result for a scenario that no shard reports."""
    path, _, name = key.partition(": ")
    message = f"{NOT_RUN}{why[:1].lower()}{why[1:]}"
    labels = [{"name": "epic", "value": epic}] if (epic := epic_of(path)) else []
    same = {**_identity(key, name or key), "labels": labels}
    _put(folder, {**same, "status": BROKEN, "statusDetails": {"message": message}})
    return Judged(key, name or key, BROKEN, (Symptom(comparable(message), message),))


def _everyone(handed_over: Sequence[HandedOver]) -> dict[str, Judged]:
    """Return how the scenarios ended, in the order in which they were selected."""
    found = {one.key: one for each in handed_over for one in _judged(each)}
    order = handed_over[0].shard.plan
    return {key: found[key] for key in [*(key for key in order if key in found), *(set(found) - set(order))]}


def _judged(one: HandedOver) -> Iterator[Judged]:
    """Return how a shard's scenarios ended; for a killed shard, by its results."""
    if one.shard.finished:
        yield from one.shard.judged
        return
    for path in _files(one.folder, "*-result.json"):
        result = _read(path)
        key, message = str(result.get("fullName", "")), message_of(result)
        if key and not key.startswith(OUTSIDE):
            word = str(result.get("status", BROKEN))
            yield Judged(key, str(result.get("name", key)), word, (Symptom(comparable(message), message),))


# --- reports on the whole run ----------------------------------------------------------------------


def _keep_facts(handed_over: Sequence[HandedOver], folder: ResultsFolder, merged: Merged) -> None:
    facts = [RUN_FACTS.read(one.folder) or RunFacts() for one in handed_over]
    interrupted = any(one.interrupted for one in facts)
    known = deviations.merged(list(deviations.read_deviations(one.folder)) for one in handed_over)
    levels: Sequence[Level] = ()
    covered: Mapping[str, Covered] = {}
    with _attaching_to(folder, merged):
        figures = _figures(handed_over)
        if figures and not interrupted:
            levels, covered = show_figures(figures, folder.path, known)
        if known:
            deviations.attach_page(known)
    if known:
        folder.put(deviations.FILE, deviations.as_json(known))
    selection = handed_over[0].shard.selection
    folder.put(RUN_FACTS.file, RUN_FACTS.as_json(RunFacts(selection, interrupted, levels, covered)))
    read = [found for one in handed_over if (found := SPECIFICATION.read(one.folder))]
    systems = {system.name: system for specification in read for system in specification.systems}
    if systems:
        specification = Specification([systems[name] for name in sorted(systems)])
        folder.put(SPECIFICATION.file, SPECIFICATION.as_json(specification))
    try:
        metadata.write(folder.path, _environment(handed_over))
    except OSError as error:
        merged.unwritten.append((folder.path, error))


def _figures(handed_over: Sequence[HandedOver]) -> RunFigures | None:
    """Combine the figures of the shards. Missing figures of one are a gap."""
    read = {one.shard.number: RUN_FIGURES.read(one.folder) for one in handed_over}
    found = [figures for figures in read.values() if figures]
    if not found:
        return None
    shard = handed_over[0].shard
    without = sorted(number for number in {*shard.plan.values()} if not read.get(number))
    gaps = [f"Shard {number}/{shard.of} has handed over no figures." for number in without]
    if gaps:
        lost = Looked(CoverageReport(Coverage([], {}, gaps=gaps), {}, "", 0, 0))
        began, ended = found[0].began_ms, found[0].ended_ms
        found.append(RunFigures((), {ANY_SYSTEM: lost}, {}, (), began, ended, 0, 0))
    return RunFigures.merged(found)


def _environment(handed_over: Sequence[HandedOver]) -> Mapping[str, str]:
    """Return where the shards took place; their different values are listed side by side."""
    told: dict[str, dict[str, None]] = {}
    for one in handed_over:
        for name, value in metadata.read_back(one.folder).items():
            told.setdefault(name, {}).update(dict.fromkeys(value.split(", ") if name == "Systems" else [value]))
    told.pop("Shard", None)
    return {**{name: ", ".join(values) for name, values in told.items()}, "Shards": str(handed_over[0].shard.of)}


class _WholeRun:
    """Allure's plug-in for attachments outside any scenario: to the run as a whole."""

    def __init__(self) -> None:
        self._reporter = AllureReporter()

    @allure_commons.hookimpl
    def attach_data(self, body: Any, name: Any, attachment_type: Any, extension: Any) -> None:
        self._reporter.global_attach_data(uuid4(), body, name, attachment_type, extension)

    @allure_commons.hookimpl
    def global_attach_data(self, body: Any, name: Any, attachment_type: Any, extension: Any) -> None:
        self._reporter.global_attach_data(uuid4(), body, name, attachment_type, extension)


@contextmanager
def _attaching_to(folder: ResultsFolder, merged: Merged) -> Iterator[None]:
    plugins = [_WholeRun(), ResultFiles(folder, merged.unwritten)]
    for plugin in plugins:
        allure_commons.plugin_manager.register(plugin)
    try:
        yield
    finally:
        for plugin in plugins:
            allure_commons.plugin_manager.unregister(plugin)

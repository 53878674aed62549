"""Writes what a run has found: an Allure scenario for each promise, a line of history, and figures for programs."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gevent
from allure_commons.model2 import Attachment, Label, Parameter, StatusDetails, TestResult
from allure_commons.utils import md5, uuid4

from acceptance.report import metadata, metrics
from acceptance.report.labels import environment_labels, name_of_system
from acceptance.report.metrics import Metric
from acceptance.report.pictures.distribution import latencies
from acceptance.report.render import RenderError, render
from acceptance.report.result_text import attachment, result_text
from acceptance.service_levels.levels import HIGHEST, Promise
from load.results import BEGUN, ENDS, over_time, percentiles
from load.verdicts import Facts, Verdict, exit_status, verdicts

# In the folder of the report.
RAW, PAGE, FIGURES = "allure-results", "allure-report", "figures.json"
PERCENTILES = (50, 95, 99, 100)
# A table over time has so many lines at most.
LINES = 60


def write(facts: Facts) -> None:
    """Write the results, render the page, and say what was found."""
    found = verdicts(facts)
    folder = facts.options.results
    raw = folder / RAW
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir(parents=True)
    for verdict in found:
        _write(facts, verdict)
    stop = time.time()
    levels = facts.results.levels
    measured = [
        Metric(f"{one.key}-p95", f"{one.title}, 95th percentile", levels[one.key].percentile(95).latest, "ms")
        for one in facts.trade.promises
        if one.key in levels
    ]
    measured.append(Metric("rate", "Arrivals a second", round(facts.rate_got, 2), "", "higher"))
    metrics.write(raw, measured, round(facts.began * 1000), round(stop * 1000))
    metadata.write(
        raw, {**metadata.of_systems([facts.trade.system.name], {}), **facts.about, **metadata.of_the_suite()}
    )
    (folder / FIGURES).write_text(
        json.dumps(figures(facts, found), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    for verdict in found:
        sys.stdout.write(f"{verdict.word:>6}  {verdict.title}\n")
        sys.stdout.write("".join(f"        {line}\n" for line in verdict.message.splitlines()))
    if facts.course.found:
        sys.stdout.write(f"{limit_words(facts)}\n")
    _render(folder, found)


def figures(facts: Facts, found: Sequence[Verdict]) -> Mapping[str, Any]:
    """Return what other programs want to know of a run."""
    results, limit, each = facts.results, facts.course.found, facts.trade.at_once
    return {
        "status": exit_status(facts),
        "came": results.counts[BEGUN],
        **{end.replace(" ", "_"): results.counts[end] for end in ENDS},
        "rate_asked": round(facts.rate_asked, 3),
        "rate_got": round(facts.rate_got, 3),
        "stood_still": round(facts.stood_still, 1),
        "limited": facts.limited,
        "workers": facts.workers,
        "worker_ms_for_each": round(results.processor_ms / max(1, results.counts[BEGUN]), 2),
        "worker_bytes": results.memory,
        "worker_bytes_for_each": None if facts.bytes_for_each is None else round(facts.bytes_for_each),
        "account_ms_for_each": round(facts.account.seconds * 1000 / max(1, results.counts[BEGUN]), 2),
        "account_bytes": facts.account.bytes,
        "late_ms": {f"p{percent}": results.late.percentile(percent).latest for percent in PERCENTILES},
        "verdicts": {one.key: {"status": one.word, "message": one.message} for one in found},
        "levels": {
            key: {
                **{f"p{percent}": level.percentile(percent).latest for percent in PERCENTILES},
                "histograms": level.packed(),
            }
            for key, level in results.levels.items()
        },
        "limit": {"met": limit.met * each, "missed": limit.missed * each, "why": limit.why} if limit else None,
    }


def limit_words(facts: Facts) -> str:
    """Say what the search for the limit has found."""
    limit, each = facts.course.found, facts.trade.at_once
    if limit is None:
        return ""
    met = f"{limit.met * each} a second were served as promised" if limit.met else "No rate was served as promised"
    return f"Limit: {met}; at {limit.missed * each} a second the first promise broke. {limit.why}"


def _write(facts: Facts, verdict: Verdict) -> None:
    raw, uuid, stop = facts.options.results / RAW, uuid4(), time.time()
    name = f"{verdict.title} under load"
    result = TestResult(
        uuid=uuid,
        name=name,
        fullName=f"load/{facts.trade.system.name}: {verdict.key}",
        historyId=md5(f"load {facts.trade.system.name} {verdict.key}"),
        testCaseId=md5(f"load {facts.trade.system.name} {verdict.key}"),
        status=verdict.word,
        statusDetails=StatusDetails(message=verdict.message),
        start=round(facts.began * 1000),
        stop=round(stop * 1000),
        labels=[
            Label("epic", name_of_system(facts.trade.system.name)),
            Label("feature", "Load"),
            Label("story", "Service levels" if verdict.promise else "Every order"),
            Label("tag", "load"),
            *environment_labels(),
        ],
        parameters=[Parameter("arrivals asked for", f"{facts.rate_asked:.1f} a second", excluded=True),
                    Parameter("arrivals", f"{facts.rate_got:.1f} a second", excluded=True)],
    )  # fmt: skip
    result.attachments = [_attach(raw, title, body, kind) for title, body, kind in _attachments(facts, verdict)]
    (raw / f"{uuid}-result.json").write_text(result_text(result), encoding="utf-8")


def _attachments(facts: Facts, verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    promise = verdict.promise
    yield "What was found", verdict.message, "txt"
    if promise and promise.key in facts.results.levels:
        level = facts.results.levels[promise.key]
        yield "Distribution", latencies([(promise, level)], facts.options.percent), "svg"
        yield "Percentiles over time (ms)", _over_time(facts, promise), "csv"
        late = sorted(((ms, where) for (key, where), ms in facts.results.late_in.items() if key == promise.key))[::-1]
        if late:
            rows = [[where, f"{ms:,}"] for ms, where in late]
            yield "Where the slowest lost their time", _table(["where", "ms"], rows), "csv"
    elif verdict.key == "run":
        yield "Arrivals over time", _arrivals(facts), "csv"
        if facts.course.found:
            yield "The limit", limit_words(facts), "txt"


def _every(facts: Facts) -> int:
    return max(1, -(-len(facts.rates) // LINES))


def _over_time(facts: Facts, promise: Promise) -> str:
    rows = []
    began = int(facts.began)
    for at, level in over_time(facts.results, promise.key, _every(facts)).items():
        shown = ("lost" if ms >= HIGHEST else str(ms) for ms in percentiles(level, PERCENTILES))
        rows.append([str(max(0, at - began)), str(len(level)), *shown])
        gevent.sleep(0)  # a worker that hears nothing of its master for long ends
    return _table(["second", promise.counted, *(f"{percent} %" for percent in PERCENTILES)], rows)


def _arrivals(facts: Facts) -> str:
    every, asked, got = _every(facts), dict[int, int](), dict[int, int]()
    for second, rate in facts.rates:
        asked[second // every * every] = asked.get(second // every * every, 0) + rate
    for second, came in facts.results.begun_at.items():
        got[second // every * every] = got.get(second // every * every, 0) + came
    rows = [[str(at - int(facts.began)), str(asked.get(at, 0)), str(got.get(at, 0))] for at in sorted({*asked, *got})]
    return _table(["second", "asked for", "arrived"], rows)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([headings, *rows])
    return text.getvalue()


_TYPES = {"txt": "text/plain", "svg": "image/svg+xml", "csv": "text/csv"}


def _attach(raw: Path, title: str, body: str, kind: str) -> Attachment:
    name = f"{uuid4()}-attachment.{kind}"
    (raw / name).write_bytes(attachment(body, name))
    return Attachment(name=title, source=name, type=_TYPES[kind])


def _render(folder: Path, found: Sequence[Verdict]) -> None:
    gate = folder / "quality-gate.json"
    limits = {f"{one.key}-p95": {"maximum": one.promise.budget} for one in found if one.promise}
    gate.write_text(json.dumps({"scenarios": {"minimum": len(found)}, "metrics": limits}), encoding="utf-8")
    try:
        with _environment("REPORT_QUALITY_GATE", str(gate)):
            page = render(folder / RAW, folder / PAGE)
    except (RenderError, OSError) as error:
        sys.stderr.write(f"There is no report: {error}\nThe results are kept in {folder / RAW}.\n")
    else:
        sys.stdout.write(f"Report: {page}\n")


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Set a variable for the programs that are started meanwhile."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before

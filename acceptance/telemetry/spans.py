"""The spans of a run: the run, its scenarios, their steps, and the ways of their orders with the cloud's own stamps.

Names are those of OpenTelemetry's semantic conventions where they have one (`test.case.…`, `test.suite.…`, `code.…`),
and begin with `acceptance.` otherwise. The conventions know pass and fail of a test case; what could not be checked,
was skipped, or deviates as it is known to, has a word of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span, Status, StatusCode, set_span_in_context

from acceptance.report.cleaning import clean, clean_name
from acceptance.report.labels import tags_of
from acceptance.report.run import ScenarioOutcome
from acceptance.report.selection import title_of
from acceptance.report.verdicts import BROKEN, DEVIATING, FAILED, PASSED, SKIPPED, Verdict, judge_step, sentence
from acceptance.system import system_of
from acceptance.telemetry.observed import Observed, Point, Way
from acceptance.trouble import Trouble

SCOPE = "acceptance"
CASE_NAME, CASE_STATUS = "test.case.name", "test.case.result.status"
SUITE_NAME, SUITE_STATUS = "test.suite.name", "test.suite.run.status"
FILE, LINE = "code.file.path", "code.line.number"
SYSTEM, VERDICT, TAGS = "acceptance.system", "acceptance.verdict", "acceptance.tags"
# By verdict: the conventions' name, or a word of ours.
RESULTS: Mapping[str, str] = {
    PASSED: "pass",
    FAILED: "fail",
    BROKEN: "broken",
    SKIPPED: "skipped",
    DEVIATING: "known_deviation",
}
_LONGEST_MESSAGE = 4000
_MS = 1_000_000
_STATUS: Mapping[str, StatusCode] = {PASSED: StatusCode.OK, FAILED: StatusCode.ERROR, BROKEN: StatusCode.ERROR}


class RunSpans:
    """Creates the spans of one run. `end()` it, otherwise the run itself has none."""

    def __init__(self, provider: TracerProvider, began_ns: int, attributes: Mapping[str, Any]) -> None:
        self._tracer = provider.get_tracer(SCOPE)
        self._run = self._tracer.start_span("run", start_time=began_ns, attributes=dict(attributes))

    def scenario(self, outcome: ScenarioOutcome, now_ns: int) -> None:
        """Report a scenario that has ended, or that was not run (`now_ns`)."""
        seen, scenario, verdict = outcome.observed, outcome.scenario, outcome.verdict
        began = seen.began_ns if seen else now_ns
        ended = began + round(outcome.seconds * 1e9) if outcome.seconds else now_ns
        attributes = {
            CASE_NAME: clean_name(title_of(scenario, outcome.identity)),
            CASE_STATUS: RESULTS[verdict.word],
            SUITE_NAME: clean_name(scenario.feature.name),
            FILE: outcome.identity.path,
            LINE: scenario.line,
            SYSTEM: system_in(str(scenario.filename)),
            VERDICT: verdict.word,
            TAGS: tags_of(scenario),
        }
        span = self._span(clean_name(outcome.identity.name), self._run, began, attributes)
        _judge(span, verdict)
        if seen:
            self._steps(span, seen, list(scenario.all_steps))
            for way in seen.ways:
                self._way(span, way)
            if seen.no_ways:
                span.set_attribute("acceptance.ways.missing", seen.no_ways)
        span.end(max(began, ended))

    def outside(self, where: str, verdict: Verdict, now_ns: int) -> None:
        """Report an error outside any scenario."""
        span = self._span(clean_name(where), self._run, now_ns, {VERDICT: verdict.word})
        _judge(span, verdict)
        span.end(now_ns)

    def end(self, status: str, now_ns: int, attributes: Mapping[str, Any], words: str = "") -> None:
        """Report how the run ended, in the conventions' words; `words` say why it is no success."""
        self._run.set_attributes({SUITE_STATUS: status, **attributes})
        self._run.set_status(
            Status(StatusCode.OK) if status == "success" else Status(StatusCode.ERROR, words or status)
        )
        self._run.end(now_ns)

    def _steps(self, parent: Span, seen: Observed, steps: Sequence[Any]) -> None:
        for times in seen.steps:
            step = steps[times.number]
            verdict = judge_step(step)
            place = {LINE: step.line, VERDICT: verdict.word}
            span = self._span(clean_name(sentence(step)), parent, times.began_ns, place)
            _judge(span, verdict)
            span.end(times.ended_ns)

    def _way(self, parent: Span, way: Way) -> None:
        about = {"acceptance.way.key": way.key, "acceptance.way.of": way.whose}
        span = self._span(f"the way of {way.whose}", parent, way.began_ms * _MS, about)
        for point in way.points:
            span.add_event(point.what, _attributes(point), point.at_ms * _MS)
        for piece in way.pieces:
            self._span(piece.where, span, piece.began_ms * _MS, {}).end(piece.ended_ms * _MS)
        span.end(way.ended_ms * _MS)

    def _span(self, name: str, parent: Span, began_ns: int, attributes: Mapping[str, Any]) -> Span:
        context = set_span_in_context(parent)
        return self._tracer.start_span(name, context, start_time=began_ns, attributes=dict(attributes))


def system_in(filename: str) -> str:
    """Return the name of a feature file's system, "" if it belongs to no known one."""
    try:
        return system_of(filename)
    except Trouble:
        return ""


def _judge(span: Span, verdict: Verdict) -> None:
    message = clean(verdict.message)[:_LONGEST_MESSAGE]
    code = _STATUS.get(verdict.word, StatusCode.UNSET)
    span.set_status(Status(code, message if code is StatusCode.ERROR else None))
    if message and code is not StatusCode.ERROR:
        span.set_attribute("acceptance.message", message)


def _attributes(point: Point) -> Mapping[str, Any]:
    told = {
        "acceptance.point.kind": point.kind,
        "acceptance.point.lane": point.lane,
        "acceptance.point.clock": point.clock,
        "acceptance.point.resolution_ms": point.resolution_ms,
        "acceptance.point.note": point.note,
    }
    return {name: value for name, value in told.items() if value != ""}

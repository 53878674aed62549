"""The figures of the cover: may the system be released, what is wrong, and what was checked at all.

Everything is read from a folder of results, the history of earlier runs beside it, and the verdict of the gate; so a
cover can be created again, elsewhere, and after a rerun.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from acceptance.plurals import counted
from acceptance.registry import known
from acceptance.report import metadata
from acceptance.report.cause_labels import ALSO
from acceptance.report.cause_labels import LABEL as CAUSE
from acceptance.report.causes import comparable, sentence_of
from acceptance.report.cover.history import Point
from acceptance.report.cover.kept import RUN_FACTS, Covered, Level, RunFacts
from acceptance.report.deviations import MET, KnownDeviation, read_deviations
from acceptance.report.labels import name_of_system
from acceptance.report.render import mark_of
from acceptance.report.results import attachments_of, is_picture, message_of, results_in
from acceptance.report.run import OUTSIDE
from acceptance.report.specification.contents import SPECIFICATION, Feature, Specification
from acceptance.report.specification.ids import system_id
from acceptance.report.verdicts import BROKEN, DEVIATING, FAILED, PASSED, SKIPPED

State = Literal["release", "release with known deviations", "do not release", "no answer"]
_NOT_RUN = "Not run: "


@dataclass(frozen=True)
class Shown:
    """A scenario on the cover: its title, its verdict, and the links to its page and to the specification."""

    key: str
    title: str
    word: str
    page: str = ""
    place: str = ""


@dataclass(frozen=True)
class CauseShown:
    """A cause: the clearest sentence, the scenarios behind it, and the file of a picture that shows it, "" for none.

    `also` are scenarios behind other causes that show it too.
    """

    sentence: str
    scenarios: Sequence[Shown]
    picture: str = ""
    picture_title: str = ""
    also: Sequence[Shown] = ()

    @property
    def failed(self) -> int:
        """How many of its scenarios failed."""
        return sum(one.word == FAILED for one in self.scenarios)


@dataclass(frozen=True)
class LevelShown:
    """A service level, and its 95th percentiles in earlier runs, the oldest first (ms)."""

    level: Level
    trend: Sequence[float] = ()


@dataclass(frozen=True)
class Rules:
    """How many rules of a system were met, breached, could not be checked, and were no part of the run."""

    met: int = 0
    breached: int = 0
    not_checked: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class SystemShown:
    """What a run says of one system, and its place in the specification."""

    name: str
    title: str
    place: str
    rules: Rules
    levels: Sequence[LevelShown] = ()
    covered: Covered = field(default_factory=Covered)


@dataclass(frozen=True)
class News:
    """The changes since the last run, at `since` (ISO 8601), in scenarios that both ran; "" if there is none."""

    since: str = ""
    red: Sequence[str] = ()
    green: Sequence[str] = ()


@dataclass(frozen=True)
class Rule:
    """A rule of the quality gate, in a sentence, and whether it is met.

    `measured`: whether it concerns a figure that the run has; `inconclusive`: whether the figure proves nothing,
    because it may be within its limit or beyond.
    """

    rule: str
    success: bool
    message: str
    measured: bool = True
    inconclusive: bool = False


@dataclass(frozen=True)
class Summary:
    """The figures of a cover. `counts` are those of scenarios by verdict; `expected` is how many a whole run has."""

    state: State
    sentence: str
    remarks: Sequence[str]
    counts: Mapping[str, int]
    expected: int
    ended: str
    systems: Sequence[SystemShown]
    causes: Sequence[CauseShown]
    news: News
    deviations: Sequence[KnownDeviation]
    left_out: Mapping[str, int]
    gate: Sequence[Rule] | None
    facts: Mapping[str, str]


def summary_of(
    results: Path, history: Sequence[Point] = (), gate: Sequence[Rule] | None = None, page_of: str = ""
) -> Summary:
    """Return the figures of the results in a folder.

    `history` are earlier runs, the oldest first; `gate` is the quality gate's answer, None if it was not asked;
    `page_of` the address of Allure's page, "" if there is none.
    """
    read = _Read(results, page_of)
    facts = RUN_FACTS.read(results) or RunFacts()
    deviations = [one for one in read_deviations(results) if one.state == MET]
    state, sentence, remarks = _answer(read, facts, gate)
    return Summary(
        state=state,
        sentence=sentence,
        remarks=remarks,
        counts={word: read.counts[word] for word in (PASSED, FAILED, BROKEN, DEVIATING, SKIPPED)},
        expected=len(read.expected),
        ended=read.ended,
        systems=[_system(name, read, facts, history) for name in read.systems],
        causes=read.causes,
        news=_news(read, history),
        deviations=deviations,
        left_out=dict(Counter(one.message for one in read.last.values() if one.word == SKIPPED).most_common()),
        gate=gate and [_rule(rule, facts.levels) for rule in gate],
        facts=metadata.read_back(results),
    )


# --- the results -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Result:
    """The content of one result. `earlier`: the verdict of an earlier result of the same scenario."""

    key: str
    uuid: str
    title: str
    word: str
    message: str
    cause: str
    also: Sequence[str]
    stop: int
    pictures: Sequence[tuple[str, str]]

    @property
    def is_outside(self) -> bool:
        return self.key.startswith(OUTSIDE)


class _Read:
    """The results of a folder, the last one of each scenario."""

    def __init__(self, results: Path, page_of: str) -> None:
        self._page_of = page_of
        self.all = sorted(results_in(results, _result), key=lambda one: one.stop)
        self.last: dict[str, _Result] = {one.key: one for one in self.all}
        self.specification = SPECIFICATION.read(results) or Specification([])
        self.places = self.specification.places()
        asked_for = {key for one in self.specification.scenarios() if one.on_demand for key in one.all_keys()}
        usual = set(self.places) - (asked_for - set(self.last))
        self.expected = usual or {key for key, one in self.last.items() if not one.is_outside}

    @property
    def scenarios(self) -> Iterable[_Result]:
        return [one for one in self.last.values() if not one.is_outside]

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(one.word for one in self.last.values())

    @property
    def checked(self) -> int:
        """How many scenarios ran to a verdict, or were selected to."""
        return sum(1 for one in self.scenarios if not one.message.startswith(_NOT_RUN))

    @property
    def missing(self) -> int:
        """How many scenarios of the systems were not selected."""
        return len(self.expected - set(self.last))

    @property
    def systems(self) -> Sequence[str]:
        return [system.name for system in self.specification.systems]

    @property
    def is_about_all(self) -> bool:
        """Whether all existing systems took part, or that is unknown."""
        return not self.systems or set(known()) <= set(self.systems)

    @property
    def ended(self) -> str:
        return _iso(max((one.stop for one in self.all), default=0))

    @property
    def repaired(self) -> int:
        """How many scenarios failed, and passed when they were run again."""
        failed = {one.key for one in self.all if one.word == FAILED}
        return sum(1 for key in failed if self.last[key].word == PASSED)

    @cached_property
    def causes(self) -> Sequence[CauseShown]:
        groups: dict[str, list[_Result]] = {}
        for one in self.last.values():
            if one.word in (FAILED, BROKEN):
                groups.setdefault(one.cause or comparable(one.message), []).append(one)
        found = [self._cause(sentence, members) for sentence, members in groups.items()]
        return sorted(found, key=lambda one: (not one.failed, -len(one.scenarios)))

    def _cause(self, sentence: str, members: Sequence[_Result]) -> CauseShown:
        ordered = sorted(members, key=lambda one: (one.word != FAILED, one.is_outside, one.title))
        pictures = [picture for one in ordered for picture in one.pictures]
        title, file = pictures[0] if pictures else ("", "")
        told = sentence if any(one.cause for one in members) else sentence_of(members[0].message)
        also = [self.shown(one) for one in self.last.values() if sentence in one.also]
        return CauseShown(
            told or "It failed without a message.", [self.shown(one) for one in ordered], file, title, also
        )

    def shown(self, one: _Result) -> Shown:
        place = self.places.get(one.key, "")
        page = f"{self._page_of}#{place or mark_of({'uuid': one.uuid})}" if self._page_of else ""
        return Shown(one.key, one.title, one.word, page, place)


def _result(result: Mapping[str, Any]) -> _Result:
    labels = {label["name"]: str(label["value"]) for label in reversed(result.get("labels", []))}
    name = str(result["name"])
    return _Result(
        key=str(result["fullName"]),
        uuid=str(result["uuid"]),
        title=" › ".join(filter(None, (labels.get("feature", ""), name))),
        word=str(result.get("status", BROKEN)),
        message=message_of(result),
        cause=labels.get(CAUSE, ""),
        also=[str(label["value"]) for label in result.get("labels", []) if label["name"] == ALSO],
        stop=int(result.get("stop", 0)),
        pictures=[(str(one["name"]), str(one["source"])) for one in attachments_of(result) if is_picture(one)],
    )


# --- the answer --------------------------------------------------------------------------------------------


def _answer(read: _Read, facts: RunFacts, gate: Sequence[Rule] | None) -> tuple[State, str, Sequence[str]]:
    """Return whether the system may be released, in a sentence, and the necessary remarks."""
    counts = read.counts
    whole = not read.missing and not facts.interrupted
    remarks = list(_remarks(read, facts, whole))
    if counts[FAILED]:
        return "do not release", f"Do not release: {_what_is_wrong(read)}", remarks
    if not read.checked or not counts[PASSED] + counts[DEVIATING] + counts[BROKEN]:
        return "no answer", "No answer: nothing was checked", remarks
    if facts.interrupted:
        settled = counts[PASSED] + counts[DEVIATING]
        told = f"No answer: the run was interrupted after {settled} of {len(read.expected)} checks"
        return "no answer", told, remarks
    if counts[BROKEN]:
        return "do not release", f"Do not release: {_what_is_wrong(read)}", remarks
    if not whole:
        told = f"No answer: only {counted(read.checked, 'check')} of {len(read.expected)} ran, and all of them passed"
        return "no answer", told, remarks
    breached = [rule for rule in gate or () if _breaches(rule, read)]
    if breached:
        told = f"Do not release: all {counted(counts[PASSED], 'check')} passed, but the quality gate is breached"
        return "do not release", told, [*(rule.message for rule in breached), *remarks]
    what = "Release" if read.is_about_all else f"Release {' and '.join(map(name_of_system, read.systems))}"
    if counts[DEVIATING]:
        several = counted(counts[DEVIATING], "known deviation")
        told = f"{what} with {several}: the other {counted(counts[PASSED], 'check')} passed"
        return "release with known deviations", told, remarks
    return "release", f"{what}: all {counted(counts[PASSED], 'check')} passed", remarks


def _rule(rule: Rule, levels: Iterable[Level]) -> Rule:
    """Return a rule of the gate, which is not breached by a service level that nobody can prove to be missed."""
    why = next((one.why_inconclusive for one in levels if one.key == rule.rule), "")
    return replace(rule, inconclusive=True, message=f"{rule.message} {why}") if why and not rule.success else rule


def _breaches(rule: Rule, read: _Read) -> bool:
    """Whether a rule of the gate forbids a release. In a run of some systems, rules about others do not."""
    return not rule.success and rule.rule != DEVIATIONS_RULE and (rule.measured or read.is_about_all)


# The rule of the gate that signed deviations breach: reports/quality-gate.mjs. The cover counts them itself.
DEVIATIONS_RULE = "no scenario deviates"


def _what_is_wrong(read: _Read) -> str:
    counts = read.counts
    unchecked = f"{counts[BROKEN]} could not be checked" if counts[BROKEN] else ""
    if not counts[FAILED]:
        return f"nothing failed, but {unchecked}"
    causes = sum(cause.failed > 0 for cause in read.causes)
    return ", ".join(filter(None, (counted(causes, "cause"), f"{counts[FAILED]} failed", unchecked)))


def _remarks(read: _Read, facts: RunFacts, whole: bool) -> Iterator[str]:
    counts = read.counts
    if facts.interrupted:
        yield "The run was interrupted."
    elif not whole:
        asked = f" It was asked for: {facts.selection}." if facts.selection else ""
        whole_run = counted(len(read.expected), "check")
        yield f"This was a part of a run: {read.missing} of {whole_run} were not selected.{asked}"
    if counts[SKIPPED]:
        were = "was" if counts[SKIPPED] == 1 else "were"
        yield f"{counted(counts[SKIPPED], 'check')} {were} left out; the reasons are below."
    if read.repaired:
        yield f"{counted(read.repaired, 'check')} failed at first, and passed only when run again."


# --- systems, and what is new ------------------------------------------------------------------------------


def _system(name: str, read: _Read, facts: RunFacts, history: Sequence[Point]) -> SystemShown:
    features = next(system.features for system in read.specification.systems if system.name == name)
    rules = Counter(_rule_state(keys, read) for keys in _rules(features))
    levels = [
        LevelShown(level, [point.metrics[level.key] for point in history if level.key in point.metrics])
        for level in facts.levels
        if level.system == name
    ]
    found = Rules(rules["met"], rules["breached"], rules["not checked"], rules["left out"])
    return SystemShown(name, name_of_system(name), system_id(name), found, levels, facts.covered.get(name, Covered()))


def _rules(features: Iterable[Feature]) -> Iterator[Collection[str]]:
    """Return the keys of each rule's scenarios. Scenarios of a feature outside any rule count as one rule."""
    for feature in features:
        for rule in feature.rules:
            keys = [key for scenario in rule.scenarios for key in scenario.all_keys()]
            if keys:
                yield keys


def _rule_state(keys: Collection[str], read: _Read) -> str:
    words = {read.last[key].word for key in keys if key in read.last} - {SKIPPED}
    if not words:
        return "left out"
    if words & {FAILED, DEVIATING}:
        return "breached"
    return "not checked" if words - {PASSED} else "met"


def _news(read: _Read, history: Sequence[Point]) -> News:
    if not history:
        return News()
    before = history[-1]
    red, green = [], []
    for one in read.scenarios:
        was = before.words.get(one.key)
        if was == PASSED and one.word in (FAILED, BROKEN, DEVIATING):
            red.append(one.title)
        elif was in (FAILED, BROKEN, DEVIATING) and one.word == PASSED:
            green.append(one.title)
    return News(_iso(before.timestamp), red, green)


def _iso(epoch_ms: int) -> str:
    return f"{datetime.fromtimestamp(epoch_ms / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}" if epoch_ms else ""


def gate_in(file: Path) -> Sequence[Rule] | None:
    """Return the gate's answer from a file, rule by rule; None if there is none."""
    try:
        return [Rule(**one) for one in json.loads(file.read_text("utf-8"))]
    except (OSError, ValueError, LookupError, TypeError):
        return None

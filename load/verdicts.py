"""What a run of customers says of each promise: kept, broken, or not to be told, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from acceptance.report.verdicts import BROKEN, FAILED, PASSED
from acceptance.service_levels.levels import Promise
from acceptance.service_levels.timeline import Hop
from acceptance.trouble import Inconclusive
from load.course import Course
from load.options import Options
from load.results import (
    BEGUN,
    DOUBLED,
    LOST,
    MISNUMBERED,
    SERVED,
    TURNED_AWAY,
    UNCHECKED,
    WRONG,
    Results,
    given_twice,
)
from load.trade import Trade
from load.usage import Usage

ALL_SERVED = "all-served"
# From such a part of the time on, a standstill makes the system look slower than by what is known to be lost.
LIMITED = 0.25


@dataclass(frozen=True)
class Verdict:
    """The verdict on one promise, by a report's `word`. `key` names it for machines; `promise` is None if untimed."""

    key: str
    title: str
    word: str
    message: str
    promise: Promise | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a run at its end. `rates` are the arrivals a second that were asked for, by epoch seconds."""

    trade: Trade
    options: Options
    results: Results
    troubles: Sequence[str]
    course: Course
    workers: int
    began: float
    rates: Sequence[tuple[int, int]]
    about: Mapping[str, str]
    account: Usage  # what the embedded account has used while customers came
    stood_still: float  # for how long the machine, or the embedded account, was at its limit while they came (s)
    bytes_for_each: float | None  # by how much a worker grows with each; None for a run too short to tell

    @property
    def limited(self) -> str:
        """Why it cannot be told whether the system was slow, "" if it can: its delays grow faster than a standstill."""
        if self.stood_still < LIMITED * self.course.seconds:
            return ""
        return (
            f"Inconclusive: the machine or the embedded account was at its limit for {self.stood_still:.0f} s of these "
            f"{self.course.seconds:.0f} s. Ask for fewer a second, or use a quieter machine."
        )

    @property
    def seconds(self) -> int:
        """For how long customers were to arrive."""
        return round(self.course.seconds)

    @property
    def rate_got(self) -> float:
        """How many have arrived a second."""
        return self.results.counts[BEGUN] / max(1.0, self.course.seconds)

    @property
    def rate_asked(self) -> float:
        """How many were asked for a second."""
        return self.trade.at_once * self.course.asked / max(1.0, self.course.seconds)


def verdicts(facts: Facts) -> Sequence[Verdict]:
    """Judge each service level, and what must hold for each order, and whether the run itself can be believed."""
    levels = [of_level(promise, facts.results, facts.options.percent) for promise in facts.trade.promises]
    return [*_unless_at_the_limit(facts, [*levels, *_of_orders(facts)]), _of_run(facts)]


def _unless_at_the_limit(facts: Facts, found: Sequence[Verdict]) -> Sequence[Verdict]:
    """Do not blame the system for what comes of slowness where it was not the system that was slow."""
    return [
        replace(one, word=BROKEN, message=f"{one.message} {facts.limited}")
        if facts.limited and one.word == FAILED and (one.promise or one.key == ALL_SERVED)
        else one
        for one in found
    ]


def exit_status(facts: Facts) -> int:
    """Return 0 if every promise was kept, 1 if one was broken, 2 if one could not be checked and none was broken."""
    words = {verdict.word for verdict in verdicts(facts)}
    if FAILED in words and facts.course.found is None:
        return 1
    return 2 if BROKEN in words else 0


def of_level(promise: Promise, results: Results, percent: float) -> Verdict:
    """Judge one service level for so many per cent."""
    level = results.levels.get(promise.key)
    if not level:
        return Verdict(promise.key, promise.title, BROKEN, f"{promise.title}: nobody came so far.", promise)
    places = [(ms, where) for (key, where), ms in results.late_in.items() if key == promise.key]
    slowest = max(places, default=None)
    hop = Hop(slowest[1], slowest[0]) if slowest else None
    try:
        level.require(promise, percent)
    except (AssertionError, Inconclusive) as error:
        word = BROKEN if isinstance(error, Inconclusive) else FAILED
        where = f" Most of the time of those that were too late passed {hop.where}." if hop else ""
        return Verdict(promise.key, promise.title, word, f"{error}{where}", promise)
    latency = level.percentile(percent)
    words = f"{promise.title}: {percent:g} % of {len(level):,} {promise.counted} took {latency.words} at most."
    return Verdict(promise.key, promise.title, PASSED, words, promise)


def first_missed(trade: Trade, results: Results, percent: float) -> str:
    """Return why the first promise is not kept, "" while all are."""
    for kind, what in (
        (TURNED_AWAY, "turned away"),
        (LOST, "lost"),
        (UNCHECKED, "not served, and it is not known why"),
    ):
        if results.counts[kind]:
            example = next(iter(results.examples.get(kind, ())), "")
            return f"{results.counts[kind]:,} {trade.counted} were {what}: {example}"
    if results.counts[BEGUN] and not results.counts[SERVED]:
        return f"None of {results.counts[BEGUN]:,} {trade.counted} was served while they came"
    judged = [of_level(promise, results, percent) for promise in trade.promises if results.levels.get(promise.key)]
    return next((verdict.message for verdict in judged if verdict.word != PASSED), "")


def _of_orders(facts: Facts) -> Sequence[Verdict]:
    results, counted = facts.results, facts.trade.counted
    came, served = results.counts[BEGUN], results.counts[SERVED]
    twice = given_twice(results.numbers)
    for one, other in twice[:5]:
        results.example(MISNUMBERED, f"{one.order_id} and {other.order_id} both have number {one.number}")
    misnumbered = results.counts[MISNUMBERED] + len(twice)
    away, lost = results.counts[TURNED_AWAY], results.counts[LOST]
    found = [
        _count(results, ALL_SERVED, f"None of the {counted} is lost or turned away", LOST, lost + away,
               f"{served:,} of {came:,} {counted} were served; {lost:,} were lost, {away:,} turned away", TURNED_AWAY),
        _count(results, "nothing-doubled", "Nothing is announced twice", DOUBLED, results.counts[DOUBLED],
               f"{results.counts[DOUBLED]:,} announcements of {came:,} {counted} came too often or too early"),
        _count(results, "stored-as-ordered", f"The {counted} {facts.trade.are_right}", WRONG,
               results.counts[WRONG], f"{results.counts[WRONG]:,} of {served:,} {counted} were not"),
    ]  # fmt: skip
    if facts.trade.numbered:
        title, words = (
            f"No two open {counted} have the same number",
            f"{misnumbered:,} of {served:,} {counted} were wrongly numbered",
        )
        found.append(_count(results, "numbers-differ", title, MISNUMBERED, misnumbered, words))
    return found


def _count(results: Results, key: str, title: str, kind: str, wrong: int, words: str, *more: str) -> Verdict:
    """Judge what must hold for each order. Where nobody was served, nothing was checked."""
    examples = [f"· {words}" for of in (kind, *more) for words in results.examples.get(of, ())]
    word = FAILED if wrong else PASSED if results.counts[SERVED] else BROKEN
    return Verdict(key, title, word, "\n".join([f"{words}.", *examples]))


def _of_run(facts: Facts) -> Verdict:
    """Say whether the run can be believed: whether everybody came who was to come, and is known to have ended."""
    results = facts.results
    asked, got = facts.rate_asked, facts.rate_got
    unknown = results.counts[UNCHECKED] + max(0, results.under_way)
    words = (
        f"{results.counts[BEGUN]:,} {facts.trade.counted} arrived in {facts.seconds} s by {facts.workers} workers, "
        f"{got:.1f} a second; {asked:.1f} were asked for."
    )
    if facts.stood_still >= 1:
        words = f"{words} The machine or the embedded account was at its limit for {facts.stood_still:.0f} s of them."
    said = [*facts.troubles, *(f"· {one}" for one in results.examples.get(UNCHECKED, ()))]
    if unknown:
        said.insert(0, f"{unknown:,} {facts.trade.counted} could not be checked.")
    if asked and got < 0.9 * asked:
        said.insert(0, "The workers did not come up to the rate: start more of them, or ask for less.")
    if got > 1.1 * asked:
        said.insert(0, "More came than were asked for: Locust took workers for dead that were only slow.")
    if facts.course.why_over:
        words = f"{words} The run ended because {facts.course.why_over}."
    word = BROKEN if said or not results.counts[BEGUN] else PASSED
    return Verdict("run", "The run is whole", word, "\n".join([words, *said]))

"""The figures of a cover in words, the same on the page and in the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from acceptance.report.causes import divided
from acceptance.report.cover.kept import Covered
from acceptance.report.cover.summary import CauseShown, News, Rule, Rules, SystemShown


def told_parts(cause: CauseShown) -> Sequence[str]:
    """Return the sentence of a cause in its parts: the expected value, and the received one if it names both.

    On a phone each part is cut by itself, so that the received value is seen.
    """
    expected, but, received = divided(cause.sentence)
    return (expected.rstrip(), f"{but}{received}") if but else (expected,)


def told_counts(cause: CauseShown) -> str:
    """Describe how many scenarios are behind a cause."""
    unchecked = len(cause.scenarios) - cause.failed
    parts = [f"{cause.failed} failed"] if cause.failed else []
    return ", ".join([*parts, *([f"{unchecked} could not be checked"] if unchecked else [])])


def told_rules(rules: Rules) -> str:
    """Describe how many rules were met, breached, and so on; zero counts are left out."""
    counted = (
        (rules.met, "met"),
        (rules.breached, "breached"),
        (rules.not_checked, "not checked"),
        (rules.left_out, "not part of this run"),
    )
    told = ", ".join(f"{count} {word}" for count, word in counted if count)
    return f"rules: {told}" if told else "no rules"


def told_levels(system: SystemShown) -> str:
    """Describe how many service levels were met, missed, and not proved to be either."""
    if not system.levels:
        return "no service levels were measured"
    counts = Counter(one.level.compliance for one in system.levels)
    others = [f", {counts[word]} {word}" for word in ("missed", "inconclusive") if counts[word]]
    return f"{counts['met']} of {len(system.levels)} service levels met{''.join(others)}"


def told_covered(covered: Covered) -> str:
    """Describe how much of a system was covered, or that this was not measured."""
    parts = []
    if covered.percent is not None:
        parts.append(f"{covered.percent:g} % covered: {covered.touched} of its {covered.parts} parts were used")
    if covered.forms:
        parts.append(f"{covered.forms_seen} of {covered.forms} kinds of messages seen")
    if covered.percent is None:
        parts.append("coverage of its parts was not measured")
    return ", ".join(parts)


def told_news(news: News) -> str:
    """Describe what has changed since the last run."""
    if not news.since:
        return "there is no earlier run to compare with"
    parts = [f"{len(news.red)} no longer pass"] if news.red else []
    parts += [f"{len(news.green)} pass again"] if news.green else []
    since = news.since.replace("T", " ").replace("Z", " UTC")
    return f"{', '.join(parts) or 'nothing'} (since {since})"


def told_rule(rule: Rule) -> str:
    """Describe whether a rule of the quality gate is met, breached, or neither."""
    if rule.success:
        return "met"
    if not rule.measured:
        return "not part of this run"
    return "inconclusive" if rule.inconclusive else "breached"


def told_gate(gate: Sequence[Rule] | None) -> str:
    """Describe how many rules of the quality gate are met, breached, and so on."""
    if gate is None:
        return "not checked"
    counted = Counter(map(told_rule, gate))
    return ", ".join(f"{count} {word}" for word, count in counted.items())

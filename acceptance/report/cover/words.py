"""The figures of a cover in words, the same on the page and in the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from acceptance.report.cover.kept import Covered, Level
from acceptance.report.cover.summary import CauseShown, News, Rule, Rules, SystemShown
from acceptance.service_levels.levels import milliseconds


def figure(level: Level) -> str:
    """Describe the measurement of a service level."""
    if level.lost:
        return "never came"
    if level.compliance == "inconclusive":
        return f"{milliseconds(level.earliest_ms)} to {milliseconds(level.latest_ms)}"
    return milliseconds(level.latest_ms)


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
    """Describe how many service levels were met."""
    met = sum(one.level.compliance == "met" for one in system.levels)
    return f"{met} of {len(system.levels)} service levels met" if system.levels else "no service levels were measured"


def told_covered(covered: Covered) -> str:
    """Describe how much of a system was covered, or that this was not measured."""
    parts = []
    if covered.percent is not None:
        parts.append(f"{covered.percent:g} % covered ({covered.touched} of {covered.parts} parts)")
    if covered.forms:
        parts.append(f"{covered.forms_seen} of {covered.forms} published message formats seen")
    if covered.percent is None:
        parts.append("coverage of its parts was not measured")
    return ", ".join(parts)


def told_news(news: News) -> str:
    """Describe what has changed since the last run."""
    if not news.since:
        return "first run in the history"
    parts = [f"{len(news.red)} no longer pass"] if news.red else []
    parts += [f"{len(news.green)} pass again"] if news.green else []
    since = news.since.replace("T", " ").replace("Z", " UTC")
    return f"{', '.join(parts) or 'nothing'} (since {since})"


def told_rule(rule: Rule) -> str:
    """Describe whether a rule of the quality gate is met."""
    return "met" if rule.success else "breached" if rule.measured else "not part of this run"


def told_gate(gate: Sequence[Rule] | None) -> str:
    """Describe how many rules of the quality gate are met, breached, or concern parts outside the run."""
    if gate is None:
        return "not checked"
    counted = Counter(map(told_rule, gate))
    return ", ".join(f"{count} {word}" for word, count in counted.items())

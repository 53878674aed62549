"""The cover as Markdown, for the summary of a job and for a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from acceptance.report.cover import words as say
from acceptance.report.cover.summary import CauseShown, Summary
from acceptance.report.specification.outcomes import WORDS
from acceptance.service_levels.levels import milliseconds

MOST = 20  # scenarios of a cause that are named
_SIGNS = {"release": "✅", "do not release": "❌"}
_MARKUP = re.compile(r"([\\`*_\[\]|~])")


def markdown(summary: Summary) -> str:
    """Return the cover as GitHub's Markdown. Texts of a system or a feature are shown literally."""
    return "\n".join([*_head(summary), *_causes(summary.causes), *_systems(summary), *_more(summary), ""])


def text(words: str) -> str:
    """Return words so that Markdown and HTML show them literally, on one line."""
    plain = " ".join(words.split()).replace("&", "&amp;").replace("<", "&lt;")
    # A zero-width space keeps GitHub from notifying people, and from linking to issues.
    return re.sub(r"([@#])(?=\w)", "\\1\u200b", _MARKUP.sub(r"\\\1", plain))


def _head(summary: Summary) -> Iterator[str]:
    yield f"## {_SIGNS.get(summary.state, '⚠️')} {text(summary.sentence)}"
    yield ""
    for remark in summary.remarks:
        yield f"{text(remark)}  "
    facts = [
        f"{name}: {text(summary.facts[name])}" for name in ("Systems", "Target", "Commit") if name in summary.facts
    ]
    yield " · ".join([summary.ended, *facts])


def _causes(causes: Sequence[CauseShown]) -> Iterator[str]:
    if causes:
        yield ""
        yield "### Why"
    for number, cause in enumerate(causes, 1):
        yield ""
        yield f"{number}. **{text(cause.sentence)}** ({say.told_counts(cause)})"
        for one in cause.scenarios[:MOST]:
            yield f"   - {WORDS.get(one.word, one.word)}: {text(one.title)}"
        if cause.scenarios[MOST:]:
            yield f"   - … and {len(cause.scenarios) - MOST} more"
        for one in cause.also[:MOST]:
            yield f"   - also seen in: {text(one.title)}"


def _systems(summary: Summary) -> Iterator[str]:
    if not summary.systems:
        return
    yield ""
    yield "| system | rules | service levels | coverage |"
    yield "|---|---|---|---|"
    for system in summary.systems:
        cells = (system.title, say.told_rules(system.rules), say.told_levels(system), say.told_covered(system.covered))
        yield f"| {' | '.join(map(text, cells))} |"
    levels = [one.level for system in summary.systems for one in system.levels]
    if levels:
        yield ""
        yield "| service level | 95 % took at most | limit | |"
        yield "|---|--:|--:|---|"
        for level in levels:
            yield f"| {text(level.title)} | {level.figure} | {milliseconds(level.limit_ms)} | {level.compliance} |"


def _more(summary: Summary) -> Iterator[str]:
    yield ""
    yield f"**New since the last run:** {text(say.told_news(summary.news))}"
    yield from (f"- no longer passes: {text(title)}" for title in summary.news.red)
    yield from (f"- passes again: {text(title)}" for title in summary.news.green)
    yield ""
    yield f"**Known deviations:** {len(summary.deviations) or 'none'}"
    yield from (f"- {text(one.scenario)}: {text(one.reason)} (until {one.until})" for one in summary.deviations)
    yield ""
    yield f"**Quality gate:** {say.told_gate(summary.gate)}"
    yield from (f"- {say.told_rule(rule)}: {text(rule.message)}" for rule in summary.gate or () if not rule.success)

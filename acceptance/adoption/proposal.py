"""The profile that a run suggests: deviations and promises not made, grouped by cause, the most harmful first."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import yaml

from acceptance.adoption.outcomes import SEVERITIES, Missed, Outcome
from acceptance.profile import NOBODY, NOT_EXPLAINED, Profile
from acceptance.profile.promises import CORE, SIGN
from acceptance.profile.words import says_something, words_of
from acceptance.report.causes import received
from acceptance.report.verdicts import BROKEN, DEVIATING, FAILED, PASSED, SKIPPED

ACCEPTED_DAYS = 90
LONGEST = 200  # letters of a message, enough to distinguish it from others
_WIDTH = 116
# How the waiting verbs separate the expected value, the received value, and the time waited.
_PART = " · "
_BUT = "but: "


@dataclass(frozen=True)
class Cause:
    """The value received instead of the expected one, and the scenarios that failed for it."""

    words: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Proposal:
    """What a run suggests for a deployment's profile.

    `base` is the profile that the run was given, `found` the examination's findings about the deployment (sections of a
    profile), `harms` words of failures in the order of their harm ("" stands for all others).
    """

    system: str
    outcomes: Sequence[Outcome]
    base: Profile
    found: Mapping[str, Any] = field(default_factory=dict)
    harms: Sequence[str] = ()
    today: date = field(default_factory=date.today)

    @property
    def until(self) -> date:
        """The last day on which deviations are accepted."""
        return self.today + timedelta(days=ACCEPTED_DAYS)

    def ended(self, *words: str) -> Sequence[Outcome]:
        """Return the outcomes that ended with one of these words."""
        return [one for one in self.outcomes if one.status in words]

    @cached_property
    def held(self) -> Sequence[Outcome]:
        """The scenarios that kept their promise."""
        return self.ended(PASSED)

    @cached_property
    def known(self) -> Sequence[Outcome]:
        """The scenarios that deviate as the given profile says."""
        return self.ended(DEVIATING)

    @cached_property
    def left_out(self) -> Sequence[Outcome]:
        """The scenarios that the run left out."""
        return self.ended(SKIPPED)

    @cached_property
    def not_checked(self) -> Sequence[Outcome]:
        """The scenarios that could not be checked, also in part. They are never suggested as deviations."""
        settled = (PASSED, SKIPPED, DEVIATING)
        return [one for one in self.outcomes if one.status not in settled and one not in self._failed]

    @cached_property
    def _failed(self) -> Sequence[Outcome]:
        """The scenarios that only broke a promise, also in a Given: a deviation excuses nothing more."""
        ended = self.ended(FAILED, BROKEN)
        return [one for one in ended if one.missed and all(missed.step for missed in one.missed)]

    @cached_property
    def deviating(self) -> Sequence[Cause]:
        """The broken promises that every owner expects or that every such system makes."""
        return self._causes(one for one in self._failed if not one.is_house_rule)

    @cached_property
    def not_made(self) -> Sequence[Cause]:
        """The broken house rules of the shipped system."""
        return self._causes(one for one in self._failed if one.is_house_rule)

    def _causes(self, failed: Iterable[Outcome]) -> Sequence[Cause]:
        groups: dict[str, list[Outcome]] = {}
        for one in sorted(failed, key=self._harm):
            groups.setdefault(cause_of(one), []).append(one)
        return [Cause(words, tuple(ones)) for words, ones in groups.items()]

    def _harm(self, outcome: Outcome) -> tuple[int, int, int, str]:
        """Return the sort key of outcomes: severity, whose promise it is, what was harmed."""
        severity = SEVERITIES.index(outcome.severity) if outcome.severity in SEVERITIES else len(SEVERITIES)
        told = f"{outcome.name}\n{outcome.message}"
        others = self.harms.index("") if "" in self.harms else len(self.harms)
        harmed = (number for number, words in enumerate(self.harms) if words and re.search(words, told, re.IGNORECASE))
        return severity, CORE not in outcome.tags, next(harmed, others), outcome.title

    # --- the file ----------------------------------------------------------------------------------------

    def text(self, report: str) -> str:
        """Return the profile as YAML, with the evidence in comments. `report` is the address of the run's report."""
        lines = [
            *_comment(
                f"Suggested by a run on {self.today}. Review each entry, correct or remove it, and sign below: your "
                f"signature accepts the deviations until their dates, and the promises that are not made. Until "
                f"then a run refuses this file. The evidence is in {report}."
            ),
            f"signed_by: {NOBODY}",
            f"system: {self.system}",
            *_section({"name": self.base.name} if self.base.name else {}),
            *_section(self._sections()),
        ]
        lines += self._not_made(report)
        lines += self._deviations(report)
        lines += self._not_checked(report)
        return "\n".join([*lines, ""])

    def _sections(self) -> Mapping[str, Any]:
        """Return the findings, preceded by what else the given profile says about the deployment."""
        said = self.base.model_dump(mode="json", exclude_unset=True)
        ours = {"system", "name", "signed_by", "not_made", "deviations"}
        sections = {name: section for name, section in {**self.found, **said}.items() if name not in ours and section}
        for name, section in self.found.items():
            if isinstance(section, Mapping) and isinstance(said.get(name), Mapping):
                sections[name] = {**section, **said[name]}
        return sections

    def _not_made(self, report: str) -> Iterator[str]:
        before = [one.model_dump(mode="json", exclude_defaults=True) for one in self.base.not_made]
        if not before and not self.not_made:
            return
        yield ""
        yield "not_made:"
        yield from _entries(before)
        for cause in self.not_made:
            yield from _evidence(cause, report)
            reason = f"This is a rule of the shipped system. Here: {cause.words}"
            yield from _entries({"promise": name, "reason": reason} for name in self._promises(cause))

    def _promises(self, cause: Cause) -> Sequence[str]:
        """Return the names of a cause's scenarios: a whole rule if all of it failed for this cause."""
        names: dict[str, None] = {}
        for one in cause.outcomes:
            others = [other for other in self.outcomes if (other.feature, other.rule) == (one.feature, one.rule)]
            whole = one.rule and len(others) > 1 and all(other in cause.outcomes for other in others)
            names[f"{one.feature}{SIGN}{one.rule}" if whole else one.title] = None
        return list(names)

    def _deviations(self, report: str) -> Iterator[str]:
        before = [one.model_dump(exclude_defaults=True) for one in self.base.deviations]
        if not before and not self.deviating:
            return
        yield ""
        yield "deviations:"
        yield from _entries(before)
        for cause in self.deviating:
            yield from _evidence(cause, report)
            for one in cause.outcomes:
                yield from _entries(
                    {
                        "scenario": one.title,
                        "message": words,
                        "reason": f"{NOT_EXPLAINED}: {cause.words}",
                        "until": self.until,
                    }
                    for words in dict.fromkeys(map(lasting_words, one.missed))
                )

    def _not_checked(self, report: str) -> Iterator[str]:
        if self.not_checked:
            yield ""
            yield from _comment("Could not be checked, so not covered by this profile:")
        for one in self.not_checked:
            yield from _comment(f"- {one.title}: {' '.join(one.message.split())} ({report}{one.page})")


def cause_of(outcome: Outcome) -> str:
    """Return the value received instead of the expected one, without the parts that differ by chance."""
    message = outcome.missed[0].message if outcome.missed else outcome.message
    return _cut(received(message)) or "failed without a message"


def lasting_words(missed: Missed) -> str:
    """Return the words of a message that the next run is likely to repeat: no numbers, no durations."""
    parts = missed.message.split(_PART)
    lasting = parts[: next((n for n, part in enumerate(parts, 1) if part.startswith(_BUT)), len(parts))]
    words = _cut(words_of(_PART.join(lasting)))
    return words if says_something(words) else missed.message


def _cut(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    return f"{words[:LONGEST].rpartition(' ')[0]} …"


def _evidence(cause: Cause, report: str) -> Iterator[str]:
    """Describe a cause, and link to the report of each of its scenarios."""
    first, several = cause.outcomes[0], f"{len(cause.outcomes)} scenarios"
    yield ""
    yield from _comment(f"{several if len(cause.outcomes) > 1 else 'One scenario'}: {cause.words}", "  ")
    for one in cause.outcomes:
        kind = ", ".join(word for word in (one.severity, CORE if CORE in one.tags else "") if word != "normal" and word)
        yield from _comment(f"- {one.name}{f' ({kind})' if kind else ''}: {report}{one.page}", "  ")
        for missed in one.missed:
            yield from _comment(f"{missed.step or 'Message'}: {' '.join(missed.message.split())}", "      ")
    if first.attached:
        yield from _comment(f"On its page: {', '.join(first.attached)}", "  ")


def _comment(text: str, indent: str = "") -> Iterator[str]:
    for line in textwrap.wrap(text, _WIDTH - len(indent), break_long_words=False, break_on_hyphens=False):
        yield f"{indent}# {line}"


def _section(content: Mapping[str, Any]) -> Sequence[str]:
    return _yaml(dict(content)).splitlines() if content else []


def _entries(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for entry in entries:
        yield from textwrap.indent(_yaml([dict(entry)]), "  ").splitlines()


def _yaml(content: Any) -> str:
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=_WIDTH))

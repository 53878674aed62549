"""What an examination of a deployment finds, without a scenario, a tap, or a change.

A system's `examine()` yields findings about its parts and whether it is ready; the kit adds those about permissions
(acceptance.aws.permission_check) and promises (acceptance.report.promises). `python -m acceptance doctor` shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from acceptance.aws.account import Account
from acceptance.aws.discovery import short
from acceptance.aws.parts import Sought, look_for
from acceptance.trouble import Trouble

Verdict = Literal["ok", "note", "problem"]
Section = Literal["parts", "permissions", "readiness", "promises"]
SECTIONS: tuple[Section, ...] = ("parts", "permissions", "readiness", "promises")


@dataclass(frozen=True)
class Finding:
    """One subject that was checked: its verdict, the finding in a sentence, and what to do.

    A problem that `stops` leaves nothing to check: each scenario would meet it.
    """

    section: Section
    subject: str
    verdict: Verdict
    what: str
    advice: str = ""
    stops: bool = False

    @classmethod
    def of_trouble(cls, section: Section, subject: str, trouble: Trouble, *, stops: bool = True) -> Finding:
        """Turn an error that keeps a run from continuing into a problem."""
        return cls(section, subject, "problem", trouble.what or str(trouble), trouble.advice, stops)

    def __str__(self) -> str:
        return f"{self.what} {self.advice}".strip()


@dataclass(frozen=True)
class Examination:
    """The findings about one system, its place, and how a profile would describe it."""

    system: str
    findings: tuple[Finding, ...]
    where: Mapping[str, str]
    described: Mapping[str, Any] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        """Whether any part of the system exists."""
        return any(finding.section == "parts" and finding.verdict == "ok" for finding in self.findings)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The problems that must be fixed."""
        return tuple(finding for finding in self.findings if finding.verdict == "problem")


def examine_parts(
    account: Account,
    sought: Mapping[str, Sought],
    named: Mapping[str, str],
    *,
    rather: str = "",
    found: dict[str, str] | None = None,
) -> Iterator[Finding]:
    """Look for the parts of a system, and report the name of each.

    `named` are the parts that the profile names. The parts that were found are put into `found`, by role.
    """
    for role, name in look_for(account, sought, rather=rather):
        part = sought[role]
        if isinstance(name, Trouble):
            yield Finding.of_trouble("parts", part.what, name)
        else:
            if found is not None:
                found[role] = name
            yield Finding("parts", part.what, "ok", f"{short(name)} ({_by(part, named.get(role, ''))})")


def examined_part(subject: str, name: str, by: str) -> Finding:
    """Report a part that was found in another way."""
    return Finding("parts", subject, "ok", f"{short(name)} ({by})")


def _by(part: Sought, named: str) -> str:
    if not part.wanted:
        return f'its name contains "{part.fragment}"'
    return "named by the profile" if part.wanted == named else f"named by {part.setting}"


def stopping(findings: Iterable[Finding]) -> Finding | None:
    """Return the first problem that leaves nothing to check, None if there is none."""
    return next((finding for finding in findings if finding.stops), None)


def refuse_unready(findings: Iterable[Finding]) -> None:
    """Raise Trouble with the first problem that leaves nothing to check."""
    stopped = stopping(findings)
    if stopped:
        raise Trouble(stopped.what, stopped.advice)

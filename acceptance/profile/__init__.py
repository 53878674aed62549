"""The profile of a deployment: what differs from the shipped system, which promises it makes, and its known deviations.

A system adds sections of its own by a subclass, which it names as `profile_kind`. `acceptance.profile.reading` reads a
file, `acceptance.profile.promises` finds the scenarios that it names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator

from acceptance.profile.words import fits, says_something
from acceptance.trouble import Trouble

Place = tuple[str | int, ...]  # of an entry: ("deviations", 3, "until")
# The signature of a proposal that has not been reviewed.
NOBODY = "nobody"
# Placeholders for a name that is still to come. A text without a letter is no name either.
_NO_NAMES = frozenset(
    {
        *("", NOBODY, "no one", "noone", "none", "null", "nil", "n/a", "unknown", "anonymous", "unsigned"),
        *("todo", "to do", "fixme", "tbd", "tba", "tbc", "xxx", "name", "your name"),
    }
)
# The beginning of a deviation's reason that has not been explained.
NOT_EXPLAINED = "Not explained yet"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Section(BaseModel):
    """A section of a profile. What it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class NotMade(Section):
    """Promises that the deployment does not make: the scenarios of a tag, a feature, a rule, or a single one."""

    promise: str = Field(description="@tag, name of a feature, “feature › rule”, or “feature › scenario”")
    reason: str = Field(min_length=1, description="a sentence: why it is not promised")


class Deviation(Section):
    """A defect that is known: its scenario, words of the message, the reason, and until when it is accepted."""

    scenario: str = Field(description="“feature › scenario”, as the report shows it; of an outline, or one example")
    message: str = Field(description="words of the failure's message; … matches any text")
    reason: str = Field(min_length=1, description="a sentence: why it is accepted")
    until: date = Field(description="last day of the deviation, such as 2027-01-31; then the scenario counts again")
    issue: str = Field(default="", description="URL of the issue, https://…")

    @field_validator("message")
    @classmethod
    def _says_something(cls, words: str) -> str:
        if not says_something(words):
            raise ValueError("it matches any failure; it must contain words of this one's message")
        return words

    @field_validator("until", mode="before")
    @classmethod
    def _is_a_date(cls, value: Any) -> Any:
        if isinstance(value, str) and not _DATE.fullmatch(value):  # pydantic would read a number as seconds
            raise ValueError("it must be a date such as 2027-01-31")
        return value

    @field_validator("issue")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        if address and not re.match(r"https?://[^/\s]", address):
            raise ValueError("it must be a full URL, https://…")
        return address

    def fits(self, message: str) -> bool:
        """Return whether a failure's message has the words of this deviation."""
        return fits(self.message, message)

    @property
    def explained(self) -> bool:
        """Whether its owner has written the reason, in place of the one that `adopt` suggests."""
        return not self.reason.lower().startswith(NOT_EXPLAINED.lower())

    def expired(self, today: date) -> bool:
        """Return whether its scenario counts again."""
        return today > self.until


class Profile(Section):
    """What a run knows of a deployment. The default is the system as it is shipped."""

    signed_by: str | None = Field(
        default=None,
        description="name of the person who reviewed a proposal of `python -m acceptance adopt`, instead of “nobody”",
    )
    system: str = Field(description="name of the system, which is that of its features' folder")
    name: str = Field(default="", description="name of the deployment in the report")
    parts: Mapping[str, str] = Field(default_factory=dict, description="settings of the system, without its prefix")
    not_made: tuple[NotMade, ...] = Field(default=(), description="promises that the deployment does not make")
    deviations: tuple[Deviation, ...] = Field(default=(), description="known defects")
    contracts: str = Field(
        default="",
        description="folder of its contracts (an asyncapi.yaml), relative to the profile; those of the shipped system "
        "apply to the embedded account only",
    )

    _file: str = PrivateAttr(default="")
    _lines: Mapping[Place, int] = PrivateAttr(default_factory=dict)

    @classmethod
    def shipped(cls, system: str) -> Self:
        """Return the profile of a system as it is shipped."""
        return cls(system=system)

    def read_from(self, file: str, lines: Mapping[Place, int]) -> Self:
        """Return this profile with the file that it was read from, and the line of each of its entries."""
        copy = self.model_copy()
        copy._file, copy._lines = file, lines
        return copy

    def refuse_unsigned(self) -> None:
        """Raise Trouble for an unsigned proposal."""
        is_proposal = self.signed_by is not None or ("signed_by",) in self._lines  # one that is left empty, too
        if is_proposal and not _is_a_name(self.signed_by or ""):
            raise Trouble(
                f"{self.at('signed_by') or 'The profile'}: This proposal is not signed.",
                "Review the promises that are not made and the accepted failures, then sign it (signed_by).",
            )

    @property
    def file(self) -> str:
        """The file that it was read from, "" if it was created otherwise."""
        return self._file

    def at(self, *place: str | int) -> str:
        """Return file and line of an entry, `profiles/x.yaml:12`; "" if it was not read from a file."""
        return f"{self._file}:{line_of(place, self._lines)}" if self._file else ""


def _is_a_name(signature: str) -> bool:
    """Return whether a signature can be that of a person."""
    words = re.sub(r"^[\W_]+|[\W_]+$", "", " ".join(signature.split())).lower()
    return words not in _NO_NAMES and any(letter.isalpha() for letter in words)


def line_of(place: Place, lines: Mapping[Place, int]) -> int:
    """Return the line of an entry, or of the nearest enclosing one in the file."""
    return next((lines[place[:length]] for length in range(len(place), 0, -1) if place[:length] in lines), 1)

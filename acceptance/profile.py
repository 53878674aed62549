"""The profile of a deployment: what differs from the shipped system, which promises it makes, and its known deviations.

A system adds sections of its own by a subclass, which it names as `profile_kind`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A section of a profile. What it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NotMade(Section):
    """Promises that the deployment does not make: the scenarios of a feature, of a tag, or a single one."""

    promise: str = Field(description="@tag, name of a feature, or “feature › scenario”")
    reason: str = Field(min_length=1, description="why it is not promised, in a sentence")


class Deviation(Section):
    """A defect that is known: its scenario, words of the message, the reason, and until when it is put up with."""

    scenario: str = Field(description="“feature › scenario”, as the report shows it")
    message: str = Field(min_length=1, description="words of the failure's message")
    reason: str = Field(min_length=1, description="why it is put up with, in a sentence")
    until: date = Field(description="from the day after this one on the scenario counts again")
    issue: str = Field(default="", description="address of the issue in a tracker")


class Profile(Section):
    """What a run knows of a deployment. The default is the system as it is shipped."""

    system: str = Field(description="name of the system, as of the folder of its features")
    name: str = Field(default="", description="what the deployment is called in the report")
    parts: Mapping[str, str] = Field(default_factory=dict, description="settings of the system, without its prefix")
    not_made: tuple[NotMade, ...] = Field(default=(), description="promises that the deployment does not make")
    deviations: tuple[Deviation, ...] = Field(default=(), description="known defects")
    contracts: str = Field(
        default="",
        description="folder of the deployment's own contracts, with an asyncapi.yaml; those of the shipped system hold "
        "on the embedded account only",
    )

    @classmethod
    def shipped(cls, system: str) -> Self:
        """Return the profile of a system as it is shipped."""
        return cls(system=system)

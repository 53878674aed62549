"""What a run keeps beside its results for the cover: coverage, measurements, and whether it finished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from acceptance.report.kept import Kept
from acceptance.service_levels.levels import Compliance, milliseconds


@dataclass(frozen=True)
class Level:
    """A service level as measured: its limit and the 95th percentile, in ms; `count` latencies of `system`.

    The percentile is an interval, since stamps have limited accuracy. `lost`: at least 5 % never arrived.
    """

    key: str
    title: str
    system: str
    limit_ms: float
    earliest_ms: float
    latest_ms: float
    count: int
    compliance: str
    lost: bool = False

    @property
    def is_inconclusive(self) -> bool:
        """Whether it may have been met as well as missed."""
        return self.compliance == Compliance.INCONCLUSIVE.value

    @property
    def figure(self) -> str:
        """The measurement in words."""
        if self.lost:
            return "never came"
        if self.is_inconclusive:
            return f"{milliseconds(self.earliest_ms)} to {milliseconds(self.latest_ms)}"
        return milliseconds(self.latest_ms)

    @property
    def why_inconclusive(self) -> str:
        """What to add to a complaint about its figure, "" if that is proved."""
        return f"That is inconclusive: it took {self.figure}." if self.is_inconclusive else ""


@dataclass(frozen=True)
class Untouched:
    """A part of a system that took no part in a run, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Covered:
    """How much of a system took part in a run: of its parts, None if they are unknown, and of published forms.

    `gaps` are sentences about what could not be read.
    """

    percent: float | None = None
    touched: int = 0
    parts: int = 0
    untouched: Sequence[Untouched] = ()
    gaps: Sequence[str] = ()
    forms_seen: int = 0
    forms: int = 0
    forms_never: Sequence[str] = ()

    @property
    def measured(self) -> bool:
        """Whether anything is known about it."""
        return self.percent is not None or bool(self.forms)


@dataclass(frozen=True)
class RunFacts:
    """What is known of a run besides its results. `selection` says what was requested, "" if it was everything."""

    selection: str = ""
    interrupted: bool = False
    levels: Sequence[Level] = ()
    covered: Mapping[str, Covered] = field(default_factory=dict)


RUN_FACTS = Kept("run.json", RunFacts, indent=1)

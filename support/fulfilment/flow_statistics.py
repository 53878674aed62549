"""Statistics of many flows: how often each step was done, its duration, and each program's resource use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from acceptance.service_levels.percentiles import percentile
from acceptance.terminal.console import DONE
from support.fulfilment.dialogue import ROLES
from support.fulfilment.order import STEPS
from support.fulfilment.order_flows import INTERRUPTED, FlowResult


@dataclass(frozen=True)
class Statistics:
    """The statistics of several measurements, in their unit; percentiles by nearest rank."""

    count: int
    average: float
    p50: float
    p95: float
    highest: float

    @staticmethod
    def of(values: Sequence[float]) -> Statistics | None:
        """Return the statistics of these values, None if there are none."""
        if not values:
            return None
        average = sum(values) / len(values)
        return Statistics(len(values), average, percentile(values, 50), percentile(values, 95), max(values))


@dataclass(frozen=True)
class StepStatistics:
    """One step of many flows: how many attempted and completed it, and how long the completed ones took."""

    name: str
    tried: int
    done: int
    seconds: Statistics | None

    @property
    def success_rate(self) -> float | None:
        """The share of attempts that completed, from 0 to 1; None without attempts."""
        return self.done / self.tried if self.tried else None


def of_steps(results: Sequence[FlowResult]) -> Sequence[StepStatistics]:
    """Return the statistics of each of the ten steps. An interrupted step does not count as attempted."""
    statistics = []
    for one in STEPS:
        steps = [step for result in results for step in result.steps if step.name == one.name]
        tried = [step for step in steps if step.outcome != INTERRUPTED]
        took = [step.seconds for step in tried if step.outcome == DONE]
        statistics.append(StepStatistics(one.name, len(tried), len(took), Statistics.of(took)))
    return statistics


def of_programs(results: Sequence[FlowResult]) -> Mapping[str, tuple[Statistics | None, Statistics | None]]:
    """Return for each role the statistics of its programs' start-up times (s) and of their memory (bytes)."""
    consoles = [console for result in results for console in result.consoles]
    by_role = {role: [console for console in consoles if console.program.role == role] for role in ROLES}
    return {
        role: (
            Statistics.of([one.startup_seconds for one in those if one.startup_seconds]),
            Statistics.of([one.memory for one in those if one.memory]),
        )
        for role, those in by_role.items()
    }


def times(seconds: Statistics | None) -> tuple[str, str, str]:
    """Write average, 50th and 95th percentile for a table."""
    if seconds is None:
        return ("—", "—", "—")
    return (f"{seconds.average:.2f} s", f"{seconds.p50:.2f} s", f"{seconds.p95:.2f} s")

"""The metrics of a run: its verdicts, and each service level's latencies, objective, and how often it was met.

Each run is an instance of its own (`service.instance.id`) and exports once. So a count is a gauge, how many there were
in this run, and the latencies are a histogram of this run: added over the runs of a day, they are that day's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from opentelemetry.sdk.metrics import MeterProvider

from acceptance.service_levels.levels import Distribution
from acceptance.telemetry.observed import JudgedLevel
from acceptance.telemetry.spans import CASE_STATUS, RESULTS, SCOPE, SUITE_NAME, SUITE_STATUS, SYSTEM

# In s: from a function's duration to a person's wait. One more is inserted for each objective.
BOUNDARIES = (0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0, 20.0, 30.0, 60.0, 300.0)
LEVEL, LEVEL_TITLE = "acceptance.service_level.key", "acceptance.service_level.title"
COMPLIANCE = "acceptance.compliance"
# The run's end is also reported as a time, for an alarm that fires when no run reports any more.
STATUSES = ("success", "failure", "skipped", "aborted", "timed_out")


def record_verdicts(provider: MeterProvider, words: Iterable[str], suite: str) -> None:
    """Record how many scenarios of a run had each verdict; those of none are recorded too."""
    meter = provider.get_meter(SCOPE)
    counts = Counter(words)
    scenarios = meter.create_gauge(
        "acceptance.run.scenarios", "{scenario}", "How many scenarios of the run ended with each verdict"
    )
    for word, result in RESULTS.items():
        scenarios.set(counts[word], {CASE_STATUS: result, SUITE_NAME: suite})


def record_run(provider: MeterProvider, status: str, seconds: float, ended_s: float, suite: str) -> None:
    """Record how a run ended (`test.suite.run.status`), how long it took, and when that was (s since 1970)."""
    meter = provider.get_meter(SCOPE)
    about = {SUITE_NAME: suite}
    runs = meter.create_gauge("acceptance.run.status", "{run}", "1 for how the run ended, 0 for how it did not")
    for one in STATUSES:
        runs.set(int(one == status), {SUITE_STATUS: one, **about})
    meter.create_gauge("acceptance.run.duration", "s", "How long the run took").set(seconds, about)
    meter.create_gauge("acceptance.run.ended", "s", "When the run ended, since 1970").set(ended_s, about)


def record_levels(provider: MeterProvider, levels: Sequence[JudgedLevel]) -> None:
    """Record every latency that a run has checked."""
    meter = provider.get_meter(SCOPE)
    latency = meter.create_histogram(
        "acceptance.service_level.latency",
        "s",
        "How long it took at most, by the stamps of the cloud",
        explicit_bucket_boundaries_advisory=sorted({*BOUNDARIES, *(level.budget / 1000 for level in levels)}),
    )
    objective = meter.create_gauge("acceptance.service_level.objective", "s", "How long it may take")
    checks = meter.create_gauge(
        "acceptance.service_level.checks", "{check}", "How often the service level was met, missed, or neither is known"
    )
    for level in _together(levels):
        about = {LEVEL: level.key, LEVEL_TITLE: level.title, SYSTEM: level.system}
        objective.set(level.budget / 1000, about)
        for value, count in level.distribution.longest():
            for _ in range(count):
                latency.record(value / 1000, about)
        for compliance, count in level.distribution.compliance(level.budget).items():
            checks.set(count, {**about, COMPLIANCE: compliance.value})


def _together(levels: Iterable[JudgedLevel]) -> Iterable[JudgedLevel]:
    """Combine the measurements of the same service level from several scenarios."""
    found: dict[tuple[str, str], JudgedLevel] = {}
    for level in levels:
        same = found.setdefault((level.system, level.key), replace(level, distribution=Distribution()))
        same.distribution.merge(level.distribution)
    return found.values()

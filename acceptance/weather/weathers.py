"""The named weathers, as data: one table, with the source of every figure that is known of AWS beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from acceptance.trouble import Trouble

ASSUMED = "assumed: AWS publishes no figure"
_DOCS = "https://docs.aws.amazon.com"
_SQS = f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide"


def _figure(meaning: str, unit: str, source: str) -> Any:
    return field(default=0.0, metadata={"meaning": meaning, "unit": unit, "source": source})


@dataclass(frozen=True)
class Weather:
    """How an account behaves. Shares are of 1, per call or per message; each lag is the longest there is."""

    name: str
    latency_least: float = _figure("shortest additional latency of a call", "ms", ASSUMED)
    latency_most: float = _figure("longest additional latency of a call", "ms", ASSUMED)
    list_lag: float = _figure(
        "executions are listed late, and as running although they have ended",
        "s",
        f"{_DOCS}/step-functions/latest/apireference/API_ListExecutions.html (eventually consistent; no figure)",
    )
    stale_read: float = _figure(
        "eventually consistent reads that repeat the previous answer",
        "share",
        f"{_DOCS}/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html and "
        f"{_DOCS}/step-functions/latest/apireference/API_DescribeExecution.html (no figure)",
    )
    read_lag: float = _figure("age of a stale answer", "s", ASSUMED)
    history_lag: float = _figure(
        "events are missing from the end of a history",
        "s",
        f"{_DOCS}/step-functions/latest/apireference/API_GetExecutionHistory.html (no figure)",
    )
    log_lag: float = _figure(
        "the log lines of functions are late",
        "s",
        f"{_DOCS}/lambda/latest/dg/monitoring-cloudwatchlogs.html (5 to 10 minutes at the worst)",
    )
    rule_deafness: float = _figure(
        "a new rule, or one with a new target, delivers nothing",
        "s",
        f"{_DOCS}/eventbridge/latest/APIReference/API_PutRule.html (“a short period of time”)",
    )
    permission_lag: float = _figure(
        "a new access key or policy is not in force",
        "s",
        f"{_DOCS}/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency (no figure)",
    )
    message_delay: float = _figure(
        "messages of a standard queue are delayed individually, so they overtake each other",
        "ms",
        f"{_SQS}/standard-queues.html (best-effort ordering)",
    )
    twice_by_bus: float = _figure(
        "events that a rule delivers twice, as two messages",
        "share",
        f"{_DOCS}/eventbridge/latest/userguide/eb-rule-retry-policy.html (deliveries are repeated; no figure)",
    )
    twice_by_queue: float = _figure(
        "messages that a queue delivers twice",
        "share",
        f"{_SQS}/standard-queues-at-least-once-delivery.html (no figure)",
    )
    throttled: float = _figure(
        "calls that are throttled, with the service's own message",
        "share",
        f"{_DOCS}/general/latest/gr/api-retries.html (limits of each account and action)",
    )
    spell: float = _figure(
        "after a throttling, most calls of the same action are throttled for this long", "s", ASSUMED
    )
    unavailable: float = _figure("calls that are answered by a 5xx, without an effect", "share", ASSUMED)
    failed_after: float = _figure("calls that are answered by a 504 after their effect", "share", ASSUMED)
    cut_before: float = _figure("connections that are reset before the effect of a call", "share", ASSUMED)
    cut_after: float = _figure("connections that are reset after the effect of a call", "share", ASSUMED)
    at_http_apis: float = _figure(
        "the four shares above at a system's HTTP API, where a lost request may or may not have been processed",
        "times",
        ASSUMED,
    )
    page: int = field(
        default=0,
        metadata={
            "meaning": "maximum entries per page of a list; 0: as requested",
            "unit": "entries",
            "source": f"{_DOCS}/step-functions/latest/apireference/API_ListExecutions.html (“might be fewer”)",
        },
    )
    clocks_apart: float = _figure("maximum difference of two services' clocks", "ms", ASSUMED)


_AWS: Mapping[str, Any] = {
    "latency_least": 10,
    "latency_most": 80,
    "list_lag": 1.5,
    "stale_read": 0.05,
    "read_lag": 0.5,
    "history_lag": 0.5,
    "log_lag": 5,
    "rule_deafness": 2,
    "permission_lag": 2,
    "message_delay": 150,
    "twice_by_bus": 0.01,
    "twice_by_queue": 0.05,
    "page": 50,
    "clocks_apart": 20,
}
_RAIN: Mapping[str, Any] = {
    **_AWS,
    "list_lag": 3,
    "stale_read": 0.1,
    "read_lag": 1,
    "history_lag": 1,
    "rule_deafness": 4,
    "permission_lag": 5,
    "message_delay": 300,
    "throttled": 0.02,
    "spell": 0.2,
    "unavailable": 0.005,
    "failed_after": 0.001,
    "cut_before": 0.001,
    "cut_after": 0.002,
    "page": 20,
}
_STORM: Mapping[str, Any] = {
    **_RAIN,
    "latency_most": 400,
    "list_lag": 6,
    "stale_read": 0.3,
    "read_lag": 3,
    "history_lag": 3,
    "log_lag": 20,
    "rule_deafness": 10,
    "permission_lag": 15,
    "message_delay": 1500,
    "twice_by_bus": 0.05,
    "twice_by_queue": 0.1,
    "throttled": 0.1,
    "spell": 2,
    "unavailable": 0.03,
    "failed_after": 0.01,
    "cut_before": 0.01,
    "cut_after": 0.02,
    "at_http_apis": 1,
    "page": 7,
}
CALM = Weather("calm")
WEATHERS: Mapping[str, Weather] = {
    one.name: one for one in (CALM, Weather("aws", **_AWS), Weather("rain", **_RAIN), Weather("storm", **_STORM))
}


def weather_called(name: str) -> Weather:
    """Return a weather by its name. Raises Trouble, with the names that there are, for any other one."""
    if name not in WEATHERS:
        raise Trouble(f"No weather is called “{name}”.", f"There are: {', '.join(WEATHERS)}.")
    return WEATHERS[name]


def markdown() -> str:
    """Return the table of all weathers, for the documentation."""
    lines = [f"| figure | unit | {' | '.join(WEATHERS)} | known of AWS |", "|---|---|" + "---|" * (len(WEATHERS) + 1)]
    for one in fields(Weather)[1:]:
        values = " | ".join(f"{getattr(weather, one.name):g}" for weather in WEATHERS.values())
        told = one.metadata
        lines.append(f"| `{one.name}`: {told['meaning']} | {told['unit']} | {values} | {told['source']} |")
    return "\n".join(lines) + "\n"

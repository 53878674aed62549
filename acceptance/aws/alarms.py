"""What the alarms of an account watch: an alarm goes off for the first message or failure, and not for none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from acceptance.aws.account import Account
from acceptance.matchers import Says


def unwatched(account: Account, metrics: Sequence[str], dimension: str, names: Sequence[str]) -> Sequence[str]:
    """Return those of these names for which no alarm on one of the metrics goes off.

    `dimension` says what the names are, such as QueueName.
    """
    seen = set(_watched(account, metrics, dimension))
    return [name for name in names if name not in seen]


def each_has_one(what: str) -> Says:
    """The names without an alarm: none. `what` they are, and when it must go off."""
    return Says(
        f"an alarm for each {what}",
        lambda missing: not missing,
        lambda missing: f"there is none for {', '.join(missing)}",
    )


def _watched(account: Account, metrics: Sequence[str], dimension: str) -> Iterator[str]:
    pages = account.client("cloudwatch").get_paginator("describe_alarms").paginate()
    for page in pages:
        for alarm in page["MetricAlarms"]:
            if alarm.get("MetricName") in metrics and _goes_off_at_once(alarm):
                yield from (one["Value"] for one in alarm.get("Dimensions", ()) if one["Name"] == dimension)


def _goes_off_at_once(alarm: Mapping[str, Any]) -> bool:
    """Whether an alarm goes off for one, in the first period that has it, and not for none, or for no data."""
    periods = alarm.get("DatapointsToAlarm") or alarm.get("EvaluationPeriods", 1)
    # The metrics of a queue end when it has been empty for some hours: that calls nobody.
    if alarm.get("TreatMissingData") == "breaching":
        return False
    return periods == 1 and _goes_off_for(alarm, 1) and not _goes_off_for(alarm, 0)


def _goes_off_for(alarm: Mapping[str, Any], value: float) -> bool:
    """Whether an alarm goes off when its metric has this value."""
    threshold = alarm["Threshold"]
    if alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold":
        return bool(value >= threshold)
    return bool(alarm["ComparisonOperator"] == "GreaterThanThreshold" and value > threshold)

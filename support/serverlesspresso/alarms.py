"""The alarms of the account that a café runs on."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from acceptance.aws.account import Account
from acceptance.trouble import Trouble

# The metrics of SQS that say that messages are in a queue.
MESSAGES = ("ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent", "ApproximateAgeOfOldestMessage")
# The metric of Step Functions that counts the executions of a workflow that have failed.
FAILED = ("ExecutionsFailed",)


class Alarms:
    """Which queues and workflows an alarm watches: it goes off for the first message or failure, and not for none."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def without_for_messages(self, queues: Sequence[str]) -> Sequence[str]:
        """Return those of these queues for which no alarm goes off when one message is in them."""
        watched = set(self._watched(MESSAGES, "QueueName"))
        return [name for name in queues if name not in watched]

    def without_for_failures(self, workflow: str) -> Sequence[str]:
        """Return the workflows that are begun when this one has ended, and for whose failures no alarm goes off.

        Raises Trouble without such workflows.
        """
        begun = sorted(set(self._begun_after(workflow)))
        if not begun:
            raise Trouble("No workflow of the café's is begun when the workflow of an order has been stopped.")
        watched = set(self._watched(FAILED, "StateMachineArn"))
        return [arn.rpartition(":")[2] for arn in begun if arn not in watched]

    def _begun_after(self, workflow: str) -> Iterator[str]:
        """The workflows that the account's own bus begins when this one changes its status."""
        events = self._account.events
        for page in events.get_paginator("list_rules").paginate():
            for rule in page["Rules"]:
                meant = json.loads(rule.get("EventPattern") or "{}").get("detail", {}).get("stateMachineArn", ())
                if workflow in meant:
                    targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
                    yield from (target["Arn"] for target in targets if ":states:" in target["Arn"])

    def _watched(self, metrics: Sequence[str], dimension: str) -> Iterator[str]:
        """What the alarms on these metrics watch, by a dimension."""
        pages = self._account.client("cloudwatch").get_paginator("describe_alarms").paginate()
        for page in pages:
            for alarm in page["MetricAlarms"]:
                if alarm.get("MetricName") in metrics and _goes_off_at_once(alarm):
                    yield from (one["Value"] for one in alarm.get("Dimensions", ()) if one["Name"] == dimension)


def _goes_off_at_once(alarm: Mapping[str, Any]) -> bool:
    """Whether an alarm goes off for one, in the first period that has it, and not for none."""
    periods = alarm.get("DatapointsToAlarm") or alarm.get("EvaluationPeriods", 1)
    return periods == 1 and _goes_off_for(alarm, 1) and not _goes_off_for(alarm, 0)


def _goes_off_for(alarm: Mapping[str, Any], value: float) -> bool:
    """Whether an alarm goes off when its metric has this value."""
    threshold = alarm["Threshold"]
    if alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold":
        return bool(value >= threshold)
    return bool(alarm["ComparisonOperator"] == "GreaterThanThreshold" and value > threshold)

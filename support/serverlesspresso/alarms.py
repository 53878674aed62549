"""The alarms of the account that a café runs on."""

import json
from collections.abc import Iterator, Sequence

from acceptance.aws.account import Account
from acceptance.aws.alarms import unwatched
from acceptance.trouble import Trouble

# The metric of Step Functions that counts the executions of a workflow that have failed.
FAILED = ("ExecutionsFailed",)


def unnoticed(account: Account, workflow: str) -> Sequence[str]:
    """Return the workflows that are begun when this one has ended, and for whose failures no alarm goes off.

    Raises Trouble without such workflows.
    """
    begun = sorted(set(_begun_after(account, workflow)))
    if not begun:
        raise Trouble("No workflow of the café's is begun when the workflow of an order has been stopped.")
    return [arn.rpartition(":")[2] for arn in unwatched(account, FAILED, "StateMachineArn", begun)]


def _begun_after(account: Account, workflow: str) -> Iterator[str]:
    """The workflows that the account's own bus begins when this one changes its status."""
    events = account.events
    for page in events.get_paginator("list_rules").paginate():
        for rule in page["Rules"]:
            meant = json.loads(rule.get("EventPattern") or "{}").get("detail", {}).get("stateMachineArn", ())
            if workflow in meant:
                targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
                yield from (target["Arn"] for target in targets if ":states:" in target["Arn"])

"""The leftovers of killed runs in a café: orders and workflows by their ids, taps by their leases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from acceptance.aws.account import Account
from acceptance.aws.executions import Execution, Executions
from acceptance.aws.items import plain
from acceptance.aws.lease import Lease, leases
from acceptance.target import OURS
from support.serverlesspresso.ids import is_made_up
from support.serverlesspresso.parts import Parts


@dataclass(frozen=True)
class Leftovers:
    """The ids of orders and people, the running workflows, and the leases of dead runs."""

    orders: Sequence[str]
    people: Sequence[str]
    workflows: Sequence[Execution]
    leases: Sequence[Lease]


def find_leftovers(account: Account, parts: Parts, workflows: Executions) -> Leftovers:
    """Find the leftovers of dead runs."""
    orders = list(_keys(account, parts.orders_table, "orders", OURS))
    people = [person for person in _keys(account, parts.orders_table, "customers") if is_made_up(person)]
    running = [execution for execution in workflows.running() if str(execution.key).startswith(OURS)]
    # Read last: a run creates its tap before it orders, so the tap of these orders' run is seen, if it is alive.
    known = leases(account, parts.event_bus)
    living = tuple(f"{OURS}{lease.run_id}-" for lease in known.living)
    return Leftovers(
        [order_id for order_id in orders if not order_id.startswith(living)],
        [person for person in people if not person.endswith(tuple(f"-{lease.run_id}" for lease in known.living))],
        [execution for execution in running if not str(execution.key).startswith(living)],
        known.ended,
    )


def _keys(account: Account, table: str, kind: str, beginning: str = "") -> Iterator[str]:
    begins = {":beginning": {"S": beginning}} if beginning else {}
    pages = account.dynamodb.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression=f"PK = :kind{' AND begins_with(SK, :beginning)' if beginning else ''}",
        ExpressionAttributeValues={":kind": {"S": kind}, **begins},
        Select="SPECIFIC_ATTRIBUTES",  # the policy allows a run to read no more
        ProjectionExpression="SK",
    )
    for page in pages:
        yield from (plain(item)["SK"] for item in page["Items"])

"""Orders that a durable function processes: submitted, watched, and removed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from aws_durable_execution_sdk_python_testing.runner import DurableFunctionCloudTestRunner
from botocore.exceptions import ClientError
from hamcrest import is_not

from acceptance.aws.account import Account, LostAnswer, note_repetition, once
from acceptance.aws.disturbances import disturbed
from acceptance.aws.disturber import Disturbance
from acceptance.aws.durable import DurableExecution, execution, not_seen_yet
from acceptance.aws.function_logs import GROUP, logged
from acceptance.aws.items import plain, typed
from acceptance.target import OURS
from acceptance.trouble import Trouble
from acceptance.undo import undo_all
from acceptance.waiting import AWS_PACE, Waiter
from support.durable_orders.parts import DurableParts

# How often the runner asks, in s. By default it asks once a second.
POLL_SECONDS = 0.1
# How long reading the stored orders may take, in s.
READ_SECONDS = 10.0
# How far this machine's clock may be ahead of the cloud's.
CLOCK_SKEW = timedelta(minutes=5)
# How long an order can be under way: the time-out of an execution, in s.
LONGEST_SECONDS = 300.0
# How long a write takes at most where an order is submitted twice at the same moment, in ms; half of that at least.
WRITE_MS = 300.0
# A table's name, and the key of an item in it.
ItemKey = tuple[str, Mapping[str, Any]]
THROTTLED = ("TooManyRequestsException", "ThrottlingException")
NOT_THERE = "ResourceNotFoundException"
# Not on AWS, which heeds an execution's name: within so many s a list shows new executions, and so often an order is
# submitted whose answer is lost and which no list shows.
LISTED_SECONDS, CALLS = 10.0, 3
# Whose answer to a synchronous call comes when the execution has ended.
AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


@dataclass
class Placed:
    """A submitted order. Each submission starts an execution of its own."""

    content: Mapping[str, Any]
    executions: list[str] = field(default_factory=list)
    there: Sequence[ItemKey] = ()  # stored earlier under the ids it may be mistaken for
    since: datetime = field(default_factory=lambda: datetime.now(UTC))  # no record of it is older

    @property
    def order_id(self) -> str:
        """Its id, "" if this suite did not make it up: an order with another id belongs to another user."""
        order_id = self.content.get("orderId")
        return order_id if isinstance(order_id, str) and order_id.startswith(OURS) else ""

    @property
    def taken_for(self) -> Sequence[str]:
        """The ids under which a shop may store it if the shop accepts an order without an id."""
        if self.order_id or not isinstance(self.content, dict):
            return ()
        given = self.content.get("orderId")
        written = dict.fromkeys([given if isinstance(given, str) else str(given), json.dumps(given), "undefined"])
        return [one for one in written if one]  # no key is empty


class _Runner(DurableFunctionCloudTestRunner):
    """The SDK's runner with this account's credentials, time limits and retries: its own client has the caller's."""

    def __init__(self, function_name: str, region: str, endpoint: str | None, functions: Any) -> None:
        self.function_name, self.region, self.lambda_endpoint = function_name, region, endpoint
        self.poll_interval, self.lambda_client = POLL_SECONDS, functions


class DurableOrders:
    """The durable function of one run's target, by its alias, and the tables behind it."""

    def __init__(self, account: Account, parts: DurableParts, run_id: str) -> None:
        self.parts = parts
        self._account = account
        self._functions = account.client("lambda")
        self._run_id = run_id
        self._placed: list[Placed] = []
        name = f"{parts.function}:{parts.alias}"
        self._runner = _Runner(name, account.region, account.endpoint, self._functions)
        # MiniStack lets an execution go on after a wait only if it was invoked and waited for; its answer comes at the
        # first wait. On AWS such a call would last as long as the execution.
        self._on_aws = str(urlsplit(self._functions.meta.endpoint_url).hostname).endswith(AWS_DOMAINS)
        # AWS starts an execution of a name only once, however often it is asked to. MiniStack does not heed the name.
        self._submitting = self._functions if self._on_aws else once(account.client("lambda"), "Invoke")

    # --- customers -------------------------------------------------------------------------

    def new_order(self, ending: str = "", **more: Any) -> Mapping[str, Any]:
        """Create an order with an unused id."""
        return {"orderId": f"{OURS}{self._run_id}-{uuid.uuid4().hex[:8]}{ending}", **more}

    @property
    def is_embedded(self) -> bool:
        """Whether the function uses the embedded account, whose calls can be made to fail or to take their time."""
        return bool(self._account.account_id)

    @contextmanager
    def slow_writes(self, placed: Placed) -> Iterator[None]:
        """Delay writes about an order, so that a concurrent reader is sure to read stale data.

        Has no effect on an account that is not embedded.
        """
        slowly = Disturbance([placed.order_id], delay=WRITE_MS)
        with disturbed(self._account, slowly) if self.is_embedded else nullcontext():
            yield

    @contextmanager
    def a_write_fails(self, placed: Placed, *, after: int) -> Iterator[None]:
        """Fail one write about an order, after `after` writes that succeed. Raises Trouble unless embedded."""
        with disturbed(self._account, Disturbance([placed.order_id], after=after, times=1)):
            yield

    def submit(self, content: Any) -> Placed:
        """Submit an order. Raises Trouble when it is not accepted."""
        placed = self.take(content)
        self.submit_again(placed)
        return placed

    def take(self, content: Any) -> Placed:
        """Return an order that is not yet submitted. It is removed at the end."""
        placed = Placed(content)
        placed.there = [item for order_id in placed.taken_for for item in self._kept(order_id)]
        self._placed.append(placed)
        return placed

    def submit_again(self, placed: Placed, **more: Any) -> None:
        """Submit an order, or resubmit it, with additional fields."""
        try:
            placed.executions.append(self._invoke({**placed.content, **more} if more else placed.content))
        except ClientError as error:
            raise self._trouble(error) from error

    # --- their outcome ---------------------------------------------------------------------

    def executions(self, placed: Placed) -> Sequence[DurableExecution]:
        """Return the progress of each submission of an order. Raises Trouble when one was stopped from outside."""
        return [self.execution(arn) for arn in placed.executions]

    def execution(self, arn: str, *, stopped_is_trouble: bool = True) -> DurableExecution:
        """Return the progress of an execution. Raises Trouble when it was stopped from outside."""
        try:
            found = self._functions.get_durable_execution(DurableExecutionArn=arn)
            events = list(self._history(arn))
        except ClientError as error:
            if error.response["Error"]["Code"] == NOT_THERE:  # AWS may show it only after a while
                return not_seen_yet(arn)
            raise self._trouble(error) from error
        seen = execution(found, events)
        if seen.status == "STOPPED" and stopped_is_trouble:
            raise Trouble(
                f"An order's execution was stopped from outside{f' (“{seen.error}”)' if seen.error else ''}: "
                f"{arn.rpartition(':')[2]}. Nothing can be said about that order; run again."
            )
        return seen

    def returned(self, arn: str) -> Any:
        """Return the result of a succeeded execution, as the SDK's own runner reads it."""
        result = self._runner.wait_for_result(arn, timeout=round(READ_SECONDS)).result
        return json.loads(result) if result else None

    def stored(self, order_id: str) -> Mapping[str, Any] | None:
        """Return an order's item in the table, with numbers as Decimals; None if there is none."""
        answer = self._account.dynamodb.get_item(
            TableName=self.parts.orders_table, Key=typed({"orderId": order_id}), ConsistentRead=True
        )
        return plain(answer["Item"]) if "Item" in answer else None

    def charges(self, order_id: str) -> Sequence[Mapping[str, Any]]:
        """Return every charge that was booked for an order."""
        return [item for item in self.booked(order_id) if "amount" in item]

    def booked(self, order_id: str) -> Sequence[Mapping[str, Any]]:
        """Return every entry of an order's payment."""
        return list(map(plain, self._entries(order_id))) if self.parts.payments_table else []

    def charge_keys(self, order_id: str) -> Sequence[str]:
        """Return the key of each charge of an order: without the order's id, if it consists of more."""
        names = self.parts.payments_key[1:] or self.parts.payments_key
        return ["/".join(str(one[name]) for name in names) for one in self.charges(order_id)]

    def log(self, placed: Placed) -> Sequence[str]:
        """Return what the function has logged since an order was made up. Raises Trouble when it has no log."""
        group = GROUP.format(self.parts.function)
        try:
            return [
                event["message"] for event in logged(self._account.logs, group, int(placed.since.timestamp() * 1000))
            ]
        except self._account.logs.exceptions.ResourceNotFoundException:
            raise Trouble(f"The function has no log {group}, so what it logs cannot be checked.") from None

    def _entries(self, order_id: str) -> Sequence[Mapping[str, Any]]:
        pages = self._account.dynamodb.get_paginator("query").paginate(
            TableName=self.parts.payments_table,
            KeyConditionExpression="orderId = :id",
            ExpressionAttributeValues=typed({":id": order_id}),
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

    def time_to_live(self) -> str:
        """Return the attribute by which the table expires orders (TTL), "" if it expires none."""
        told = self._account.dynamodb.describe_time_to_live(TableName=self.parts.orders_table)
        described = told["TimeToLiveDescription"]
        return str(described["AttributeName"]) if described["TimeToLiveStatus"] in ("ENABLED", "ENABLING") else ""

    def configuration(self) -> Mapping[str, Any]:
        """Return the durable configuration of the function's alias."""
        told = self._functions.get_function_configuration(FunctionName=self.parts.function, Qualifier=self.parts.alias)
        return dict(told.get("DurableConfig") or {})

    def all_stored(self) -> Mapping[str, Mapping[str, Any]]:
        """Return everything in the orders' table, by the orders' ids."""
        pages = self._account.dynamodb.get_paginator("scan").paginate(
            TableName=self.parts.orders_table, ConsistentRead=True
        )
        items = [plain(item) for page in pages for item in page["Items"]]
        return {str(item["orderId"]): item for item in items}

    def submitted_order_ids(self, before_ms: float) -> frozenset[str]:
        """Return the ids of all submitted orders that may be stored after then (epoch ms)."""
        since = datetime.fromtimestamp(before_ms / 1000 - LONGEST_SECONDS, UTC)
        orders = map(self._input, self._executions_since(since))
        ids = [order.get("orderId") for order in orders if isinstance(order, dict)]
        return frozenset(one for one in ids if isinstance(one, str) and one.strip())

    # --- the end ---------------------------------------------------------------------------

    def leave(self) -> None:
        """Stop this run's executions, and remove its orders and their charges.

        An error with one order does not stop the others; the first error is raised at the end.
        """
        placed, self._placed = self._placed, []
        stops = [partial(self._stop, arn) for one in placed for arn in one.executions]
        undo_all([*stops, *(partial(self._remove, one) for one in placed)])

    def done_with(self, placed: Placed) -> None:
        """Remove an order that is over at once, not at the end."""
        self._placed.remove(placed)
        self._remove(placed)

    def _stop(self, arn: str) -> None:
        if self.execution(arn, stopped_is_trouble=False).is_over:
            return
        try:
            self._functions.stop_durable_execution(
                DurableExecutionArn=arn, Error={"ErrorType": "AcceptanceRun", "ErrorMessage": "The run is over."}
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in (NOT_THERE, "InvalidParameterValueException"):
                raise  # else it has ended in between

    def _remove(self, placed: Placed) -> None:
        """Remove an order's items. Under an id that is not ours, remove only items that were not there before."""
        for order_id in [placed.order_id] if placed.order_id else placed.taken_for:
            for table, key in self._kept(order_id):
                if (table, key) not in placed.there:
                    self._account.dynamodb.delete_item(TableName=table, Key=key)

    def _kept(self, order_id: str) -> Sequence[ItemKey]:
        """Return the keys of an order's items in the two tables."""
        parts, key = self.parts, typed({"orderId": order_id})
        stored = [(parts.orders_table, key)] if self.stored(order_id) is not None else []
        booked = self._entries(order_id) if parts.payments_table else ()
        return [
            *stored,
            *((parts.payments_table, {name: entry[name] for name in parts.payments_key}) for entry in booked),
        ]

    # --- the function ------------------------------------------------------------------------

    def _invoke(self, content: Any) -> str:
        """Start an execution and return its ARN. Raises LostAnswer when it is not known whether it was started."""
        began = datetime.now(UTC)
        for attempt in range(1, CALLS + 1):
            try:
                return self._started_by(self._call(content))
            except LostAnswer:
                if not Placed(content).order_id:
                    raise  # indistinguishable from others'
                if arn := self._shown_within(LISTED_SECONDS, began, content):
                    return arn
                if attempt == CALLS:
                    raise
                note_repetition()
        raise AssertionError("unreachable")

    def _shown_within(self, seconds: float, began: datetime, content: Any) -> str:
        """Return the execution started by a call whose answer was lost, "" if no list shows it by then."""
        return str(Waiter(seconds, 0.0, AWS_PACE).settle(self._started_since, began, content, is_not("")))

    def _call(self, content: Any) -> Any:
        return self._submitting.invoke(
            FunctionName=self.parts.function,
            Qualifier=self.parts.alias,
            InvocationType="Event" if self._on_aws else "RequestResponse",
            DurableExecutionName=f"{OURS}{uuid.uuid4().hex}",
            Payload=json.dumps(content),
        )

    def _started_by(self, called: Any) -> str:
        arn = called.get("DurableExecutionArn")
        if not arn:
            answer = called["Payload"].read().decode()[:300] if "Payload" in called else ""
            raise Trouble(
                f"The function {self.parts.function} is not durable{answer and f': {answer}'}. "
                "Give it a DurableConfig, or name another one with -D durable_function=…."
            )
        return str(arn)

    def _started_since(self, began: datetime, content: Any) -> str:
        """Return the execution started by a call whose answer was lost, "" if none is shown."""
        known = {arn for placed in self._placed for arn in placed.executions}
        arns = [arn for arn in self._executions_since(began - CLOCK_SKEW) if arn not in known]
        return next((arn for arn in arns if self._input(arn) == content), "")

    def _executions_since(self, since: datetime) -> Sequence[str]:
        pages = self._functions.get_paginator("list_durable_executions_by_function").paginate(
            FunctionName=self.parts.function, Qualifier=self.parts.version, StartedAfter=since
        )
        return [one["DurableExecutionArn"] for page in pages for one in page["DurableExecutions"]]

    def _input(self, arn: str) -> Any:
        given = self._functions.get_durable_execution(DurableExecutionArn=arn).get("InputPayload")
        return json.loads(given) if given else None

    def _history(self, arn: str) -> Any:
        marker: dict[str, str] = {}
        while True:
            page = self._functions.get_durable_execution_history(
                DurableExecutionArn=arn, IncludeExecutionData=True, **marker
            )
            yield from page["Events"]
            if not page.get("NextMarker"):
                return
            marker = {"Marker": page["NextMarker"]}

    def _trouble(self, error: ClientError) -> Trouble:
        code = error.response["Error"]["Code"]
        name = f"{self.parts.function}:{self.parts.alias}"
        if code in THROTTLED:
            return Trouble(
                f"Lambda takes no more calls about {name} now ({code}), after all retries: "
                "wait, or raise the function's reserved concurrency or the account's limits."
            )
        return Trouble(f"Lambda refuses a call about {name}: {error}.")

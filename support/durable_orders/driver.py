"""Orders that a durable function processes: submitted, watched, and removed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
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
from acceptance.aws.queues import kept_for, unwatched
from acceptance.target import OURS
from acceptance.trouble import Trouble
from acceptance.undo import undo_all
from acceptance.waiting import AWS_PACE, Waiter
from support.durable_orders.parts import DurableParts
from support.durable_orders.tables import ItemKey, OrderTables

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
THROTTLED = ("TooManyRequestsException", "ThrottlingException")
NOT_THERE = "ResourceNotFoundException"
# Not on AWS, which heeds an execution's name: within so many s a list shows new executions, and so often an order is
# submitted whose answer is lost and which no list shows.
LISTED_SECONDS, CALLS = 10.0, 3
# The most messages that SQS hands out at a time, and how long it hides them then, in s.
PAGE, HIDDEN_SECONDS = 10, 1
# Whose answer to a synchronous call comes when the execution has ended.
AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


@dataclass
class Placed:
    """A submitted order. Each submission starts an execution of its own."""

    content: Any  # a mapping, unless someone tries to submit something else
    executions: list[str] = field(default_factory=list)
    there: Sequence[ItemKey] = ()  # stored earlier under the ids it may be mistaken for
    since: datetime = field(default_factory=lambda: datetime.now(UTC))  # no record of it is older

    @property
    def order_id(self) -> str:
        """Its id, "" if this suite did not make it up: an order with another id belongs to another user."""
        order_id = self.content.get("orderId") if isinstance(self.content, dict) else None
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
    """The durable function of one run's target, by its alias, and the `tables` behind it."""

    def __init__(self, account: Account, parts: DurableParts, run_id: str) -> None:
        self.parts = parts
        self.tables = OrderTables(account, parts)
        self._account = account
        self._functions = account.client("lambda")
        self._run_id = run_id
        self._placed: list[Placed] = []
        self._name = f"{parts.function}:{parts.alias}"
        self._runner = _Runner(self._name, account.region, account.endpoint, self._functions)
        # MiniStack lets an execution go on after a wait only if it was invoked and waited for; its answer comes at the
        # first wait. On AWS such a call would last as long as the execution.
        self._on_aws = str(urlsplit(self._functions.meta.endpoint_url).hostname).endswith(AWS_DOMAINS)
        # AWS starts an execution of a name only once, however often it is asked to. MiniStack does not heed the name.
        self._submitting = self._functions if self._on_aws else once(account.client("lambda"), "Invoke")

    def new_order(self, ending: str = "", **more: Any) -> Mapping[str, Any]:
        """Create an order with an unused id."""
        return {"orderId": f"{OURS}{self._run_id}-{uuid.uuid4().hex[:8]}{ending}", **more}

    @property
    def is_embedded(self) -> bool:
        """Whether the function uses the embedded account, whose calls can be made to fail or to take their time."""
        return bool(self._account.account_id)

    def slow_writes(self, placed: Placed) -> AbstractContextManager[object]:
        """Delay writes about an order, so that a concurrent reader is sure to read stale data.

        Has no effect on an account that is not embedded.
        """
        slowly = Disturbance([placed.order_id], delay=WRITE_MS)
        return disturbed(self._account, slowly) if self.is_embedded else nullcontext()

    @contextmanager
    def disturbed(self, placed: Placed, disturbance: Disturbance) -> Iterator[Callable[[], bool]]:
        """Disturb calls about an order, and yield a function that says whether one was.

        Raises Trouble unless the account is embedded.
        """
        about = replace(disturbance, containing=[placed.order_id])
        with disturbed(self._account, about) as [seen]:
            yield lambda: seen() > about.after

    def submit(self, content: Any) -> Placed:
        """Submit an order. Raises Trouble when it is not accepted."""
        placed = self.take(content)
        self.submit_again(placed)
        return placed

    def take(self, content: Any) -> Placed:
        """Return an order that is not yet submitted. It is removed at the end."""
        placed = Placed(content)
        placed.there = [item for order_id in placed.taken_for for item in self.tables.keys_of(order_id)]
        self._placed.append(placed)
        return placed

    def submit_again(self, placed: Placed, **more: Any) -> None:
        """Submit an order, or resubmit it, with additional fields."""
        try:
            placed.executions.append(self._invoke({**placed.content, **more} if more else placed.content))
        except ClientError as error:
            raise self._trouble(error) from error

    def executions(self, placed: Placed) -> Sequence[DurableExecution]:
        """Return the progress of each submission of an order. Raises Trouble when one was stopped from outside."""
        return [self.execution(arn) for arn in placed.executions]

    def execution(self, arn: str, *, stopped_is_trouble: bool = True) -> DurableExecution:
        """Return the progress of an execution. Raises Trouble when it was stopped from outside."""
        try:
            found = self._functions.get_durable_execution(DurableExecutionArn=arn)
            history = self._functions.get_paginator("get_durable_execution_history")
            pages = history.paginate(DurableExecutionArn=arn, IncludeExecutionData=True)
            events = [event for page in pages for event in page["Events"]]
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

    def has_come_to_an_end(self, placed: Placed) -> bool:
        """Whether each submission of an order has succeeded or failed. One that was stopped comes to no end."""
        seen = [self.execution(arn, stopped_is_trouble=False).status for arn in placed.executions]
        return bool(seen) and all(status in ("SUCCEEDED", "FAILED") for status in seen)

    def returned(self, arn: str) -> Any:
        """Return the result of a succeeded execution, as the SDK's own runner reads it."""
        result = self._runner.wait_for_result(arn, timeout=round(READ_SECONDS)).result
        return json.loads(result) if result else None

    def log(self, placed: Placed) -> Sequence[str]:
        """Return what the function has logged since an order was made up. Raises Trouble when it has no log."""
        group, since = GROUP.format(self.parts.function), int(placed.since.timestamp() * 1000)
        try:
            return [event["message"] for event in logged(self._account.logs, group, since)]
        except self._account.logs.exceptions.ResourceNotFoundException:
            raise Trouble(f"The function has no log {group}, so what it logs cannot be checked.") from None

    def dead_letters(self) -> Sequence[str]:
        """Return the content of each message in the queue for orders that have failed or were stopped."""
        url, found = self._dead_letters_url(), []
        if not url:
            return []
        asked = {"QueueUrl": url, "MaxNumberOfMessages": PAGE, "VisibilityTimeout": HIDDEN_SECONDS}
        while messages := self._account.sqs.receive_message(**asked).get("Messages"):
            found += [message["Body"] for message in messages]
        return found

    def dead_letters_kept(self) -> timedelta | None:
        """Return how long messages stay in the queue for orders that have failed; None without such a queue."""
        url = self._dead_letters_url()
        return kept_for(self._account, url) if url else None

    def _dead_letters_url(self) -> str:
        queue = str(self._configured("DeadLetterConfig").get("TargetArn", "")).rpartition(":")[2]
        return str(self._account.sqs.get_queue_url(QueueName=queue)["QueueUrl"]) if queue else ""

    def unwatched(self) -> Sequence[str]:
        """Return the queue for orders that have failed if no alarm goes off when a message is in it.

        Raises Trouble when there is no such queue.
        """
        url = self._dead_letters_url()
        if not url:
            raise Trouble("The function has no queue for orders that have failed: there are no dead letters.")
        return unwatched(self._account, [url.rpartition("/")[2]])

    def configuration(self) -> Mapping[str, Any]:
        """Return the durable configuration of the function's alias."""
        return self._configured("DurableConfig")

    def _configured(self, what: str) -> Mapping[str, Any]:
        told = self._functions.get_function_configuration(FunctionName=self.parts.function, Qualifier=self.parts.alias)
        return dict(told.get(what) or {})

    def submitted_order_ids(self, before_ms: float) -> frozenset[str]:
        """Return the ids of all submitted orders that may be stored after then (epoch ms)."""
        since = datetime.fromtimestamp(before_ms / 1000 - LONGEST_SECONDS, UTC)
        orders = map(self._input, self._executions_since(since))
        ids = [order.get("orderId") for order in orders if isinstance(order, dict)]
        return frozenset(one for one in ids if isinstance(one, str) and one.strip())

    def leave(self) -> None:
        """Stop this run's executions, and remove its orders and their charges.

        An error with one order does not stop the others; the first error is raised at the end.
        """
        placed, self._placed = self._placed, []
        stops = [partial(self._stop, arn) for one in placed for arn in one.executions]
        undo_all([*stops, *(partial(self._remove, one) for one in placed)])

    def stop(self, placed: Placed) -> None:
        """Stop the order's executions, as an operator does. They are no submissions of it any more."""
        for arn in placed.executions:
            self._stop(arn, "An operator has stopped it.")
        placed.executions.clear()

    def done_with(self, placed: Placed) -> None:
        """Remove an order that is over at once, not at the end."""
        self._placed.remove(placed)
        self._remove(placed)

    def _stop(self, arn: str, why: str = "The run is over.") -> None:
        if self.execution(arn, stopped_is_trouble=False).is_over:
            return
        try:
            self._functions.stop_durable_execution(
                DurableExecutionArn=arn, Error={"ErrorType": "AcceptanceRun", "ErrorMessage": why}
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in (NOT_THERE, "InvalidParameterValueException"):
                raise  # else it has ended in between

    def _remove(self, placed: Placed) -> None:
        """Remove an order's items. Under an id that is not ours, remove only items that were not there before."""
        for order_id in [placed.order_id] if placed.order_id else placed.taken_for:
            self.tables.remove(order_id, besides=placed.there)

    def _invoke(self, content: Any) -> str:
        """Start an execution and return its ARN. Raises LostAnswer when it is not known whether it was started."""
        began = datetime.now(UTC)
        for attempt in range(1, CALLS + 1):
            try:
                return self._started_by(self._call(content))
            except LostAnswer:
                if not Placed(content).order_id:
                    raise  # indistinguishable from others'
                shown = Waiter(LISTED_SECONDS, 0.0, AWS_PACE).settle(self._started_since, began, content, is_not(""))
                if shown:
                    return str(shown)
                if attempt == CALLS:
                    raise
                note_repetition()
        raise AssertionError("unreachable")

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

    def _trouble(self, error: ClientError) -> Trouble:
        code = error.response["Error"]["Code"]
        if code in THROTTLED:
            return Trouble(
                f"Lambda takes no more calls about {self._name} now ({code}), after all retries: "
                "wait, or raise the function's reserved concurrency or the account's limits."
            )
        return Trouble(f"Lambda refuses a call about {self._name}: {error}.")

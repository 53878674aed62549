"""Corrections of MiniStack where it differs from AWS in a way that a verdict depends on."""

import asyncio
import contextvars
import gc
import threading
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

# MiniStack's names of the calls of DynamoDB that read or write items.
CALLS_ABOUT_ITEMS = (
    *("_get_item", "_batch_get_item", "_transact_get_items", "_query", "_scan"),
    *("_put_item", "_update_item", "_delete_item", "_batch_write_item", "_transact_write_items"),
    *("_execute_statement", "_batch_execute_statement", "_execute_transaction"),
)


# How a durable execution ends otherwise than well.
NOT_SUCCEEDED = ("ExecutionFailed", "ExecutionStopped", "ExecutionTimedOut")
# How long it pauses at most before it continues after a crash. AWS does not say how long its own pauses are.
LONGEST_PAUSE_SECONDS = 30.0

# The generation of Python's garbage collector that holds everything.
OLDEST = 2
# How often a queue is checked for a caller who waits for a message, in s; MiniStack itself does so every 0.1 s.
LOOK_SECONDS = 0.01


def count_attempts() -> None:
    """Count each attempt of a durable function's step, as AWS does.

    MiniStack counts the last one only, so a step that always fails would be retried for ever.
    """
    from ministack.services import lambda_durable

    take_up = lambda_durable._apply_update

    def take_up_and_count(execution: dict[str, Any], update: dict[str, Any]) -> None:
        take_up(execution, update)
        if (update["Type"], update["Action"]) == ("STEP", "RETRY"):
            details = next(one["StepDetails"] for one in execution["Operations"] if one["Id"] == update["Id"])
            details["Attempt"] += 1

    lambda_durable._apply_update = take_up_and_count


def continue_crashed_durable_functions() -> None:
    """Invoke a durable function again, from its last checkpoint, if an invocation has crashed.

    So does AWS, with growing pauses (docs.aws.amazon.com/lambda, “Retries for Lambda durable functions”). MiniStack
    leaves such an execution alone until it times out.
    """
    from ministack.services import lambda_durable, lambda_svc

    complete = lambda_durable.record_invocation_completed
    crashes: Counter[str] = Counter()

    def go_on(arn: str) -> None:
        execution = lambda_durable._executions.get(arn)
        if execution and execution["Status"] == "RUNNING":
            execution["CheckpointToken"] = lambda_durable.new_checkpoint_token()
            lambda_svc.invoke_durable_resume(execution["FunctionArn"].rpartition(":")[2], arn, {})

    def complete_and_go_on(arn: str, start_ts: float, request_id: str, error: Any = None) -> None:
        complete(arn, start_ts=start_ts, request_id=request_id, error=error)
        if not error:
            return
        crashes[arn] += 1
        pause = min(2.0 ** (crashes[arn] - 1), LONGEST_PAUSE_SECONDS)
        later = threading.Timer(pause, contextvars.copy_context().run, args=(go_on, arn))
        later.daemon = True
        later.start()

    lambda_durable.record_invocation_completed = complete_and_go_on


def keep_failed_durable_executions() -> None:
    """Put the event of a durable execution that fails, is stopped or times out into its function's dead-letter queue.

    So does AWS after an asynchronous call (docs.aws.amazon.com/lambda, “Best practices for Lambda durable functions”).
    MiniStack runs durable functions that are called synchronously only, so here it happens after any call.
    """
    from ministack.services import eventbridge, lambda_durable, lambda_svc

    emit = lambda_durable._emit_history_event

    def emit_and_keep(execution: dict[str, Any], event_type: str, *more: Any, **named: Any) -> None:
        emit(execution, event_type, *more, **named)
        if event_type not in NOT_SUCCEEDED:
            return
        function = lambda_svc._functions.get(execution["FunctionArn"].rpartition(":")[2], {})
        queue = function.get("config", {}).get("DeadLetterConfig", {}).get("TargetArn")
        if queue:
            eventbridge._dispatch_to_sqs(eventbridge.parse_arn(queue), execution["InputPayload"], {})

    lambda_durable._emit_history_event = emit_and_keep


def forget_tokens_of_stopped_executions() -> None:
    """Invalidate the task token of a stopped execution that waited for it, as on AWS."""
    from ministack.services import stepfunctions

    run, stop = stepfunctions._execute_task, stepfunctions._stop_execution
    contexts: dict[str, dict[str, Any]] = {}

    def run_noting(state: dict[str, Any], given: Any, execution: Any, context: dict[str, Any]) -> Any:
        contexts[context["Execution"]["Id"]] = context
        try:
            return run(state, given, execution, context)
        finally:
            contexts.pop(context["Execution"]["Id"], None)

    def stop_with_its_token(request: dict[str, Any]) -> Any:
        context = contexts.get(str(request.get("executionArn")), {})
        stepfunctions._task_tokens.pop(context.get("Task", {}).get("Token"), None)
        return stop(request)

    stepfunctions._execute_task = run_noting
    stepfunctions._stop_execution = stop_with_its_token


def make_calls_of_dynamodb_atomic() -> None:
    """Make DynamoDB's calls that read and then write atomic, as on AWS.

    MiniStack runs each workflow in a thread of its own and locks no item. If a thread is preempted between the two,
    a condition holds twice, and a counter counts two as one: that has happened with a crowd on a busy machine.
    """
    from ministack.services import dynamodb

    lock = threading.RLock()

    def one_at_a_time(call: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        @wraps(call)
        def answer(request: dict[str, Any]) -> Any:
            with lock:
                return call(request)

        return answer

    for name in CALLS_ABOUT_ITEMS:
        setattr(dynamodb, name, one_at_a_time(getattr(dynamodb, name)))


def find_running_executions_among_the_running() -> None:
    """Answer `ListExecutions` with the status RUNNING from the executions that have not ended, as quickly as AWS.

    MiniStack looks at all that there have ever been, so each of a shop's orders would cost more than the one before.
    """
    from ministack.core.responses import AccountRegionScopedDict
    from ministack.services import stepfunctions

    asked_for_running = contextvars.ContextVar("asked_for_running", default=False)
    list_executions = stepfunctions._list_executions

    class Executions(AccountRegionScopedDict):  # type: ignore[misc]
        __slots__ = ("_not_ended",)

        def __init__(self) -> None:
            super().__init__()
            self._not_ended: dict[Any, dict[str, Any]] = {}

        def __setitem__(self, arn: str, execution: dict[str, Any]) -> None:
            super().__setitem__(arn, execution)
            self._not_ended[self._scoped(arn)] = execution

        def values(self) -> list[Any]:
            if not asked_for_running.get():
                return list(super().values())
            for key, execution in list(self._not_ended.items()):
                if execution["status"] != "RUNNING" or key not in self._data:
                    self._not_ended.pop(key, None)
            return [execution for key, execution in list(self._not_ended.items()) if self._is_mine(key)]

    def list_those_asked_for(data: dict[str, Any]) -> Any:
        token = asked_for_running.set(data.get("statusFilter") == "RUNNING")
        try:
            return list_executions(data)
        finally:
            asked_for_running.reset(token)

    stepfunctions._executions = Executions()
    stepfunctions._list_executions = list_those_asked_for


def look_for_new_garbage_only() -> None:
    """Let Python's collector look at what was created since it looked last, and not at all that is kept.

    All that has ever happened in the account is kept. After some thousand orders a look at everything stops the account
    for seconds.
    """

    def keep(phase: str, about: dict[str, int]) -> None:
        if phase == "stop" and about["generation"] == OLDEST:
            gc.freeze()

    gc.callbacks.append(keep)


def answer_long_polls_soon() -> None:
    """Deliver a message of SQS to a waiting caller as soon as it arrives, as on AWS.

    Otherwise a run would have to ask again all the time, and each call would take milliseconds from the tested system.
    """
    from ministack.services import sqs

    sqs.asyncio = _Asyncio()


class _Asyncio:
    """The module `asyncio` with short sleeps only."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, LOOK_SECONDS))

"""Corrections of MiniStack where it differs from AWS in a way that a verdict depends on."""

import asyncio
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

# MiniStack's names of the calls of DynamoDB that read or write items.
CALLS_ABOUT_ITEMS = (
    *("_get_item", "_batch_get_item", "_transact_get_items", "_query", "_scan"),
    *("_put_item", "_update_item", "_delete_item", "_batch_write_item", "_transact_write_items"),
    *("_execute_statement", "_batch_execute_statement", "_execute_transaction"),
)


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

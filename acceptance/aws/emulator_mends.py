"""Where MiniStack is not as AWS, and a verdict would hang on it."""

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


# How often a queue is looked at for somebody who waits for a message there, in s; MiniStack itself does so each 0.1 s.
LOOK_SECONDS = 0.01


def count_attempts() -> None:
    """Count each attempt of a durable function's step, as AWS does.

    MiniStack counts the last one only, so a step that always fails would be tried for ever.
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
    """Let nobody use the task token any more for which an execution waited that was stopped, as on AWS."""
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
    """Let nothing come between what a call of DynamoDB reads and what it writes, as on AWS.

    MiniStack runs each workflow in a thread of its own and locks no item. Where the processor is taken from a thread
    between the two, a condition holds twice, and a counter counts two as one: a crowd on a busy machine has met that.
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
    """Let whoever waits at a queue of SQS get a message as soon as it is there, as on AWS.

    Without that a run would have to ask anew all the time, and each time take some milliseconds from what it tests.
    """
    from ministack.services import sqs

    sqs.asyncio = _Asyncio()


class _Asyncio:
    """The module `asyncio`, in which nothing sleeps for long."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, LOOK_SECONDS))

"""Disturbs the tasks of the embedded account's workflows as calls over HTTP are disturbed.

MiniStack runs a workflow's states with almost no time between them, and makes their calls without HTTP: of two
workflows that read first and write then, the first completes before the second reads. On AWS each state takes some
milliseconds.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from acceptance.aws.disturber import WORDS, Disturber, reading_behind

WITH_A_TOKEN = ".waitForTaskToken"  # noqa: S105 - a suffix of names
# Services whose errors have another name before them than theirs in a resource, with a capital letter.
SERVICES = {"dynamodb": "DynamoDB", "events": "EventBridge"}
# The input of the workflow whose task runs; "" outside of one.
_started_with: ContextVar[str] = ContextVar("started_with", default="")


def disturb_tasks(disturber: Disturber) -> None:
    """Run a disturber before and after each task of MiniStack's workflows."""
    from ministack.services import stepfunctions

    run, invoke, invoke_with_token = (
        stepfunctions._execute_task,
        stepfunctions._invoke_resource,
        stepfunctions._invoke_with_callback,
    )

    def run_noting(state: dict[str, Any], given: Any, execution: Any, context: dict[str, Any]) -> Any:
        before = _started_with.set(str((execution or {}).get("input", "")))
        try:
            return run(state, given, execution, context)
        finally:
            _started_with.reset(before)

    @contextmanager
    def disturbed(resource: str) -> Iterator[None]:
        disturbed = disturber.disturb(operation_of(resource), _started_with.get(), task=True)
        if disturbed.fails:
            raise stepfunctions._ExecutionError(f"{service_of(resource)}.{disturbed.fails}Exception", WORDS)
        for one in disturbed.held_by:
            one.wait_until_over()
        _pass(disturbed.begins_late)
        with reading_behind(disturbed.is_behind):
            yield
        _pass(disturbed.answers_late)

    def invoke_disturbed(resource: str, arguments: Any) -> Any:
        with disturbed(resource):
            return invoke(resource, arguments)

    def invoke_with_token_disturbed(resource: str, arguments: Any, token: str, state: dict[str, Any]) -> Any:
        with disturbed(resource):
            return invoke_with_token(resource, arguments, token, state)

    stepfunctions._execute_task = run_noting
    stepfunctions._invoke_resource = invoke_disturbed
    stepfunctions._invoke_with_callback = invoke_with_token_disturbed


def operation_of(resource: str) -> str:
    """Return the operation that a task's resource names, as DynamoDB's are called over HTTP; for a function: Invoke.

    >>> operation_of("arn:aws:states:::events:putEvents.waitForTaskToken")
    'PutEvents'
    """
    if ":lambda:" in resource and ":function:" in resource:
        return "Invoke"
    name = resource.removesuffix(WITH_A_TOKEN).removesuffix(".sync").rpartition(":")[2]
    return name[:1].upper() + name[1:]


def service_of(resource: str) -> str:
    """Return the service that a task's resource names, as it stands before the errors of its calls.

    >>> service_of("arn:aws:states:::aws-sdk:sfn:sendTaskSuccess")
    'Sfn'
    """
    name = resource.rpartition(":")[0].rpartition(":")[2]
    return SERVICES.get(name, name.capitalize())


def _pass(seconds: float) -> None:
    if seconds:
        threading.Event().wait(seconds)

"""Lets the embedded account's buses hand events on as on AWS, and lets that be disturbed.

MiniStack calls a function once for an event, whatever comes of it, and drops an event whose target is not there. On AWS
a function that fails is called twice more, and an event that reaches nobody is put into the dead-letter queue that its
rule names, if the queue admits it. On AWS the second and the third call come after one and two minutes; here after one
and two seconds.
"""

from __future__ import annotations

import contextvars
import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

from acceptance.aws.disturber import HAND_ON, RUN, WORDS, Disturbance, Disturber

# Who works for somebody. Other targets, such as the queue of a tap, only take things in.
WORKERS = (":lambda:", ":states:")
# The key of SQS that AWS manages. Its policy admits an account's own principals and no service, and cannot be changed.
KEY_OF_AWS = "alias/aws/sqs"
EVENT_BRIDGE = "events.amazonaws.com"
HandOn = Callable[..., None]


def hand_on_as_aws(disturber: Disturber) -> None:
    """Let a disturber have its say before an event is handed on, and before a function runs."""
    from ministack.services import eventbridge, lambda_svc

    hand_on, run = eventbridge._invoke_target, lambda_svc._execute_function

    def hand_on_disturbed(target: dict[str, Any], event: dict[str, Any], *more: Any) -> None:
        arn = str(target.get("Arn", ""))
        if not any(kind in arn for kind in WORKERS):
            hand_on(target, event, *more)
            return
        disturbed = disturber.disturb(f"{HAND_ON}{event.get('DetailType')}", json.dumps(event, default=str))
        if disturbed.fails or not _is_there(arn):
            _keep(hand_on, target, event, *more)
        elif disturbed.held_by:
            _later(disturbed.held_by, lambda: hand_on(target, event, *more))
        else:
            hand_on(target, event, *more)

    def run_disturbed(function: dict[str, Any], event: Any) -> Any:
        if disturber.disturb(RUN, json.dumps(event, default=str)).fails:
            return {"error": True, "body": {"errorType": "Runtime.ExitError", "errorMessage": WORDS}, "log": ""}
        return run(function, event)

    eventbridge._invoke_target = hand_on_disturbed
    eventbridge._dispatch_to_lambda = _call
    lambda_svc._execute_function = run_disturbed


def _is_there(arn: str) -> bool:
    from ministack.services import lambda_svc, stepfunctions

    if ":lambda:" in arn:
        return bool(lambda_svc._get_func_record_for_ref(arn)[0])
    return stepfunctions._resolve_state_machine_arn(arn) is not None


def _keep(hand_on: HandOn, target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], *more: Any) -> None:
    """Put an event into its rule's dead-letter queue, if there is one that admits it: that is a queue as any target."""
    queue = target.get("DeadLetterConfig", {}).get("Arn")
    if queue and _admits(queue, str(rule.get("Arn", ""))):
        hand_on({"Id": target.get("Id"), "Arn": queue}, event, rule, *more)


def _admits(queue: str, rule: str) -> bool:
    """Whether a queue takes the dead letters of a rule, by its policy and its key. MiniStack asks neither."""
    from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
    from ministack.services import sqs

    found = sqs._queue_by_arn(queue)
    if found is None or str(found["attributes"].get("KmsMasterKeyId", "")).endswith(KEY_OF_AWS):
        return False
    source = {"aws:sourcearn": rule, "aws:sourceaccount": rule.split(":")[4]}
    asked = EvalContext("*", "Service", "", "sqs:SendMessage", queue, queue.split(":")[3], service_context=source)
    answer = evaluate_resource_policy(found["attributes"].get("Policy") or "", asked, service=EVENT_BRIDGE)
    return bool(answer.decision == "Allow")


def _call(arn: str, payload: str) -> None:
    """Call a function, and again if it fails."""
    from ministack.services import lambda_svc

    function, config, _ = lambda_svc._get_func_record_for_ref(arn)
    lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(function, config), json.loads(payload))


def _later(held_by: Sequence[Disturbance], act: Callable[[], None]) -> None:
    """Do it when nothing holds it any more, in a thread, for the same account and region."""

    def wait_and_act() -> None:
        for one in held_by:
            one.wait_until_over()
        act()

    threading.Thread(target=contextvars.copy_context().run, args=(wait_and_act,), daemon=True).start()

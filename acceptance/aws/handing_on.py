"""Lets the embedded account's buses hand events on as on AWS, and lets that be disturbed.

MiniStack calls a function once for an event, whatever comes of it, and drops an event whose target is not there. On AWS
a function that fails is called twice more, and an event that reaches nobody is put into the dead-letter queue that its
rule names. On AWS the second and the third call come after one and two minutes; here after one and two seconds.
"""

from __future__ import annotations

import contextvars
import json
import threading
from collections.abc import Callable
from typing import Any

from acceptance.aws.disturber import HAND_ON, RUN, WORDS, Disturber

# Who works for somebody. Other targets, such as the queue of a tap, only take things in.
WORKERS = (":lambda:", ":states:")


def hand_on_as_aws(disturber: Disturber) -> None:
    """Let a disturber have its say before an event is handed on, and before a function runs."""
    from ministack.services import eventbridge, lambda_svc, stepfunctions

    hand_on, run = eventbridge._invoke_target, lambda_svc._execute_function

    def is_there(arn: str) -> bool:
        if ":lambda:" in arn:
            return bool(lambda_svc._get_func_record_for_ref(arn)[0])
        return stepfunctions._resolve_state_machine_arn(arn) is not None

    def hand_on_disturbed(target: dict[str, Any], event: dict[str, Any], *more: Any) -> None:
        arn = str(target.get("Arn", ""))
        if not any(kind in arn for kind in WORKERS):
            hand_on(target, event, *more)
            return
        disturbed = disturber.disturb(f"{HAND_ON}{event.get('DetailType')}", json.dumps(event, default=str))
        if disturbed.fails or not is_there(arn):
            keep(target, event, *more)
        elif disturbed.held_by:

            def hand_on_late() -> None:
                for one in disturbed.held_by:
                    one.wait_until_over()
                hand_on(target, event, *more)

            _aside(hand_on_late)
        else:
            hand_on(target, event, *more)

    def keep(target: dict[str, Any], event: dict[str, Any], *more: Any) -> None:
        """Put an event into its rule's dead-letter queue, if there is one: that is a queue as any target."""
        queue = target.get("DeadLetterConfig", {}).get("Arn")
        if queue:
            hand_on({"Id": target.get("Id"), "Arn": queue}, event, *more)

    def call_function(arn: str, payload: str) -> None:
        function, config, _ = lambda_svc._get_func_record_for_ref(arn)
        record = lambda_svc._execution_record_for_config(function, config)
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))

    def run_disturbed(function: dict[str, Any], event: Any) -> Any:
        if disturber.disturb(RUN, json.dumps(event, default=str)).fails:
            return {"error": True, "body": {"errorType": "Runtime.ExitError", "errorMessage": WORDS}, "log": ""}
        return run(function, event)

    eventbridge._invoke_target = hand_on_disturbed
    eventbridge._dispatch_to_lambda = call_function
    lambda_svc._execute_function = run_disturbed


def _aside(act: Callable[[], None]) -> None:
    """Do it in a thread, for the same account and region."""
    threading.Thread(target=contextvars.copy_context().run, args=(act,), daemon=True).start()

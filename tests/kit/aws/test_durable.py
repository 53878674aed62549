"""An execution is read from its history as AWS writes it, to the millisecond, and as MiniStack does, to the second."""

from datetime import UTC, datetime

from acceptance.aws.durable import COARSE_HISTORY, HISTORY, execution
from support.durable_orders.milestones import milestones

ARN = "arn:aws:lambda:eu-west-1:111111111111:function:orders:1/durable-execution/a/b"


def at(seconds):
    return datetime.fromtimestamp(1_800_000_000 + seconds, UTC)


def event(kind, seconds, name="", **details):
    return {"EventType": kind, "EventTimestamp": at(seconds), "Name": name, "Id": name, f"{kind}Details": details}


def succeeded(name, seconds, status):
    return event("StepSucceeded", seconds, name, Result={"Payload": f'{{"status": "{status}"}}'})


def invocation(began, ended):
    return event("InvocationCompleted", ended, StartTimestamp=at(began), EndTimestamp=at(ended))


def found(status="SUCCEEDED", started=0.001, ended=10.25, **more):
    return {
        "DurableExecutionArn": ARN,
        "Status": status,
        "StartTimestamp": at(started),
        "EndTimestamp": at(ended),
        **more,
    }


WHOLE = [
    event("StepStarted", 0.01, "check"),
    succeeded("check", 0.02, "validated"),
    event("StepStarted", 0.03, "charge"),
    succeeded("charge", 0.05, "paid"),
    event("WaitStarted", 0.06, "pause"),
    invocation(0.001, 0.07),
    event("WaitSucceeded", 10.06, "pause"),
    event("StepStarted", 10.11, "confirm"),
    succeeded("confirm", 10.15, "confirmed"),
    event("StepStarted", 10.16, "keep"),
    succeeded("keep", 10.2, "persisted"),
    invocation(10.1, 10.24),
]


def test_tells_what_came_after_what_whatever_the_steps_are_called():
    seen = execution(found(), WHOLE)
    assert milestones(seen) == ["validated", "paid", "held for its confirmation", "confirmed", "stored"]
    assert not seen.was_taken_up_again
    assert set(seen.succeeded.values()) == {1}


def test_a_last_step_that_repeats_the_results_of_the_others_is_the_last_one():
    last = event("StepSucceeded", 10.2, "keep", Result={"Payload": '["validated", "paid", "confirmed", "persisted"]'})
    assert milestones(execution(found(), [*WHOLE[:-2], last]))[-2:] == ["confirmed", "stored"]


def test_takes_the_execution_s_own_stamps_where_they_are_exact():
    seen = execution(found(), WHOLE)
    assert (seen.started.clock, seen.ended.clock) == (HISTORY, HISTORY)
    assert seen.ended.ms - seen.started.ms == 10_249


def test_takes_its_invocations_stamps_where_its_own_are_whole_seconds():
    seen = execution(found(started=0, ended=10), WHOLE)
    assert (seen.started.ms % 1000, seen.ended.ms % 1000) == (1, 240)
    later = execution(found(started=0, ended=11), WHOLE)
    assert later.ended.clock is COARSE_HISTORY, "the execution has ended in the second after its last invocation"


def test_an_attempt_that_failed_is_told_by_the_history():
    again = [
        event("StepStarted", 0.01, "charge"),
        event("StepFailed", 0.02, "charge", RetryDetails={"CurrentAttempt": 1}),
        event("StepStarted", 1.02, "charge"),
        event("StepSucceeded", 1.05, "charge", RetryDetails={"CurrentAttempt": 2}, Result={"Payload": '"paid"'}),
    ]
    seen = execution(found(), again)
    assert seen.was_taken_up_again
    assert [(step.name, step.attempts, step.outcome) for step in seen.steps] == [("charge", 2, "succeeded")]
    assert seen.succeeded == {"charge": 1}


def test_where_the_history_tells_of_no_attempts_one_invocation_more_than_the_waits_explain_tells_of_one():
    more = [*WHOLE, invocation(10.3, 10.4)]
    coarse = [{**event, "EventTimestamp": event["EventTimestamp"].replace(microsecond=0)} for event in more]
    assert execution(found(started=0), coarse).was_taken_up_again
    assert not execution(found(started=0), coarse[:-1]).was_taken_up_again
    assert not execution(found(), more).was_taken_up_again, "an invocation that has crashed is no step that was retried"


def test_a_step_that_was_done_twice_is_told_twice():
    assert milestones(execution(found(), [*WHOLE[:4], *WHOLE[2:4]])) == ["validated", "paid", "paid"]


def test_what_is_done_after_the_confirmation_is_the_storing_whatever_it_returns():
    last = event("StepSucceeded", 10.2, "keep", Result={"Payload": "null"})
    assert milestones(execution(found(), [*WHOLE[:-2], last, last]))[-2:] == ["confirmed", "stored"]


def test_says_how_far_it_has_come_and_why_it_goes_no_further():
    running = execution({**found("RUNNING"), "EndTimestamp": None}, WHOLE[:6])
    assert running.words == "running, last seen at pause"
    assert running.dead_end() is None
    failed = execution(found("FAILED", Error={"ErrorMessage": "The order has no orderId."}), WHOLE[:1])
    assert failed.dead_end() == "it is over: failed because of “The order has no orderId.”, last seen at check"


def test_an_attempt_says_why_it_failed_though_the_step_is_tried_again():
    error = {"Payload": {"ErrorMessage": "No orderId.", "ErrorType": "InvalidOrder"}}
    tried = [
        event("StepStarted", 0.01, "check"),
        event("StepFailed", 0.02, "check", Error=error, RetryDetails={"CurrentAttempt": 1}),
        event("StepStarted", 5.01, "check"),
    ]
    assert execution({**found("RUNNING"), "EndTimestamp": None}, tried).last_failure == "No orderId."
    assert execution(found(), WHOLE).last_failure == ""


def test_tells_in_which_invocations_a_step_was_worked_on():
    again = [*WHOLE[:8], invocation(10.1, 10.12), *WHOLE[8:]]
    seen = {span.name: (span.first, span.last) for span in execution(found(), again).operations}
    assert seen == {"check": (0, 0), "charge": (0, 0), "pause": (0, 1), "confirm": (1, 2), "keep": (2, 2)}

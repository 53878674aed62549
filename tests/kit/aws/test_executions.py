"""An execution is found by what started it, among many, and asked for no more often than needed."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from acceptance.aws.executions import MARGIN, Execution, Executions, _execution
from support.serverlesspresso.watched import ORDER

HOW_MANY = 25
DEFINITION = json.dumps(
    {
        "StartAt": "Which end?",
        "States": {
            "Which end?": {
                "Type": "Choice",
                "Choices": [
                    {"And": [
                        {"Variable": "$.end", "IsPresent": True},
                        {"Variable": "$.end", "StringEquals": end},
                    ], "Next": end}
                    for end in ("good", "bad", "never")
                ],
                "Default": "good",
            },
            "good": {"Type": "Succeed"},
            "bad": {"Type": "Fail", "Error": "NoMilk", "Cause": "The milk is sour."},
            "never": {"Type": "Wait", "Seconds": 600, "Next": "good"},
        },
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def stepfunctions(cafe_account):
    """A client of its own that reads lists in pages of five."""
    client = cafe_account[1].client("stepfunctions")
    client.meta.events.register(
        "provide-client-params.sfn.ListExecutions", lambda params, **_: {**params, "maxResults": 5}
    )
    return client


@pytest.fixture(scope="module")
def machine(stepfunctions):
    """A workflow that ends well, badly or not at all, as its input says."""
    arn = stepfunctions.create_state_machine(
        name=f"ends-{uuid.uuid4().hex[:8]}", definition=DEFINITION, roleArn="arn:aws:iam::000000000000:role/ends"
    )["stateMachineArn"]
    yield arn
    stepfunctions.delete_state_machine(stateMachineArn=arn)


@pytest.fixture(scope="module")
def crowd(stepfunctions, machine, wait_until):
    """Many executions that have ended, each with an event and an order of its own; ARNs in the order of their start."""
    arns = [
        stepfunctions.start_execution(
            stateMachineArn=machine,
            input=json.dumps({"id": f"event-{number}", "detail": {"orderId": f"order-{number % 20}"}}),
        )["executionArn"]
        for number in range(HOW_MANY)
    ]
    wait_until(
        lambda: all(stepfunctions.describe_execution(executionArn=arn)["status"] == "SUCCEEDED" for arn in arns),
        "all executions end",
    )
    return arns


@pytest.fixture
def executions(stepfunctions, machine):
    return Executions(stepfunctions, machine, ORDER)


@pytest.fixture(scope="module")
def knowing(stepfunctions, machine, crowd):
    """The same executions, for an observer that has read the list before."""
    executions = Executions(stepfunctions, machine, ORDER)
    executions.of_key("order-1")
    return executions


@pytest.fixture
def described(stepfunctions):
    """The ARNs that were asked for, in this order."""
    asked = []

    def note(params, **_):
        asked.append(params["executionArn"])

    stepfunctions.meta.events.register("provide-client-params.sfn.DescribeExecution", note)
    yield asked
    stepfunctions.meta.events.unregister("provide-client-params.sfn.DescribeExecution", note)


@pytest.fixture
def running(executions):
    """An execution that does not end by itself."""
    arn = executions.start({"end": "never", "orderId": f"endless-{uuid.uuid4().hex[:8]}"})
    yield arn
    executions.stop(arn, "The test has ended.")


@pytest.mark.cloud
class TestFound:
    def test_list_has_many_pages(self, stepfunctions, machine, crowd):
        pages = list(stepfunctions.get_paginator("list_executions").paginate(stateMachineArn=machine))
        assert len(pages) >= HOW_MANY / 5

    @pytest.mark.parametrize("number", [0, 7, HOW_MANY - 1], ids=["the first", "one in between", "the latest"])
    def test_by_its_event(self, executions, crowd, number):
        assert executions.of_event(f"event-{number}").arn == crowd[number]

    def test_by_its_order(self, executions, crowd):
        assert [execution.arn for execution in executions.of_key("order-9")] == [crowd[9]]

    def test_all_of_an_order(self, executions, crowd):
        assert {execution.arn for execution in executions.of_key("order-2")} == {crowd[2], crowd[22]}

    def test_running_ones_that_are_known_count_before_they_are_listed(self, executions, running, monkeypatch):
        executions.describe(running)
        monkeypatch.setattr(executions, "_arns", lambda *_, **__: iter(()))
        assert [execution.arn for execution in executions.running()] == [running]

    @pytest.mark.parametrize("wanted", ["event-999", "event-", "order-1", ""])
    def test_none_for_an_event_that_started_nothing(self, knowing, wanted):
        assert knowing.of_event(wanted) is None

    @pytest.mark.parametrize("wanted", ["order-999", "order-", "event-1", ""])
    def test_none_for_an_order_that_nobody_serves(self, knowing, wanted):
        assert list(knowing.of_key(wanted)) == []

    def test_never_the_latest(self, executions, crowd, running):
        assert executions.of_event("event-3").arn == crowd[3]

    def test_when_it_started_after_the_first_question(self, executions, crowd):
        assert executions.of_event("event-later") is None
        arn = executions.start({"id": "event-later", "detail": {"orderId": "order-later"}})
        assert executions.of_event("event-later").arn == arn

    def test_by_the_order_in_the_input_of_an_action(self, executions, running):
        order_id = executions.describe(running).key
        assert [execution.arn for execution in executions.of_key(order_id)] == [running]


@pytest.mark.cloud
class TestAsked:
    def test_ended_one_is_described_once(self, executions, crowd, described):
        for _ in range(3):
            executions.of_key("order-9")
            executions.of_event("event-4")
        assert sorted(arn for arn in described if arn in crowd) == sorted(crowd)

    def test_running_one_is_described_again(self, executions, running, described):
        for _ in range(3):
            executions.describe(running)
        assert described == [running] * 3

    def test_running_one_is_described_as_it_is_now(self, executions, running):
        assert executions.describe(running).running
        executions.stop(running, "enough")
        seen = executions.describe(running)
        assert (seen.status, seen.cause, seen.running, seen.succeeded) == ("ABORTED", "enough", False, False)

    def test_event_that_is_known_needs_no_list(self, executions, crowd, stepfunctions):
        executions.of_event("event-3")
        lists = []

        def note(params, **_):
            lists.append(params)

        stepfunctions.meta.events.register("provide-client-params.sfn.ListExecutions", note)
        try:
            executions.of_event("event-3")
        finally:
            stepfunctions.meta.events.unregister("provide-client-params.sfn.ListExecutions", note)
        assert lists == []

    def test_running_ones_are_those_that_run_now(self, executions, crowd, running):
        arns = {execution.arn for execution in executions.running()}
        assert running in arns
        assert arns.isdisjoint(crowd)

    def test_failed_one_tells_error_cause_and_last_state(self, executions, wait_until):
        arn = executions.start({"end": "bad"})
        wait_until(lambda: not executions.describe(arn).running, "the execution ends")
        seen = executions.describe(arn)
        assert (seen.status, seen.error, seen.cause) == ("FAILED", "NoMilk", "The milk is sour.")
        assert executions.last_state(arn) == "bad"

    def test_one_that_has_just_started_has_no_state_yet(self, executions):
        assert executions.last_state(executions.start({})) in ("", "Which end?", "good")


@pytest.mark.cloud
class TestStop:
    def test_ended_one_stays_as_it_is(self, executions, crowd):
        executions.stop(crowd[0], "too late")
        assert executions.describe(crowd[0]).succeeded

    def test_unknown_one_is_quiet(self, executions, crowd):
        executions.stop(f"{crowd[0]}-unknown", "never was")


def test_refusal_to_stop_for_another_reason_is_raised():
    class Guarded:
        def stop_execution(self, **_):
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "StopExecution")

    with pytest.raises(ClientError, match="AccessDenied"):
        Executions(Guarded(), "arn", ORDER).stop("arn", "The scenario has ended.")


@pytest.mark.cloud
@pytest.mark.parametrize(
    "odd",
    ["[]", "7", '"text"', "null", '{"detail": "text"}', '{"detail": ["a"]}', '{"detail": null}', '{"id": {"a": 1}}'],
)
def test_odd_input_breaks_no_list_and_names_nothing(knowing, stepfunctions, machine, crowd, odd):
    arn = stepfunctions.start_execution(stateMachineArn=machine, input=odd)["executionArn"]
    assert [execution.arn for execution in knowing.of_key("order-9")] == [crowd[9]]
    assert (knowing.describe(arn).key, knowing.of_event("event-3").arn) == (None, crowd[3])


@pytest.mark.parametrize("hidden", [{}, {"input": ""}, {"input": "{cut off"}], ids=["none", "empty", "cut off"])
def test_input_that_cannot_be_read_names_nothing(hidden):
    described = {"executionArn": "arn", "status": "RUNNING", **hidden}
    assert _execution(described, ORDER) == Execution("arn", "RUNNING", None, None, "", "")


@pytest.mark.parametrize(
    ("error", "cause", "why"),
    [("", "stopped", ": stopped"), ("Boom", "", ": Boom"), ("Boom", "of a bug", ": Boom of a bug"), ("", "", "")],
)
def test_why_an_execution_failed_has_one_blank_between_its_words(error, cause, why):
    assert Execution("arn", "ABORTED", None, None, error, cause).why == why


def test_task_token_that_a_cause_quotes_is_not_shown():
    quoted = json.dumps({"order": {"TaskToken": "AQDEAAAA", "drink": "Latte"}})
    cause = f"The path '$.order.number' could not be found in the input '{quoted}'"
    execution = _execution(
        {"executionArn": "arn", "status": "FAILED", "error": "States.Runtime", "cause": cause}, ORDER
    )
    assert "AQDEAAAA" not in repr(execution)
    assert "could not be found" in execution.cause


class Listing:
    """Step Functions with a list of executions that started so long ago; each page has one of them."""

    def __init__(self, *ages):
        self.now = datetime.now(UTC)
        self.ages = ages
        self.pages = 0

    def get_paginator(self, _operation):
        return self

    def paginate(self, **_):
        for age in self.ages:
            self.pages += 1
            yield {"executions": [{"executionArn": str(age), "startDate": self.now - age}]}

    def list_executions(self, **_):
        return {"executions": [{"startDate": self.now - min(self.ages)}] if self.ages else []}

    def describe_execution(self, executionArn):
        return {"executionArn": executionArn, "status": "RUNNING", "input": '{"orderId": "2"}'}


YOUNG, OLD, OLDER = timedelta(minutes=1), MARGIN + timedelta(minutes=4), timedelta(days=80)


def test_list_is_left_where_the_time_before_the_run_begins():
    listing = Listing(YOUNG, OLD, OLDER, OLDER)
    executions = Executions(listing, "arn", ORDER)
    executions.from_now_on()
    found = executions.of_key("2")
    assert ([execution.arn for execution in found], listing.pages) == ([str(YOUNG)], 2)


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(hours=1)])
def test_executions_are_found_whose_cloud_has_another_time_than_this_machine(step):
    """The clock may also be set during the run."""
    listing = Listing()
    executions = Executions(listing, "arn", ORDER)
    executions.from_now_on()
    listing.now, listing.ages = listing.now + step, (YOUNG,)
    assert [execution.arn for execution in executions.of_key("2")] == [str(YOUNG)]


def test_whoever_takes_a_place_counts_however_long_it_has_been_there():
    running = Executions(Listing(YOUNG, OLD), "arn", ORDER).running()
    assert [execution.arn for execution in running] == [str(YOUNG), str(OLD)]

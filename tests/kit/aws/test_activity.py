"""What counts as under way on another account: logs lag, failed functions are retried, timers run."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from acceptance.aws.at_rest import AtRest
from acceptance.aws.executions import Executions, Position
from acceptance.aws.tap import Event
from acceptance.aws.watched import Key, Watched
from acceptance.aws.wiring import Rule

NOON = 1_800_000_000_000
RUN, BOOKING = "0123abcd", "acceptance-0123abcd-1"
FUNCTION = "arn:aws:lambda:eu-west-1:1:function:store"
MACHINE = "arn:aws:states:eu-west-1:1:stateMachine:bookings"
WATCHED = Watched(keys=(Key("booking", events=("detail.reference",), executions=("input.detail.reference",)),))
PATIENCE = 60.0


def denied(*_, **__):
    raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}, "Any")


class Pages:
    """A client of which every list has the same pages, or may not be read."""

    class exceptions:
        class ResourceNotFoundException(Exception):
            """There is no such log group."""

    def __init__(self, page=None):
        self.page = page

    def get_paginator(self, _):
        return self

    def paginate(self, **_):
        if self.page is None:
            denied()
        yield self.page() if callable(self.page) else self.page


class Function:
    """The logs of one function."""

    def __init__(self):
        self.lines = []
        self.runs = 0

    def ran(self, *said, id="", more="", stream=""):
        self.runs += 1
        id = id or f"r{self.runs}"
        report = f"REPORT RequestId: {id}\tDuration: 5 ms\tBilled Duration: 6 ms{more}"
        self.lines += [
            {"timestamp": NOON + 10, "message": text, "logStreamName": stream or id}
            for text in (f"START RequestId: {id}", *said, report)
        ]

    def page(self):
        return {"events": list(self.lines)}


class Workflow:
    """The executions of one workflow, by the events that have started them."""

    state_machine_arn = MACHINE
    own = ()

    def __init__(self, by_event=None, position=None, status="RUNNING"):
        self.by_event = by_event or {}
        self.where = position
        self.status = status

    def of_event(self, id):
        return self.describe(self.by_event[id]) if id in self.by_event else None

    def of_key(self, _):
        return []

    def known(self, _):
        return []

    def describe(self, arn):
        return SimpleNamespace(arn=arn, status=self.status, running=self.status == "RUNNING")

    def position(self, _):
        return self.where


def activity(*, logs=None, targets=(FUNCTION,), workflow=None, states=None, mappings=(), alone=False, told="Requested"):
    """Return what a scenario has set off by one event, which a rule hands on to these targets."""
    heard = [] if told is None else [Event("e1", "hotel", told, {"reference": BOOKING}, NOON)]
    tap = SimpleNamespace(heard=lambda first=0: heard[first:], watched=WATCHED)
    rules = [Rule("Requested", {"detail-type": ["Requested"]}, list(targets))]
    wiring = SimpleNamespace(rules=rules, functions=["store"], definitions={MACHINE: {"States": states or {}}})
    observer = SimpleNamespace(
        tap=tap,
        wiring=wiring,
        key=WATCHED.key,
        executions={"workflow": workflow} if workflow else {},
        log_group=lambda _: "",
    )
    consumers = None if mappings is None else {"EventSourceMappings": list(mappings), "Pipes": []}
    account = SimpleNamespace(logs=Pages(logs.page if logs else None), client=lambda _: Pages(consumers))
    system = AtRest(account, observer, RUN, ["bookings-table"], alone=alone)
    arrived, heard[:] = list(heard), []
    seen = system.from_now_on()
    heard[:] = arrived
    return seen


@pytest.fixture
def function():
    return Function()


class TestFunctions:
    def test_one_that_was_called_and_has_logged_nothing_yet_is_under_way(self, function):
        function.ran("about acceptance-0123abcd-0", "acceptance-0123abcd-1 came too")  # so it is known to log
        seen = activity(logs=function)
        assert not seen.look(PATIENCE).under_way
        function.lines.clear()
        later = activity(logs=function)
        later._system._talkative.add("store")
        assert later.look(PATIENCE).under_way == "the function store"

    def test_one_of_which_no_run_is_logged_is_under_way_whatever_it_logs(self, function):
        assert activity(logs=function).look(PATIENCE).under_way == "the function store"

    def test_one_that_has_logged_its_end_is_not(self, function):
        function.ran(f"stored {BOOKING}")
        look = activity(logs=function).look(PATIENCE)
        assert (look.under_way, look.at_rest, look.unsure) == ("", "1 run of functions ended", "")

    def test_runs_for_others_end_nothing(self, function):
        function.ran("stored somebody else's")
        seen = activity(logs=function)
        seen._system._talkative.add("store")
        assert seen.look(PATIENCE).under_way == "the function store"

    def test_one_that_never_says_for_whom_it_works_leaves_doubt(self, function):
        function.ran("stored something")
        assert activity(logs=function).look(PATIENCE).unsure == "store does not log whom it works for"

    def test_one_that_names_somebody_only_in_a_stack_trace_leaves_doubt(self, function):
        function.ran("[ERROR] ValueError: acceptance-0123abcd-7 is no number", id="r1", stream="a")
        function.ran("[ERROR] ValueError: acceptance-0123abcd-7 is no number", id="r1", stream="b")
        seen = activity(logs=function)
        seen._system.runs("store", 1, NOON, ["acceptance-0123abcd-7"])
        function.lines.clear()
        function.ran("stored something")
        assert seen.look(PATIENCE).unsure == "store does not log whom it works for"

    def test_one_that_says_nothing_at_times_leaves_doubt(self, function):
        function.ran()
        seen = activity(logs=function)
        seen._system._talkative.add("store")
        assert seen.look(PATIENCE).unsure == "store does not log whom it works for"

    def test_one_that_succeeds_when_called_again_without_a_word_has_ended(self, function):
        function.ran(BOOKING, "[ERROR] KeyError: 'drink'", id="r1", stream="a")
        function.ran(id="r1", stream="b")
        look = activity(logs=function).look(PATIENCE)
        assert (look.under_way, look.unsure) == ("", "")

    def test_logs_that_may_not_be_read_leave_doubt(self):
        look = activity().look(PATIENCE)
        assert (look.under_way, look.unsure) == ("", "functions' logs may not be read")

    @pytest.mark.parametrize(
        ("said", "more"),
        [
            (["[ERROR] KeyError: 'drink'\nTraceback (most recent call last):"], ""),
            (["2026-01-01T12:00:00Z\tr1\tERROR\tInvoke Error \t{}"], ""),
            (["2026-01-01T12:00:00Z r1 Task timed out after 10.00 seconds"], ""),
            ([], "\tMax Memory Used: 40 MB\tStatus: timeout"),
        ],
        ids=["Python", "Node", "timed out", "by its report"],
    )
    def test_one_that_has_failed_is_called_again_and_under_way_till_the_last_try(self, function, said, more):
        for tries in (1, 2):
            function.ran(f"stores {BOOKING}", *said, id="r1", more=more, stream=f"s{tries}")
            under_way = activity(logs=function).look(PATIENCE).under_way
            assert under_way == "the function store, which has failed and is called again"
        function.ran(f"stores {BOOKING}", *said, id="r1", more=more, stream="s3")
        assert not activity(logs=function).look(PATIENCE).under_way

    def test_one_that_succeeds_when_called_again_has_ended(self, function):
        function.ran(BOOKING, "[ERROR] KeyError: 'drink'", id="r1", stream="a")
        function.ran(BOOKING, id="r1", stream="b")
        assert not activity(logs=function).look(PATIENCE).under_way

    def test_an_error_that_the_code_logs_itself_is_no_failure(self, function):
        function.ran(BOOKING, "[ERROR]\t2026-01-01T12:00:00Z\tr1\tno milk")
        assert not activity(logs=function).look(PATIENCE).under_way

    def test_on_an_account_of_ones_own_a_run_that_names_nobody_counts(self, function):
        function.ran("KeyError")
        seen = activity(logs=function)
        seen._system.alone = True
        seen._system.ways.__dict__["executions"] = {}
        assert not seen.look(PATIENCE).under_way


ASK = Position(7, "Ask", "putEvents.waitForTaskToken")


class TestWorkflows:
    def look(self, workflow, **more):
        return activity(targets=[MACHINE], workflow=workflow, **more).look(PATIENCE)

    def test_one_that_has_not_started_yet_is_under_way(self):
        assert self.look(Workflow()).under_way == "Requested, which has not started the workflow yet"

    def test_one_that_waits_for_somebody_is_not(self):
        look = self.look(Workflow({"e1": "x"}, ASK), states={"Ask": {"TimeoutSeconds": 900}})
        assert (look.under_way, look.at_rest) == ("", "the workflow waits in “Ask”")

    @pytest.mark.parametrize(
        ("position", "state"),
        [
            (Position(3, "Store"), {}),
            (Position(3, "Pause"), {"Type": "Wait"}),
            (Position(3, "Ask", "sendMessage.waitForTaskToken"), {}),
            (Position(3, "Ask", "invoke.waitForTaskToken"), {}),
            (ASK, {"TimeoutSeconds": 60}),
            (ASK, {"HeartbeatSeconds": 30, "TimeoutSeconds": 900}),
            (ASK, {"TimeoutSecondsPath": "$.timeout"}),
            (ASK, {"TimeoutSeconds": "{% $timeout %}"}),
            (Position(3, "Ask", "putEvents.waitForTaskToken", [45]), {"TimeoutSecondsPath": "$.timeout"}),
        ],
    )
    def test_one_that_goes_on_by_itself_is(self, position, state):
        assert (
            "the workflow in “" in self.look(Workflow({"e1": "x"}, position), states={position.state: state}).under_way
        )

    def test_one_in_a_branch_is(self):
        assert self.look(Workflow({"e1": "x"}, ASK), states={"Both": {"Type": "Parallel"}}).under_way

    def test_a_timer_that_the_history_tells_and_that_is_longer_is_none(self):
        position = Position(3, "Ask", "putEvents.waitForTaskToken", [900])
        assert not self.look(Workflow({"e1": "x"}, position), states={"Ask": {"TimeoutSecondsPath": "$.t"}}).under_way

    def test_one_that_has_ended_is_not(self):
        assert self.look(Workflow({"e1": "x"}, status="FAILED")).at_rest == "1 workflow ended"

    def test_each_step_of_it_is_a_sign_of_life(self):
        states = {"Ask": {}}
        one, other = (
            self.look(Workflow({"e1": "x"}, Position(n, "Ask", "putEvents.waitForTaskToken")), states=states).sign
            for n in (3, 9)
        )
        assert one != other


class TestWaysThatNobodySees:
    @pytest.mark.parametrize(
        "target", ["arn:aws:sqs:eu-west-1:1:later", "arn:aws:events:eu-west-1:1:event-bus/other", f"{MACHINE}-2"]
    )
    def test_what_a_rule_hands_on_elsewhere_is_always_under_way(self, target):
        seen = activity(targets=[target], workflow=Workflow())
        seen._system.ways.__dict__["executions"] = {"workflow": Workflow()}
        assert seen.look(PATIENCE).under_way.startswith("what the rule Requested hands on to ")

    def test_what_a_log_group_gets_is_not(self):
        assert not activity(targets=["arn:aws:logs:eu-west-1:1:log-group:/all"]).look(PATIENCE).under_way

    def test_what_reads_its_stream_is(self):
        stream = "arn:aws:dynamodb:eu-west-1:1:table/bookings-table/stream/2026"
        mapping = {"EventSourceArn": stream, "FunctionArn": f"{FUNCTION}-2"}
        look = activity(mappings=[mapping], told=None).look(PATIENCE)
        assert look.under_way == "what function:store-2 takes from table/bookings-table/stream/2026"

    @pytest.mark.parametrize(
        ("mappings", "why"),
        [
            (
                [{"EventSourceArn": "arn:aws:sqs:eu-west-1:1:theirs", "FunctionArn": "arn:aws:lambda:::function:mail"}],
                "others listen to queues and streams here, perhaps for the system",
            ),
            (None, "what listens to queues and streams may not be listed"),
        ],
        ids=["others", "secret"],
    )
    def test_others_leave_doubt(self, mappings, why):
        look = activity(mappings=mappings, told=None).look(PATIENCE)
        assert (look.under_way, look.unsure) == ("", why)


def test_what_may_not_be_asked_is_said_and_asked_once():
    asked = []

    class Secret(Workflow):
        def of_event(self, _):
            asked.append(1)
            denied()

    seen = activity(targets=[MACHINE], workflow=Secret())
    for _ in range(2):
        assert "cannot be listed, because" in seen.look(PATIENCE).under_way
    assert asked == [1]


ENTERED = {"id": 5, "stateEnteredEventDetails": {"name": "Ask"}}


class TestPosition:
    """Where an execution is, by the last events of its history."""

    def position(self, *events):
        client = SimpleNamespace(get_execution_history=lambda **_: {"events": list(events)})
        return Executions(client, MACHINE, WATCHED.key).position("x")

    def test_as_aws_tells_it(self):
        details = {"resourceType": "events", "resource": "putEvents.waitForTaskToken"}
        scheduled = {"id": 6, "taskScheduledEventDetails": {**details, "timeoutInSeconds": 300}}
        submitted = {"id": 8, "taskSubmittedEventDetails": details}
        assert self.position(scheduled, ENTERED) == Position(6, "Ask", "putEvents.waitForTaskToken", [300])
        assert self.position(submitted, scheduled, ENTERED) == Position(8, "Ask", "putEvents.waitForTaskToken", [300])

    def test_as_ministack_tells_it(self):
        details = {"resourceType": "states", "resource": "arn:aws:states:::events:putEvents.waitForTaskToken"}
        scheduled = {"id": 6, "taskScheduledEventDetails": details}
        assert self.position(scheduled, ENTERED) == Position(6, "Ask", "putEvents.waitForTaskToken", [])

    def test_of_one_that_does_something_itself(self):
        scheduled = {"id": 6, "taskScheduledEventDetails": {"resourceType": "dynamodb", "resource": "putItem"}}
        assert self.position(scheduled, ENTERED) == Position(6, "Ask", "", [])
        assert self.position() == Position(0, "")

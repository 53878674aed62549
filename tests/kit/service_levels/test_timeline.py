"""A timeline puts what the cloud stamped in order, and says where the time went."""

from datetime import UTC, datetime

import pytest

from acceptance.aws.changes import Change
from acceptance.aws.function_logs import Invocation
from acceptance.aws.tap import Event
from acceptance.service_levels.timeline import (
    QUEUE,
    STEP_FUNCTIONS,
    STREAM,
    WAITS,
    Clock,
    Hop,
    Moment,
    Stamp,
    Timeline,
    hops,
    of_changes,
    of_events,
    of_history,
    of_invocations,
    pieces,
    slowest,
)

NOON = 1_800_000_000_000


def stamped(ms):
    return datetime.fromtimestamp((NOON + ms) / 1000, UTC)


def entered(ms, name, kind="Task"):
    return {"timestamp": stamped(ms), "type": f"{kind}StateEntered", "stateEnteredEventDetails": {"name": name}}


def exited(ms, name, kind="Task"):
    return {"timestamp": stamped(ms), "type": f"{kind}StateExited", "stateExitedEventDetails": {"name": name}}


def other(ms, kind, **details):
    return {"timestamp": stamped(ms), "type": kind, **details}


def spans(moments):
    return [(m.what, m.began.ms - NOON, m.ended and m.ended.ms - NOON) for m in moments]


class TestHistory:
    def test_becomes_an_execution_and_its_states(self):
        history = [
            other(0, "ExecutionStarted"),
            entered(150, "One"),
            exited(160, "One"),
            entered(160, "Two"),
            exited(200, "Two"),
            other(201, "ExecutionSucceeded"),
        ]
        moments = of_history("order workflow", history)
        assert spans(moments) == [("order workflow", 0, 201), ("One", 150, 160), ("Two", 160, 200)]
        assert {moment.began.clock for moment in moments} == {STEP_FUNCTIONS}
        assert not any(moment.is_open for moment in moments)

    def test_of_a_running_execution_ends_open(self):
        moments = of_history("lane", [other(0, "ExecutionStarted"), entered(150, "One")])
        assert spans(moments) == [("lane", 0, None), ("One", 150, None)]
        assert all(moment.is_open for moment in moments)

    def test_ends_a_failed_state_where_the_next_one_begins(self):
        history = [
            other(0, "ExecutionStarted"),
            entered(10, "One"),
            other(90, "TaskFailed"),
            entered(95, "Catcher"),
            exited(99, "Catcher"),
            other(100, "ExecutionSucceeded"),
        ]
        assert spans(of_history("lane", history))[1] == ("One", 10, 95)

    def test_ends_a_failed_state_with_its_execution_and_says_how_that_ended(self):
        history = [other(0, "ExecutionStarted"), entered(10, "One", "Fail"), other(11, "ExecutionFailed")]
        execution, state = of_history("lane", history)
        assert (execution.note, state.ended.ms - NOON) == ("ExecutionFailed", 11)

    @pytest.mark.parametrize(
        "resource", ["arn:aws:states:::events:putEvents.waitForTaskToken", "putEvents.waitForTaskToken"]
    )
    def test_knows_a_state_that_waits_for_somebody(self, resource):
        scheduled = other(11, "TaskScheduled", taskScheduledEventDetails={"resource": resource})
        history = [
            other(0, "ExecutionStarted"),
            entered(10, "Wait"),
            scheduled,
            exited(500, "Wait"),
            entered(500, "Go"),
        ]
        assert [moment.note for moment in of_history("lane", history)] == ["", WAITS, ""]

    def test_that_is_empty_is_nothing(self):
        assert of_history("lane", []) == []


class TestSources:
    def test_events_bring_the_queues_stamp(self):
        [moment] = of_events("bus", [Event("id", "shop", "Told", {"orderId": "2"}, NOON)])
        assert (moment.began, moment.ended, moment.is_open) == (Stamp(NOON, QUEUE), None, False)

    def test_changes_bring_a_stamp_that_is_exact_to_the_second(self):
        [moment] = of_changes("record", [Change("MODIFY", NOON, ["orderNumber"])])
        assert (moment.what, moment.began) == ("orderNumber changed", Stamp(NOON, STREAM))
        assert moment.began.latest - moment.began.ms == 1000

    def test_runs_are_spans(self):
        [moment] = of_invocations("functions", [Invocation("Store", "id", NOON, NOON + 20)])
        assert spans([moment]) == [("Store", 0, 20)]


def state(what, begin, end, note=""):
    return Moment(
        "state", "workflow", what, Stamp(NOON + begin, STEP_FUNCTIONS), Stamp(NOON + end, STEP_FUNCTIONS), note
    )


def run(what, begin, end):
    return Moment("function", "functions", what, Stamp(NOON + begin, QUEUE), Stamp(NOON + end, QUEUE))


def event(what, ms, clock=QUEUE):
    return Moment("event", "bus", what, Stamp(NOON + ms, clock))


class TestHops:
    def test_are_in_a_state_or_between_two_stamps(self):
        timeline = Timeline.of("2", [state("One", 100, 400), event("Begun", 0), event("Done", 450)])
        assert hops(timeline, NOON, NOON + 450) == [
            Hop("between the bus (Begun) and the state “One” of the workflow", 100),
            Hop("in the state “One” of the workflow", 300),
            Hop("between the state “One” of the workflow and the bus (Done)", 50),
        ]

    def test_all_of_them_with_their_beginnings_start_with_what_somebody_did(self):
        asks = Moment("person", "Ada", "asks", Stamp(NOON - 20, QUEUE))
        twice = [event("Begun", 0), event("Begun as well", 0)]  # nothing passed between these two
        coarse = event("Kept", 50, STREAM)
        timeline = Timeline.of("2", [state("One", 100, 400), *twice, asks, coarse])
        assert pieces(timeline) == [
            (NOON - 20, Hop("between Ada (asks) and the bus (Begun)", 20)),
            (NOON, Hop("between the bus (Begun as well) and the state “One” of the workflow", 100)),
            (NOON + 100, Hop("in the state “One” of the workflow", 300)),
        ]
        assert hops(timeline, NOON - 20, NOON)[0].ms == 0  # people's actions are not hops in a sentence

    def test_outside_the_two_ends_do_not_count(self):
        timeline = Timeline.of("2", [event("Long before", -9000), event("A", 0), event("B", 10), event("Later", 9000)])
        assert slowest(timeline, NOON, NOON + 10) == Hop("between the bus (A) and the bus (B)", 10)

    def test_are_in_the_function_that_ran_meanwhile(self):
        timeline = Timeline.of("2", [event("A", 0), run("Store", -5, 1010), event("B", 1000)])
        assert slowest(timeline, NOON, NOON + 1000) == Hop("in the function Store", 1000)

    def test_are_in_the_innermost_of_several(self):
        timeline = Timeline.of("2", [state("Call", 0, 1000), run("Store", 10, 990)])
        assert slowest(timeline, NOON, NOON + 1000).where == "in the function Store"

    def test_are_never_in_a_state_that_waits_for_somebody(self):
        timeline = Timeline.of("2", [state("Wait", 0, 9000, WAITS), event("A", 10), event("B", 1000)])
        assert slowest(timeline, NOON + 10, NOON + 1000).where == "between the bus (A) and the bus (B)"

    def test_are_not_cut_by_a_stamp_that_is_exact_to_the_second(self):
        coarse = Moment("change", "record", "stored", Stamp(NOON + 500, STREAM))
        also_coarse = event("Rough", 500, Clock("rough", 1000))
        timeline = Timeline.of("2", [event("A", 0), coarse, also_coarse, event("B", 1000)])
        assert [hop.ms for hop in hops(timeline, NOON, NOON + 1000)] == [1000]

    def test_of_nothing_are_none(self):
        assert slowest(Timeline.of("2", []), NOON, NOON + 10) is None


def test_the_first_of_its_name_is_the_first_since_a_time():
    timeline = Timeline.of("2", [event("Told", 30), event("Told", 10), event("Else", 0)])
    assert timeline.first("event", "Told").began.ms == NOON + 10
    assert timeline.first("event", "Told", since=NOON + 11).began.ms == NOON + 30
    assert timeline.first("state", "Told") is None

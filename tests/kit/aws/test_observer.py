"""A system that declares itself is observed: one booking by its events, its workflow, its record and its logs."""

import json
import uuid
from types import SimpleNamespace

import pytest
from hamcrest import has_length, is_not

from acceptance.aws.account import Account
from acceptance.aws.coverage import Coverage
from acceptance.aws.deployment import deploy
from acceptance.aws.observer import Observer
from acceptance.aws.parts import discover
from acceptance.aws.tap import Event
from acceptance.aws.watched import Key, Watched
from acceptance.service_levels.timeline import of_key
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter

pytestmark = pytest.mark.cloud

RUN = "0123abcd"
BOOKING = Key(
    "booking",
    events=("detail.booking.reference",),
    executions=("input.detail.booking.reference",),
    records=("id",),
    prefix="acceptance-{run}-",
)
WATCHED = Watched(
    keys=(BOOKING,),
    parts={
        "bus": ("event bus", "bookings"),
        "workflow": ("state machine", "bookings-workflow"),
        "record": ("table", "bookingstable"),
    },
)
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Bus:
    Type: AWS::Events::EventBus
    Properties: {Name: bookings}
  BookingsTable:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Workflow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: bookings-workflow
      Events:
        Requested:
          Type: EventBridgeRule
          Properties:
            EventBusName: !Ref Bus
            Pattern: {source: [hotel], detail-type: [BookingRequested]}
      DefinitionSubstitutions: {Table: !Ref BookingsTable, Bus: !Ref Bus}
      Definition:
        StartAt: Store
        States:
          Store:
            Type: Task
            Resource: arn:aws:states:::dynamodb:putItem
            Parameters: {TableName: "${Table}", Item: {id: {"S.$": $.detail.booking.reference}}}
            ResultPath: null
            Next: Announce
          Announce:
            Type: Task
            Resource: arn:aws:states:::events:putEvents
            Parameters:
              Entries:
                - EventBusName: "${Bus}"
                  Source: bookings
                  DetailType: BookingConfirmed
                  Detail: {booking: {reference.$: $.detail.booking.reference}}
            End: true
"""


@pytest.fixture(scope="module")
def observer(cafe_account, tmp_path_factory):
    account = Account("us-east-1", cafe_account[0].url, "666666666666")
    template = tmp_path_factory.mktemp("bookings") / "template.yaml"
    template.write_text(TEMPLATE, encoding="utf-8")
    deploy(account, template)
    observer = Observer.of(account, WATCHED, discover(account, "bookings", WATCHED.parts, None), RUN)
    observer.open()
    yield observer
    observer.close()


@pytest.fixture(scope="module")
def booked(observer, wait_until):
    """The reference of a booking that was asked for and is confirmed, beside another one."""
    references = [f"acceptance-{RUN}-{uuid.uuid4().hex[:8]}" for _ in range(2)]
    details = [json.dumps({"booking": {"reference": reference}}) for reference in references]
    observer.tap.send("hotel", "BookingRequested", details)
    wait_until(lambda: all(len(observer.events_of(reference)) == 2 for reference in references), "both are confirmed")
    wait_until(lambda: not observer.executions_of(references[0])["workflow"][0].running, "its workflow ends")
    return references[0]


def test_its_timeline_shows_events_states_and_its_record(observer, booked):
    timeline = of_key(observer, booked, with_functions=True)
    shown = {(moment.kind, moment.lane, moment.what) for moment in timeline.moments}
    assert timeline.key == booked
    assert shown == {
        ("event", "bus", "BookingRequested"),
        ("execution", "workflow", "workflow"),
        ("state", "workflow", "Store"),
        ("state", "workflow", "Announce"),
        ("change", "record", "stored"),
        ("event", "bus", "BookingConfirmed"),
    }


def test_its_evidence_tells_the_same_about_nothing_else(observer, booked):
    evidence = observer.evidence(booked)
    assert [event["event"] for event in evidence["last events"]] == ["BookingRequested", "BookingConfirmed"]
    assert [workflow["status"] for workflow in evidence["workflows"]] == ["SUCCEEDED"]
    assert evidence["functions logged"] == "nothing"


def test_coverage_counts_its_own_executions_and_events(observer, booked):
    exercised = Coverage.of([observer.look_back([booked])])
    counts = {item.name: item.count for item in exercised.items}
    assert not exercised.gaps
    assert counts["bookings-workflow › Store"] == 1
    assert counts["rules › BookingRequested → bookings-workflow"] == 1
    assert counts["bookings › BookingConfirmed"] == 1


def test_a_key_that_stands_elsewhere_than_declared_is_no_silence(observer, booked):
    elsewhere = Key("booking", events=("detail.reference",), prefix="acceptance-{run}-")
    watched = Watched(keys=(elsewhere,), parts={"bus": WATCHED.parts["bus"]})
    parts = {"bus": "bookings"}
    account = observer._account
    mistaken = Observer.of(account, watched, parts, "4567cdef", whole_bus=True)
    mistaken.open()
    try:
        reference = f"acceptance-{RUN}-{uuid.uuid4().hex[:8]}"
        observer.tap.send("hotel", "BookingRequested", [json.dumps({"booking": {"reference": reference}})])
        mistaken.tap.prove_listening()
        with pytest.raises(Trouble, match=f"Booking.* names {reference}, and not at detail.reference, where"):
            Waiter(patience=10, quiet=5, **mistaken.tap.listening).never(
                mistaken.events_of, reference, is_not(has_length(0))
            )
    finally:
        mistaken.close()


class Logs:
    """CloudWatch Logs on paper: one run of a function in one group."""

    class exceptions:
        ResourceNotFoundException = KeyError

    LINES = ("START RequestId: r", "booked B-1", "REPORT RequestId: r\tDuration: 5 ms\t")

    def get_paginator(self, _):
        return self

    def paginate(self, logGroupName, startTime):
        assert startTime == 1000
        if logGroupName != "/hotel/store":
            raise KeyError(logGroupName)
        return [{"events": [{"timestamp": 1010, "message": m, "logStreamName": "s"} for m in self.LINES]}]


@pytest.mark.parametrize("named", ["app-Store-AbCdEfGh1234", "store"], ids=["by the function", "by its role"])
def test_functions_log_where_it_is_declared(named):
    function = "app-Store-AbCdEfGh1234"
    watched = Watched(keys=(BOOKING,), parts={"store": ("function", "store")}, log_groups={named: "/hotel/store"})
    tap = SimpleNamespace(of_key=lambda _: [Event("e", "hotel", "Booked", {}, 1000)])
    wiring = SimpleNamespace(functions=["another"], rules=[])
    seen = Observer(SimpleNamespace(logs=Logs()), watched, wiring, tap, {}, {}, {"store": function})
    assert [(run.function, run.lines) for run in seen.runs("B-1")] == [("Store", ("booked B-1",))]


def test_a_system_that_declares_no_bus_cannot_be_observed_so(observer):
    with pytest.raises(Trouble, match="declares 0 event buses to listen to, and one is needed"):
        Observer.of(None, Watched(keys=(BOOKING,)), {}, RUN)

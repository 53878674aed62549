"""A wait for what does not come ends once nothing is under way, and not before: on a system with slow and odd ways."""

import json
import time
import uuid

import pytest
from hamcrest import has_length

from acceptance.aws.account import Account
from acceptance.aws.at_rest import AtRest
from acceptance.aws.deployment import deploy
from acceptance.aws.observer import Observer
from acceptance.aws.parts import discover
from acceptance.aws.watched import Key, Watched
from acceptance.rest import Grace
from acceptance.waiting import Waiter

pytestmark = pytest.mark.cloud

RUN = "0123abcd"
PARCEL = Key("parcel", events=("detail.parcel",), executions=("input.detail.parcel",), prefix="acceptance-{run}-")
WATCHED = Watched(keys=(PARCEL,), parts={"bus": ("event bus", "parcels"), "desk": ("state machine", "parcels-desk")})
PATIENCE = 20.0
SLOW_SECONDS = 3
CODE = """
import json, os, tempfile, time, boto3

def handler(event, _context):
    kind, parcel = event["detail-type"], event["detail"]["parcel"]
    if kind == "Crash":
        raise KeyError("nobody catches it")
    tried = os.path.join(tempfile.gettempdir(), parcel)
    if kind == "Again" and not os.path.exists(tried):
        open(tried, "w").close()
        time.sleep(1.5)
        raise KeyError("nobody catches it")
    if kind in ("Slow", "Silent", "Again"):
        time.sleep({seconds})
        boto3.client("events").put_events(Entries=[{{"EventBusName": os.environ["BUS"], "Source": "parcels",
            "DetailType": "Done", "Detail": json.dumps({{"parcel": parcel}})}}])
    if kind != "Silent":
        print(json.dumps({{"parcel": parcel}}))
"""
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Bus:
    Type: AWS::Events::EventBus
    Properties: {Name: parcels}
  Sorter:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: sorter
      Runtime: python3.13
      Handler: app.handler
      Timeout: 30
      CodeUri: code
      Environment: {Variables: {BUS: !Ref Bus}}
      Events:
        Came:
          Type: EventBridgeRule
          Properties:
            EventBusName: !Ref Bus
            Pattern: {detail-type: [Slow, Silent, Again, Crash, Lost]}
  Desk:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: parcels-desk
      Events:
        Asked:
          Type: EventBridgeRule
          Properties: {EventBusName: !Ref Bus, Pattern: {detail-type: [Ask, Pass on, Hurry]}}
      DefinitionSubstitutions: {Bus: !Ref Bus}
      Definition:
        StartAt: What
        States:
          What:
            Type: Choice
            Choices:
              - {Variable: $.detail-type, StringEquals: Pass on, Next: Hand on}
              - {Variable: $.detail-type, StringEquals: Hurry, Next: Hurry}
            Default: Ask
          Hand on: &tell
            Type: Task
            Resource: arn:aws:states:::events:putEvents
            Parameters:
              Entries:
                - {EventBusName: "${Bus}", Source: parcels, DetailType: Handed on, Detail: {parcel.$: $.detail.parcel}}
            End: true
          Ask: &ask
            Type: Task
            Resource: arn:aws:states:::events:putEvents.waitForTaskToken
            Parameters:
              Entries:
                - EventBusName: "${Bus}"
                  Source: parcels
                  DetailType: Asked
                  Detail: {parcel.$: $.detail.parcel, token.$: $$.Task.Token}
            TimeoutSeconds: 900
            End: true
          Hurry:
            <<: *ask
            TimeoutSeconds: 2
            Catch: [{ErrorEquals: [States.Timeout], ResultPath: null, Next: Late}]
          Late:
            <<: *tell
            Parameters:
              Entries:
                - {EventBusName: "${Bus}", Source: parcels, DetailType: Done, Detail: {parcel.$: $.detail.parcel}}
  Van:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: the-van
      Events:
        HandedOn:
          Type: EventBridgeRule
          Properties: {EventBusName: !Ref Bus, Pattern: {detail-type: [Handed on]}}
      DefinitionSubstitutions: {Bus: !Ref Bus}
      Definition:
        StartAt: Drive
        States:
          Drive: {Type: Wait, Seconds: 3, Next: Deliver}
          Deliver:
            Type: Task
            Resource: arn:aws:states:::events:putEvents
            Parameters:
              Entries:
                - {EventBusName: "${Bus}", Source: parcels, DetailType: Done, Detail: {parcel.$: $.detail.parcel}}
            End: true
"""
QUEUE = """
  Letterbox:
    Type: AWS::SQS::Queue
  Posted:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {detail-type: [Posted]}
      Targets: [{Id: box, Arn: !GetAtt Letterbox.Arn}]
"""


@pytest.fixture(scope="module")
def parcels(cafe_account, tmp_path_factory):
    """Deploy parcels, and a variant with a queue, each into an account of its own; return who observes them."""
    opened = []

    def observed(account_id, text):
        folder = tmp_path_factory.mktemp("parcels")
        (folder / "code").mkdir()
        (folder / "code" / "app.py").write_text(CODE.format(seconds=SLOW_SECONDS), encoding="utf-8")
        template = folder / "template.yaml"
        template.write_text(text, encoding="utf-8")
        account = Account("us-east-1", cafe_account[0].url, account_id)
        deploy(account, template)
        observer = Observer.of(account, WATCHED, discover(account, "parcels", WATCHED.parts, None), RUN)
        observer.open()
        opened.append(observer)
        return account, observer

    yield observed
    for observer in opened:
        observer.close()


@pytest.fixture(scope="module")
def plain_parcels(parcels):
    return parcels("777777777777", TEMPLATE)


class Scenario:
    """A customer who sends a parcel, and waits for its notifications."""

    def __init__(self, account, observer, alone=True):
        self.observer = observer
        self.parcel = f"acceptance-{RUN}-{uuid.uuid4().hex[:8]}"
        rest = AtRest(account, observer, RUN, alone=alone).from_now_on()
        self.wait = Waiter(PATIENCE, 1.0, **observer.tap.listening, rest=rest, grace=Grace(1.0, 5.0))

    def sends(self, kind):
        self.observer.tap.send("parcels", kind, [json.dumps({"parcel": self.parcel})])
        return self

    def told(self):
        return [event for event in self.observer.events_of(self.parcel) if event.detail_type == "Done"]

    def waits(self):
        return self.wait.eventually(self.told, has_length(1))

    def sees_nothing(self):
        self.wait.never(self.told, has_length(1))

    def waits_in_vain(self):
        """Return the message of a wait, and its duration in s."""
        began = time.monotonic()
        with pytest.raises(AssertionError) as error:
            self.waits()
        return str(error.value), time.monotonic() - began


@pytest.mark.parametrize(
    "kind",
    ["Slow", "Again", "Pass on", "Hurry"],
    ids=["function", "function that is tried again", "second workflow", "own timer"],
)
def test_what_is_slow_is_waited_for(plain_parcels, kind):
    assert Scenario(*plain_parcels).sends(kind).waits()


def test_what_is_slow_is_waited_for_before_it_is_said_never_to_come(plain_parcels):
    with pytest.raises(AssertionError, match="never"):
        Scenario(*plain_parcels).sends("Slow").sees_nothing()


def test_a_run_that_an_earlier_scenario_has_left_behind_is_not_taken_for_this_ones(plain_parcels):
    """Neither says whom it works for. The first one ends 2 s before the second one."""
    Scenario(*plain_parcels).sends("Silent")
    time.sleep(SLOW_SECONDS - 1)  # noqa: TID251 - the time that the first one is ahead
    assert Scenario(*plain_parcels).sends("Silent").waits()


def test_what_the_bus_delivers_late_is_waited_for(plain_parcels):
    account, observer = plain_parcels
    queue = observer.tap._queue_url
    account.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": "3"})
    try:
        assert Scenario(account, observer).sends("Done").waits()
    finally:
        account.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": "0"})


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("Unheard of", "nothing was running any more"),
        ("Lost", "nothing was running any more (1 run of functions ended)"),
        ("Crash", "nothing was running any more (1 run of functions ended)"),
        ("Ask", "nothing was running any more (the desk waits in “Ask”)"),
    ],
    ids=["nobody listens", "not told", "crashed", "waits for a person"],
)
def test_what_does_not_come_ends_the_wait_early(plain_parcels, kind, words):
    message, seconds = Scenario(*plain_parcels).sends(kind).waits_in_vain()
    assert words in message
    assert seconds < PATIENCE / 2


def test_what_goes_through_a_queue_is_waited_for_as_long_as_patience_lasts(parcels):
    scenario = Scenario(*parcels("888888888888", TEMPLATE + QUEUE)).sends("Posted")
    look = scenario.wait._rest.look(PATIENCE)
    assert look.under_way.startswith("what the rule ")
    assert "Letterbox" in look.under_way

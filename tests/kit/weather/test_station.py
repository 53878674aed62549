"""A weather station hands calls on, and lets some be throttled, refused, or cut off, as services and networks do."""

import pytest
import requests
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker
from places import ROOT
from stub_account import client, stub_account

from acceptance.aws.secret import HEADER
from acceptance.weather.calls import Answer, read_call
from acceptance.weather.station import Fate, Station
from acceptance.weather.weathers import CALM, WEATHERS, Weather, markdown
from acceptance.weather.words import is_away

SECRET = "secret"
MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:M"
# One call of each service, in each protocol: JSON, query and REST.
CALLS = {
    "dynamodb": lambda one: one.get_item(TableName="T", Key={"k": {"S": "v"}}),
    "stepfunctions": lambda one: one.list_executions(stateMachineArn=MACHINE),
    "events": lambda one: one.put_events(Entries=[{"Source": "s", "DetailType": "d", "Detail": "{}"}]),
    "sqs": lambda one: one.receive_message(QueueUrl="http://127.0.0.1/000000000000/q"),
    "lambda": lambda one: one.invoke(FunctionName="f"),
    "cloudformation": lambda one: one.describe_stacks(),
    "logs": lambda one: one.filter_log_events(logGroupName="g"),
    "iam": lambda one: one.list_users(),
    "sts": lambda one: one.get_caller_identity(),
    "cognito-idp": lambda one: one.list_user_pools(MaxResults=1),
    "apigateway": lambda one: one.get_rest_apis(),
}
# The codes and statuses of AWS's API references.
THROTTLED = {
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "stepfunctions": ("ThrottlingException", 400),
    "events": ("ThrottlingException", 400),
    "sqs": ("RequestThrottled", 400),
    "lambda": ("TooManyRequestsException", 429),
    "cloudformation": ("Throttling", 400),
    "logs": ("ThrottlingException", 400),
    "iam": ("Throttling", 400),
    "sts": ("Throttling", 400),
    "cognito-idp": ("TooManyRequestsException", 400),
    "apigateway": ("TooManyRequestsException", 429),
}


@pytest.fixture(scope="module")
def account():
    with stub_account() as account:
        yield account


@pytest.fixture
def station(account):
    account.asked.clear()
    with Station(account.url, secret=SECRET) as station:
        yield station


def refused(station, service, fate):
    station.fate = lambda _: fate
    with pytest.raises(ClientError) as error:
        CALLS[service](client(service, station.url, SECRET))
    return error.value.response


@pytest.mark.parametrize("service", CALLS)
def test_each_service_throttles_in_its_own_words(account, station, service):
    answer = refused(station, service, Fate.THROTTLED)
    code = answer["Error"]["Code"]
    assert (code, answer["ResponseMetadata"]["HTTPStatusCode"]) == THROTTLED[service]
    assert answer["Error"]["Message"]
    assert code in ThrottledRetryableChecker._THROTTLED_ERROR_CODES, "botocore knows that it is to be repeated"
    assert not account.asked, "nothing has taken effect"


@pytest.mark.parametrize("service", CALLS)
def test_each_service_says_that_it_is_unavailable(account, station, service):
    answer = refused(station, service, Fate.UNAVAILABLE)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] in TransientRetryableChecker._TRANSIENT_STATUS_CODES
    assert not answer["Error"]["Code"].isdigit()
    assert not account.asked


@pytest.mark.parametrize(
    ("fate", "effects"), [(Fate.CUT_BEFORE, 0), (Fate.CUT_AFTER, 1)], ids=lambda one: getattr(one, "name", one)
)
def test_connection_is_reset_before_or_after_the_effect(account, station, fate, effects):
    station.fate = lambda _: fate
    with pytest.raises(ConnectionClosedError):
        CALLS["stepfunctions"](client("stepfunctions", station.url, SECRET))
    assert account.asked["ListExecutions"] == effects
    assert station.happened["ListExecutions", fate] == 1


def test_page_of_a_gateway_comes_after_the_effect(account, station):
    assert refused(station, "sqs", Fate.FAILED_AFTER)["ResponseMetadata"]["HTTPStatusCode"] == 504
    assert account.asked["ReceiveMessage"] == 1


def test_operations_of_rest_services_have_names(account, station):
    CALLS["lambda"](client("lambda", station.url, SECRET))
    CALLS["apigateway"](client("apigateway", station.url, SECRET))
    assert set(station.happened) == {("Invoke", Fate.ANSWERED), ("GetRestApis", Fate.ANSWERED)}


def test_account_is_told_the_secret_and_callers_must_know_it(account, station):
    account.secrets.clear()
    CALLS["dynamodb"](client("dynamodb", station.url, SECRET))
    assert account.secrets == [SECRET]
    with pytest.raises(ClientError, match="Sign with the secret of the run"):
        CALLS["dynamodb"](client("dynamodb", station.url, "another"))
    assert requests.post(station.url, b"{}", timeout=5).status_code == 403
    assert requests.post(station.url, b"{}", headers={HEADER: SECRET}, timeout=5).status_code == 200
    assert account.secrets == [SECRET, SECRET]


def test_guests_may_call_with_keys_of_their_own(account):
    with Station(account.url, secret=SECRET, guests=True) as station:
        CALLS["dynamodb"](client("dynamodb", station.url, "another"))


def test_answers_are_altered_while_that_is_wanted(station):
    tables = client("dynamodb", station.url, SECRET)
    station.alter = is_away
    with pytest.raises(ClientError, match="InternalServerError"):
        tables.list_tables()
    station.alter = lambda call, answer: answer.telling(TableNames=[call.operation])
    assert tables.list_tables()["TableNames"] == ["ListTables"]
    station.alter = None
    assert "TableNames" not in tables.list_tables()


def fates(seed, kinds):
    """What becomes of 300 calls of each kind, in turns."""
    with Station("http://127.0.0.1:9", Weather("test", throttled=0.1, unavailable=0.1), seed) as station:
        calls = [called(kind) for _ in range(300) for kind in kinds]
        drawn = [(call.operation, station.by_weather(call)) for call in calls]
    return {kind: [fate for operation, fate in drawn if operation == kind] for kind in kinds}


def called(operation):
    return read_call("POST", "/", {"X-Amz-Target": f"DynamoDB_20120810.{operation}"}, b"{}")


def test_seed_repeats_what_becomes_of_the_calls_of_a_kind_whatever_comes_between():
    assert fates(7, ["GetItem"])["GetItem"] == fates(7, ["PutItem", "GetItem"])["GetItem"]
    assert fates(7, ["GetItem"]) != fates(8, ["GetItem"])
    assert 10 < fates(7, ["GetItem"])["GetItem"].count(Fate.THROTTLED) < 60


def test_calm_changes_nothing(account):
    with Station(account.url, WEATHERS["calm"], 1, secret=SECRET) as station:
        CALLS["dynamodb"](client("dynamodb", station.url, SECRET))
    assert {fate for _, fate in station.happened} == {Fate.ANSWERED}
    assert station.weather is CALM
    assert station.words == "weather calm, seed 1: 1 answered"


def test_answer_that_tells_something_else_has_no_checksum():
    answer = Answer(200, [("X-Amz-Crc32", "1"), ("Content-Type", "json")], b'{"a": 1}').telling(b=2)
    assert dict(answer.headers) == {"Content-Type": "json"}
    assert answer.told == {"a": 1, "b": 2}


def test_page_of_the_documentation_has_the_table_of_today():
    assert markdown() in (ROOT / "docs" / "weather.md").read_text(encoding="utf-8")

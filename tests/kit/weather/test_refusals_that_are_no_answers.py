"""A service that is busy, or has troubles of its own, has not answered what was asked."""

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from stub_account import client, stub_account

from acceptance.aws import account as accounts
from acceptance.aws.account import Account, is_of_the_weather
from acceptance.aws.permission_check import PermissionCheck
from acceptance.trouble import Trouble
from acceptance.weather.station import Fate, Station

SECRET = "secret"
CALLS = {
    "dynamodb": lambda one: one.list_tables(),
    "stepfunctions": lambda one: one.list_state_machines(),
    "events": lambda one: one.list_rules(),
    "sqs": lambda one: one.list_queues(),
    "lambda": lambda one: one.list_functions(),
    "iam": lambda one: one.list_users(),
    "cognito-idp": lambda one: one.list_user_pools(MaxResults=1),
}


@pytest.fixture(scope="module")
def station():
    with stub_account() as account, Station(account.url, secret=SECRET, guests=True) as station:
        yield station


def refusal(code, status=400):
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Call")


@pytest.mark.parametrize("fate", [Fate.THROTTLED, Fate.UNAVAILABLE])
@pytest.mark.parametrize("service", CALLS)
def test_words_of_the_weather_are_known(station, service, fate):
    station.fate = lambda _: fate
    with pytest.raises(ClientError) as error:
        CALLS[service](client(service, station.url, SECRET))
    assert is_of_the_weather(error.value)


@pytest.mark.parametrize("code", ["NotAuthorizedException", "TaskTimedOut", "AccessDeniedException", "Validation"])
def test_words_of_a_service_about_the_call_are_an_answer(code):
    assert not is_of_the_weather(refusal(code))


def test_permission_that_was_tried_in_a_storm_is_not_known():
    def busy():
        raise refusal("ThrottlingException")

    def there_is_none():
        raise refusal("ResourceNotFoundException")

    assert PermissionCheck._tried(busy) is None
    assert PermissionCheck._tried(there_is_none) is True


def test_credentials_are_not_blamed_for_throttling(station, monkeypatch):
    station.fate = lambda _: Fate.THROTTLED
    monkeypatch.setattr(accounts, "IMPATIENT", Config(retries={"mode": "standard", "total_max_attempts": 1}))
    account = Account("us-east-1", station.url, "000000000000", behind=station._account)
    with pytest.raises(Trouble, match=r"AWS cannot be asked who we are, after some attempts: .*Throttling.* Run again"):
        account.check()

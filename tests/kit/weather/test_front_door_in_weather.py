"""People at an HTTP API in weather: its gateway's refusals are no answers of the system's."""

import pytest
from stub_account import stub_account

from acceptance.aws.account import Account
from acceptance.aws.secret import SECRET
from acceptance.trouble import Trouble
from acceptance.waiting import Pauses
from acceptance.weather.station import Fate, Station
from acceptance.web import Web

pytestmark = pytest.mark.trust("surroundings")

PATH = "/restapis/api/Prod/_user_request_"
ORDER = f"{PATH}/orders"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(Pauses, "first", 0.001)


@pytest.fixture
def account():
    with stub_account() as account:
        yield account


@pytest.fixture
def web(account):
    """An API behind a station that lets the next calls have these fates, and answers all others."""
    with Station(account.url, secret=SECRET) as station:

        def through(*fates):
            left = list(fates)
            station.fate = lambda _: left.pop(0) if left else Fate.ANSWERED
            own = Account("us-east-1", station.url, "000000000000", behind=account.url)
            return Web(own, f"{station.url}{PATH}")

        yield through


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_request_that_the_gateway_throttles_is_sent_again(web, account, method):
    assert web(Fate.THROTTLED, Fate.THROTTLED).ask(method, "/orders").status_code == 200
    assert account.asked == {ORDER: 1}


def test_gateway_that_goes_on_throttling_is_told_as_the_reason(web, account):
    with pytest.raises(Trouble, match=r"the API's gateway throttles.*after 6 attempts"):
        web(*[Fate.THROTTLED] * 20).ask("PUT", "/orders")
    assert not account.asked


@pytest.mark.parametrize("fate", [Fate.UNAVAILABLE, Fate.FAILED_AFTER])
def test_looking_again_changes_nothing(web, fate):
    assert web(fate).ask("GET", "/orders").status_code == 200


@pytest.mark.parametrize(
    ("fate", "words", "effects"), [(Fate.UNAVAILABLE, "503", 0), (Fate.FAILED_AFTER, "504", 1)], ids=["503", "504"]
)
def test_request_that_may_have_been_taken_up_is_not_sent_again(web, account, fate, words, effects):
    with pytest.raises(Trouble, match=rf"{words}.*Whether the request was taken up is not known"):
        web(fate).ask("PUT", "/orders")
    assert account.asked[ORDER] == effects

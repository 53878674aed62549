"""An event tap in weather: it opens once its rule is in force, and messages that overtake others hide none of them."""

import uuid

import pytest

from acceptance.aws.account import Account
from acceptance.aws.secret import SECRET
from acceptance.aws.tap import EventTap
from acceptance.aws.watched import Key, Watched
from acceptance.weather.station import Fate, Station
from acceptance.weather.weathers import Weather

pytestmark = [pytest.mark.cloud, pytest.mark.trust("surroundings")]
BUS = "default"
ORDER = Watched(keys=[Key("order", events=["detail.order"])])


@pytest.fixture
def opened(cafe_account):
    """A tap on an account of its own, in some weather."""
    url = cafe_account[0].url
    account_id, taps, stations = str(uuid.uuid4().int)[:12], [], []

    def in_weather(**figures):
        stations.append(Station(url, Weather("test", **figures), 1, secret=SECRET))
        account = Account("us-east-1", stations[0].url, account_id, behind=url)
        taps.append(EventTap(account, BUS, uuid.uuid4().hex[:8], ORDER, far_away=True, whole_bus=True))
        taps[0].open()
        return taps[0], stations[0]

    yield in_weather
    for one in (*taps, *stations):
        one.close()


def test_tap_is_open_once_its_rule_is_in_force(opened):
    tap, _ = opened(rule_deafness=3)
    tap.send("test", "Said", ['{"order": "1"}'])
    tap.prove_listening()
    assert len(tap.of_key("1")) == 1


def test_marker_that_overtakes_an_event_does_not_prove_that_it_was_not_sent(opened):
    tap, _ = opened(message_delay=600)
    for number in range(8):
        tap.send("test", "Said", [f'{{"order": "{number}"}}'])
        tap.prove_listening()
        assert len(tap.of_key(str(number))) == 1


def test_event_whose_answer_is_lost_is_not_sent_again_because_it_was_overtaken(opened):
    tap, station = opened(message_delay=600)
    lost = []
    station.fate = lambda call: (
        Fate.CUT_AFTER
        if call.operation == "PutEvents" and b"Said" in call.body and not lost.append(call)
        else Fate.ANSWERED
    )
    answer = tap.send("test", "Said", ['{"order": "1"}'])
    assert answer[0]["EventId"] == tap.of_key("1")[0].id
    assert len(lost) == 1

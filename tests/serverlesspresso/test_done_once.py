"""Drivers act exactly once, even if responses are lost; an unknown outcome is reported as unknown."""

import json
import threading
import uuid

import pytest
from deployed import deployed
from hamcrest import equal_to, greater_than
from lossy_proxy import AFTER, BEFORE, GATEWAY, lossy

from acceptance.aws.account import Account, LostAnswer
from acceptance.aws.tap import EventTap
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.serverlesspresso.bus import SOURCE
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.matchers.messages import tells
from support.serverlesspresso.matchers.orders import waits_for_its_drink
from support.serverlesspresso.messages import STARTED
from support.serverlesspresso.parts import discover
from support.serverlesspresso.settings import ServerlesspressoSettings
from support.serverlesspresso.watched import WATCHED

pytestmark = [pytest.mark.cloud, pytest.mark.trust("losses")]
MOMENTS = pytest.mark.parametrize("moment", [BEFORE, AFTER, GATEWAY])


@pytest.fixture(scope="module")
def cafe_account(serverlesspresso):
    """An account of its own: in the one that all tests share, orders of others may fill the shop."""
    with deployed(serverlesspresso) as account:
        yield account


@pytest.fixture(scope="module")
def parts(cafe_account):
    return discover(cafe_account[1], ServerlesspressoSettings())


@pytest.fixture
def proxy(cafe_account):
    """A proxy that loses the next responses to some calls on request."""
    with lossy(cafe_account[0].url, every=0) as proxy:
        yield proxy


@pytest.fixture
def lose(proxy):
    """Lose this many of the next responses to a call."""
    decide = proxy.lot

    def lose(call, moment, times=1):
        def fate(action):
            if action == call and proxy.lost[call, moment] < times:
                proxy.lost[call, moment] += 1
                return moment
            return decide(action)

        proxy.lot = fate

    return lose


@pytest.fixture
def cafe(proxy, parts):
    account = Account("us-east-1", proxy.url, "000000000000")
    tap = EventTap(account, parts.event_bus, uuid.uuid4().hex[:8], WATCHED, whole_bus=True)
    tap.open()
    cafe = Cafe(account, parts, uuid.uuid4().hex[:8], tap)
    yield cafe
    cafe.leave()
    tap.close()


@pytest.fixture
def wait(cafe):
    return Waiter(patience=15.0, quiet=0.1, pause=cafe.tap.pause, prove_listening=cafe.tap.prove_listening)


class TestEvents:
    @MOMENTS
    @pytest.mark.parametrize("times", [1, 2])
    def test_scan_whose_answer_is_lost_opens_one_order(self, cafe, wait, lose, proxy, moment, times):
        lose("PutEvents", moment, times)
        order_id = cafe.bus.scan("Ada")
        wait.eventually(cafe.order, order_id, waits_for_its_drink("Ada"))
        cafe.tap.prove_listening()
        assert len(cafe.processor.all_of(order_id).executions) == 1
        assert cafe.processor.serving(order_id).executions == cafe.processor.all_of(order_id).executions
        assert proxy.lost["PutEvents", moment] == times

    @MOMENTS
    def test_many_scans_whose_answer_is_lost_open_an_order_each(self, cafe, wait, lose, moment):
        lose("PutEvents", moment)
        for order_id in cafe.bus.scan_all(["Ada", "Ben", "Cleo"]):
            wait.eventually(lambda one: len(cafe.processor.all_of(one).executions), order_id, equal_to(1))

    @MOMENTS
    def test_message_that_is_delivered_again_is_delivered_once_more(self, cafe, wait, lose, moment):
        order_id = cafe.bus.scan("Ada")
        wait.eventually(cafe.events, order_id, tells(STARTED, "she can choose"))
        first = next(event for event in cafe.events(order_id) if event.detail_type == STARTED)
        lose("PutEvents", moment)
        cafe.bus.deliver_again(first)
        cafe.tap.prove_listening()
        assert [event.detail_type for event in cafe.events(order_id)].count(STARTED) == 2

    def test_event_that_is_never_answered_is_not_known(self, cafe, lose, monkeypatch):
        """The sentinel arrives, so only the event is missing."""
        monkeypatch.setattr(cafe.tap, "_let_in", lambda: None)
        lose("PutEvents", BEFORE, 100)
        with pytest.raises(LostAnswer, match=r"The answer to PutEvents was lost \(.*not known whether it took effect"):
            cafe.bus.scan("Ada")

    def test_event_that_came_after_all_and_so_twice_is_not_blamed_on_the_cafe(self, cafe, wait, cafe_account):
        """It was sent once more, since the first did not come for a while."""
        order_id = cafe.data.new_order_id()
        sending = cafe.tap._new_sending()
        entry = cafe.tap._entry(sending, SOURCE, "Test.Happened", json.dumps({"orderId": order_id}))
        for _ in range(2):
            cafe_account[1].events.put_events(Entries=[entry])
        with pytest.raises(Trouble, match=r"Test.Happened was sent once more, and has come twice"):
            wait.never(lambda: len(cafe.events(order_id)), greater_than(1))


class TestPasses:
    @pytest.fixture
    def token(self, cafe, wait):
        order_id = cafe.bus.scan("Ada")
        wait.eventually(cafe.events, order_id, tells(STARTED, "she can choose"))
        return next(event["TaskToken"] for event in cafe.events(order_id) if event.detail_type == STARTED)

    def test_pass_that_was_lost_on_its_way_is_used_again(self, cafe, lose, token):
        """It is accepted once, so it had not been."""
        lose("SendTaskSuccess", BEFORE)
        assert cafe.processor.use_task_token(token) == ""

    @pytest.mark.parametrize("moment", [AFTER, GATEWAY])
    def test_pass_whose_answer_is_lost_is_neither_accepted_nor_refused(self, cafe, lose, token, moment):
        lose("SendTaskSuccess", moment)
        with pytest.raises(LostAnswer, match=r"The answer to SendTaskSuccess was lost") as told:
            cafe.processor.use_task_token(token)
        assert token not in str(told.value)


class TestActions:
    @MOMENTS
    def test_action_whose_answer_is_lost_is_taken_once(self, cafe, wait, lose, moment):
        order_id = cafe.bus.scan("Ada")
        wait.eventually(cafe.order, order_id, waits_for_its_drink("Ada"))
        lose("StartExecution", moment)
        cafe.manager.submit(order_id, "Ada", "Latte")
        wait.eventually(lambda: len(cafe.manager.executions.of_key(order_id)), equal_to(1))
        assert len(cafe.manager.executions.of_key(order_id)) == 1


def test_call_that_was_never_sent_is_tried_again(cafe, monkeypatch):
    """What refuses a connection cannot have done anything."""
    calls = []

    def refuse_once(request, **_):
        calls.append(request)
        if len(calls) == 1:
            raise NoConnection(endpoint_url=request.url, error="refused")

    from botocore.exceptions import EndpointConnectionError as NoConnection

    cafe.account.events.meta.events.register("before-send.events.PutEvents", refuse_once)
    cafe.bus.scan("Ada")
    assert len(calls) == 2


@pytest.mark.parametrize("call", ["StartExecution", "PutEvents"])
def test_act_of_a_rush_hour_that_was_sent_once_more_was_begun_later(cafe, wait, proxy, call):
    """Or the shop would have to answer for the time that was lost on the way to it."""

    def lose_slowly(action):
        if action == call and not proxy.lost.update([action]) and proxy.lost[action] == 1:
            threading.Event().wait(0.5)
            return BEFORE
        return ""

    acts = {
        "StartExecution": lambda: cafe.manager.submit("2", "Ada", "Latte"),
        "PutEvents": lambda: cafe.bus.scan("Ada"),
    }
    cafe.bus.scan("Ben")
    proxy.lot = lose_slowly
    first, second = wait.by_schedule([acts[call]] * 2, every=1.0)
    assert first.late >= 500
    assert second.late < first.late

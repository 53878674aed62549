"""What a café announces is counted over a whole run: more often than it is due, late, or before its time."""

from types import SimpleNamespace

import pytest

from acceptance.aws.tap import Event
from support.serverlesspresso import messages as told
from support.serverlesspresso.bus import SOURCE
from support.serverlesspresso.orders import Action
from support.serverlesspresso.run_data import RunData
from support.serverlesspresso.tally import Tally

ORDER, ADA = "order-1", "Ada-0123abcd"


def event(detail_type, ms=0, sending="", source=SOURCE, **more):
    return Event("id", source, detail_type, {"orderId": ORDER, "userId": ADA, **more}, ms, sending)


def sent(detail_type, **more):
    return event(detail_type, sending="by the suite", **more)


class Manager:
    """What was asked for an order, in turn: an action's name, and whether it was refused."""

    def __init__(self, *taken):
        self._refused = {Action(name, ORDER, f"arn:{number}"): refused for number, (name, refused) in enumerate(taken)}

    def taken(self, order_id):
        return list(self._refused) if order_id == ORDER else []

    def result(self, action):
        return SimpleNamespace(refused=self._refused[action])


def tally(*taken, at_hand=True, data=None):
    cafe = SimpleNamespace(
        account=SimpleNamespace(is_at_hand=at_hand), data=data or RunData("run"), manager=Manager(*taken)
    )
    return Tally(cafe)


def words(counted):
    return [said for said, _ in counted]


@pytest.mark.parametrize(
    "detail_type", [told.SECOND_WAIT, told.COMPLETED, told.CANCELLED, told.FINISHED, told.TIMED_OUT]
)
def test_an_order_has_each_of_these_once(detail_type):
    assert words(tally().count([event(detail_type)])) == []
    assert words(tally().count([event(detail_type), event(detail_type, 2000)])) == [
        f"{detail_type} was announced 2 times for Ada's order, "
        "and is due once at most; the last came 2.0 s after the first"
    ]


def test_what_comes_again_after_the_scenario_is_said_to():
    data = RunData("run")
    data.scenario.orders.append(ORDER)
    counts = tally(data=data)
    assert words(counts.count([event(told.COMPLETED)])) == []
    data.end_scenario()
    [said] = words(counts.count([event(told.COMPLETED, 2100)]))
    assert said.endswith("the last came 2.1 s after the first, when its scenario had ended")


def test_what_the_suite_delivers_again_counts_for_nothing():
    assert words(tally().count([event(told.COMPLETED), sent(told.COMPLETED)])) == []
    assert words(tally().count([event(told.COMPLETED), event(told.COMPLETED, source="somebody else")])) == []


@pytest.mark.parametrize(
    ("asked", "answer"),
    [(told.SCANNED, told.STARTED), (told.SCANNED, told.UNAVAILABLE), (told.SECOND_WAIT, told.WAITS)],
)
def test_an_answer_is_due_for_each_time_that_it_is_asked_for(asked, answer):
    assert words(tally().count([sent(asked), sent(asked), event(answer), event(answer)])) == []
    assert len(words(tally().count([sent(asked), event(answer), event(answer)]))) == 1


def test_being_turned_away_is_counted_by_customer():
    others = [sent(told.SCANNED), sent(told.SCANNED, orderId="order-2")]
    turned_away = [event(told.UNAVAILABLE, orderId=None), event(told.UNAVAILABLE, orderId=None)]
    assert words(tally().count([*others, *turned_away])) == []
    assert len(words(tally().count([*others, *turned_away, *turned_away]))) == 1


@pytest.mark.parametrize(
    ("taken", "times", "amiss"),
    [
        ([("make", False)], 1, 0),
        ([("make", False)], 2, 1),
        ([("make", False), ("unmake", False)], 2, 0),
        ([("make", False), ("make", True)], 2, 1),
        ([("make", False), ("complete", False)], 2, 1),
    ],
)
def test_a_claim_is_told_once_for_each_that_was_not_refused(taken, times, amiss):
    assert len(words(tally(*taken).count([event(told.CLAIMED)] * times))) == amiss


def test_nobody_is_finished_before_it_is_ready():
    early = [event(told.FINISHED, 100), event(told.COMPLETED, 300)]
    assert words(tally().count(early)) == [
        "OrderProcessor.orderFinished was announced before the customer was notified that the order is ready"
    ]
    assert words(tally().count(early[::-1])) == words(tally().count(early)), "the stamps count, not who hears first"
    assert words(tally().count([event(told.FINISHED, 300), event(told.COMPLETED, 300)])) == []
    assert words(tally().count([event(told.FINISHED)])) == []
    assert words(tally(at_hand=False).count(early)) == [], "on AWS one message may overtake another a little"


def test_an_order_whose_pass_somebody_else_has_used_is_finished_by_that():
    data = RunData("run")
    data.scenario.meddled.append(ORDER)
    assert words(tally(data=data).count([event(told.FINISHED, 100), event(told.COMPLETED, 300)])) == []

"""A rush hour continues despite losses, and measures every order from its intended start."""

import pytest

from acceptance.aws.tap import Event
from acceptance.service_levels.levels import HIGHEST, judge
from acceptance.service_levels.timeline import QUEUE, STEP_FUNCTIONS, Moment, Stamp, Timeline, of_events
from acceptance.waiting import Waiter
from support.serverlesspresso.menu import Drink, Menu
from support.serverlesspresso.orders import Order, SeenOrder
from support.serverlesspresso.promises import CLAIM, DRINK, PROMISES, READY, SCAN
from support.serverlesspresso.rush import Rush

TAKES = 100


class Cafe:
    """A café on paper. Its clock is that of the waiting verbs; each order takes 100 ms, or as long as a test says."""

    def __init__(self):
        self.data = self.bus = self.manager = self.shop = self
        self.clock_offset = 0
        self.now = 0.0
        self.asked = []
        self.moments = {}
        self.told = {}
        self.takes = {}
        self.lost = set()
        self.not_stored = set()

    def pause(self, seconds):
        self.now += seconds

    def menu(self):
        return Menu([Drink("Cortado")])

    def new_order_id(self):
        return f"order-{len(self.moments) + len(self.told) + len(self.asked)}-{id(object())}"

    def _done(self, what, order, event, clock, action=None):
        self.asked.append((what, order))
        begun = round(self.now * 1000)
        if action is not None:
            taken = Moment("person", "Ada", what, Stamp(begun, clock), detail={"action": action})
            self.moments.setdefault(order, []).append(taken)
        if (what, order) not in self.lost:
            ended = begun + self.takes.get((what, order), TAKES)
            self.told.setdefault(order, []).append(
                Event(f"{what} {order}", "shop", event, {"baristaUserId": "Ben"}, ended)
            )

    def scan(self, user, order):
        self.told.setdefault(order, []).append(Event("s", "shop", "Validator.NewOrder", {}, round(self.now * 1000)))
        self._done("scan", order, SCAN.heard, QUEUE)

    def submit(self, order, user, drink):
        self._done("submit", order, DRINK.heard, STEP_FUNCTIONS, "")

    def claim(self, order, barista):
        self._done("claim", order, CLAIM.heard, STEP_FUNCTIONS, "make")

    def complete(self, order, barista):
        self._done("complete", order, READY.heard, STEP_FUNCTIONS, "complete")

    def events(self, order):
        return self.told.get(order, [])

    def orders(self, orders):
        record = Order("CREATED", "", None, "", "", (), "", {})
        return [SeenOrder(o, None if o in self.not_stored else record, ()) for o in orders]

    def judge(self, promise, order, wait):
        return judge(promise, self.timeline(order))

    def timeline(self, order):
        return Timeline.of(order, [*self.moments.get(order, []), *of_events("bus", self.events(order))])


@pytest.fixture
def cafe(monkeypatch):
    cafe = Cafe()
    numbers = iter(range(100))
    monkeypatch.setattr(cafe, "new_order_id", lambda: f"order-{next(numbers)}")
    return cafe


def rush(cafe, how_many=20):
    wait = Waiter(5, 1, clock=lambda: cafe.now, pause=cafe.pause)
    return Rush(cafe, wait, [f"Guest{number}" for number in range(how_many)], "Ben")


def test_all_are_open_before_the_first_is_served(cafe):
    rush(cafe, 3).goes_on(every=0.05, patience=10)
    orders = ["order-0", "order-1", "order-2"]
    assert sorted(cafe.asked[:3]) == [("scan", order) for order in orders]
    assert [what for what, _ in cafe.asked] == ["scan"] * 3 + ["submit"] * 3 + ["claim"] * 3 + ["complete"] * 3


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.key)
def test_every_promise_is_judged_for_every_order(cafe, promise):
    it = rush(cafe)
    it.goes_on(every=0.05, patience=10)
    judged = it.measure(promise)
    assert len(judged) == 20
    assert judged.percentile(100).earliest >= TAKES - 2
    assert judged.percentile(100).latest <= TAKES + 2
    assert it.judged == {promise: judged}


def test_one_slow_order_is_the_slowest(cafe):
    cafe.takes["submit", "order-7"] = 4000
    it = rush(cafe)
    it.goes_on(every=0.05, patience=10)
    assert it.measure(DRINK).percentile(95).latest < 1000
    assert it.measure(DRINK).percentile(100).earliest >= 3990
    assert it.slowest_hop(DRINK).ms > 1000  # on paper, others do not wait for it


def test_a_lost_order_goes_no_further_and_counts_as_the_longest_wait(cafe):
    cafe.lost.add(("submit", "order-3"))
    it = rush(cafe)
    it.goes_on(every=0.05, patience=10)
    assert ("claim", "order-3") not in cafe.asked
    assert ("claim", "order-4") in cafe.asked
    assert it.measure(SCAN).percentile(100).latest < 1000
    for promise in (DRINK, CLAIM, READY):
        assert it.measure(promise).percentile(100).latest >= HIGHEST
        assert it.measure(promise).percentile(95).latest < 1000


def test_when_all_are_lost_the_rush_still_ends(cafe):
    cafe.lost.update(("scan", f"order-{number}") for number in range(20))
    it = rush(cafe)
    it.goes_on(every=0.05, patience=1)
    assert {what for what, _ in cafe.asked} == {"scan"}
    assert it.measure(READY).percentile(50).latest >= HIGHEST
    assert it.slowest_hop(READY) is None


def test_an_order_that_was_told_of_but_never_stored_is_lost_too(cafe):
    cafe.not_stored.update(["order-3", "order-4"])
    it = rush(cafe)
    it.goes_on(every=0.05, patience=1)
    assert it.measure(SCAN).percentile(90).latest < 1000
    assert it.measure(SCAN).percentile(95).latest >= HIGHEST

"""A scene knows who is there and whose order is whose, and says so when it does not."""

import pytest

from acceptance.aws.executions import Execution
from acceptance.aws.tap import Event
from acceptance.service_levels.levels import Inconclusive, Judgement, Latency
from acceptance.service_levels.timeline import Hop
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.serverlesspresso.front_door import Visitor
from support.serverlesspresso.ids import new_user_id
from support.serverlesspresso.messages import SECOND_WAIT, STARTED, TIMED_OUT, WAITS
from support.serverlesspresso.orders import Action, Order, SeenAction, SeenOrder, name_of
from support.serverlesspresso.promises import CLAIM
from support.serverlesspresso.scene import Scene

# Nothing on paper comes later, so nobody waits for it.
AT_ONCE = Waiter(patience=0.0, quiet=0.0)


class Cafe:
    """A café on paper: it notes what it is asked, and has the records and events that a test gives it."""

    def __init__(self):
        self.asked = []
        self.records = {}
        self.told = {}
        self.number = 0

    def new_order_id(self):
        self.number += 1
        return f"order-{self.number}"

    def new_user_id(self, name):
        return new_user_id(name, "0123abcd")

    def scan(self, user_id):
        order_id = self.new_order_id()
        self.asked.append(("scan", user_id, order_id))
        return order_id

    def scan_all(self, user_ids):
        order_ids = [self.scan(user_id) for user_id in user_ids]
        self.records.update({order_id: order() for order_id in order_ids})
        return order_ids

    def submit(self, order_id, user_id, drink, modifiers=()):
        self.asked.append(("submit", order_id, user_id, drink, tuple(modifiers)))
        return Action("", order_id, f"submit {order_id}")

    def cancel(self, order_id, *, user_id):
        self.asked.append(("cancel", order_id, user_id))
        return Action("cancel", order_id, f"cancel {order_id}")

    def outcome(self, action):
        return SeenAction(action, Execution(action.execution, "SUCCEEDED", None, action.order_id, "", ""))

    def record(self, order_id):
        return self.records.get(order_id)

    def order(self, order_id):
        return SeenOrder(order_id, self.record(order_id), ())

    def orders(self, order_ids):
        return [self.order(order_id) for order_id in order_ids]

    def events(self, order_id):
        return self.told.get(order_id, ())


def order(state="CREATED", drink="", number=None):
    return Order(state, "Ada", number, "", drink, (), "", {"ORDERSTATE": state})


def event(detail_type, **detail):
    return Event("id", "shop", detail_type, detail, 0)


@pytest.fixture
def cafe():
    return Cafe()


@pytest.fixture
def scene(cafe):
    return Scene(cafe, AT_ONCE)


class TestPeople:
    def test_have_one_id_each_with_their_name_in_it(self, scene):
        assert scene.id_of("Ada") == scene.id_of("Ada") != scene.id_of("Ben")
        assert name_of(scene.id_of("Ada")) == "Ada"

    def test_have_another_id_in_every_scene(self, cafe):
        assert len({Scene(cafe, AT_ONCE).id_of("Ada") for _ in range(20)}) == 20

    def test_that_signed_in_have_the_id_of_the_app(self, scene):
        visitor = Visitor("f81d4fae", "secret")
        assert scene.signs_in("Ada", visitor) is visitor
        assert scene.id_of("Ada") == "f81d4fae"

    def test_never_show_what_they_signed_in_with(self):
        assert repr(Visitor("f81d4fae", "secret")) == "Visitor(f81d4fae)"


class TestOrderOf:
    def test_is_the_one_that_was_scanned(self, scene, cafe):
        scene.scans("Ada")
        scene.scans("Eve")
        assert (scene.order_of("Ada"), scene.order_of("Eve")) == ("order-1", "order-2")
        assert cafe.asked[0] == ("scan", scene.id_of("Ada"), "order-1")

    def test_is_the_last_one(self, scene):
        scene.scans("Ada")
        scene.scans("Ada")
        assert scene.order_of("Ada") == "order-2"

    def test_somebody_without_an_order_is_told_with_a_hint(self, scene):
        with pytest.raises(Trouble) as error:
            scene.order_of("Ada")
        assert str(error.value) == "Ada has not ordered anything in this scenario: is a Given missing?"

    def test_another_scene_knows_nothing_of_it(self, scene, cafe):
        scene.scans("Ada")
        with pytest.raises(Trouble):
            Scene(cafe, AT_ONCE).order_of("Ada")

    @pytest.mark.parametrize("do", [Scene.remember, Scene.cancels, lambda scene, name: scene.submits(name, "Latte")])
    def test_is_missed_by_everything_that_needs_it(self, scene, cafe, do):
        with pytest.raises(Trouble, match="is a Given missing"):
            do(scene, "Ada")
        assert cafe.asked == []

    def test_that_does_not_exist_is_nobodys_and_new_each_time(self, scene):
        first = scene.order_that_does_not_exist()
        assert scene.order_of("nobody") == first != scene.order_that_does_not_exist()


class TestRemember:
    def test_keeps_the_order_as_it_was(self, scene, cafe):
        scene.scans("Ada")
        cafe.records["order-1"] = order()
        before = scene.remember("Ada")
        cafe.records["order-1"] = order("COMPLETED")
        assert scene.before == {"Ada": before}
        assert before.state == "CREATED"

    def test_again_keeps_the_later_one(self, scene, cafe):
        scene.scans("Ada")
        for state in ("CREATED", "COMPLETED"):
            cafe.records["order-1"] = order(state)
            scene.remember("Ada")
        assert scene.before["Ada"].state == "COMPLETED"

    def test_order_that_is_not_there_is_told(self, scene):
        scene.scans("Ada")
        with pytest.raises(Trouble) as error:
            scene.remember("Ada")
        assert str(error.value) == (
            "Ada's order is not stored, so it cannot be looked at: is a Given missing that sees it?"
        )


class TestActions:
    def test_last_one_is_remembered_with_its_outcome(self, scene):
        scene.scans("Ada")
        scene.submits("Ada", "Latte")
        scene.cancels("Ada")
        assert scene.action.name == "cancel"
        assert [seen.action for seen in scene.outcomes()] == [scene.action]

    def test_are_taken_on_the_own_order_unless_another_is_named(self, scene, cafe):
        scene.scans("Ada")
        scene.submits("Ada", "Latte", ["Oat"])
        scene.submits("Ada", "Latte", order_id="other")
        scene.cancels("Ada", order_id="other")
        ada = scene.id_of("Ada")
        assert cafe.asked[1:] == [
            ("submit", "order-1", ada, "Latte", ("Oat",)),
            ("submit", "other", ada, "Latte", ()),
            ("cancel", "other", ada),
        ]

    def test_that_nobody_took_are_told_with_a_hint(self, scene):
        with pytest.raises(Trouble, match="is a When missing"):
            _ = scene.action

    def test_that_were_done_are_seen_to_be_done(self, scene, cafe):
        scene.scans("Ada")
        cafe.records["order-1"] = order(drink="Latte")
        scene.has_done("Ada", cafe.submit("order-1", "Ada", "Latte"))
        assert scene.before["Ada"].drink == "Latte"

    def test_that_were_accepted_have_not_been_refused(self, scene):
        scene.scans("Ada")
        scene.submits("Ada", "Latte")
        with pytest.raises(AssertionError, match="Expected: the café to refuse · but: the café did as it was asked"):
            scene.has_been_refused()


class TestCrowd:
    def test_is_let_in_with_an_order_each(self, scene):
        scene.lets_in(2)
        scene.lets_in(1)
        assert scene.crowd == ["Customer1", "Customer2", "Customer3"]
        assert scene.crowd_orders() == ["order-1", "order-2", "order-3"]

    def test_submits_a_drink_each(self, scene, cafe):
        scene.lets_in(2)
        scene.crowd_submits(["Latte", "Espresso"])
        assert [ask[3] for ask in cafe.asked if ask[0] == "submit"] == ["Latte", "Espresso"]
        assert [action.order_id for action in scene.actions] == ["order-1", "order-2"]

    def test_needs_a_drink_for_everybody(self, scene):
        scene.lets_in(2)
        with pytest.raises(ValueError, match="shorter"):
            scene.crowd_submits(["Latte"])


class TestPromises:
    @pytest.fixture(autouse=True)
    def told(self, scene, cafe):
        scene.scans("Ada")
        cafe.records["order-1"] = order()
        cafe.told["order-1"] = [event(CLAIM.heard)]
        cafe.judged = None
        cafe.judge = lambda promise, order_id, wait: cafe.judged

    def judge(self, cafe, earliest, latest, hop=None):
        cafe.judged = Judgement(CLAIM, Latency(earliest, latest), hop, ["a clock"])

    def test_that_is_kept_is_remembered(self, scene, cafe):
        self.judge(cafe, 100, 102)
        scene.sees_kept(CLAIM, "Ada")
        assert scene.judgements == {"Ada": [cafe.judged]}
        [(promise, distribution)] = scene.latencies()
        assert (promise, len(distribution)) == (CLAIM, 1)

    def test_that_is_missed_is_told_with_names_and_remembered_too(self, scene, cafe):
        self.judge(cafe, 900, 902, Hop("in the kitchen", 700))
        with pytest.raises(
            AssertionError, match=r"who makes Ada's order 901 ms after .* 700 ms of it passed in the kit"
        ):
            scene.sees_kept(CLAIM, "Ada")
        assert len(scene.latencies()) == 1

    def test_that_cannot_be_judged_is_no_broken_promise(self, scene, cafe):
        self.judge(cafe, 499, 502)
        with pytest.raises(Inconclusive):
            scene.sees_kept(CLAIM, "Ada")

    def test_without_both_stamps_is_inconclusive(self, scene):
        with pytest.raises(Inconclusive, match="“A claim is shown” cannot be judged"):
            scene.sees_kept(CLAIM, "Ada")

    def test_of_something_that_is_never_told_is_broken_by_more_than_its_budget(self, scene, cafe):
        cafe.told["order-1"] = []
        with pytest.raises(
            AssertionError, match=r"told that a claim is shown \(the promise is 500 ms\) · but: nothing"
        ):
            scene.sees_kept(CLAIM, "Ada")

    def test_of_an_order_that_is_never_stored_is_broken(self, scene, cafe):
        cafe.records.clear()
        with pytest.raises(AssertionError, match="Expected: an order to appear"):
            scene.sees_kept(CLAIM, "Ada")

    def test_a_rush_needs_room(self, scene, cafe):
        cafe.free_places = lambda: 19
        with pytest.raises(Trouble, match="room for 19 more orders now, and the rush hour needs 20"):
            scene.begins_rush(20)

    def test_a_rush_that_has_not_begun_is_told_with_a_hint(self, scene):
        with pytest.raises(Trouble, match="is a Given missing"):
            scene.rushes(20)


class TestMessages:
    @pytest.fixture(autouse=True)
    def told(self, scene, cafe):
        scene.scans("Ada")
        cafe.told["order-1"] = [
            event("Validator.NewOrder"),
            event(STARTED, TaskToken="first"),
            event(WAITS),
            event(SECOND_WAIT, TaskToken="second"),
        ]

    def test_passes_are_those_of_the_two_waits_in_their_order(self, scene):
        assert scene.passes("Ada") == ["first", "second"]

    def test_message_is_the_first_of_its_type(self, scene):
        assert scene.message("Ada", STARTED)["TaskToken"] == "first"

    def test_message_that_was_not_told_is_told_with_a_sentence(self, scene):
        with pytest.raises(Trouble, match=r"Ada.*OrderProcessor\.OrderTimeOut"):
            scene.message("Ada", TIMED_OUT)

"""A scene knows its people and their orders, and reports unknown ones."""

import pytest

from acceptance.aws.executions import Execution
from acceptance.aws.tap import Event
from acceptance.service_levels.levels import Inconclusive, Judgement, Latency
from acceptance.service_levels.timeline import Hop
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.serverlesspresso.front_door import Answer, NoFrontDoor, Visitor
from support.serverlesspresso.ids import new_user_id
from support.serverlesspresso.matchers.actions import is_refused
from support.serverlesspresso.menu import ChosenDrink, Drink, Menu
from support.serverlesspresso.messages import SECOND_WAIT, STARTED, TIMED_OUT, WAITS
from support.serverlesspresso.orders import Action, Order, SeenAction, SeenOrder, name_of
from support.serverlesspresso.people import Customer
from support.serverlesspresso.promises import CLAIM
from support.serverlesspresso.scene import Scene

# Fake responses never arrive later, so there is no waiting.
AT_ONCE = Waiter(patience=0.0, quiet=0.0)


class Table:
    """A table on paper."""

    def __init__(self, records):
        self._records = records

    def order(self, order_id):
        return self._records.get(order_id)


class Cafe:
    """A café on paper, all its parts in one: it notes what it is asked, and has what a test gives it."""

    def __init__(self):
        self.data = self.bus = self.manager = self.processor = self.shop = self
        self.asked = []
        self.records = {}
        self.table = Table(self.records)
        self.told = {}
        self.number = 0

    def new_order_id(self, ending=""):
        self.number += 1
        return f"order-{self.number}{ending}"

    def new_user_id(self, name):
        return new_user_id(name, "0123abcd")

    def scan(self, user_id, order_id=""):
        order_id = order_id or self.new_order_id()
        self.asked.append(("scan", user_id, order_id))
        return order_id

    def scan_all(self, user_ids):
        order_ids = [self.scan(user_id) for user_id in user_ids]
        self.records.update({order_id: order() for order_id in order_ids})
        return order_ids

    def submit(self, order_id, user_id, drink, modifiers=()):
        self.asked.append(("submit", order_id, user_id, drink, tuple(modifiers)))
        return Action("", order_id, f"submit {order_id}")

    def menu(self):
        return Menu([Drink("Cortado")])

    def note(self, action):
        return action

    def taken(self, order_id):
        return []

    def cancel(self, order_id, *, user_id):
        self.asked.append(("cancel", order_id, user_id))
        return Action("cancel", order_id, f"cancel {order_id}")

    def result(self, action):
        return SeenAction(action, Execution(action.execution, "SUCCEEDED", None, action.order_id, "", ""))

    def order(self, order_id):
        return SeenOrder(order_id, self.records.get(order_id), ())

    def orders(self, order_ids):
        return [self.order(order_id) for order_id in order_ids]

    def events(self, order_id):
        return self.told.get(order_id, ())


def order(state="CREATED", drink="", number=None, barista="", user="Ada"):
    return Order(state, user, number, barista, drink, (), "", {"ORDERSTATE": state})


def event(detail_type, **detail):
    return Event("id", "shop", detail_type, detail, 0)


def user_id(scene, name):
    return scene.person(name).user_id


class Door:
    """An app on paper, to which everybody is known by one id."""

    def sign_in(self, name):
        return Visitor("f81d4fae", "secret")

    def act(self, visitor, order_id, action, body):
        return Answer(200, {"executionArn": f"{action} {order_id}"})


def no_app():
    raise NoFrontDoor


@pytest.fixture
def cafe():
    return Cafe()


@pytest.fixture
def scene(cafe):
    return Scene(cafe, AT_ONCE, no_app)


class TestPeople:
    def test_have_one_id_each_with_their_name_in_it(self, scene):
        assert user_id(scene, "Ada") == user_id(scene, "Ada") != user_id(scene, "Ben")
        assert name_of(user_id(scene, "Ada")) == "Ada"
        assert scene.customer("Ada").person is scene.barista("Ada").person

    def test_have_another_id_in_every_scene(self, cafe):
        assert len({Scene(cafe, AT_ONCE, no_app).person("Ada").user_id for _ in range(20)}) == 20

    def test_that_signed_in_have_the_id_of_the_app(self, cafe):
        scene = Scene(cafe, AT_ONCE, Door)
        scene.customer("Ada").scans()
        cafe.records["order-1"] = order(barista="f81d4fae")
        scene.app.has_claimed(scene.barista("Ben"), scene.order_of("Ada"))
        assert user_id(scene, "Ben") == "f81d4fae"
        assert scene.names() == {"f81d4fae": "Ben", user_id(scene, "Ada"): "Ada"}
        assert (scene.actions.last.name, scene.actions.last.by) == ("make", "f81d4fae")

    def test_never_show_what_they_signed_in_with(self):
        assert repr(Visitor("f81d4fae", "secret")) == "Visitor(f81d4fae)"


class TestOrderOf:
    def test_is_the_one_that_was_scanned(self, scene, cafe):
        scene.customer("Ada").scans()
        scene.customer("Eve").scans()
        assert (scene.order_of("Ada").order_id, scene.order_of("Eve").order_id) == ("order-1", "order-2")
        assert cafe.asked[0] == ("scan", user_id(scene, "Ada"), "order-1")

    def test_is_the_last_one(self, scene):
        scene.customer("Ada").scans()
        scene.customer("Ada").scans()
        assert scene.order_of("Ada").order_id == "order-2"

    def test_somebody_without_an_order_is_told_with_a_hint(self, scene):
        with pytest.raises(Trouble) as error:
            scene.order_of("Ada")
        assert str(error.value) == "Ada has not ordered anything in this scenario: is a Given missing?"

    def test_another_scene_knows_nothing_of_it(self, scene, cafe):
        scene.customer("Ada").scans()
        with pytest.raises(Trouble):
            Scene(cafe, AT_ONCE, no_app).order_of("Ada")

    @pytest.mark.parametrize(
        "do", [lambda ada: ada.order.remember(), Customer.cancels, lambda ada: ada.orders("Latte")]
    )
    def test_is_missed_by_everything_that_needs_it(self, scene, cafe, do):
        with pytest.raises(Trouble, match="is a Given missing"):
            do(scene.customer("Ada"))
        assert cafe.asked == []

    def test_that_does_not_exist_is_nobodys_and_new_each_time(self, scene):
        first = scene.order_that_does_not_exist()
        assert scene.order_of("nobody") is first
        assert first.order_id != scene.order_that_does_not_exist().order_id


class TestRemember:
    def test_keeps_the_order_as_it_was(self, scene, cafe):
        scene.customer("Ada").scans()
        cafe.records["order-1"] = order()
        scene.order_of("Ada").remember()
        cafe.records["order-1"] = order("COMPLETED")
        assert scene.order_of("Ada").before.state == "CREATED"

    def test_again_keeps_the_later_one(self, scene, cafe):
        scene.customer("Ada").scans()
        for state in ("CREATED", "COMPLETED"):
            cafe.records["order-1"] = order(state)
            scene.order_of("Ada").remember()
        assert scene.order_of("Ada").before.state == "COMPLETED"

    def test_order_that_is_not_there_is_told(self, scene):
        scene.customer("Ada").scans()
        with pytest.raises(Trouble) as error:
            scene.order_of("Ada").remember()
        assert str(error.value) == (
            "Ada's order is not stored, so it cannot be looked at: is a Given missing that sees it?"
        )

    def test_that_never_was_is_told_with_a_hint(self, scene):
        scene.customer("Ada").scans()
        with pytest.raises(Trouble, match="No step before this one has seen Ada's order as it was: is a Given missing"):
            scene.order_of("Ada").stays()

    def test_of_an_order_without_a_number_is_told_with_a_hint(self, scene, cafe):
        scene.customer("Ada").scans()
        cafe.records["order-1"] = order()
        scene.order_of("Ada").remember()
        with pytest.raises(Trouble, match="Ada's order had no number yet: is a Given missing"):
            _ = scene.order_of("Ada").number


class TestActions:
    def test_last_one_is_remembered_with_its_outcome(self, scene):
        scene.customer("Ada").scans()
        scene.customer("Ada").orders("Latte")
        scene.customer("Ada").cancels()
        assert scene.actions.last.name == "cancel"
        assert [seen.action for seen in scene.actions.seen()] == [scene.actions.last]

    def test_are_taken_on_the_own_order_unless_another_is_named(self, scene, cafe):
        ada, other = scene.customer("Ada"), scene.order_that_does_not_exist()
        ada.scans()
        ada.orders("Latte", ["Oat"])
        ada.orders("Latte", on=other)
        ada.cancels(other)
        assert cafe.asked[1:] == [
            ("submit", "order-2", ada.person.user_id, "Latte", ("Oat",)),
            ("submit", "order-1", ada.person.user_id, "Latte", ()),
            ("cancel", "order-1", ada.person.user_id),
        ]

    def test_that_nobody_took_are_told_with_a_hint(self, scene):
        with pytest.raises(Trouble, match="is a When missing"):
            _ = scene.actions.last

    def test_that_were_done_are_seen_to_be_done(self, scene, cafe):
        ada = scene.customer("Ada")
        cafe.told["order-1"] = [event(STARTED), event(WAITS)]
        cafe.submit = lambda *order_of_ada: stored(*order_of_ada)
        cafe.claim = lambda order_id, barista: Action("make", order_id, "claim")

        def stored(order_id, user_id, drink, modifiers):
            cafe.records[order_id] = order(drink=drink, number=1, user=user_id)
            return Action("", order_id, "submit")

        cafe.records["order-1"] = order(user=ada.person.user_id)
        scene.barista("Ben").has_claimed(ada)
        assert scene.actions.last.name == "make"
        assert ada.order.before.drink == ada.order.drink == "Cortado"

    def test_that_were_accepted_have_not_been_refused(self, scene):
        scene.customer("Ada").scans()
        scene.customer("Ada").orders("Latte")
        with pytest.raises(AssertionError, match="Expected: the café to refuse · but: the café did as it was asked"):
            scene.actions.last_is(is_refused())


class TestCrowd:
    def test_is_let_in_with_an_order_each(self, scene):
        scene.crowd.comes(2)
        scene.crowd.comes(1)
        assert [order.customer.name for order in scene.crowd.members] == ["Customer1", "Customer2", "Customer3"]
        assert scene.crowd.order_ids == ["order-1", "order-2", "order-3"]

    def test_chooses_a_drink_each(self, scene, cafe):
        scene.crowd.comes(2)
        scene.crowd.choose([ChosenDrink("Latte"), ChosenDrink("Espresso", ("Double",))])
        assert [ask[3] for ask in cafe.asked if ask[0] == "submit"] == ["Latte", "Espresso"]
        assert [action.order_id for action in scene.actions.all] == ["order-1", "order-2"]

    def test_needs_a_drink_for_everybody(self, scene):
        scene.crowd.comes(2)
        with pytest.raises(ValueError, match="shorter"):
            scene.crowd.choose([ChosenDrink("Latte")])

    def test_that_has_not_come_is_told_with_a_hint(self, scene):
        with pytest.raises(Trouble, match="has let several customers in: is a Given missing"):
            scene.crowd.all_choose("Latte")


class TestPromises:
    @pytest.fixture(autouse=True)
    def told(self, scene, cafe):
        scene.customer("Ada").scans()
        cafe.records["order-1"] = order()
        cafe.told["order-1"] = [event(CLAIM.heard)]
        cafe.judged = None
        cafe.judge = lambda promise, order_id, wait: cafe.judged

    def judge(self, cafe, earliest, latest, hop=None):
        cafe.judged = Judgement(CLAIM, Latency(earliest, latest), hop, ["a clock"])

    def test_that_is_kept_is_remembered(self, scene, cafe):
        self.judge(cafe, 100, 102)
        scene.order_of("Ada").meets(CLAIM)
        assert scene.person("Ada").judgements == [cafe.judged]
        [(promise, distribution)] = scene.latencies()
        assert (promise, len(distribution)) == (CLAIM, 1)

    def test_that_is_missed_is_told_with_names_and_remembered_too(self, scene, cafe):
        self.judge(cafe, 900, 902, Hop("in the kitchen", 700))
        with pytest.raises(
            AssertionError, match=r"who is making Ada's order 901 ms after .* 700 ms of it passed in the kit"
        ):
            scene.order_of("Ada").meets(CLAIM)
        assert len(scene.latencies()) == 1

    def test_that_cannot_be_judged_is_no_broken_promise(self, scene, cafe):
        self.judge(cafe, 499, 502)
        with pytest.raises(Inconclusive):
            scene.order_of("Ada").meets(CLAIM)

    def test_without_both_stamps_is_inconclusive(self, scene):
        with pytest.raises(Inconclusive, match="“A claim is shown” cannot be checked"):
            scene.order_of("Ada").meets(CLAIM)

    def test_of_something_that_is_never_told_is_broken_by_more_than_its_budget(self, scene, cafe):
        cafe.told["order-1"] = []
        with pytest.raises(
            AssertionError,
            match="a notification that a claim is shown · but: there are",
        ):
            scene.order_of("Ada").meets(CLAIM)

    def test_of_an_order_that_is_never_stored_is_broken(self, scene, cafe):
        cafe.records.clear()
        with pytest.raises(AssertionError, match="Expected: an order to appear"):
            scene.order_of("Ada").meets(CLAIM)

    def test_a_rush_needs_room(self, scene, cafe):
        cafe.unlisted, cafe.free_places, cafe.capacity = list, (lambda: 19), 20
        with pytest.raises(Trouble, match="room for 19 more orders now, and the rush hour needs 20"):
            scene.rush_hour.begins(20)

    def test_free_places_are_counted_once_the_scenarios_own_orders_are_listed(self, scene, cafe):
        late = [["order-1"], []]
        cafe.unlisted, cafe.free_places, cafe.capacity = (lambda: late.pop(0)), (lambda: 20 - len(late)), 21
        with pytest.raises(Trouble, match="room for 20 more orders"):
            scene.rush_hour.begins(21)

    def test_a_shop_that_is_too_small_for_a_rush_is_told_to_promise_none(self, scene, cafe):
        cafe.unlisted, cafe.free_places, cafe.capacity = list, (lambda: 12), 12
        with pytest.raises(
            Trouble, match=r"serves 12 orders at once, and the rush hour needs room for 20\. .*not_made"
        ):
            scene.rush_hour.begins(20)

    def test_a_rush_that_has_not_begun_is_told_with_a_hint(self, scene):
        with pytest.raises(Trouble, match="is a Given missing"):
            scene.rush_hour.goes_on(20)


class TestMessages:
    @pytest.fixture(autouse=True)
    def told(self, scene, cafe):
        scene.customer("Ada").scans()
        cafe.told["order-1"] = [
            event("Validator.NewOrder"),
            event(STARTED, TaskToken="first"),
            event(WAITS),
            event(SECOND_WAIT, TaskToken="second"),
        ]

    def test_task_tokens_are_those_of_the_two_waits_in_their_order(self, scene):
        assert scene.order_of("Ada").messages.task_tokens() == ["first", "second"]

    def test_message_is_the_first_of_its_type(self, scene):
        assert scene.order_of("Ada").messages.first(STARTED)["TaskToken"] == "first"

    def test_message_that_was_not_told_is_told_with_a_sentence(self, scene):
        with pytest.raises(Trouble, match=r"Ada.*OrderProcessor\.OrderTimeOut"):
            scene.order_of("Ada").messages.first(TIMED_OUT)

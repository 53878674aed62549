"""What people see of an order is read from every form that a table may have it in."""

import json
from decimal import Decimal

import pytest

from acceptance.aws.executions import Execution
from acceptance.aws.tap import Event
from support.serverlesspresso.dialect import Dialect
from support.serverlesspresso.orders import VERBS, Action, Order, SeenAction, SeenOrder, Workflows, differences, name_of

TOKEN = "AQDEAAAAKgAAAAMAAAAA"
LATTE = json.dumps({"userId": "Ada-0123abcd", "drink": "Latte", "modifiers": ["Oat", "Large"], "icon": "cup"})


def item(**values):
    """An item of the orders' table; a value that is no text is given in DynamoDB's notation."""
    return {name: {"S": value} if isinstance(value, str) else value for name, value in values.items()}


def read(shop_id="", **values):
    return Order.from_item(item(**values), Dialect(shop_id=shop_id))


def execution(status, error="", cause=""):
    return Execution("arn", status, None, "2", error, cause)


def seen(status, error="", cause="", last_state=""):
    return SeenAction(Action("complete", "2", "arn"), execution(status, error, cause), last_state)


class TestOrder:
    @pytest.mark.parametrize(
        ("stored", "shop_id", "state"),
        [
            ("CREATED", "", "CREATED"),
            ("Completed", "", "COMPLETED"),
            ("Cancelled", "", "CANCELLED"),
            ("ABC-COMPLETED", "ABC", "COMPLETED"),
            ("ABC-Completed", "ABC", "COMPLETED"),
            ("COMPLETED", "ABC", "COMPLETED"),
            ("DEF-COMPLETED", "ABC", "DEF-COMPLETED"),
        ],
    )
    def test_state_is_read_without_the_shop(self, stored, shop_id, state):
        assert read(shop_id, ORDERSTATE=stored).state == state

    @pytest.mark.parametrize(
        ("stored", "number"),
        [
            ({"orderNumber": {"N": "7"}}, 7),
            ({"orderNumber": {"S": "7"}}, 7),
            ({"orderNumber": {"N": "0"}}, 0),
            ({"orderNumber": {"S": ""}}, None),
            ({"orderNumber": {"NULL": True}}, None),
            ({"orderNumber": {"S": "none"}}, "none"),
            ({}, None),
        ],
        ids=["number", "text", "zero", "empty text", "null", "no number", "missing"],
    )
    def test_number_is_read(self, stored, number):
        assert read(**stored).number == number

    @pytest.mark.parametrize(
        ("stored", "drink", "modifiers"),
        [
            ({"drinkOrder": LATTE}, "Latte", ("Oat", "Large")),
            ({"drinkOrder": '{"drink": "Latte"}'}, "Latte", ()),
            ({"drinkOrder": '{"drink": "Latte", "modifiers": null}'}, "Latte", ()),
            ({"drinkOrder": '{"drink": null}'}, "", ()),
            ({"drinkOrder": '{"modifiers": ["Oat"]}'}, "", ("Oat",)),
            ({"drinkOrder": "Latte"}, "Latte", ()),
            ({"drinkOrder": '"Latte"'}, "Latte", ()),
            ({"drinkOrder": ""}, "", ()),
            ({"drinkOrder": "null"}, "", ()),
            ({"drinkOrder": {"NULL": True}}, "", ()),
            ({}, "", ()),
        ],
        ids=[
            "JSON text",
            "JSON text without modifiers",
            "JSON text with null as modifiers",
            "JSON text with null as drink",
            "JSON text without a drink",
            "plain text",
            "JSON text of a text",
            "empty text",
            "JSON text of null",
            "null",
            "missing",
        ],
    )
    def test_drink_is_read(self, stored, drink, modifiers):
        order = read(**stored)
        assert (order.drink, order.modifiers) == (drink, modifiers)

    @pytest.mark.parametrize(
        ("stored", "barista"),
        [
            ({"baristaUserId": "Ben-1"}, "Ben-1"),
            ({"baristaUserId": ""}, ""),
            ({"baristaUserId": {"NULL": True}}, ""),
            ({}, ""),
        ],
        ids=["claimed", "given back", "null", "missing"],
    )
    def test_barista_is_read(self, stored, barista):
        assert read(**stored).barista == barista

    def test_customer_and_cause_are_read(self):
        order = read(USERID="Ada-0123abcd", cause="Customer timedout")
        assert (order.user_id, order.cause) == ("Ada-0123abcd", "Customer timedout")

    def test_content_is_the_record_with_an_unreadable_task_token_that_changes_with_it(self):
        order, other = (
            read(ORDERSTATE="CREATED", TaskToken=token, TS={"N": "1700000000000"}) for token in (TOKEN, "x")
        )
        assert {name: order.content[name] for name in ("ORDERSTATE", "TS")} == {
            "ORDERSTATE": "CREATED",
            "TS": Decimal("1700000000000"),
        }
        assert order.content["TaskToken"] != other.content["TaskToken"]
        assert TOKEN not in repr(order)

    @pytest.mark.parametrize(
        ("stored", "words"),
        [
            ({}, "it is waiting for its drink to be chosen"),
            ({"drinkOrder": LATTE}, "it is a Latte without a number"),
            ({"drinkOrder": LATTE, "orderNumber": "7"}, "it is number 7, a Latte, unclaimed"),
            (
                {"drinkOrder": LATTE, "orderNumber": "7", "baristaUserId": "Ben-0123abcd"},
                "it is number 7, a Latte, being made by Ben",
            ),
            ({"ORDERSTATE": "Completed", "drinkOrder": LATTE}, "it is completed"),
            ({"ORDERSTATE": "Cancelled"}, "it is cancelled"),
            ({"ORDERSTATE": "Cancelled", "cause": "Barista timedout"}, "it is cancelled (Barista timedout)"),
        ],
    )
    def test_every_stage_has_its_words(self, stored, words):
        assert read(**{"ORDERSTATE": "CREATED", **stored}).words == words

    def test_record_that_was_never_opened_has_words_too(self):
        assert read(baristaUserId="Ben-0123abcd").words.removeprefix("it is ").strip() != ""


@pytest.mark.parametrize(
    ("user_id", "name"),
    [
        ("Ada-0123abcd", "Ada"),
        ("Customer12-0123abcd", "Customer12"),
        ("Zoë-0123abcd", "Zoë"),
        ("1", "1"),
        ("", ""),
        ("Ada-0123ABCD", "Ada-0123ABCD"),
        ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
    ],
)
def test_person_has_the_name_of_the_scenario_or_the_own_id(user_id, name):
    assert name_of(user_id) == name


class TestSeenOrder:
    def test_last_news_is_the_last_event(self):
        events = [Event("1", "shop", name, {}, 0) for name in ("First", "Last")]
        assert SeenOrder("2", None, events).last_news == "last event: Last"

    def test_without_events_there_is_no_news(self):
        assert SeenOrder("2", None, ()).last_news == "no event so far"

    @pytest.mark.parametrize(
        ("record", "words"), [(None, "there is no order"), (read(ORDERSTATE="Completed"), "it is completed")]
    )
    def test_words_are_those_of_the_record(self, record, words):
        assert SeenOrder("2", record, ()).words == words


class TestSeenAction:
    @pytest.mark.parametrize(
        ("action", "refused", "accepted"),
        [
            (seen("RUNNING"), False, False),
            (seen("SUCCEEDED"), False, True),
            (seen("SUCCEEDED", last_state="Drink submitted"), False, True),
            (seen("SUCCEEDED", last_state="not a valid order"), True, False),
            (seen("FAILED"), True, False),
            (seen("ABORTED"), True, False),
            (seen("TIMED_OUT"), True, False),
        ],
        ids=lambda value: (
            "-".join(filter(None, [value.execution.status, value.last_state]))
            if isinstance(value, SeenAction)
            else None
        ),
    )
    def test_is_refused_or_accepted_or_neither(self, action, refused, accepted):
        assert (action.refused, action.accepted) == (refused, accepted)

    @pytest.mark.parametrize(
        ("action", "reason"),
        [
            (seen("FAILED", "NoSuchOrder", "There is no order."), "NoSuchOrder: There is no order."),
            (seen("FAILED", "NoSuchOrder"), "NoSuchOrder"),
            (seen("ABORTED", cause="The shift is over."), "The shift is over."),
            (seen("SUCCEEDED", last_state="not a valid order"), "not a valid order"),
            (seen("TIMED_OUT"), "no reason was given"),
        ],
        ids=["error and cause", "error", "cause", "refusing state", "nothing"],
    )
    def test_reason_is_the_best_there_is(self, action, reason):
        assert action.reason == reason

    @pytest.mark.parametrize(
        ("status", "dead_end"),
        [("RUNNING", None), ("SUCCEEDED", "that is its answer"), ("FAILED", "that is its answer")],
    )
    def test_is_a_dead_end_once_it_has_ended(self, status, dead_end):
        assert seen(status).dead_end() == dead_end

    @pytest.mark.parametrize("name", VERBS)
    def test_every_action_has_a_verb(self, name):
        assert Action(name, "2", "arn").verb


def test_service_is_open_while_a_workflow_runs():
    first, second = execution("SUCCEEDED"), execution("RUNNING")
    assert Workflows("2", [first, second]).open == [second]


class TestDifferences:
    def seen(self, **attributes):
        return Order.from_item({name: {"S": text} for name, text in attributes.items()})

    def test_are_what_two_moments_do_not_share(self):
        before = self.seen(ORDERSTATE="CREATED", USERID="Ada")
        after = self.seen(ORDERSTATE="Completed", USERID="Ada", baristaUserId="Ben")
        assert differences(before, after) == {"ORDERSTATE": ("CREATED", "Completed"), "baristaUserId": (None, "Ben")}

    def test_of_a_new_or_a_removed_order_are_all_of_it(self):
        order = self.seen(USERID="Ada")
        assert differences(None, order) == {"USERID": (None, "Ada")}
        assert differences(order, None) == {"USERID": ("Ada", None)}
        assert differences(None, None) == {}

    def test_show_that_a_pass_has_changed_but_not_the_pass(self):
        changed = differences(self.seen(TaskToken="first"), self.seen(TaskToken="second"))
        assert list(changed) == ["TaskToken"]
        assert "first" not in str(changed)
        assert "second" not in str(changed)

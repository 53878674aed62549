"""A café that spells in its own way is read, and spoken to, as the early workshop's would be."""

import json

import pytest
from cafes_in_the_field import SUCCESSOR, WORKSHOP
from pydantic import ValidationError

from support.serverlesspresso.dialect import Dialect, is_menu, of_shop, with_fields
from support.serverlesspresso.orders import Order

MENU = [{"drink": "Americano"}]


class TestDetected:
    def test_early_workshop_spells_as_the_driver_does(self):
        assert Dialect() == WORKSHOP

    def test_successor_has_its_shop_id_everywhere(self):
        assert (
            Dialect(
                shop_id="ABC",
                settings_key="config-ABC",
                menu_key="config-ABC",
                menu_attribute="menu",
                states={"COMPLETED": "COMPLETED", "CANCELLED": "CANCELLED"},
                scan_fields={"eventId": "ABC", "bucket.eventId": "ABC"},
                action_fields={"eventId": "ABC"},
                query={"eventId": "ABC"},
            )
            == SUCCESSOR
        )

    def test_shop_id_with_a_menu_of_its_own_key(self):
        dialect = of_shop("ABC", {"menu": MENU}, {"config-ABC", "menu-ABC"}, {}, {})
        assert (dialect.menu_key, dialect.menu_attribute) == ("menu-ABC", "value")

    def test_menu_within_the_settings_may_be_called_anything(self):
        dialect = of_shop("", {"tags": ["coffee"], "drinks": MENU}, {"config"}, {}, {})
        assert (dialect.menu_key, dialect.menu_attribute) == ("config", "drinks")

    @pytest.mark.parametrize(
        "reference",
        [
            "$.detail.place.eventId",
            "States.Format('{}-{}', $.detail.place.eventId, 'x')",
            "{% 'config-' & $states.input.detail.place.eventId %}",
            "{% $states.context.Execution.Input.detail.place.eventId %}",
            "$$.Execution.Input.detail.place.eventId",
        ],
    )
    def test_scan_carries_the_shop_id_where_the_workflow_reads_it(self, reference):
        assert of_shop("ABC", {}, set(), {"States": {"A": [{"x": reference}]}}, {}).scan_fields == {
            "eventId": "ABC",
            "bucket.eventId": "ABC",
            "place.eventId": "ABC",
        }

    @pytest.mark.parametrize("reference", ["$.detail.eventIdentity", "detail.place.eventId", "$.place.eventId"])
    def test_what_is_no_reference_into_the_scan_adds_nothing(self, reference):
        fields = of_shop("ABC", {}, set(), {"x": reference}, {}).scan_fields
        assert fields == {"eventId": "ABC", "bucket.eventId": "ABC"}

    def test_action_carries_the_shop_id_in_its_body_where_that_is_read(self):
        assert of_shop("ABC", {}, set(), {}, {"x": "$.body.eventId"}).action_fields == {
            "eventId": "ABC",
            "body.eventId": "ABC",
        }

    @pytest.mark.parametrize(
        ("manager", "states"),
        [
            ({"Result": {"state": "COMPLETED"}}, {"COMPLETED": "COMPLETED"}),
            ({":x": {"S.$": "States.Format('{}-COMPLETED', $.eventId)"}}, {"COMPLETED": "COMPLETED"}),
            ({":x": {"S": "{% $shop & '-cancelled' %}"}}, {"CANCELLED": "cancelled"}),
            ({":x": {"S": "{% 'Completed' %}"}}, {}),
            ({"Next": "COMPLETED", "Error": "CANCELLED", "Comment": "COMPLETED"}, {}),
            ({"UpdateExpression": "SET ORDERSTATE = :completed"}, {}),
            ({":x": {"S": "'NOT COMPLETEDLY'"}}, {}),
        ],
    )
    def test_states_are_written_as_the_workflow_writes_them(self, manager, states):
        assert of_shop("", {}, set(), {}, {"States": [manager]}).states == states

    @pytest.mark.parametrize(
        ("value", "answer"),
        [
            (MENU, True),
            ([], False),
            (["Tea"], False),
            ([{"name": "Tea"}], False),
            ({"drink": "Tea"}, False),
            (1, False),
        ],
    )
    def test_menu_is_known_by_its_drinks(self, value, answer):
        assert is_menu(value) is answer


class TestProfile:
    def test_says_what_is_not_detected(self):
        said = Dialect(states={"COMPLETED": "READY"}, token="access")
        spoken = SUCCESSOR.overridden_by(said)
        assert (spoken.shop_id, spoken.states, spoken.token) == ("ABC", {"COMPLETED": "READY"}, "access")

    def test_that_says_nothing_changes_nothing(self):
        assert SUCCESSOR.overridden_by(Dialect()) == SUCCESSOR

    def test_default_that_is_said_counts(self):
        assert SUCCESSOR.overridden_by(Dialect(menu_attribute="value")).menu_attribute == "value"

    @pytest.mark.parametrize("said", [{"states": {"OPEN": "CREATED"}}, {"token": "none"}, {"shop": "ABC"}])
    def test_that_says_what_there_is_not_is_refused(self, said):
        with pytest.raises(ValidationError):
            Dialect.model_validate(said)


class TestSent:
    @pytest.mark.parametrize("content", [["Ada", "1"], "1", 1, None], ids=repr)
    def test_scan_that_is_no_object_is_sent_as_it_is(self, content):
        assert SUCCESSOR.scan(content) == content

    def test_scan_and_action_carry_the_shop_id(self):
        assert SUCCESSOR.scan({"orderId": "1"}) == {"orderId": "1", "eventId": "ABC", "bucket": {"eventId": "ABC"}}
        assert SUCCESSOR.action({"action": "make"}) == {"action": "make", "eventId": "ABC"}
        assert WORKSHOP.scan({"orderId": "1"}) == {"orderId": "1"}
        assert WORKSHOP.action({"action": "make"}) == {"action": "make"}

    def test_what_is_there_stays_and_nothing_else_is_changed(self):
        content = {"bucket": {"eventId": "DEF"}}
        assert with_fields(content, {"bucket.eventId": "ABC", "bucket.code": "1"}) == {
            "bucket": {"eventId": "DEF", "code": "1"}
        }
        assert content == {"bucket": {"eventId": "DEF"}}

    @pytest.mark.parametrize(
        ("dialect", "query", "sent"),
        [
            (WORKSHOP, {"state": "Completed"}, {"state": "Completed"}),
            (SUCCESSOR, {"state": "Completed"}, {"eventId": "ABC", "state": "COMPLETED"}),
            (SUCCESSOR, {"state": "CREATED"}, {"eventId": "ABC", "state": "CREATED"}),
            (SUCCESSOR, {"action": "make"}, {"eventId": "ABC", "action": "make"}),
            (Dialect(states={"CREATED": "OPEN"}), {"state": "CREATED"}, {"state": "OPEN"}),
            (WORKSHOP, {}, {}),
        ],
    )
    def test_request_to_the_app(self, dialect, query, sent):
        assert dialect.request(query) == sent

    def test_event_of_another_name(self):
        dialect = Dialect(events={"Validator.NewOrder": "Door.Scanned"})
        assert dialect.called("Validator.NewOrder") == "Door.Scanned"
        assert dialect.called("OrderManager.MakeOrder") == "OrderManager.MakeOrder"


class TestReceived:
    @pytest.mark.parametrize(
        ("dialect", "received", "canonical"),
        [
            (SUCCESSOR, "OrderManager.OrderABC-COMPLETED", "OrderManager.OrderCompleted"),
            (SUCCESSOR, "OrderManager.OrderABC-CANCELLED", "OrderManager.OrderCancelled"),
            (SUCCESSOR, "OrderManager.OrderDEF-COMPLETED", "OrderManager.OrderDEF-COMPLETED"),
            (SUCCESSOR, "OrderManager.OrderABC-LOST", "OrderManager.OrderABC-LOST"),
            (SUCCESSOR, "OrderManager.WaitingCompletion", "OrderManager.WaitingCompletion"),
            (WORKSHOP, "OrderManager.OrderCompleted", "OrderManager.OrderCompleted"),
            (WORKSHOP, "OrderManager.OrderCANCELLED", "OrderManager.OrderCancelled"),
            (WORKSHOP, "OrderManager.OrderABC-COMPLETED", "OrderManager.OrderABC-COMPLETED"),
            (Dialect(states={"COMPLETED": "Ready"}), "OrderManager.OrderREADY", "OrderManager.OrderCompleted"),
            (
                Dialect(events={"OrderManager.OrderCompleted": "Counter.Called"}),
                "Counter.Called",
                "OrderManager.OrderCompleted",
            ),
        ],
    )
    def test_detail_type(self, dialect, received, canonical):
        assert dialect.event(received, {})[0] == canonical

    @pytest.mark.parametrize(
        ("dialect", "received", "canonical"),
        [
            (SUCCESSOR, {"ORDERSTATE": "ABC-COMPLETED"}, {"ORDERSTATE": "Completed"}),
            (SUCCESSOR, {"state": "ABC-CREATED", "eventId": "ABC"}, {"state": "CREATED", "eventId": "ABC"}),
            (SUCCESSOR, {"state": "undefined-CREATED"}, {"state": "undefined-CREATED"}),
            (WORKSHOP, {"orderNumber": "7"}, {"orderNumber": 7}),
            (WORKSHOP, {"orderNumber": 7}, {"orderNumber": 7}),
            (WORKSHOP, {"orderNumber": "seven"}, {"orderNumber": "seven"}),
            (WORKSHOP, {"orderNumber": True}, {"orderNumber": True}),
            (WORKSHOP, {"reason": "late"}, {"reason": "late", "cause": "late"}),
            (WORKSHOP, {"reason": "a", "cause": "b"}, {"reason": "a", "cause": "b"}),
            (WORKSHOP, {"state": 7}, {"state": 7}),
            (Dialect(words={"Ready.": "Pronto."}), {"Message": "Pronto."}, {"Message": "Ready."}),
            (Dialect(words={"Ready.": "Pronto."}), {"Message": "Other."}, {"Message": "Other."}),
            (WORKSHOP, ["a", "list"], ["a", "list"]),
            (WORKSHOP, None, None),
        ],
    )
    def test_detail(self, dialect, received, canonical):
        before = json.dumps(received)
        assert dialect.event("OrderManager.MakeOrder", received)[1] == canonical
        assert json.dumps(received) == before

    @pytest.mark.parametrize(
        ("dialect", "stored", "state"),
        [
            (SUCCESSOR, "ABC-COMPLETED", "COMPLETED"),
            (SUCCESSOR, "ABC-created", "CREATED"),
            (SUCCESSOR, "undefined-CREATED", "UNDEFINED-CREATED"),
            (WORKSHOP, "Cancelled", "CANCELLED"),
            (Dialect(shop_id="ABC", states={"COMPLETED": "Ready"}), "ABC-READY", "COMPLETED"),
            (WORKSHOP, "", ""),
        ],
    )
    def test_state_of_a_record(self, dialect, stored, state):
        assert Order.from_item({"ORDERSTATE": {"S": stored}}, dialect).state == state

    @pytest.mark.parametrize(
        ("stored", "cause"),
        [
            ({"cause": "late"}, "late"),
            ({"reason": "late"}, "late"),
            ({"cause": "", "reason": "late"}, "late"),
            ({}, ""),
        ],
    )
    def test_cause_of_a_record(self, stored, cause):
        order = Order.from_item({name: {"S": text} for name, text in stored.items()})
        assert order.cause == cause
        assert order.content == stored  # as it is stored


def test_event_with_odd_values_is_read_all_the_same():
    odd = {"ORDERSTATE": None, "orderNumber": [], "cause": {}, "Message": []}
    assert SUCCESSOR.event("", odd) == ("", odd)

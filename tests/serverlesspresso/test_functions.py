"""Each function on its own: the normal path, and events that come twice, late, or for nothing."""

import http.server
import importlib.util
import json
import math
import sys
import threading
import time
import types
import uuid
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from places import SYSTEMS

from acceptance.aws.secret import SECRET

FUNCTIONS = SYSTEMS / "serverlesspresso" / "functions"
ORDERS, CONFIG = "serverlesspresso-order-table", "serverlesspresso-config-table"
BUS = "Serverlesspresso"
SOURCE = "awsserverlessda.serverlesspresso"
DRINK = '{"userId": "ada", "drink": "Latte", "modifiers": [], "icon": "latte"}'
# Pauses as the coffee shop's workflow does, but hands its token to a queue, so that a test holds it.
WAIT = {
    "StartAt": "Wait",
    "States": {
        "Wait": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"MessageBody": {"token.$": "$$.Task.Token", "arn.$": "$$.Execution.Id"}},
            "TimeoutSeconds": 120,
            "End": True,
        }
    },
}


def load(name, session=None, **environment):
    """Import a function's module afresh, as Lambda does with its environment."""
    spec = importlib.util.spec_from_file_location(f"{name}_app", FUNCTIONS / name / "app.py")
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        patch.setattr(boto3, "DEFAULT_SESSION", session)
        for key, value in environment.items():
            patch.setenv(key, value)
        spec.loader.exec_module(module)
    return module


class Shop:
    """The deployed shop's parts that a function leans on, looked at from outside."""

    def __init__(self, embedded, account, wait_until):
        self.account = account
        self.wait_until = wait_until
        self.session = boto3.Session()  # one for all: it reads botocore's service models only once
        self.environment = {
            "AWS_ENDPOINT_URL": embedded.url,
            "AWS_ACCESS_KEY_ID": "000000000000",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        self.paused = []
        self.queue = account.sqs.create_queue(QueueName="tokens")["QueueUrl"]
        definition = json.loads(json.dumps(WAIT))
        definition["States"]["Wait"]["Parameters"]["QueueUrl"] = self.queue
        self.machine = account.stepfunctions.create_state_machine(
            name="wait", definition=json.dumps(definition), roleArn="arn:aws:iam::000000000000:role/wait"
        )["stateMachineArn"]

    def load(self, name, **environment):
        return load(name, self.session, **self.environment, **environment)

    def pause(self):
        """The `(token, arn)` of an execution that waits. Ten are started at once, because a start takes its time."""
        if not self.paused:
            for _ in range(10):
                self.account.stepfunctions.start_execution(stateMachineArn=self.machine)
            while len(self.paused) < 10:
                messages = self.receive(self.queue)
                assert messages, "an execution did not come to its wait"
                self.paused += [(message["token"], message["arn"]) for message in messages]
        return self.paused.pop()

    def used_token(self):
        """A token whose wait has ended."""
        token, _ = self.pause()
        self.account.stepfunctions.send_task_success(taskToken=token, output="{}")
        return token

    def receive(self, queue):
        """The next messages of a queue, or none when there is none for 5 s."""
        messages = self.account.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in messages.get("Messages", [])]

    def execution(self, arn):
        return self.account.stepfunctions.describe_execution(executionArn=arn)

    def ended(self, arn):
        """The execution once it has ended."""

        def ask():
            execution = self.execution(arn)
            return execution if execution["status"] != "RUNNING" else None

        return self.wait_until(ask, "the execution has ended")

    def resume(self, pause):
        """Use the token of a pause, and return how its execution ended. Only one that waits can succeed."""
        token, arn = pause
        self.account.stepfunctions.send_task_success(taskToken=token, output="{}")
        return self.ended(arn)["status"]

    def store(self, **attributes):
        """Store an order and return its id."""
        order_id = new_id()
        item = {"PK": "orders", "SK": order_id, "USERID": "ada", "ORDERSTATE": "CREATED", **attributes}
        typed = {key: {"N" if isinstance(value, int) else "S": str(value)} for key, value in item.items()}
        self.account.dynamodb.put_item(TableName=ORDERS, Item=typed)
        return order_id

    def set_state(self, order_id, state):
        """Change the state of an order."""
        self.account.dynamodb.update_item(
            TableName=ORDERS,
            Key={"PK": {"S": "orders"}, "SK": {"S": order_id}},
            UpdateExpression="SET ORDERSTATE = :state",
            ExpressionAttributeValues={":state": {"S": state}},
        )

    def order(self, order_id):
        """The stored order in plain values, or None."""
        key = {"PK": {"S": "orders"}, "SK": {"S": order_id}}
        item = self.account.dynamodb.get_item(TableName=ORDERS, Key=key).get("Item")
        return item and {name: int(typed["N"]) if "N" in typed else typed["S"] for name, typed in item.items()}


def new_id():
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def shop(cafe_account, wait_until):
    return Shop(*cafe_account, wait_until)


@pytest.mark.cloud
class TestWorkflowStarted:
    @pytest.fixture
    def function(self, shop):
        return shop.load("workflow_started", ORDERS_TABLE=ORDERS, CONFIG_TABLE=CONFIG)

    @staticmethod
    def event(order_id, token, user_id=""):
        """Return a scan, by default of a new customer."""
        return {"detail": {"orderId": order_id, "userId": user_id or new_id(), "TaskToken": token}}

    def test_stores_the_order(self, shop, function):
        order_id = new_id()
        event = self.event(order_id, "token")
        function.handler(event, None)
        order = shop.order(order_id)
        order.pop("TS")
        assert order == {
            "PK": "orders",
            "SK": order_id,
            "USERID": event["detail"]["userId"],
            "ORDERSTATE": "CREATED",
            "TaskToken": "token",
        }

    def test_stores_the_time_in_epoch_milliseconds(self, shop, function):
        order_id, before = new_id(), time.time_ns() // 1_000_000
        function.handler(self.event(order_id, "token"), None)
        assert before <= shop.order(order_id)["TS"] <= time.time_ns() // 1_000_000

    def test_same_event_again_leaves_the_record(self, shop, function):
        event = self.event(new_id(), "token")
        function.handler(event, None)
        stored = shop.order(event["detail"]["orderId"])
        function.handler(event, None)
        assert shop.order(event["detail"]["orderId"]) == stored

    def test_same_event_again_leaves_the_order_waiting(self, shop, function):
        pause = shop.pause()
        event = self.event(new_id(), pause[0])
        function.handler(event, None)
        function.handler(event, None)
        assert shop.resume(pause) == "SUCCEEDED"

    @pytest.mark.parametrize("state", ["CREATED", "Completed", "Cancelled"])
    def test_second_scan_of_an_order_is_ended(self, shop, function, state):
        order_id = shop.store(TaskToken="first", ORDERSTATE=state)
        token, arn = shop.pause()
        function.handler(self.event(order_id, token), None)
        assert shop.ended(arn)["error"] == "DuplicateScan"

    @pytest.mark.parametrize("state", ["CREATED", "Completed", "Cancelled"])
    def test_second_scan_of_an_order_leaves_the_record(self, shop, function, state):
        order_id = shop.store(TaskToken="first", ORDERSTATE=state)
        stored = shop.order(order_id)
        function.handler(self.event(order_id, shop.pause()[0]), None)
        assert shop.order(order_id) == stored

    def test_late_event_leaves_the_second_wait(self, shop, function):
        pause = shop.pause()
        order_id = shop.store(TaskToken=pause[0], orderNumber=7)
        function.handler(self.event(order_id, shop.used_token()), None)
        assert shop.resume(pause) == "SUCCEEDED"

    def test_order_that_cannot_be_stored_is_left_to_the_next_delivery(self, shop):
        function = shop.load("workflow_started", ORDERS_TABLE="no-such-table", CONFIG_TABLE=CONFIG)
        with pytest.raises(function.dynamodb.exceptions.ResourceNotFoundException):
            function.handler(self.event(new_id(), "token"), None)

    @pytest.mark.parametrize("state", ["Completed", "Cancelled"])
    def test_customer_whose_order_is_over_gets_another(self, shop, function, state):
        first, second = self.event(new_id(), "token", ada := new_id()), self.event(new_id(), "token", ada)
        function.handler(first, None)
        shop.set_state(first["detail"]["orderId"], state)
        function.handler(second, None)
        assert shop.order(second["detail"]["orderId"])["USERID"] == ada

    def test_customer_with_an_open_order_gets_no_other(self, shop, function):
        first, (token, arn) = self.event(new_id(), "token", ada := new_id()), shop.pause()
        function.handler(first, None)
        second = self.event(new_id(), token, ada)
        function.handler(second, None)
        assert shop.order(second["detail"]["orderId"]) is None
        assert shop.ended(arn)["error"] == "TooManyOrders"

    def test_same_event_of_a_customer_who_has_enough_orders_is_no_further_one(self, shop, function):
        pause = shop.pause()
        event = self.event(new_id(), pause[0])
        function.handler(event, None)
        function.handler(event, None)
        assert shop.execution(pause[1])["status"] == "RUNNING"

    def test_orders_of_one_customer_at_the_same_moment_are_one(self, shop, function):
        events = [self.event(new_id(), f"token {number}", ada) for ada in [new_id()] for number in range(4)]
        with ThreadPoolExecutor(len(events)) as pool:
            list(pool.map(lambda event: function.handler(event, None), events))
        assert len([event for event in events if shop.order(event["detail"]["orderId"])]) == 1

    def test_shop_that_allows_more_orders_gets_more(self, shop, function, monkeypatch):
        monkeypatch.setattr(function, "_allowed", lambda: 2)
        events = [self.event(new_id(), "token", ada) for ada in [new_id()] for _ in range(3)]
        for event in events:
            function.handler(event, None)
        assert [bool(shop.order(event["detail"]["orderId"])) for event in events] == [True, True, False]

    def test_customer_is_forgotten_after_a_week(self, shop, function):
        event, before = self.event(new_id(), "token"), time.time()
        function.handler(event, None)
        key = {"PK": {"S": "customers"}, "SK": {"S": event["detail"]["userId"]}}
        item = shop.account.dynamodb.get_item(TableName=ORDERS, Key=key)["Item"]
        days = (int(item["expires"]["N"]) - before) / 86_400
        assert 6.9 < days < 7.1

    @pytest.mark.parametrize(("settings", "allowed"), [({}, math.inf), ({"maxOrdersPerUser": {"N": "3"}}, 3)])
    def test_limit_is_the_shops_setting(self, function, monkeypatch, settings, allowed):
        monkeypatch.setattr(function, "_read", lambda _table, **_key: settings)
        assert function._allowed() == allowed

    def test_prints_no_token(self, shop, function, capsys):
        token, _ = shop.pause()
        function.handler(self.event(shop.store(TaskToken="first"), token), None)
        printed = "".join(capsys.readouterr())
        assert '"orderId"' in printed
        assert token not in printed


@pytest.mark.cloud
class TestWaitingCompletion:
    @pytest.fixture
    def function(self, shop):
        return shop.load("waiting_completion", ORDERS_TABLE=ORDERS, BUS_NAME=BUS)

    @pytest.fixture
    def baristas(self, shop):
        """Return the baristas' notifications so far, up to a sentinel event."""
        account, name = shop.account, new_id()
        queue = account.sqs.create_queue(QueueName=name)["QueueUrl"]
        attributes = account.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        pattern = {"source": [SOURCE, name], "detail-type": ["OrderManager.WaitingCompletion", "marker"]}
        account.events.put_rule(Name=name, EventBusName=BUS, EventPattern=json.dumps(pattern))
        target = {"Id": "tap", "Arn": attributes["Attributes"]["QueueArn"]}
        account.events.put_targets(Rule=name, EventBusName=BUS, Targets=[target])

        def told():
            marker = {"EventBusName": BUS, "Source": name, "DetailType": "marker", "Detail": "{}"}
            account.events.put_events(Entries=[marker])
            events = []
            for _ in range(10):
                events += shop.receive(queue)
                if any(event["detail-type"] == "marker" for event in events):
                    return [event for event in events if event["detail-type"] != "marker"]
            return pytest.fail("the marker did not arrive")

        yield told
        account.events.remove_targets(Rule=name, EventBusName=BUS, Ids=["tap"])
        account.events.delete_rule(Name=name, EventBusName=BUS)
        account.sqs.delete_queue(QueueUrl=queue)

    @staticmethod
    def event(order_id, token):
        detail = {"orderId": order_id, "userId": "ada", "orderNumber": 7, "TaskToken": token}
        return {"detail": detail}

    @staticmethod
    def submitted(shop, **attributes):
        return shop.store(**{"TaskToken": "first", "drinkOrder": DRINK, "TS": 1700000000000, **attributes})

    def test_stores_token_and_number_and_nothing_else(self, shop, function):
        order_id = self.submitted(shop)
        before = shop.order(order_id)
        function.handler(self.event(order_id, "second"), None)
        assert shop.order(order_id) == {**before, "TaskToken": "second", "orderNumber": 7}

    def test_tells_the_baristas(self, shop, function, baristas):
        order_id = self.submitted(shop)
        function.handler(self.event(order_id, "second"), None)
        (told,) = baristas()
        told["detail"].pop("Message", None)
        assert told["detail"] == {
            "orderId": order_id,
            "orderNumber": 7,
            "state": "CREATED",
            "drinkOrder": DRINK,
            "userId": "ada",
            "TS": 1700000000000,
        }

    def test_same_event_again_leaves_the_record(self, shop, function):
        order_id = self.submitted(shop)
        function.handler(self.event(order_id, "second"), None)
        stored = shop.order(order_id)
        function.handler(self.event(order_id, "second"), None)
        assert shop.order(order_id) == stored

    def test_same_event_again_leaves_the_order_waiting(self, shop, function):
        pause = shop.pause()
        order_id = self.submitted(shop)
        function.handler(self.event(order_id, pause[0]), None)
        function.handler(self.event(order_id, pause[0]), None)
        assert shop.resume(pause) == "SUCCEEDED"

    def test_next_delivery_tells_what_a_crash_left_untold(self, shop, function, baristas):
        order_id = self.submitted(shop, TaskToken="second", orderNumber=7)
        function.handler(self.event(order_id, "second"), None)
        assert [event["detail"]["orderId"] for event in baristas()] == [order_id]

    def test_late_event_leaves_the_claim(self, shop, function):
        order_id = self.submitted(shop, TaskToken="second", orderNumber=7, baristaUserId="ben")
        function.handler(self.event(order_id, "second"), None)
        assert shop.order(order_id)["baristaUserId"] == "ben"

    @pytest.mark.parametrize("state", ["Completed", "Cancelled"])
    def test_late_event_leaves_a_closed_record(self, shop, function, state):
        token = shop.used_token()
        order_id = self.submitted(shop, TaskToken=token, orderNumber=7, ORDERSTATE=state)
        stored = shop.order(order_id)
        function.handler(self.event(order_id, token), None)
        assert shop.order(order_id) == stored

    @pytest.mark.parametrize(
        "attributes",
        [{"ORDERSTATE": "Completed"}, {"ORDERSTATE": "Cancelled"}, {"orderNumber": 6}],
        ids=["completed", "cancelled", "another number"],
    )
    class TestRefusal:
        def test_ends_the_execution(self, shop, function, attributes):
            token, arn = shop.pause()
            order_id = TestWaitingCompletion.submitted(shop, **attributes)
            function.handler(TestWaitingCompletion.event(order_id, token), None)
            assert shop.ended(arn)["error"] == "OrderCancelled"

        def test_leaves_the_record(self, shop, function, attributes):
            order_id = TestWaitingCompletion.submitted(shop, **attributes)
            stored = shop.order(order_id)
            function.handler(TestWaitingCompletion.event(order_id, shop.used_token()), None)
            assert shop.order(order_id) == stored

        def test_tells_the_baristas_nothing(self, shop, function, baristas, attributes):
            order_id = TestWaitingCompletion.submitted(shop, **attributes)
            function.handler(TestWaitingCompletion.event(order_id, shop.used_token()), None)
            assert baristas() == []

    def test_order_that_does_not_exist_does_not_appear(self, shop, function):
        order_id = new_id()
        function.handler(self.event(order_id, shop.used_token()), None)
        assert shop.order(order_id) is None

    def test_execution_of_an_order_that_does_not_exist_is_ended(self, shop, function):
        token, arn = shop.pause()
        function.handler(self.event(new_id(), token), None)
        assert shop.ended(arn)["status"] == "FAILED"

    def test_order_that_cannot_be_stored_is_left_to_the_next_delivery(self, shop):
        function = shop.load("waiting_completion", ORDERS_TABLE="no-such-table", BUS_NAME=BUS)
        with pytest.raises(function.dynamodb.exceptions.ResourceNotFoundException):
            function.handler(self.event(new_id(), "second"), None)

    @pytest.mark.parametrize("state", ["CREATED", "Cancelled"])
    def test_prints_no_token(self, shop, function, capsys, state):
        token, _ = shop.pause()
        function.handler(self.event(self.submitted(shop, ORDERSTATE=state), token), None)
        printed = "".join(capsys.readouterr())
        assert '"orderId"' in printed
        assert token not in printed


class TestSanitizeOrder:
    """A menu of a latte with milk and shots, an espresso with shots, and a mocha that is sold out."""

    @pytest.fixture(scope="class")
    @classmethod
    def function(cls):
        return load("sanitize_order")

    @staticmethod
    def drink(name, available=True, **modifiers):
        offered = [
            {"M": {"Name": {"S": kind}, "Options": {"L": [{"S": option} for option in options]}}}
            for kind, options in modifiers.items()
        ]
        return {
            "M": {
                "drink": {"S": name},
                "icon": {"S": f"icon-of-{name}"},
                "available": {"BOOL": available},
                "modifiers": {"L": offered},
            }
        }

    def check(self, function, order):
        menu = [
            self.drink("Latte", Milk=["Whole", "Oat"], Shots=["Single", "Double"]),
            self.drink("Espresso", Shots=["Single", "Double"]),
            self.drink("Mocha", available=False, Milk=["Whole"]),
        ]
        return function.handler({"order": order, "menu": {"L": menu}}, None)

    @pytest.mark.parametrize(
        "order",
        [
            {"drink": "Latte", "modifiers": []},
            {"drink": "Latte"},
            {"drink": "Latte", "modifiers": ["Oat"]},
            {"drink": "Latte", "modifiers": ["Oat", "Double"]},
            {"drink": "Espresso", "modifiers": ["Single"]},
        ],
    )
    def test_order_on_the_menu_is_valid(self, function, order):
        assert self.check(function, order)["valid"] is True

    @pytest.mark.parametrize(
        "line",
        [{"M": {}}, {"S": "Tea"}, {"M": {"drink": {"S": "Latte"}}}, {"M": {"available": {"BOOL": True}}}],
        ids=str,
    )
    def test_incomplete_line_spoils_no_other(self, function, line):
        menu = {"L": [line, self.drink("Latte")]}
        assert function.handler({"order": {"drink": "Latte"}, "menu": menu}, None)["valid"]

    BAD = pytest.mark.parametrize(
        "order",
        [
            {"drink": "Milkshake", "modifiers": []},
            {"drink": "Mocha", "modifiers": []},
            {"drink": "", "modifiers": []},
            {"drink": None, "modifiers": []},
            {"drink": 1, "modifiers": []},
            {"drink": ["Latte"], "modifiers": []},
            {"drink": {"S": "Latte"}, "modifiers": []},
            {"modifiers": []},
            {"drink": "Latte", "modifiers": ["Nutmeg"]},
            {"drink": "Latte", "modifiers": ["Oat", "Nutmeg"]},
            {"drink": "Espresso", "modifiers": ["Oat"]},
            {"drink": "Latte", "modifiers": ["Milk"]},
            {"drink": "Latte", "modifiers": "Oat"},
            {"drink": "Latte", "modifiers": {"Oat": True}},
            {"drink": "Latte", "modifiers": None},
            {"drink": "Latte", "modifiers": 1},
            {"drink": "Latte", "modifiers": [1]},
            {"drink": "Latte", "modifiers": [None]},
            {"drink": "Latte", "modifiers": [["Oat"]]},
            {"drink": "Latte", "modifiers": [{"Name": "Milk"}]},
            {},
            None,
            [],
            "Latte",
            1,
        ],
        ids=json.dumps,
    )

    @BAD
    def test_order_off_the_menu_is_not_valid(self, function, order):
        assert self.check(function, order)["valid"] is False

    @BAD
    def test_nothing_of_a_refused_order_is_to_be_stored(self, function, order):
        assert self.check(function, order)["drinkOrder"] == ""

    def test_empty_menu_offers_nothing(self, function):
        answer = function.handler({"order": {"drink": "Latte"}, "menu": {"L": []}}, None)
        assert answer["valid"] is False

    @pytest.mark.parametrize(
        "extra",
        [{}, {"icon": "<script>"}, {"price": 0, "ORDERSTATE": "Completed", "note": "x" * 1000}],
        ids=["nothing else", "another icon", "more fields"],
    )
    def test_only_what_was_checked_is_to_be_stored(self, function, extra):
        answer = self.check(function, {"userId": "ada", "drink": "Latte", "modifiers": ["Oat"], **extra})
        assert json.loads(answer["drinkOrder"]) == {
            "userId": "ada",
            "drink": "Latte",
            "modifiers": ["Oat"],
            "icon": "icon-of-Latte",
        }

    def test_prints_nothing_of_the_order(self, function, capsys):
        self.check(function, {"userId": "ada", "drink": "Latte"})
        assert "ada" not in "".join(capsys.readouterr())


@pytest.mark.cloud
class TestOrdersApi:
    @pytest.fixture
    def manager(self, shop):
        """A state machine in the order manager's place, whose executions do nothing."""
        definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
        return shop.account.stepfunctions.create_state_machine(
            name=new_id(), definition=json.dumps(definition), roleArn="arn:aws:iam::000000000000:role/wait"
        )["stateMachineArn"]

    @pytest.fixture
    def call(self, shop, manager):
        """Ask the function as API Gateway does and return `(status, body)`."""
        function = shop.load("orders_api", ORDERS_TABLE=ORDERS, ORDER_MANAGER_ARN=manager)

        def ask(method, resource, user="ada", order_id=None, body=None, **query):
            answer = function.handler(
                {
                    "httpMethod": method,
                    "resource": resource,
                    "pathParameters": {"id": order_id} if order_id else None,
                    "queryStringParameters": query or None,
                    "requestContext": {"authorizer": {"claims": {"sub": user}}},
                    "body": body,
                },
                None,
            )
            return answer["statusCode"], json.loads(answer["body"])

        return ask

    @staticmethod
    def started(shop, manager):
        """The inputs of the executions that were started."""
        found = shop.account.stepfunctions.list_executions(stateMachineArn=manager)["executions"]
        return [json.loads(shop.execution(each["executionArn"])["input"]) for each in found]

    def test_order_is_shown_in_plain_json(self, shop, call):
        order_id = shop.store(TaskToken="secret", TS=1, drinkOrder=DRINK, orderNumber=7, baristaUserId="ben")
        assert call("GET", "/orders/{id}", order_id=order_id) == (
            200,
            {
                "orderId": order_id,
                "USERID": "ada",
                "ORDERSTATE": "CREATED",
                "TS": 1,
                "drinkOrder": DRINK,
                "orderNumber": 7,
                "baristaUserId": "ben",
            },
        )

    def test_order_that_does_not_exist_is_not_found(self, call):
        assert call("GET", "/orders/{id}", order_id=new_id())[0] == 404

    def test_my_orders_are_the_callers_own(self, shop, call):
        ada, ben = new_id(), new_id()
        mine, _ = shop.store(USERID=ada), shop.store(USERID=ben)
        status, body = call("GET", "/myOrders", user=ada)
        assert (status, [order["orderId"] for order in body["orders"]]) == (200, [mine])

    def test_my_orders_of_a_stranger_are_none(self, call):
        assert call("GET", "/myOrders", user=new_id()) == (200, {"orders": []})

    @pytest.mark.parametrize(
        ("query", "state", "shown"),
        [
            ({}, "CREATED", True),
            ({}, "Completed", False),
            ({"state": "Completed"}, "Completed", True),
            ({"state": "Completed"}, "CREATED", False),
        ],
    )
    def test_orders_are_listed_by_state(self, shop, call, query, state, shown):
        order_id = shop.store(ORDERSTATE=state)
        _, body = call("GET", "/orders", **query)
        assert (order_id in [order["orderId"] for order in body["orders"]]) is shown

    def test_orders_of_an_empty_state_are_answered(self, call):
        assert call("GET", "/orders", state="")[0] in (200, 400)

    @pytest.mark.parametrize("resource", ["/orders/{id}", "/orders", "/myOrders"])
    def test_no_answer_holds_a_token(self, shop, call, resource):
        user = new_id()
        order_id = shop.store(USERID=user, TaskToken="secret-token")
        answer = call("GET", resource, user=user, order_id=order_id if "{id}" in resource else None)
        assert order_id in json.dumps(answer)
        assert "oken" not in json.dumps(answer)

    @pytest.mark.parametrize("resource", ["/orders/{id}", "/orders", "/myOrders"])
    def test_prints_no_token(self, shop, call, capsys, resource):
        user = new_id()
        order_id = shop.store(USERID=user, TaskToken="secret-token")
        call("GET", resource, user=user, order_id=order_id if "{id}" in resource else None)
        assert "secret-token" not in "".join(capsys.readouterr())

    def test_submitting_starts_the_order_manager(self, shop, call, manager):
        order = {"drink": "Latte", "modifiers": ["Oat"]}
        call("PUT", "/orders/{id}", order_id="2", body=json.dumps(order))
        assert self.started(shop, manager) == [
            {"action": "", "body": {**order, "userId": "ada"}, "orderId": "2", "baristaUserId": ""}
        ]

    @pytest.mark.parametrize(
        ("action", "barista"), [("make", "ben"), ("unmake", "ben"), ("complete", "ben"), ("cancel", "")]
    )
    def test_action_starts_the_order_manager(self, shop, call, manager, action, barista):
        call("PUT", "/orders/{id}", user="ben", order_id="2", action=action)
        assert self.started(shop, manager) == [
            {"action": action, "body": {"userId": "ben"}, "orderId": "2", "baristaUserId": barista}
        ]

    @pytest.mark.parametrize("query", [{}, {"action": ""}, {"action": "make"}])
    @pytest.mark.parametrize("body", [None, "", "{}"])
    def test_action_is_accepted(self, call, query, body):
        assert call("PUT", "/orders/{id}", order_id="2", body=body, **query)[0] == 202

    def test_token_overrules_the_user_of_the_body(self, shop, call, manager):
        call("PUT", "/orders/{id}", user="eve", order_id="2", body='{"userId": "ada", "drink": "Latte"}')
        assert [order["body"]["userId"] for order in self.started(shop, manager)] == ["eve"]

    def test_token_overrules_the_barista_of_the_body(self, shop, call, manager):
        call("PUT", "/orders/{id}", user="eve", order_id="2", action="make", body='{"baristaUserId": "ben"}')
        assert [order["baristaUserId"] for order in self.started(shop, manager)] == ["eve"]

    REFUSED = pytest.mark.parametrize(
        ("action", "body"),
        [
            ("drink", None),
            ("Make", None),
            (" ", None),
            ("", "{"),
            ("", "drink=Latte"),
            ("", "[]"),
            ("", "null"),
            ("", "1"),
            ("", '"Latte"'),
            ("", '{"drink": NaN}'),
            ("", "[" * 100_000),
        ],
        ids=["drink", "Make", "space", "{", "form", "list", "null", "number", "text", "NaN", "deep"],
    )

    @REFUSED
    def test_bad_request_is_refused(self, call, action, body):
        assert call("PUT", "/orders/{id}", order_id="2", action=action, body=body)[0] == 400

    @REFUSED
    def test_refusal_gives_a_reason(self, call, action, body):
        assert call("PUT", "/orders/{id}", order_id="2", action=action, body=body)[1].keys() == {"message"}

    def test_refused_request_starts_nothing(self, shop, call, manager):
        call("PUT", "/orders/{id}", order_id="2", action="drink")
        call("PUT", "/orders/{id}", order_id="2", body="{")
        assert self.started(shop, manager) == []


@pytest.fixture
def cloudformation():
    """CloudFormation's end of a custom resource: its address, and what was reported to it."""
    reports = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
            reports.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", reports
    server.shutdown()
    server.server_close()


@pytest.mark.cloud
class TestOpenShop:
    @pytest.fixture
    def tables(self, shop):
        """An empty table of settings and one of numbers."""
        created = []
        for kind in ("config", "counting"):
            name = f"{kind}-{new_id()}"
            shop.account.dynamodb.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
            )
            created.append(name)
        return created

    @pytest.fixture
    def request_(self, shop, tables, cloudformation):
        """Send a request of CloudFormation and return the only report it gets."""
        address, reports = cloudformation

        def send(kind, config=tables[0], counting=tables[1], **more):
            function = shop.load("open_shop", CONFIG_TABLE=config, COUNTING_TABLE=counting)
            event = {
                "RequestType": kind,
                "ResponseURL": address,
                "StackId": "stack",
                "RequestId": "request",
                "LogicalResourceId": "OpenShop",
                **more,
            }
            function.handler(event, types.SimpleNamespace(log_stream_name="stream"))
            (report,) = reports
            reports.clear()
            return report

        return send

    @staticmethod
    def item(shop, table, key):
        return shop.account.dynamodb.get_item(TableName=table, Key={"PK": {"S": key}}).get("Item")

    def test_new_shop_is_open_with_the_documented_limits(self, shop, tables, request_):
        request_("Create")
        assert self.item(shop, tables[0], "config") == {
            "PK": {"S": "config"},
            "storeOpen": {"BOOL": True},
            "maxOrdersPerUser": {"N": "1"},
            "maxOrdersInQueue": {"N": "20"},
        }

    def test_new_shop_has_a_menu_of_the_documented_form(self, shop, tables, request_):
        request_("Create")
        menu = self.item(shop, tables[0], "menu")["value"]["L"]
        assert menu
        assert all(set(entry["M"]) == {"drink", "icon", "available", "modifiers"} for entry in menu)

    def test_everything_on_a_new_menu_can_be_ordered(self, shop, tables, request_):
        request_("Create")
        menu = self.item(shop, tables[0], "menu")["value"]
        sanitize = load("sanitize_order")
        orders = [
            {
                "drink": entry["M"]["drink"]["S"],
                "modifiers": [kind["M"]["Options"]["L"][0]["S"] for kind in entry["M"]["modifiers"]["L"]],
            }
            for entry in menu["L"]
        ]
        assert all(sanitize.handler({"order": order, "menu": menu}, None)["valid"] for order in orders)

    def test_numbers_of_a_new_shop_begin_at_zero(self, shop, tables, request_):
        request_("Create")
        assert self.item(shop, tables[1], "orderID") == {"PK": {"S": "orderID"}, "IDvalue": {"N": "0"}}

    @pytest.mark.parametrize("kind", ["Create", "Update"])
    @pytest.mark.parametrize(
        ("table", "item"),
        [
            (0, {"PK": {"S": "config"}, "storeOpen": {"BOOL": False}}),
            (0, {"PK": {"S": "menu"}, "value": {"L": []}}),
            (1, {"PK": {"S": "orderID"}, "IDvalue": {"N": "42"}}),
        ],
        ids=["settings", "menu", "numbers"],
    )
    def test_what_is_there_stays(self, shop, tables, request_, kind, table, item):
        shop.account.dynamodb.put_item(TableName=tables[table], Item=item)
        request_(kind)
        assert self.item(shop, tables[table], item["PK"]["S"]) == item

    def test_what_is_there_does_not_keep_the_rest_from_being_written(self, shop, tables, request_):
        shop.account.dynamodb.put_item(TableName=tables[0], Item={"PK": {"S": "config"}})
        request_("Create")
        assert self.item(shop, tables[1], "orderID") is not None

    def test_deleting_writes_nothing(self, shop, tables, request_):
        request_("Delete")
        assert shop.account.dynamodb.scan(TableName=tables[0])["Items"] == []

    @pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
    def test_success_is_reported(self, request_, kind):
        assert request_(kind)["Status"] == "SUCCESS"

    @pytest.mark.parametrize("kind", ["Create", "Update"])
    def test_failure_to_write_is_reported(self, request_, kind):
        assert request_(kind, counting="no-such-table")["Status"] == "FAILED"

    def test_failure_to_write_is_reported_with_its_reason(self, request_):
        assert "ResourceNotFoundException" in request_("Create", config="no-such-table")["Reason"]

    def test_deleting_succeeds_without_tables(self, request_):
        assert request_("Delete", config="no-such-table", counting="no-such-table")["Status"] == "SUCCESS"

    @pytest.mark.parametrize("name", ["StackId", "RequestId", "LogicalResourceId"])
    def test_report_repeats_whom_it_answers(self, request_, name):
        assert request_("Create", **{name: "given"})[name] == "given"

    def test_report_keeps_the_physical_id(self, request_):
        assert request_("Update", PhysicalResourceId="old")["PhysicalResourceId"] == "old"

    def test_physical_id_stays_the_same_when_the_stack_is_updated(self, request_):
        created = request_("Create")["PhysicalResourceId"]
        assert request_("Update", PhysicalResourceId=created)["PhysicalResourceId"] == created

    def test_prints_no_address_that_lets_others_report(self, request_, cloudformation, capsys):
        request_("Create")
        assert cloudformation[0] not in "".join(capsys.readouterr())

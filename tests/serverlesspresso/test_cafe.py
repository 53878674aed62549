"""The café's driver on a deployed café: it acts like people, reads what they see, and takes everything away again."""

import json
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError
from hamcrest import equal_to, has_length, not_none

from acceptance.aws import observer
from acceptance.aws.account import Account
from acceptance.masking import masked
from acceptance.trouble import Trouble
from support.serverlesspresso.bus import FLAWS, LONG, SOURCE
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.dialect import Dialect
from support.serverlesspresso.matchers.actions import is_accepted, is_refused
from support.serverlesspresso.matchers.many_orders import (
    all_wait_for_a_barista,
    all_wait_for_their_drink,
    are_numbered_without_gap_after,
)
from support.serverlesspresso.matchers.messages import tells
from support.serverlesspresso.matchers.orders import (
    is_being_made_by,
    is_cancelled,
    is_completed,
    is_exactly,
    is_unclaimed,
    waits_for_a_barista,
    waits_for_its_drink,
)
from support.serverlesspresso.matchers.workflows import has_ended, is_over, is_served_once, was_begun
from support.serverlesspresso.menu import ChosenDrink
from support.serverlesspresso.order_table import key_of
from support.serverlesspresso.orders import Scan
from support.serverlesspresso.promises import CLAIM, DRINK, READY, SCAN

pytestmark = pytest.mark.cloud
ADA, EVE, BEN, CLEO = "Ada-0123abcd", "Eve-0123abcd", "Ben-0123abcd", "Cleo-0123abcd"
STARTED, SECOND_WAIT = "OrderProcessor.WorkflowStarted", "OrderProcessor.WaitingCompletion"


@pytest.fixture
def scanned(cafe, wait):
    """An order that waits for its drink."""
    order_id = cafe.bus.scan(ADA)
    wait.eventually(cafe.order, order_id, waits_for_its_drink(ADA))
    wait.eventually(cafe.events, order_id, tells(STARTED, "Ada can choose"))
    return order_id


@pytest.fixture
def ordered(cafe, wait, scanned):
    """An order that waits for a barista."""
    cafe.manager.submit(scanned, ADA, "Latte")
    wait.eventually(cafe.order, scanned, waits_for_a_barista("Latte"))
    wait.eventually(cafe.events, scanned, tells(SECOND_WAIT, "a Latte waits"))
    return scanned


@pytest.fixture
def setting(cafe, account, parts):
    """Read one of the shop's settings past the driver."""

    def read(key, name):
        return account.dynamodb.get_item(TableName=parts.config_table, Key={"PK": {"S": key}})["Item"][name]

    return read


def passes(cafe, order_id):
    return [e["TaskToken"] for e in cafe.events(order_id) if e.detail_type in (STARTED, SECOND_WAIT)]


class TestPeople:
    def test_scan_opens_an_order(self, cafe, scanned):
        seen = cafe.order(scanned)
        assert (seen.record.state, seen.record.user_id, seen.record.number) == ("CREATED", ADA, None)
        assert [event.detail_type for event in seen.events][:2] == ["Validator.NewOrder", STARTED]

    def test_order_ids_carry_the_run_and_are_never_the_same(self, cafe):
        ids = {cafe.data.new_order_id() for _ in range(50)}
        assert len(ids) == 50
        assert all(order_id.startswith(f"acceptance-{cafe.run_id}-") for order_id in ids)

    def test_submitted_drink_reaches_the_baristas(self, cafe, wait, scanned):
        action = cafe.manager.submit(scanned, ADA, "Latte", ["Oat"])
        assert wait.eventually(cafe.manager.result, action, is_accepted()).last_state == "Drink submitted"
        wait.eventually(cafe.order, scanned, is_exactly(ChosenDrink("Latte", ("Oat",))))
        news = tells("OrderManager.WaitingCompletion", "a Latte waits", drink="Latte")
        wait.eventually(cafe.news_for_baristas, scanned, news)

    @pytest.mark.parametrize(
        ("user", "drink"), [(ADA, "Milkshake"), (ADA, None), (EVE, "Latte")], ids=["off the menu", "none", "another's"]
    )
    def test_submission_may_be_refused(self, cafe, wait, scanned, user, drink):
        action = cafe.manager.submit(scanned, user, drink)
        refused = wait.eventually(cafe.manager.result, action, is_refused())
        assert refused.reason.startswith(("InvalidOrder: ", "OrderRefusesAction: "))

    def test_order_is_claimed_given_back_and_completed(self, cafe, wait, ordered):
        cafe.manager.claim(ordered, BEN)
        wait.eventually(cafe.order, ordered, is_being_made_by(BEN))
        wait.eventually(cafe.manager.result, cafe.manager.give_back(ordered, BEN), is_accepted())
        wait.eventually(cafe.order, ordered, is_unclaimed())
        cafe.manager.complete(ordered, CLEO)
        wait.eventually(cafe.order, ordered, is_completed())
        wait.eventually(cafe.processor.serving, ordered, is_over())

    @pytest.mark.parametrize("who", [{"user_id": ADA}, {"barista": BEN}], ids=["customer", "barista"])
    def test_order_is_cancelled(self, cafe, wait, scanned, who):
        cafe.manager.cancel(scanned, **who)
        wait.eventually(cafe.order, scanned, is_cancelled())
        wait.eventually(cafe.processor.serving, scanned, is_over())

    def test_many_scan_with_few_requests_and_keep_their_order(self, cafe, account, monkeypatch):
        requests = []

        def note(Entries):
            requests.append([json.loads(entry["Detail"]) for entry in Entries])
            return {"Entries": [{"EventId": f"event-{len(requests)}-{number}"} for number in range(len(Entries))]}

        monkeypatch.setattr(account.events, "put_events", note)
        users = [f"Customer{number}-0123abcd" for number in range(23)]
        order_ids = cafe.bus.scan_all(users)
        assert [len(request) for request in requests] == [10, 10, 3]
        assert [(detail["userId"], detail["orderId"]) for request in requests for detail in request] == list(
            zip(users, order_ids, strict=True)
        )
        assert (cafe.bus.scan_of(order_ids[0]), cafe.bus.scan_of(order_ids[22])) == ("event-1-0", "event-3-2")

    def test_many_are_numbered_one_after_the_other(self, cafe, wait, ordered):
        last = cafe.table.order(ordered).number
        order_ids = cafe.bus.scan_all([CLEO, EVE])
        wait.eventually(cafe.orders, order_ids, all_wait_for_their_drink())
        for order_id, user, drink in zip(order_ids, (CLEO, EVE), ("Latte", "Espresso"), strict=True):
            cafe.manager.submit(order_id, user, drink)
        wait.eventually(cafe.orders, order_ids, are_numbered_without_gap_after(last))
        wait.eventually(cafe.orders, order_ids, all_wait_for_a_barista([ChosenDrink("Latte"), ChosenDrink("Espresso")]))

    def test_order_that_nobody_opened_is_none(self, cafe):
        order_id = cafe.data.new_order_id()
        assert (cafe.table.order(order_id), cafe.events(order_id), cafe.processor.serving(order_id).executions) == (
            None,
            (),
            [],
        )

    def test_event_that_is_delivered_again_begins_the_order_again(self, cafe, wait, scanned):
        cafe.bus.deliver_again(cafe.events(scanned)[0])
        wait.eventually(cafe.processor.all_of, scanned, was_begun(2))
        wait.eventually(cafe.events, scanned, tells("Validator.NewOrder", "somebody scans", times=2))
        wait.eventually(cafe.processor.serving, scanned, is_served_once())


class TestDeadEnd:
    def test_names_the_refused_action_and_its_reason(self, cafe, wait, scanned):
        wait.eventually(cafe.manager.result, cafe.manager.claim(scanned, BEN), is_refused())
        assert cafe.order(scanned).dead_end() == (
            "the café refused to let it be claimed: OrderRefusesAction: "
            "The order is not in a state that allows this, or it belongs to somebody else."
        )

    def test_ends_a_wait_that_would_be_in_vain(self, cafe, wait, scanned):
        cafe.manager.complete(scanned, BEN)
        with pytest.raises(AssertionError, match="it can no longer come: the café refused to complete it: OrderRef"):
            wait.eventually(cafe.order, scanned, is_completed())

    def test_names_a_workflow_that_failed(self, cafe, wait, scanned):
        cafe.processor.executions.stop(cafe.processor.serving(scanned).executions[0].arn, "out of order")
        wait.eventually(lambda: cafe.order(scanned).dead_end(), not_none())
        assert cafe.order(scanned).dead_end() == "the order's workflow has failed: out of order"

    def test_is_none_while_all_is_well(self, cafe, ordered):
        assert cafe.order(ordered).dead_end() is None

    def test_customer_who_is_turned_away_ends_the_wait_for_the_order(self, cafe, wait):
        before = cafe.bus.scan(ADA)
        wait.eventually(cafe.order, before, waits_for_its_drink(ADA))
        cafe.shop.set_open(False)
        refused = cafe.bus.scan(ADA)
        with pytest.raises(AssertionError, match="it can no longer come: the shop said it is closed or full"):
            wait.eventually(cafe.order, refused, waits_for_its_drink(ADA))
        assert len(cafe.turned_away(refused)) == 1
        # The message names the customer alone, who has another order.
        assert cafe.order(before).dead_end() is None

    def test_customer_with_a_long_name_who_is_turned_away_ends_the_wait_too(self, cafe, wait):
        cafe.shop.set_open(False)
        scan = cafe.bus.scan_long("Ada", 64)
        with pytest.raises(AssertionError, match="it can no longer come: the shop said it is closed or full"):
            wait.eventually(cafe.order_of_scan, scan, waits_for_its_drink(scan.user_id))

    def test_order_that_is_scanned_again_is_not_turned_away_any_more(self, cafe, wait):
        cafe.shop.set_open(False)
        order_id = cafe.bus.scan(EVE)
        wait.eventually(lambda: cafe.order(order_id).dead_end(), not_none())
        cafe.shop.set_open(True)
        cafe.bus.scan(EVE, order_id)
        wait.eventually(cafe.order, order_id, waits_for_its_drink(EVE))
        assert cafe.turned_away(order_id) == []


class TestShop:
    def test_capacity_and_time_outs_are_those_of_the_deployed_workflow(self, cafe):
        assert (
            cafe.processor.capacity,
            cafe.processor.time_out_of("Started"),
            cafe.processor.time_out_of("Completion"),
        ) == (20, 300, 900)

    def test_every_order_takes_a_place(self, cafe, wait, scanned):
        free = cafe.processor.free_places()
        order_id = cafe.bus.scan(EVE)
        wait.eventually(cafe.order, order_id, waits_for_its_drink(EVE))
        assert cafe.processor.free_places() == free - 1

    def test_menu_lists_drinks_with_their_modifiers(self, cafe):
        assert list(cafe.shop.menu().options["Latte"]) == ["Whole", "Oat", "Soy", "Single", "Double"]

    def test_drink_that_is_taken_off_is_not_on_the_menu(self, cafe):
        cafe.shop.set_available("Latte", False)
        assert "Latte" not in cafe.shop.menu().options

    @pytest.mark.parametrize("available", [True, False], ids=["on", "off"])
    def test_drink_that_is_on_or_off_already_stays_so(self, cafe, available):
        cafe.shop.set_available("Latte", not available)
        cafe.shop.set_available("Latte", available)
        cafe.shop.set_available("Latte", available)
        assert ("Latte" in cafe.shop.menu().options) is available

    def test_unknown_drink_cannot_be_taken_off(self, cafe):
        with pytest.raises(Trouble, match="The menu does not offer Milkshake, so it cannot be taken off it"):
            cafe.shop.set_available("Milkshake", False)

    def test_closed_shop_takes_no_order(self, cafe, wait):
        cafe.shop.set_open(False)
        order_id = cafe.bus.scan("Moe-0123abcd")
        wait.eventually(cafe.events_to, "Moe-0123abcd", tells("OrderProcessor.ShopUnavailable", "the shop is closed"))
        assert cafe.table.order(order_id) is None

    def test_settings_of_a_shop_with_an_id_are_its_own(self, account, parts, run_tap):
        item = {
            "PK": {"S": "config-ABC"},
            "storeOpen": {"BOOL": False},
            "menu": {"L": [{"M": {"drink": {"S": "Tea"}}}]},
        }
        account.dynamodb.put_item(TableName=parts.config_table, Item=item)
        dialect = Dialect(settings_key="config-ABC", menu_key="config-ABC", menu_attribute="menu")
        shop = Cafe(account, replace(parts, dialect=dialect), "run", run_tap).shop
        try:
            assert (shop.is_open(), shop.menu().usual.name) == (False, "Tea")
            shop.set_open(True)
            shop.set_available("Tea", False)
            assert (shop.is_open(), shop.menu().sold_out.name) == (True, "Tea")
            shop.put_back()
            assert shop._item("config-ABC") == item
        finally:
            account.dynamodb.delete_item(TableName=parts.config_table, Key={"PK": {"S": "config-ABC"}})


class TestFlaws:
    def test_every_one_is_sent_as_described(self, cafe, account, monkeypatch):
        sent = []

        def note(Entries):
            sent.extend(Entries)
            return {"Entries": [{"EventId": "event"}]}

        monkeypatch.setattr(account.events, "put_events", note)
        scans = [cafe.bus.scan_malformed(flaw, "acceptance-2") for flaw in FLAWS]
        assert {(entry["Source"], entry["DetailType"]) for entry in sent} == {(SOURCE, "Validator.NewOrder")}
        assert [json.loads(entry["Detail"]) for entry in sent] == [
            content(scan.user_id, "acceptance-2")[0] for content, scan in zip(FLAWS.values(), scans, strict=True)
        ]

    @pytest.mark.parametrize("flaw", FLAWS)
    def test_every_one_says_whether_it_names_the_order(self, flaw):
        content, names_order = FLAWS[flaw]("Somebody", "acceptance-2")
        assert ("acceptance-2" in json.dumps(content)) is names_order

    def test_every_one_differs_from_the_others(self):
        assert len({json.dumps(content("Somebody", "acceptance-2")) for content in FLAWS.values()}) == len(FLAWS)

    @pytest.mark.parametrize("flaw", FLAWS)
    def test_none_keeps_anything_busy_or_stored(self, cafe, wait, flaw):
        scan = cafe.bus.scan_malformed(flaw)
        if scan.event_id:
            wait.eventually(cafe.processor.of_scan, scan, not_none())
        wait.eventually(cafe.processor.of_scan, scan, has_ended())
        assert cafe.order_of_scan(scan).record is None

    def test_scan_may_carry_the_id_of_another_order(self, cafe, wait, scanned):
        scan = cafe.bus.scan_malformed("no customer", scanned)
        wait.eventually(cafe.processor.of_scan, scan, has_ended())
        assert scan.order_id == scanned
        assert cafe.order_of_scan(scan).record.user_id == ADA

    def test_scan_that_names_no_order_is_looked_for_by_its_customer(self, cafe, scanned):
        assert cafe.order_of_scan(Scan("", "", ADA)).record is not None
        assert cafe.order_of_scan(Scan("", "", "Nobody-0123abcd")).record is None

    def test_scan_that_the_bus_refused_serves_nobody(self, cafe):
        assert cafe.processor.of_scan(Scan("", "2", ADA)) is None

    def test_long_texts_are_longer_than_any_id(self):
        assert len(LONG) == 5000


class TestPasses:
    def test_each_wait_has_a_pass_of_its_own_that_works_once(self, cafe, wait, scanned):
        (first,) = passes(cafe, scanned)
        assert cafe.processor.use_task_token(first) == ""
        assert cafe.processor.use_task_token(first) in ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")
        wait.eventually(lambda: len(passes(cafe, scanned)), equal_to(2))
        assert len(set(passes(cafe, scanned))) == 2

    def test_pass_of_an_order_that_is_over_is_refused(self, cafe, wait, scanned):
        (first,) = passes(cafe, scanned)
        cafe.manager.cancel(scanned, user_id=ADA)
        wait.eventually(cafe.processor.serving, scanned, is_over())
        assert cafe.processor.use_task_token(first) != ""

    def test_pass_that_was_made_up_is_refused(self, cafe):
        assert cafe.processor.use_task_token("made up") in ("TaskDoesNotExist", "InvalidToken")

    def test_other_refusals_are_raised(self, cafe, account, monkeypatch):
        def denied(**_):
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "SendTaskSuccess")

        monkeypatch.setattr(account.stepfunctions, "send_task_success", denied)
        with pytest.raises(ClientError, match="AccessDenied"):
            cafe.processor.use_task_token("any")


class TestEndOfShift:
    def test_orders_and_workflows_are_gone(self, cafe, wait, scanned):
        execution = cafe.processor.serving(scanned).executions[0]
        cafe.end_scenario()
        assert cafe.table.order(scanned) is None
        assert not cafe.processor.executions.describe(execution.arn).running

    def test_orders_of_others_stay(self, cafe, wait, account, parts, run_tap):
        other = Cafe(account, parts, "another1", run_tap)
        order_id = other.bus.scan(EVE)
        wait.eventually(other.order, order_id, waits_for_its_drink(EVE))
        cafe.end_scenario()
        assert other.table.order(order_id).user_id == EVE
        assert other.processor.serving(order_id).open
        other.leave()

    def test_shop_is_open_again(self, cafe, setting):
        before = setting("config", "storeOpen")
        cafe.shop.set_open(False)
        cafe.shop.set_open(True)
        cafe.shop.set_open(False)
        cafe.end_scenario()
        assert setting("config", "storeOpen") == before == {"BOOL": True}

    def test_menu_is_as_it_was(self, cafe, setting):
        before = setting("menu", "value")
        cafe.shop.set_available("Latte", False)
        cafe.shop.set_available("Espresso", False)
        assert setting("menu", "value") != before
        cafe.end_scenario()
        assert setting("menu", "value") == before

    def test_setting_that_changes_in_the_next_shift_is_put_back_to_what_it_was_then(self, cafe, setting):
        cafe.shop.set_open(False)
        cafe.end_scenario()
        cafe.shop.set_open(False)
        cafe.end_scenario()
        assert setting("config", "storeOpen") == {"BOOL": True}

    def test_more_orders_than_one_request_can_remove_are_removed(self, cafe, account, parts):
        order_ids = [cafe.data.new_order_id() for _ in range(60)]
        for order_id in order_ids:
            account.dynamodb.put_item(TableName=parts.orders_table, Item=key_of(order_id))
        cafe.end_scenario()
        assert [order_id for order_id in order_ids if cafe.table.order(order_id)] == []

    def test_what_was_not_removed_at_once_is_removed_again(self, cafe, account, monkeypatch):
        requests = []

        def slow(RequestItems):
            requests.append(RequestItems)
            return {"UnprocessedItems": RequestItems if len(requests) < 3 else {}}

        monkeypatch.setattr(account.dynamodb, "batch_write_item", slow)
        cafe.data.new_order_id()
        cafe.end_scenario()
        assert len(requests) == 3

    def test_orders_go_even_when_a_setting_cannot_be_put_back(self, cafe, setting, account, wait, scanned, monkeypatch):
        cafe.shop.set_open(False)
        update_item = account.dynamodb.update_item

        def denied(**_):
            raise ConnectionError("the table cannot be written")

        monkeypatch.setattr(account.dynamodb, "update_item", denied)
        with pytest.raises(ConnectionError):
            cafe.end_scenario()
        monkeypatch.setattr(account.dynamodb, "update_item", update_item)
        left = cafe.table.order(scanned)
        cafe.end_scenario()
        still_closed = setting("config", "storeOpen") == {"BOOL": False}
        cafe.shop._write("config", "storeOpen", {"BOOL": True})
        assert (left, still_closed) == (None, False)

    def test_order_that_a_malformed_scan_stored_under_another_id_is_gone(self, cafe, account, parts):
        scan = cafe.bus.scan_malformed("a number as its order")
        key = key_of("4711")
        account.dynamodb.put_item(TableName=parts.orders_table, Item={**key, "USERID": {"S": scan.user_id}})
        cafe.end_scenario()
        left = account.dynamodb.get_item(TableName=parts.orders_table, Key=key).get("Item")
        account.dynamodb.delete_item(TableName=parts.orders_table, Key=key)
        assert left is None

    def test_workflow_that_is_listed_late_has_ended(self, cafe, wait, account, monkeypatch):
        order_id = cafe.data.new_order_id()
        executions, calls = cafe.processor.executions, []
        arn = account.stepfunctions.start_execution(
            stateMachineArn=executions.state_machine_arn,
            input=json.dumps({"detail": {"orderId": order_id, "userId": ADA}}),
        )["executionArn"]
        wait.eventually(cafe.order, order_id, waits_for_its_drink(ADA))
        listed = executions._arns

        def late(status=None, **more):
            calls.append(status)
            return (one for one in listed(status, **more) if len(calls) > 4 or one != arn)

        monkeypatch.setattr(executions, "_arns", late)
        monkeypatch.setattr(Account, "is_at_hand", False)
        cafe.end_scenario()
        monkeypatch.undo()
        running = executions.describe(arn).running
        executions.stop(arn, "The test has ended.")
        assert not running

    def test_order_that_came_late_is_gone_when_the_run_leaves(self, cafe, account, parts):
        order_id = cafe.data.new_order_id()
        cafe.end_scenario()
        account.dynamodb.put_item(TableName=parts.orders_table, Item=key_of(order_id))
        cafe.leave()
        assert cafe.table.order(order_id) is None

    def test_workflow_that_came_late_has_ended_when_the_run_leaves(self, cafe, wait):
        order_id = cafe.data.new_order_id()
        cafe.end_scenario()
        arn = cafe.processor.executions.start({"detail": {"orderId": order_id, "userId": ADA}})
        wait.eventually(cafe.order, order_id, waits_for_its_drink(ADA))
        cafe.leave()
        running = cafe.processor.executions.describe(arn).running
        cafe.processor.executions.stop(arn, "The test has ended.")
        assert not running


class TestTimeline:
    def test_tells_who_did_what_when_by_the_clouds_own_clocks(self, cafe, wait, ordered):
        wait.eventually(cafe.manager.result, cafe.manager.claim(ordered, BEN), is_accepted())
        timeline = cafe.timeline(ordered)
        people = [(m.lane, m.what) for m in timeline.moments if m.kind == "person"]
        assert people == [("Ada", "scans the code"), ("Ada", "orders"), ("Ben", "claims it")]
        kinds = {moment.kind for moment in timeline.moments}
        assert kinds == {"person", "event", "execution", "state", "record", "change"}
        assert timeline.first("state", "Claim Order").began.clock.name == "Step Functions history"
        assert timeline.first("event", SECOND_WAIT).began.clock.name == "SQS SentTimestamp"
        stored = timeline.first("record", "stored").began.ms
        assert timeline.first("event", "Validator.NewOrder").began.ms <= stored
        assert stored <= timeline.first("event", SECOND_WAIT).began.ms
        assert timeline.first("state", "Emit - Awaiting Completion TT").is_open

    def test_has_the_functions_runs_if_asked(self, cafe, wait, ordered):
        wait.eventually(cafe.chronicle.runs, ordered, has_length(2))
        runs = cafe.timeline(ordered, with_functions=True).runs
        assert {run.what for run in runs} == {"WorkflowStarted", "WaitingCompletion"}
        assert all(run.ended.ms >= run.began.ms for run in runs)
        assert cafe.chronicle.all_is_logged(ordered)

    def test_holds_no_task_token(self, cafe, ordered):
        text = repr(cafe.timeline(ordered, with_functions=True))
        assert passes(cafe, ordered)
        assert [token for token in passes(cafe, ordered) if token in text] == []

    def test_of_an_order_that_does_not_exist_is_empty(self, cafe):
        assert cafe.timeline(cafe.data.new_order_id()).moments == ()

    def test_judges_each_promise(self, cafe, wait, ordered):
        wait.eventually(cafe.manager.result, cafe.manager.claim(ordered, BEN), is_accepted())
        wait.eventually(cafe.events, ordered, tells(CLAIM.heard, "Ben makes it"))
        assert cafe.judge(READY, ordered, wait) is None
        for promise in (SCAN, DRINK, CLAIM):
            latency = cafe.judge(promise, ordered, wait).latency
            # MiniStack starts an execution 150 ms after it is asked to.
            assert 140 <= latency.earliest <= latency.latest <= 10_000
            assert latency.latest - latency.earliest <= 2

    def test_asks_the_functions_where_the_time_of_a_missed_promise_went(self, cafe, wait, ordered):
        judged = wait.eventually(cafe.judge, DRINK.within(1), ordered, wait, not_none())
        assert judged.hop is not None
        assert "WorkflowStarted" not in judged.words(customer="Ada")


class TestEvidence:
    def test_tells_orders_messages_and_workflows(self, cafe, wait, scanned):
        wait.eventually(cafe.manager.result, cafe.manager.claim(scanned, BEN), is_refused())
        told = cafe.evidence()[scanned]
        assert told["the order now"]["ORDERSTATE"] == "CREATED"
        assert [message["event"] for message in told["last events"]][:2] == ["Validator.NewOrder", STARTED]
        assert [workflow["status"] for workflow in told["workflows"]] == ["RUNNING", "FAILED"]
        assert told["workflows"][1]["error"] == "OrderRefusesAction"
        assert told["workflows"][1]["cause"].startswith("The order is not in a state that allows this")

    def test_tells_what_the_functions_logged(self, cafe, wait, scanned):
        wait.eventually(cafe.chronicle.runs, scanned, has_length(1))
        [run] = cafe.evidence()[scanned]["functions logged"]
        assert run["function"] == "WorkflowStarted"
        assert json.loads(run["lines"][0]) == {"orderId": scanned, "stored": True}

    def test_without_leave_to_read_logs_tells_the_rest_and_why(self, cafe, scanned, monkeypatch):
        refusal = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not yours"}}, "FilterLogEvents")

        def refuses(*_):
            raise refusal

        monkeypatch.setattr(observer, "invocations", refuses)
        told = cafe.evidence()[scanned]
        assert cafe.timeline(scanned, with_functions=True).runs == []
        assert cafe.chronicle.all_is_logged(scanned)
        assert told["the order now"]["ORDERSTATE"] == "CREATED"
        assert "not yours" in told["functions logged"]

    def test_has_no_task_token_once_it_is_masked(self, cafe, ordered):
        text = json.dumps(masked(cafe.evidence()), default=str)
        assert len(passes(cafe, ordered)) == 2
        assert [token for token in passes(cafe, ordered) if token in text] == []

    def test_tells_that_there_is_no_order(self, cafe):
        order_id = cafe.data.new_order_id()
        nothing = {"the order now": "there is none", "last events": [], "workflows": [], "functions logged": "nothing"}
        assert cafe.evidence() == {order_id: nothing}

    def test_of_a_shift_that_has_ended_is_empty(self, cafe, scanned):
        cafe.end_scenario()
        assert cafe.evidence() == {}


def test_scan_that_the_bus_does_not_take_says_so(cafe, account, monkeypatch):
    refusal = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}]}
    monkeypatch.setattr(account.events, "put_events", lambda **_: refusal)
    with pytest.raises(Trouble, match="slow down"):
        cafe.bus.scan(ADA)
    refusal["Entries"][0]["ErrorCode"] = "MalformedDetail"
    assert cafe.bus.scan_malformed("no order").event_id == ""

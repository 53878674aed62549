"""Leftovers of killed runs are removed; resources of other users, and of runs that may be alive, stay."""

import time

import pytest
from botocore.exceptions import ClientError

from acceptance.aws.lease import PREFIX, Lease
from acceptance.aws.tap import remove_tap
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.ids import new_user_id
from support.serverlesspresso.matchers.orders import waits_for_its_drink
from support.serverlesspresso.order_table import key_of, key_of_customer
from support.serverlesspresso.shop import AT_ONCE

pytestmark = pytest.mark.cloud
KILLED, LIVING = "0killed0", "0living0"
ADA = "Ada-0123abcd"


@pytest.fixture
def lay(account, parts):
    """Lay the tap of a run as it stands while the run lives or after it was killed: a rule with a target, a queue."""
    left = []

    def lay(run_id, *, ended, put_back=(), name=""):
        now = round(time.time())
        lease = Lease(name or f"{PREFIX}-{now + 3600}-{run_id}", now + (-5 if ended else 60), put_back)
        left.append(lease.tap)
        rule = {"EventBusName": parts.event_bus}
        account.events.put_rule(Name=lease.tap, EventPattern='{"source": ["nobody"]}', Description=lease.words, **rule)
        account.sqs.create_queue(QueueName=lease.tap)
        arn = f"arn:aws:sqs:us-east-1:000000000000:{lease.tap}"
        account.events.put_targets(Rule=lease.tap, Targets=[{"Id": "tap", "Arn": arn}], **rule)
        return lease.tap

    yield lay
    for name in left:
        remove_tap(account, parts.event_bus, name)


@pytest.fixture
def taps(account, parts):
    """Tell the names of all taps' rules and queues."""

    def taps():
        rules = account.events.list_rules(EventBusName=parts.event_bus, NamePrefix=PREFIX)["Rules"]
        urls = account.sqs.list_queues(QueueNamePrefix=PREFIX).get("QueueUrls", [])
        return {rule["Name"] for rule in rules} | {url.rsplit("/", 1)[1] for url in urls}

    return taps


@pytest.fixture
def order_of(account, parts, run_tap, wait):
    """Open an order of another run; the driver of that run, and the order's id."""
    cafes = []

    def order_of(run_id):
        other = Cafe(account, parts, run_id, run_tap)
        cafes.append(other)
        order_id = other.bus.scan(ADA)
        wait.eventually(other.order, order_id, waits_for_its_drink(ADA))
        return other, order_id

    yield order_of
    for other in cafes:
        other.leave()


@pytest.fixture
def is_open(account, parts):
    def read():
        item = account.dynamodb.get_item(TableName=parts.config_table, Key={"PK": {"S": "config"}})["Item"]
        return item["storeOpen"]["BOOL"]

    return read


class TestTaps:
    def test_of_a_killed_run_is_removed(self, cafe, lay, taps):
        tap = lay(KILLED, ended=True)
        cafe.sweep()
        assert tap not in taps()

    def test_of_a_run_that_lives_stays(self, cafe, lay, taps):
        tap = lay(LIVING, ended=False)
        cafe.sweep()
        assert tap in taps()

    @pytest.mark.parametrize("name", [f"{PREFIX}-mine", f"{PREFIX}s-1-x", f"{PREFIX}-"])
    def test_of_another_name_stays(self, cafe, lay, taps, name):
        lay("", ended=True, name=name)
        cafe.sweep()
        assert name in taps()

    def test_whose_queue_is_gone_is_removed_too(self, cafe, lay, taps, account):
        tap = lay(KILLED, ended=True)
        account.sqs.delete_queue(QueueUrl=account.sqs.get_queue_url(QueueName=tap)["QueueUrl"])
        cafe.sweep()
        assert tap not in taps()


class TestOrders:
    @pytest.mark.parametrize("tap_is_left", [True, False], ids=["with its tap", "without a tap"])
    def test_of_a_killed_run_are_removed_and_their_workflows_ended(self, cafe, lay, order_of, tap_is_left):
        if tap_is_left:
            lay(KILLED, ended=True)
        other, order_id = order_of(KILLED)
        (workflow,) = other.processor.serving(order_id).executions
        cafe.sweep()
        assert other.table.order(order_id) is None
        assert not other.processor.executions.describe(workflow.arn).running

    def test_of_a_run_that_lives_stay(self, cafe, lay, order_of):
        lay(LIVING, ended=False)
        other, order_id = order_of(LIVING)
        cafe.sweep()
        assert other.table.order(order_id).user_id == ADA
        assert other.processor.serving(order_id).open

    def test_of_people_stay(self, cafe, account, parts, wait):
        order_id = cafe.bus.scan(ADA, "somebodys-order-acceptance-")
        wait.eventually(cafe.order, order_id, waits_for_its_drink(ADA))
        cafe.sweep()
        stays = cafe.table.order(order_id), cafe.processor.serving(order_id).open
        cafe.data.scenario.orders.append(order_id)
        assert stays[0].user_id == ADA
        assert stays[1]

    def test_on_more_than_one_page_are_removed(self, cafe, account, parts, monkeypatch):
        for number in range(5):
            key = key_of(f"acceptance-{KILLED}-{number}")
            account.dynamodb.put_item(TableName=parts.orders_table, Item=key)

        def two_each(params, **_):
            return {**params, "Limit": 2}

        account.dynamodb.meta.events.register("provide-client-params.dynamodb.Query", two_each)
        try:
            cafe.sweep()
        finally:
            account.dynamodb.meta.events.unregister("provide-client-params.dynamodb.Query", two_each)
        assert [number for number in range(5) if cafe.table.order(f"acceptance-{KILLED}-{number}")] == []


class TestPeople:
    """What the café remembers of customers."""

    @pytest.fixture
    def remembered(self, cafe, account, parts):
        def remembered(user_id):
            item = account.dynamodb.get_item(TableName=parts.orders_table, Key=key_of_customer(user_id))
            return "Item" in item

        return remembered

    def test_of_a_run_are_removed_with_their_orders(self, cafe, wait, remembered):
        ada = cafe.data.new_user_id("Ada")
        order_id = cafe.bus.scan(ada)
        wait.eventually(cafe.order, order_id, waits_for_its_drink(ada))
        assert remembered(ada)
        cafe.end_scenario()
        assert not remembered(ada)

    def test_of_killed_runs_are_removed_and_all_others_stay(self, cafe, lay, account, parts, remembered):
        lay(LIVING, ended=False)
        killed, living, person = new_user_id("Ada", KILLED), new_user_id("Ada", LIVING), "f81d4fae-7dec-11d0-a765"
        for user_id in (killed, living, person):
            account.dynamodb.put_item(TableName=parts.orders_table, Item=key_of_customer(user_id))
        cafe.sweep()
        assert [remembered(user_id) for user_id in (killed, living, person)] == [False, True, True]
        cafe.table.remove([], [living, person])


class TestSettings:
    def test_limit_that_a_killed_run_had_changed_is_put_back(self, cafe, lay):
        before = cafe.shop.limit(AT_ONCE)
        lay(KILLED, ended=True, put_back=([AT_ONCE, before],))
        cafe.shop._write("config", AT_ONCE, {"N": "3"})
        cafe.sweep()
        assert cafe.shop.limit(AT_ONCE) == before

    def test_that_a_killed_run_had_changed_are_put_back(self, cafe, lay, is_open, account, parts):
        before = cafe.shop._item("menu")
        (latte,) = [item["M"] for item in before["value"]["L"] if item["M"]["drink"]["S"] == "Latte"]
        lay(KILLED, ended=True, put_back=(["", True], ["Latte", latte.get("available", {}).get("BOOL")]))
        cafe.shop._write("config", "storeOpen", {"BOOL": False})
        cafe.shop._write("menu", "value", _with(before["value"], "Latte", available=False))
        assert "Latte" not in cafe.shop.menu().options
        cafe.sweep()
        assert is_open()
        assert cafe.shop._item("menu") == before

    def test_are_noted_before_they_change_and_forgotten_when_they_are_put_back(self, cafe, run_tap, is_open):
        noted = []
        note = run_tap.must_put_back
        run_tap.must_put_back = lambda changes: (noted.append((changes, is_open())), note(changes))
        try:
            cafe.shop.set_open(False)
            cafe.shop.set_open(True)
            cafe.shop.set_open(False)
            cafe.end_scenario()
        finally:
            del run_tap.must_put_back
        assert noted == [([["", True]], True), ([["", True]], False), ([["", True]], True), ([], True)]

    def test_stay_noted_where_this_run_may_not_change_them(self, cafe, lay, taps, account, monkeypatch):
        def denied(**_):
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "UpdateItem")

        tap = lay(KILLED, ended=True, put_back=(["", True],))
        monkeypatch.setattr(account.dynamodb, "update_item", denied)
        cafe.sweep()
        assert tap in taps()
        monkeypatch.undo()
        cafe.sweep()
        assert tap not in taps()

    def test_other_trouble_with_them_is_raised(self, cafe, lay, account, monkeypatch):
        def throttled(**_):
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "UpdateItem")

        lay(KILLED, ended=True, put_back=(["", True],))
        monkeypatch.setattr(account.dynamodb, "update_item", throttled)
        with pytest.raises(ClientError, match="Throttling"):
            cafe.sweep()
        monkeypatch.undo()


def _with(menu, drink, *, available):
    changed = [item["M"] for item in menu["L"]]
    return {
        "L": [
            {"M": {**item, "available": {"BOOL": available}} if item["drink"]["S"] == drink else item}
            for item in changed
        ]
    }

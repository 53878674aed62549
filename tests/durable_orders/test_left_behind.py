"""A shop that takes an order without a proper id stores something, and that is taken away again too."""

import pytest
from deployed import deployed

from acceptance.aws.items import plain
from support.durable_orders.driver import DurableOrders
from support.durable_orders.parts import discover_durable_orders
from support.durable_orders.settings import DurableOrdersSettings
from trust.system_copy import TEMPLATE, Edit, copy_of, function

pytestmark = pytest.mark.cloud
TAKES_ANYTHING = (
    Edit(
        function("process_order"),
        "    if not isinstance(order_id, str) or not order_id.strip():\n",
        "    order_id = str(order_id)\n    if not order_id:\n",
    ),
    Edit(TEMPLATE, "    Default: 10\n", "    Default: 1\n"),
)


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    """An account with a shop that takes any id but an empty one."""
    system = copy_of("durable_orders", tmp_path_factory.mktemp("shop"))
    for edit in TAKES_ANYTHING:
        edit.apply(system)
    with deployed(system) as there:
        yield there[1]


@pytest.fixture
def orders(account):
    return DurableOrders(account, discover_durable_orders(account, DurableOrdersSettings(wait=1)), "test")


@pytest.fixture
def left(account, orders):
    """Return what is in the two tables, which are emptied after the test."""
    keys = {orders.parts.orders_table: ["orderId"], orders.parts.payments_table: ["orderId", "entry"]}

    def items():
        return [plain(item) for table in keys for item in account.dynamodb.scan(TableName=table)["Items"]]

    yield items
    for table, names in keys.items():
        for item in account.dynamodb.scan(TableName=table)["Items"]:
            account.dynamodb.delete_item(TableName=table, Key={name: item[name] for name in names})


@pytest.mark.parametrize("order", [{"orderId": "  "}, {"orderId": 7}, {"orderId": None}, {}], ids=repr)
def test_what_was_stored_under_no_proper_id_is_removed(orders, left, wait_until, order):
    placed = orders.submit(order)
    wait_until(lambda: all(one.is_over for one in orders.executions(placed)), "it is over", seconds=30)
    assert [item["status"] for item in left() if "status" in item] == ["completed"]
    orders.leave()
    assert left() == []


def test_what_others_had_stored_under_such_an_id_stays(account, orders, left, wait_until):
    theirs = {"orderId": {"S": "  "}, "completedAt": {"S": "2026-01-01T12:00:00.000+00:00"}}
    account.dynamodb.put_item(TableName=orders.parts.orders_table, Item=theirs)
    charged = {"orderId": {"S": "  "}, "entry": {"S": "mark"}}
    account.dynamodb.put_item(TableName=orders.parts.payments_table, Item=charged)
    placed = orders.submit({"orderId": "  "})
    wait_until(lambda: all(one.is_over for one in orders.executions(placed)), "it is over", seconds=30)
    orders.leave()
    assert left() == [plain(theirs), plain(charged)]

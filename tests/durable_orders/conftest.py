"""Fixtures: an account with durable orders, and the parts that the suite finds there."""

import pytest
from deployed import deployed
from places import SYSTEMS

from support.durable_orders.driver import DurableOrders
from support.durable_orders.parts import discover_durable_orders
from support.durable_orders.settings import DurableOrdersSettings

SYSTEM = SYSTEMS / "durable_orders"


@pytest.fixture(scope="module")
def durable_account():
    """An embedded account with the durable orders as they are shipped, so with a wait of 10 s."""
    with deployed(SYSTEM) as account:
        yield account


@pytest.fixture
def orders(durable_account):
    account = durable_account[1]
    driver = DurableOrders(account, discover_durable_orders(account, DurableOrdersSettings()), "test")
    yield driver
    driver.leave()

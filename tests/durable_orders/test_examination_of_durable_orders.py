"""doctor's report on deployed durable orders; the table of orders is not mistaken for that of payments."""

import pytest

from acceptance.trouble import Trouble
from support.durable_orders import parts
from support.durable_orders.examination import examine, names
from support.durable_orders.parts import discover_durable_orders
from support.durable_orders.settings import DurableOrdersSettings

ORDERS, PAYMENTS = "durable-orders-OrdersTable-1", "durable-orders-PaymentsTable-1"


class Account:
    """What messages say of an account."""

    endpoint, region = None, "eu-west-1"


@pytest.fixture(autouse=True)
def deployed(monkeypatch):
    """Let a function with both tables be deployed."""
    monkeypatch.setattr(parts, "tables", lambda _account: [ORDERS, PAYMENTS])
    monkeypatch.setattr(parts, "_functions", lambda _account: ["durable-orders"])
    monkeypatch.setattr(parts, "_version", lambda _account, _function, _alias: "2")
    monkeypatch.setattr(parts, "_key", lambda _account, _table: ("orderId",))
    return monkeypatch


def look(**settings):
    found = {}
    return {one.subject: one for one in examine(Account(), DurableOrdersSettings(**settings), found)}, found


def test_each_part_is_told_by_its_name():
    told, found = look()
    assert {one.verdict for one in told.values()} == {"ok"}
    assert told["alias"].what == "dev (leads to version 2)"
    assert told["table of the payments"].what == f'{PAYMENTS} (its name contains "durable-orders-paymentstable")'
    assert names(found)["durable-orders-OrdersTable-*"] == ORDERS


def test_orders_are_no_payments():
    told, _ = look(payments_table=ORDERS)
    refused = told["table of the payments"]
    assert (refused.verdict, refused.stops) == ("problem", True)
    assert refused.what == f"{ORDERS} is the table of the durable orders, so it says nothing of payments."
    with pytest.raises(Trouble, match="says nothing of payments"):
        discover_durable_orders(Account(), DurableOrdersSettings(payments_table=ORDERS))


def test_payments_that_nobody_shows_are_left_out(deployed):
    deployed.setattr(parts, "tables", lambda _account: [ORDERS])
    told, _ = look()
    assert told["table of the payments"].verdict == "note"
    assert "@payments" in told["table of the payments"].what

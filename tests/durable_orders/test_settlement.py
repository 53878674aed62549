"""What is booked for an order agrees with its outcome."""

from decimal import Decimal

import pytest

from support.durable_orders.settlement import contradictions

CHARGE = {"entry": "charge#1", "amount": Decimal("99.99")}
REFUND = {"entry": "refund#1", "amount": Decimal("-99.99")}
OTHER_REFUND = {**REFUND, "entry": "refund#2"}
MARK = {"entry": "mark", "charge": "charge#1"}
STORED = {"amount": Decimal("99.99")}
NO_CHARGE = "payments › a refund gives back no charge of its order"


@pytest.mark.parametrize(
    ("stored", "booked", "over", "found"),
    [
        (STORED, [MARK, CHARGE], True, []),
        (STORED, [], True, ["payments › an order that is stored has cost 0.00"]),
        (STORED, [CHARGE, REFUND], True, ["payments › an order that is stored has cost 0.00"]),
        (None, [CHARGE], True, ["payments › an order that is not stored has cost 99.99"]),
        (None, [CHARGE], False, []),
        (None, [CHARGE, REFUND], True, []),
        (None, [CHARGE, OTHER_REFUND], False, [NO_CHARGE]),
        (None, [], True, []),
    ],
)
def test_an_order_that_is_over_costs_its_price_if_it_is_stored(stored, booked, over, found):
    assert list(contradictions(stored, booked, over=over)) == found

"""What a message quotes of a record stands in the record, letter by letter."""

import pytest

from support.serverlesspresso.dialect import Dialect
from support.serverlesspresso.matchers.orders import is_completed
from support.serverlesspresso.orders import Order, SeenOrder


def stored(state, shop_id=""):
    return Order.from_item(
        {"PK": {"S": "orders"}, "SK": {"S": "1"}, "ORDERSTATE": {"S": state}}, Dialect(shop_id=shop_id)
    )


@pytest.mark.parametrize("state", ["Complete", "complete", "COMPLETE", "Complété", "in Arbeit", "ſ", "1", " "])
def test_a_state_that_nobody_knows_is_quoted_as_it_is_stored(state):
    assert stored(state).words == f'it has the unknown state "{state}"'


def test_so_is_one_with_the_shops_id_before_it():
    assert stored("ABC-Complete", "ABC").words == 'it has the unknown state "ABC-Complete"'


@pytest.mark.parametrize("state", ["Completed", "COMPLETED", "completed"])
def test_a_state_is_known_however_it_is_spelt(state):
    assert is_completed().matches(SeenOrder("1", stored(state), ()))

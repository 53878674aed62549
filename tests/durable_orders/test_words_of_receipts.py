"""What is said of receipts that differ, and of a reason that repeats a card number."""

import pytest
from hamcrest import assert_that

from support.durable_orders.matchers import are_all_alike, states_nowhere


def test_receipts_that_say_the_same_pass():
    assert_that([{"steps": []}, {"steps": []}], are_all_alike())


def test_the_receipt_that_differs_is_named():
    with pytest.raises(AssertionError, match=r"receipt 3 is \{.paid.: 2\}, and receipt 1 is \{.paid.: 1\}"):
        assert_that([{"paid": 1}, {"paid": 1}, {"paid": 2}], are_all_alike())


def test_reason_without_the_number_passes():
    assert_that(["The order has no orderId.", ""], states_nowhere("4242"))


def test_number_in_a_reason_is_found_and_not_quoted():
    with pytest.raises(AssertionError) as said:
        assert_that(["", "no orderId: {'card': '4242'}"], states_nowhere("4242"))
    assert "the card number stands in it" in str(said.value)
    assert "4242" not in str(said.value)

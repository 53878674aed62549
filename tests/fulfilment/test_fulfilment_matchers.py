"""The messages of fulfilment's matchers: what was expected and what was received."""

from decimal import Decimal

import pytest
from hamcrest.core.string_description import StringDescription

from acceptance.terminal.console import Refusal, Success
from support.fulfilment.matchers import (
    AGREES,
    all_went_through,
    amounts_to,
    are_there,
    is_in_all_books,
    one_was_done_and_one_refused,
    shows,
    was_done,
    was_outrun,
    was_paid,
    was_refused,
)
from support.fulfilment.order_flows import FlowResult
from support.fulfilment.records import OrderRecord, Stock

NO = Refusal("already processed", "ORD-1 has already been processed by Rosa.")


def entry(state="under way", delivery="accepted", paid=None, collected=None):
    order = {"state": state, "amount": Decimal("39.80"), "delivery_id": "DEL-1"} | ({"paid": paid} if paid else {})
    delivered = {"state": delivery} if delivery else {}
    return OrderRecord(order, delivered | ({"collected": collected} if collected else {}), Stock(3, 2))


def said(matcher, seen):
    assert not matcher.matches(seen)
    description = StringDescription()
    description.append_text("Expected: ").append_description_of(matcher).append_text(" · but: ")
    matcher.describe_mismatch(seen, description)
    return str(description)


PAID = Decimal("39.80")


@pytest.mark.parametrize(
    ("matcher", "right", "wrong", "words"),
    [
        (was_done(), Success(), NO, f"to be let through · but: was refused (already processed): “{NO.words}”"),
        (
            was_refused("wrong amount"),
            Refusal("wrong amount", "No."),
            Success(),
            "to be refused: wrong amount · but: was let through",
        ),
        (
            was_outrun("already processed", "Tess", ["Tess", "tess"]),
            Refusal("already processed", "No.", {"by": "tess"}),
            Refusal("already processed", NO.words, {"by": "Rosa"}),
            f"to be refused: already processed, by Tess · but: was refused (already processed): “{NO.words}”",
        ),
        (
            was_outrun("already processed", "Tess", ["Tess"]),  # the program does not say who
            NO,
            Success(),
            "to be refused: already processed, by Tess · but: was let through",
        ),
        (
            one_was_done_and_one_refused("already processed"),
            [NO, Success()],
            [Success(), Success()],
            "one of the two to be let through, and the other one refused: already processed · but: "
            "was let through and was let through",
        ),
        (
            is_in_all_books("delivered"),
            entry("delivered", "completed", PAID, PAID),
            entry(),
            "an order that is delivered in all records · but: it is under way; its delivery is accepted; "
            "nothing is paid; nothing was collected",
        ),
        (
            is_in_all_books("refused"),
            entry("refused", "refused"),
            entry("refused", "refused", PAID),
            "an order that is refused in all records · but: 39.80 is paid",
        ),
        (
            is_in_all_books("delivered"),
            entry("delivered", "completed", PAID, PAID),
            entry("delivered", "completed", PAID, Decimal("79.60")),
            "an order that is delivered in all records · but: 79.60 was collected",
        ),
        (
            amounts_to("39.80"),
            entry(),
            OrderRecord({}, {}, Stock(0, 0)),
            "an order with 39.80 to pay · but: nothing is to be paid",
        ),
        (
            are_there(3, 2),
            Stock(3, 2),
            Stock(5, 0),
            "a stock of 3 available and 2 reserved · but: it is 5 available and 0 reserved",
        ),
        (was_paid("nothing"), entry(), entry(paid=PAID), "an order for which nothing was paid · but: 39.80"),
        (
            shows(entry()),
            {
                "Pia": {
                    "state": "under way",
                    "available": "3",
                    "reserved": "2",
                    "payment": "none",
                    "delivery": "DEL-1 is accepted",
                }
            },
            {"Pia": {"state": "under way"}, "Vic": {"state": "planned", "available": "4"}},
            "every program to show state under way, available 3, reserved 2, payment none, delivery DEL-1 is accepted"
            " · but: Vic sees state planned; Vic sees available 4",
        ),
        (all_went_through(), [], [FlowResult(1, {})], ""),
    ],
)
def test_a_matcher_says_what_is_there_instead(matcher, right, wrong, words):
    if words:
        assert matcher.matches(right)
        assert said(matcher, wrong) == f"Expected: {words}"
    else:
        assert said(matcher, right).endswith("there were none")
        assert said(matcher, wrong).endswith("flow 1 came to step 0 of 10")


def test_nobody_who_sees_anything_is_no_agreement():
    assert not shows(entry()).matches({})


def test_each_state_has_its_delivery_and_its_payment():
    assert list(AGREES) == ["placed", "allocated", "approved", "planned", "under way", "delivered", "refused"]
    assert [state for state, (_, paid) in AGREES.items() if paid] == ["delivered"]

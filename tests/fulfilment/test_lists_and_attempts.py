"""The messages about lists, several attempts, and records that differ from what was typed."""

from decimal import Decimal

import pytest
from hamcrest.core.string_description import StringDescription

from acceptance.terminal.console import Refusal, Success
from support.fulfilment.matchers import (
    hold_orders,
    is_in_all_books,
    is_unchanged,
    lists_in_this_order,
    shows_stock,
    wait_for,
    was_refused_for_lack,
    were_all_done,
    were_all_refused,
    were_refused_alike,
)
from support.fulfilment.records import OrderRecord, Stock

TYPED = {"order": "ORD-1", "item": "lamp", "quantity": "2", "customer": "pia", "amount": "39.80"}
PLACED = {
    "order_id": "ORD-1",
    "state": "placed",
    "item": "lamp",
    "quantity": 2,
    "customer": "pia",
    "amount": Decimal("39.80"),
}
DELIVERY = {"delivery_id": "DEL-1", "state": "planned", "order_id": "ORD-1", "route": "North", "schedule": "Monday"}


def placed(**other):
    return OrderRecord({**PLACED, **other}, {}, Stock(5, 0), TYPED)


def planned(**other):
    order = {**PLACED, "state": "planned", "delivery_id": "DEL-1"}
    typed = {**TYPED, "route": "North", "schedule": "Monday"}
    return OrderRecord(order, {**DELIVERY, **other}, Stock(3, 2), typed)


def said(matcher, seen):
    assert not matcher.matches(seen)
    description = StringDescription()
    matcher.describe_mismatch(seen, description)
    return str(description)


@pytest.mark.parametrize(
    ("matcher", "right", "wrong", "words"),
    [
        (is_in_all_books("placed"), placed(), placed(quantity=3), "its quantity is 3, not 2"),
        (is_in_all_books("placed"), placed(), placed(customer="quin"), "its customer is quin, not pia"),
        (is_in_all_books("placed"), placed(), placed(item=None), "its item is missing, not lamp"),
        (
            is_in_all_books("planned"), planned(), planned(route="Monday", schedule="North"),
            "its delivery's route is Monday, not North; its delivery's schedule is North, not Monday",
        ),
        (is_unchanged(placed()), placed(), placed(item="desk"), "the order's item was lamp and is desk"),
        (is_unchanged(placed()), placed(), placed(paid=1), "the order's paid was missing and is 1"),
        (
            wait_for(placed(), "Rosa"), {"Rosa": ["  ORD-1: 2 x lamp"], "Tess": []}, {"Rosa": [], "Tess": ["ORD-1: 2"]},
            "it is in Tess's list, “ORD-1: 2”; it is not in Rosa's list of 0",
        ),
        (
            wait_for(planned(), "Vic"), {"Vic": ["DEL-1: ORD-1, North, Monday"]}, {"Vic": ["DEL-1: ORD-1, North"]},
            "Vic's list says “DEL-1: ORD-1, North”, without Monday",
        ),
        (wait_for(placed(), "nobody"), {"Rosa": ["ORD-2"]}, {"Rosa": ["ORD-1"]}, "it is in Rosa's list, “ORD-1”"),
        (
            wait_for(placed(), "Rosa"), {"Rosa": ["ORD-1: 2 x lamp"]}, {"Rosa": ["ORD-1: 2 x lamp"] * 2},
            "Rosa's list has it 2 times",
        ),
        (
            lists_in_this_order(["A", "B"]), Success(printed="x\nA: 1\nC\nB: 2"), Success(printed="A"),
            "1 of them are missing",
        ),
        (
            lists_in_this_order(["A", "B"]), Success(printed="A\nB"), Success(printed="B\nA"),
            "they are in another order, or more often than once",
        ),
        (
            shows_stock("lamp", 3, 2), Success(printed="lamp: 3 available, 2 reserved"),
            Success(printed="lamp: 2 available, 3 reserved"), "there is: lamp: 2 available, 3 reserved",
        ),
        (
            hold_orders([("ORD-1", "pia", 2, Decimal("39.80"))]), [placed()], [placed(quantity=1)],
            "they hold ORD-1 of pia, 1 for 39.80",
        ),
        (hold_orders([]), [], [placed()], "they hold ORD-1 of pia, 2 for 39.80"),
        (
            were_all_refused("unknown"), {"“0”": Refusal("unknown", "No.")}, {"“0”": Success()},
            "“0” was let through",
        ),
        (
            was_refused_for_lack("lack", 1), Refusal("lack", "1 left.", {"available": "1"}),
            Refusal("lack", "2 left.", {"available": "2"}), "was refused (lack): “2 left.”",
        ),
        (
            were_refused_alike("wrong"),
            {
                "Ann": Refusal("wrong", "No.", printed="No.\nName:"),
                "no one": Refusal("wrong", "No.", printed="No. Name:"),
            },
            {"Ann": Refusal("wrong", "No.", printed="No."), "no one": Refusal("wrong", "No.", printed="Who? No.")},
            "Ann: “No.”; no one: “Who? No.”",
        ),
        (
            were_all_done(), {"“9”": Success()}, {"“9”": Refusal("otherwise", "No.")},
            "“9” was refused (otherwise): “No.”",
        ),
    ],
)  # fmt: skip
def test_what_is_expected_and_what_is_there(matcher, right, wrong, words):
    assert matcher.matches(right)
    assert said(matcher, wrong) == words


@pytest.mark.parametrize("matcher", [were_all_refused("unknown"), were_refused_alike("unknown"), were_all_done()])
def test_no_attempt_proves_nothing(matcher):
    assert not matcher.matches({})

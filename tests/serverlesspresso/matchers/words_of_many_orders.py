"""What the matchers of `many_orders` say, word for word."""

from seen_at_the_cafe import CANCELLED, CLAIMED, COMPLETED, NOTHING, NUMBERED, WAITING, order

from support.serverlesspresso.matchers import many_orders as m
from support.serverlesspresso.menu import ChosenDrink

# matcher, its expectation, what matches
EXPECTED = [
    (m.are_stored(1), "1 of the orders to appear", [NOTHING, WAITING]),
    (
        m.are_numbered_after(6),
        "numbers higher than 6, each given once",
        [order(number=9), order(number=7)],
    ),
    (
        m.are_numbered_without_gap_after(6),
        "the very next numbers after 6, each given once",
        [order(number=8), order(number=7)],
    ),
    (m.all_wait_for_their_drink(), "orders that all wait for their drinks to be chosen", [WAITING, WAITING]),
    (
        m.all_wait_for_a_barista([ChosenDrink("Latte"), ChosenDrink("Mocha")]),
        "numbered orders of 1 Latte, 1 Mocha that wait for a barista",
        [NUMBERED, order(number=8, drink="Mocha")],
    ),
    (m.none_is_numbered_twice(), "a number for each order, and none given twice", [NUMBERED, order(number=8)]),
    (m.all_are_completed(), "orders that are all completed", [COMPLETED, COMPLETED]),
    (m.all_are_numbered(), "orders that all have a number", [NUMBERED]),
]

# matcher, what does not match, the message
OTHERWISE = [
    (m.all_are_numbered(), [NUMBERED, WAITING], "1 of 2 have one"),
    (m.none_is_numbered_twice(), [NUMBERED, NUMBERED], "number 7 was given 2 times"),
    (m.none_is_numbered_twice(), [NUMBERED, WAITING], "1 of 2 have no number"),
    (m.none_is_numbered_twice(), [], "there are no orders"),
    (
        m.all_are_completed(),
        [COMPLETED, CLAIMED, NOTHING, NOTHING],
        "it is number 7, a Latte, being made by Ben; of 2 orders, there is no order",
    ),
    (m.all_are_completed(), [], "there are no orders"),
    (
        m.are_numbered_without_gap_after(6),
        [order(number=7), order(number=9)],
        "the numbers are 7, 9",
    ),
    (
        m.are_numbered_without_gap_after(6),
        [order(number=7), order(number=7), order(), NOTHING],
        "2 of 4 have no number; number 7 was given 2 times",
    ),
    (m.all_wait_for_their_drink(), [WAITING, NOTHING], "1 of 2 orders are not there"),
    (
        m.all_wait_for_a_barista([ChosenDrink("Latte"), ChosenDrink("Mocha")]),
        [NUMBERED, WAITING],
        "it is number 7, a Latte, unclaimed; it is waiting for its drink to be chosen",
    ),
    (m.are_stored(2), [NOTHING, WAITING], "1 of 2 are there"),
    (m.are_numbered_after(6), [order(number=6), order(number=8)], "the numbers are 6, 8"),
    (m.are_numbered_after(6), [order(number=7), order(number=7)], "number 7 was given 2 times"),
    (m.are_numbered_after(6), [order(number=7), order()], "1 of 2 have no number"),
]

# matcher, what does not match, what is said among other things
DIFFERENCES = [
    (m.all_wait_for_their_drink(), [WAITING, COMPLETED], "completed"),
]

# matcher, what only looks alike
ALIKE = [
    (m.all_wait_for_a_barista([ChosenDrink("Latte")]), [COMPLETED]),
    (m.all_wait_for_a_barista([ChosenDrink("Latte")]), [CANCELLED]),
    (m.all_wait_for_a_barista([ChosenDrink("Latte")]), [CLAIMED]),
    (m.all_wait_for_their_drink(), [NUMBERED]),
    (m.all_wait_for_their_drink(), []),
    (m.are_numbered_without_gap_after(6), []),
]

"""What the matchers of `orders` say, word for word."""

from seen_at_the_cafe import (
    ADA,
    BEN,
    CANCELLED,
    CLAIMED,
    CLEO,
    COMPLETED,
    EVE,
    LATE,
    NOTHING,
    NUMBERED,
    UNNUMBERED,
    WAITING,
    order,
)

from support.serverlesspresso.matchers import orders as m
from support.serverlesspresso.menu import ChosenDrink
from support.serverlesspresso.orders import SeenOrder

# matcher, its expectation, what matches
EXPECTED = [
    (m.waits_for_its_drink(ADA), "an order that waits for its drink to be chosen", WAITING),
    (m.waits_for_a_barista("Latte"), "a numbered order of a Latte that waits for a barista", NUMBERED),
    (m.is_a("Latte"), "an order of a Latte", NUMBERED),
    (
        m.is_exactly(ChosenDrink("Latte", ("Oat", "Large"))),
        "an order of a Latte with Oat, Large",
        order(drink="Latte", modifiers=("Oat", "Large")),
    ),
    (m.is_being_made_by(BEN), "an order being made by Ben", CLAIMED),
    (m.is_unclaimed(), "an order without a barista", NUMBERED),
    (m.is_completed(), "a completed order", COMPLETED),
    (m.is_cancelled(), "a cancelled order", CANCELLED),
    (m.is_cancelled("Customer timedout"), "a cancelled order because of: Customer timedout", LATE),
    (m.has_no_number(), "an order without a number", UNNUMBERED),
    (m.is_stored(), "an order to appear", WAITING),
    (m.has_changed_from(NUMBERED.record), "an order that differs from before", CLAIMED),
    (m.has_changed_from(NUMBERED.record), "an order that differs from before", NOTHING),
    (m.has_a_trace_since(NUMBERED.record), "a record that differs from before", order(number=7, drink="Latte", TS=1)),
    (m.has_a_trace_since(NUMBERED.record), "a record that differs from before", NOTHING),
    (m.is_cancelled(), "a cancelled order", LATE),
    (m.is_one_of(["Latte", "Mocha"]), "an order of a Latte or a Mocha", NUMBERED),
    (m.came_at(61_000), "an order that says when it was opened", order(TS="1500")),
]

# matcher, what does not match, the message
OTHERWISE = [
    (m.waits_for_its_drink(ADA), NOTHING, "there is no order"),
    (m.waits_for_its_drink(ADA), NUMBERED, "it is number 7, a Latte, unclaimed"),
    (m.waits_for_its_drink(ADA), LATE, "it is cancelled (Customer timedout)"),
    (m.waits_for_a_barista("Latte"), NOTHING, "there is no order"),
    (m.waits_for_a_barista("Latte"), WAITING, "it is waiting for its drink to be chosen"),
    (m.waits_for_a_barista("Latte"), UNNUMBERED, "it is a Latte without a number"),
    (m.waits_for_a_barista("Latte"), CLAIMED, "it is number 7, a Latte, being made by Ben"),
    (m.waits_for_a_barista("Mocha"), NUMBERED, "it is number 7, a Latte, unclaimed"),
    (m.is_a("Mocha"), NUMBERED, "it is number 7, a Latte, unclaimed"),
    (m.is_being_made_by(BEN), NOTHING, "there is no order"),
    (m.is_being_made_by(BEN), NUMBERED, "it is number 7, a Latte, unclaimed"),
    (m.is_being_made_by(CLEO), CLAIMED, "it is number 7, a Latte, being made by Ben"),
    (m.is_being_made_by(BEN), COMPLETED, "it is completed"),
    (m.is_unclaimed(), CLAIMED, "it is number 7, a Latte, being made by Ben"),
    (m.is_unclaimed(), CANCELLED, "it is cancelled"),
    (m.is_unclaimed(), NOTHING, "there is no order"),
    (m.is_completed(), CLAIMED, "it is number 7, a Latte, being made by Ben"),
    (m.is_completed(), NOTHING, "there is no order"),
    (m.is_cancelled(), COMPLETED, "it is completed"),
    (m.is_cancelled("Customer timedout"), CANCELLED, "it is cancelled, without a reason"),
    (m.is_cancelled("Barista timedout"), LATE, "it is cancelled (Customer timedout)"),
    (m.has_no_number(), NUMBERED, "it is number 7, a Latte, unclaimed"),
    (m.has_no_number(), NOTHING, "there is no order"),
    (m.is_stored(), NOTHING, "there is no order"),
    (m.has_changed_from(NUMBERED.record), NUMBERED, "it is number 7, a Latte, unclaimed"),
    (m.is_one_of(["Latte", "Tea"]), order(number=7, drink="Mocha"), "it is number 7, a Mocha, unclaimed"),
    (m.is_one_of(["Latte", "Tea"]), WAITING, "it is waiting for its drink to be chosen"),
    (m.has_a_trace_since(NUMBERED.record), NUMBERED, "it is number 7, a Latte, unclaimed"),
    (
        m.has_changed_from(NUMBERED.record),
        order(number=7, drink="Latte", TS=1, version=2),
        "it is number 7, a Latte, unclaimed (TS was nothing and is 1; version was nothing and is 2)",
    ),
    (
        m.came_at(1_800_000_061_000),
        order(TS=1_800_000_000_900),
        "it is waiting for its drink to be chosen, and says 1800000000900 (2027-01-15 08:00:00.900 UTC) "
        "where the cloud stamped 2027-01-15 08:01:01.000 UTC",
    ),
    (m.came_at(61_000), NOTHING, "there is no order"),
]

# matcher, what must never be, what is said when it is
THERE = [
    (
        m.has_changed_from(NUMBERED.record),
        CLAIMED,
        f'it is number 7, a Latte, being made by Ben (baristaUserId was "" and is "{BEN}")',
    ),
    (m.is_stored(), WAITING, "it is waiting for its drink to be chosen"),
    (m.is_completed(), COMPLETED, "it is completed"),
]

# matcher, what does not match, what is said among other things
DIFFERENCES = [
    (m.waits_for_its_drink(ADA), order(user=EVE), "Eve"),
    (m.waits_for_its_drink(ADA), order(number=7), "7"),
    (m.has_no_number(), order(number=7), "7"),
    (m.is_exactly(ChosenDrink("Latte", ("Oat",))), order(number=7, drink="Latte", modifiers=("Soy",)), "Soy"),
    (m.is_a("Latte"), order(number=7, drink="Latte", modifiers=("Soy",)), "Soy"),
    (m.waits_for_its_drink(f"{ADA}x"), WAITING, f'for "{ADA}" instead of "{ADA}x"'),
    (m.is_being_made_by(f"{BEN}-ab"), CLAIMED, f'by Ben ("{BEN}" instead of "{BEN}-ab")'),
    (m.is_exactly(ChosenDrink("Latte", ("Oat",))), NUMBERED, "with no choices"),
    (m.is_a("Latte"), order(number=7, drink=" Latte"), 'a " Latte"'),
    (m.is_completed(), order("COMPLETE", ORDERSTATE=" "), 'the unknown state " "'),
    (m.is_a("Latte"), order(number="7", drink="Latte "), 'number "7"'),
    (
        m.is_stored(),
        SeenOrder("2", None, (), before=lambda: "it is completed"),
        "there is no order (its customer had ordered before: it is completed)",
    ),
]

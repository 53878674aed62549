"""The matchers' messages, word for word: what was expected and what was received."""

import pytest
from hamcrest.core.string_description import StringDescription

from acceptance.aws.executions import Execution
from acceptance.aws.tap import Event
from support.serverlesspresso import matchers as m
from support.serverlesspresso.front_door import Answer
from support.serverlesspresso.menu import ChosenDrink
from support.serverlesspresso.orders import Action, MenuItem, Order, SeenAction, SeenOrder, Workflows

ADA, EVE, BEN, CLEO = "Ada-0123abcd", "Eve-0123abcd", "Ben-0123abcd", "Cleo-0123abcd"
TOKEN = "AQDEAAAAKgAAAAMAAAAA"
NOTHING = SeenOrder("2", None, ())


def order(state="CREATED", user=ADA, number=None, barista="", drink="", modifiers=(), cause="", **content):
    content = {"ORDERSTATE": state, "baristaUserId": barista, **content}
    return SeenOrder("2", Order(state, user, number, barista, drink, modifiers, cause, content), ())


def execution(status="RUNNING", error="", cause=""):
    return Execution(f"arn:{status}", status, "event", "2", error, cause)


def action(status, error="", cause="", last_state=""):
    return SeenAction(Action("make", "2", "arn"), execution(status, error, cause), last_state)


def event(detail_type, **detail):
    return Event("id", "shop", detail_type, detail, 0)


def service(*statuses):
    return Workflows("2", [execution(status) for status in statuses])


WAITING = order()
NUMBERED = order(number=7, drink="Latte")
UNNUMBERED = order(drink="Latte")
CLAIMED = order(number=7, drink="Latte", barista=BEN)
COMPLETED = order("COMPLETED", number=7, drink="Latte", barista=BEN)
CANCELLED = order("CANCELLED", number=7, drink="Latte")
LATE = order("CANCELLED", cause="Customer timedout")
TEA, MILK = MenuItem("Tea", "Milk: Whole", "tea"), MenuItem("Milk", "", "glass")
MADE, READY = event("OrderManager.MakeOrder", baristaUserId=BEN), event("OrderManager.OrderCompleted")

# matcher, its expectation, an answer that matches
EXPECTATIONS = [
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
    (m.are_stored(1), "1 of the orders to appear", [NOTHING, WAITING]),
    (
        m.are_numbered_after(6),
        "numbers higher than 6, each given once",
        [order(number=9), order(number=7)],
    ),
    (m.is_answered(), "the café to answer", action("FAILED")),
    (m.is_answered(), "the café to answer", action("SUCCEEDED")),
    (m.tells_that_nobody_makes_it(), "a notification that the order has no barista", [event(MADE.detail_type)]),
    (
        m.tells_that_nobody_makes_it(),
        "a notification that the order has no barista",
        [MADE, event(MADE.detail_type, baristaUserId="")],
    ),
    (m.is_not_served(), "no work to be left open", service("FAILED")),
    (m.is_not_served(), "no work to be left open", service()),
    (m.has_begun(2), "the order to have been begun 2 times", service("SUCCEEDED", "RUNNING")),
    (m.is_over(), "the café to be done with the order", service("SUCCEEDED", "FAILED")),
    (
        m.has_come_to_a_good_end(),
        "the café to be done with the order, and nothing to have gone wrong",
        service("SUCCEEDED", "SUCCEEDED"),
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
    (m.all_are_over(), "the café to be done with all the orders", [service("SUCCEEDED"), service("SUCCEEDED")]),
    (
        m.all_are_told(MADE.detail_type, "it is made"),
        "a notification of each order that it is made",
        [[MADE]] * 2,
    ),
    (m.is_refused(), "the café to refuse", action("FAILED")),
    (m.is_accepted(), "the café to do as it was asked", action("SUCCEEDED")),
    (
        m.exactly_one_is_accepted(),
        "the café to accept one and to refuse the other",
        [action("FAILED"), action("SUCCEEDED")],
    ),
    (m.tells(MADE.detail_type, "Ben makes it"), "a notification that Ben makes it", [MADE, MADE]),
    (
        m.tells(MADE.detail_type, "Ben makes it", baristaUserId=BEN),
        f'a notification that Ben makes it, with baristaUserId "{BEN}"',
        [READY, MADE],
    ),
    (m.tells(MADE.detail_type, "Ben makes it", times=1), "a notification once that Ben makes it", [MADE]),
    (m.tells(MADE.detail_type, "it is made", times=2), "a notification 2 times that it is made", [MADE, MADE]),
    (m.tells(MADE.detail_type, "it is made", times=0), "a notification 0 times that it is made", []),
    (
        m.tells_more_than(MADE.detail_type, "Ben makes it", 1),
        "a notification more than once that Ben makes it",
        [MADE, MADE],
    ),
    (
        m.tells_more_than(MADE.detail_type, "Ben makes it", 2),
        "a notification more than 2 times that Ben makes it",
        [MADE, MADE, MADE],
    ),
    (m.is_served_once(), "the order to be served exactly once", service("SUCCEEDED", "RUNNING")),
    (m.was_begun(2), "the order to have been begun 2 times, and to be served once", service("SUCCEEDED", "RUNNING")),
    (m.is_over(), "the café to be done with the order", service("SUCCEEDED", "SUCCEEDED")),
    (m.has_ended(), "no work to be left open", execution("FAILED")),
    (m.has_ended(), "no work to be left open", None),
    (
        m.has_ended("Closed: It is late."),
        "the scan to be refused because of: Closed: It is late.",
        execution("FAILED", "Closed", "It is late."),
    ),
    (
        m.was_begun(2, well=True),
        "the order to have been begun 2 times, and to be served once",
        service("SUCCEEDED", "RUNNING"),
    ),
    (m.came_at(61_000), "an order that says when it was opened", order(TS="1500")),
    (
        m.has_been_told([("It is ready.", "Completed"), ("It is open.", "")]),
        "the customer to be notified in these words",
        [event("a", Message="It is open."), event("b", Message="It is ready.", ORDERSTATE="Completed")],
    ),
    (
        m.shows_drink("Latte", ADA, "cup"),
        "the baristas to be shown a Latte for Ada",
        [READY, event("a", drinkOrder=f'{{"drink": "Latte", "userId": "{ADA}", "icon": "cup"}}')],
    ),
    (m.offers([TEA, MILK]), "a menu of Tea, Milk", [MILK, TEA]),
    (m.lasts(5), "5 minutes", 300),
    (m.answers_in_words("no"), "the app to say “no”", Answer(400, {"message": "no"})),
    (
        m.shows_record("2", {"orderId": "2", "orderNumber": "7"}),
        "the app to show the order as it is",
        Answer(200, {"orders": [{"orderId": "1"}, {"orderId": "2", "orderNumber": 7}]}),
    ),
    (m.is_not_to_be_kept(), "an answer that browsers must not store", Answer(200, {}, "no-store")),
    (m.tells_as_little(), "the same refusal for everyone", ["No: no.", "No: no."]),
    (m.answers("sign in first", 401, 403), "the app to answer: sign in first", Answer(403, "")),
    (m.shows_order("2"), "the app to show the order", Answer(200, [{"SK": {"S": "2"}}])),
    (m.mentions(TOKEN, "a pass"), "an answer that shows a pass", Answer(200, {"TaskToken": TOKEN})),
]


@pytest.mark.parametrize(("matcher", "expectation", "answer"), EXPECTATIONS)
def test_matcher_says_what_it_expects_and_matches_it(matcher, expectation, answer):
    assert (str(matcher), matcher.matches(answer)) == (expectation, True)


# matcher, a response that does not match, the message
DISAPPOINTMENTS = [
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
    (m.none_is_numbered_twice(), [NUMBERED, NUMBERED], "number 7 was given 2 times"),
    (m.none_is_numbered_twice(), [NUMBERED, WAITING], "1 of 2 have no number"),
    (m.none_is_numbered_twice(), [], "there are no orders"),
    (
        m.all_are_completed(),
        [COMPLETED, CLAIMED, NOTHING, NOTHING],
        "it is number 7, a Latte, being made by Ben; of 2 orders, there is no order",
    ),
    (m.all_are_completed(), [], "there are no orders"),
    (m.all_are_over(), [service("SUCCEEDED"), service("RUNNING"), service("FAILED")], "it is done with 2 of 3"),
    (m.all_are_over(), [], "it is done with 0 of 0"),
    (m.all_are_told(MADE.detail_type, "it is made"), [[MADE, READY], [READY], []], "it was announced for 1 of 3"),
    (m.all_are_told(MADE.detail_type, "it is made"), [], "it was announced for 0 of 0"),
    (m.is_completed(), NOTHING, "there is no order"),
    (m.is_cancelled(), COMPLETED, "it is completed"),
    (m.is_cancelled("Customer timedout"), CANCELLED, "it is cancelled, without a reason"),
    (m.is_cancelled("Barista timedout"), LATE, "it is cancelled (Customer timedout)"),
    (m.has_no_number(), NUMBERED, "it is number 7, a Latte, unclaimed"),
    (m.has_no_number(), NOTHING, "there is no order"),
    (m.is_stored(), NOTHING, "there is no order"),
    (m.has_changed_from(NUMBERED.record), NUMBERED, "it is number 7, a Latte, unclaimed"),
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
    (m.is_refused(), action("RUNNING"), "the café has not answered yet"),
    (m.is_refused(), action("SUCCEEDED"), "the café did as it was asked"),
    (m.is_accepted(), action("RUNNING"), "the café has not answered yet"),
    (
        m.is_accepted(),
        action("FAILED", "NoSuchOrder", "There is none."),
        "it was refused (NoSuchOrder: There is none.)",
    ),
    (m.is_accepted(), action("SUCCEEDED", last_state="not a valid order"), "it was refused (not a valid order)"),
    (
        m.exactly_one_is_accepted(),
        [action("SUCCEEDED"), action("SUCCEEDED")],
        "the café did as it was asked / the café did as it was asked",
    ),
    (
        m.exactly_one_is_accepted(),
        [action("RUNNING"), action("FAILED")],
        "the café has not answered yet / it was refused (no reason was given)",
    ),
    (m.exactly_one_is_accepted(), [], ""),
    (m.tells(MADE.detail_type, "Ben makes it"), [], "there are no notifications"),
    (m.tells(MADE.detail_type, "Ben makes it"), [READY], "the notifications are: OrderManager.OrderCompleted"),
    (
        m.tells(MADE.detail_type, "Cleo makes it", baristaUserId=CLEO),
        [MADE],
        f'it was announced with baristaUserId "{BEN}" instead of "{CLEO}"; '
        "the notifications are: OrderManager.MakeOrder",
    ),
    (
        m.tells("OrderManager.WaitingCompletion", "it has its number", orderNumber=8, userId="Ada"),
        [
            event("OrderManager.WaitingCompletion", orderNumber=8),
            event("OrderManager.WaitingCompletion", orderNumber="7", userId="Ada"),
        ],
        'it was announced with orderNumber "7" instead of 8; '
        "the notifications are: OrderManager.WaitingCompletion, OrderManager.WaitingCompletion",
    ),
    (
        m.tells(MADE.detail_type, "Ben makes it", times=1),
        [MADE, MADE],
        "it was announced 2 times; the notifications are: OrderManager.MakeOrder, OrderManager.MakeOrder",
    ),
    (m.tells_more_than(MADE.detail_type, "Ben makes it", 1), [MADE], "the notifications are: OrderManager.MakeOrder"),
    (m.tells_more_than(MADE.detail_type, "Ben makes it", 1), [], "there are no notifications"),
    (m.is_served_once(), service(), "no workflow has started for it"),
    (m.is_served_once(), service("RUNNING", "RUNNING"), "it was begun 2 times, and 2 of these are still being served"),
    (m.was_begun(2), service("RUNNING", "RUNNING"), "it was begun 2 times, and 2 of these are still being served"),
    (m.was_begun(2), service("RUNNING"), "its workflow is still running"),
    (m.was_begun(2), service(), "no workflow has started for it"),
    (m.is_over(), service(), "no workflow has started for it"),
    (m.is_over(), service("SUCCEEDED", "RUNNING"), "it was begun 2 times, and 1 of these are still being served"),
    (m.has_come_to_a_good_end(), service(), "no workflow has started for it"),
    (m.has_begun(2), service("RUNNING"), "its workflow is still running"),
    (m.is_not_served(), service("RUNNING"), "its workflow is still running"),
    (m.is_one_of(["Latte", "Tea"]), order(number=7, drink="Mocha"), "it is number 7, a Mocha, unclaimed"),
    (m.is_one_of(["Latte", "Tea"]), WAITING, "it is waiting for its drink to be chosen"),
    (m.are_stored(2), [NOTHING, WAITING], "1 of 2 are there"),
    (m.are_numbered_after(6), [order(number=6), order(number=8)], "the numbers are 6, 8"),
    (m.are_numbered_after(6), [order(number=7), order(number=7)], "number 7 was given 2 times"),
    (m.are_numbered_after(6), [order(number=7), order()], "1 of 2 have no number"),
    (m.is_answered(), action("RUNNING"), "the café has not answered yet"),
    (
        m.tells_that_nobody_makes_it(),
        [MADE],
        f'the last OrderManager.MakeOrder names "{BEN}"; the notifications are: OrderManager.MakeOrder',
    ),
    (m.has_a_trace_since(NUMBERED.record), NUMBERED, "it is number 7, a Latte, unclaimed"),
    (
        m.has_changed_from(NUMBERED.record),
        order(number=7, drink="Latte", TS=1, version=2),
        "it is number 7, a Latte, unclaimed (TS was nothing and is 1; version was nothing and is 2)",
    ),
    (
        m.has_come_to_a_good_end(),
        Workflows("2", [execution("SUCCEEDED"), execution("FAILED", "States.Runtime"), execution()]),
        "it was begun 3 times, and 1 of these are still being served; one ended FAILED States.Runtime",
    ),
    (m.has_ended(), execution(), "the scan keeps a workflow running"),
    (m.has_ended("Closed: It is late."), None, "the scan has started no workflow"),
    (m.has_ended("Closed: It is late."), execution(), "the scan's workflow still runs"),
    (m.has_ended("Closed: It is late."), execution("SUCCEEDED"), "it ended SUCCEEDED, without a reason"),
    (
        m.has_ended("Closed: It is late."),
        execution("FAILED", "Closed", "Why?"),
        "it ended FAILED, and says Closed: Why?",
    ),
    (
        m.was_begun(2, well=True),
        Workflows("2", [execution("FAILED", "Twice"), execution()]),
        "it was begun 2 times, and 1 of these are still being served; one ended FAILED Twice",
    ),
    (
        m.came_at(1_800_000_061_000),
        order(TS=1_800_000_000_900),
        "it is waiting for its drink to be chosen, and says 1800000000900 (2027-01-15 08:00:00.900 UTC) "
        "where the cloud stamped 2027-01-15 08:01:01.000 UTC",
    ),
    (m.came_at(61_000), NOTHING, "there is no order"),
    (
        m.has_been_told([("It is ready.", "Completed"), ("It is open.", "")]),
        [event("a", Message="It is open."), event("b", Message="It is ready.", ORDERSTATE="CREATED")],
        "“It is ready.” (Completed) is missing; "
        "received: “It is open.”, “It is ready.” (CREATED); the notifications are: a, b",
    ),
    (
        m.shows_drink("Latte", ADA, "cup"),
        [READY],
        "no drink was shown; the notifications are: OrderManager.OrderCompleted",
    ),
    (
        m.shows_drink("Latte", ADA, "cup"),
        [event("a", drinkOrder='{"drink": "Latte", "icon": ""}')],
        f'it was shown with userId nothing instead of "{ADA}", icon "" instead of "cup"',
    ),
    (m.offers([TEA, MILK]), [MILK], "it lacks Tea / Milk: Whole / tea"),
    (m.offers([MILK]), [MILK, MILK], "a drink stands there twice"),
    (
        m.offers([TEA]),
        [TEA._replace(choices=" ")],
        'it lacks Tea / Milk: Whole / tea, and it has Tea / " " / tea instead',
    ),
    (m.lasts(5), 299, "it is 299 seconds"),
    (m.answers_in_words("no"), Answer(400, "no"), "the answer was 400 no"),
    (
        m.shows_record("2", {"orderId": "2", "orderNumber": "7"}),
        Answer(200, {"orderId": "2", "orderNumber": 8}),
        "the answer was 200, and shows orderNumber 8 instead of 7",
    ),
    (m.shows_record("2", {"orderId": "2"}), Answer(401, "no"), "the answer was 401, and does not show it: no"),
    (
        m.shows_record("2", {"orderId": "2", "USERID": ADA}),
        Answer(200, {"orderId": "2", "TaskToken": TOKEN}),
        "the answer was 200, and shows what must stay secret: TaskToken; it does not show USERID",
    ),
    (m.is_not_to_be_kept(), Answer(200, {}), "of keeping it says nothing"),
    (m.tells_as_little(), ["Who?", "Wrong."], "the refusals were Who?, Wrong."),
    (m.answers("sign in first", 401), Answer(200, {"state": "CREATED"}), "the answer was 200 {'state': 'CREATED'}"),
    (m.answers("sign in first", 401), Answer(500, "x" * 300), f"the answer was 500 {'x' * 200}…"),
    (m.shows_order("2"), Answer(404, ""), "the answer was 404 "),
    (m.mentions(TOKEN, "a pass"), Answer(200, []), "it is not shown"),
]


@pytest.mark.parametrize(("matcher", "answer", "words"), DISAPPOINTMENTS)
def test_mismatch_says_what_is_there_instead(matcher, answer, words):
    said = StringDescription()
    matcher.describe_mismatch(answer, said)
    assert (matcher.matches(answer), str(said)) == (False, words)


@pytest.mark.parametrize(
    ("matcher", "answer", "words"),
    [
        (
            m.has_changed_from(NUMBERED.record),
            CLAIMED,
            f'it is number 7, a Latte, being made by Ben (baristaUserId was "" and is "{BEN}")',
        ),
        (m.is_stored(), WAITING, "it is waiting for its drink to be chosen"),
        (m.is_completed(), COMPLETED, "it is completed"),
        (m.is_accepted(), action("SUCCEEDED"), "the café did as it was asked"),
        (
            m.tells(READY.detail_type, "the order is ready"),
            [READY],
            "it was announced once; the notifications are: OrderManager.OrderCompleted",
        ),
        (m.has_ended(), execution(), "the scan keeps a workflow running"),
        (m.mentions(TOKEN, "a pass"), Answer(200, {"TaskToken": TOKEN}), "the answer shows a pass"),
    ],
)
def test_what_must_never_be_is_said_when_it_is(matcher, answer, words):
    said = StringDescription()
    matcher.describe_match(answer, said)
    assert str(said) == words


@pytest.mark.parametrize(
    ("matcher", "answer", "difference"),
    [
        (m.waits_for_its_drink(ADA), order(user=EVE), "Eve"),
        (m.waits_for_its_drink(ADA), order(number=7), "7"),
        (m.has_no_number(), order(number=7), "7"),
        (m.is_exactly(ChosenDrink("Latte", ("Oat",))), order(number=7, drink="Latte", modifiers=("Soy",)), "Soy"),
        (m.is_a("Latte"), order(number=7, drink="Latte", modifiers=("Soy",)), "Soy"),
        (m.all_wait_for_their_drink(), [WAITING, COMPLETED], "completed"),
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
    ],
    ids=[
        "other customer",
        "numbered early",
        "number",
        "other modifiers",
        "modifiers",
        "one completed",
        "id cut",
        "barista cut",
        "no choices",
        "blank",
        "blank state",
        "number as text",
        "ordered before",
    ],
)
def test_mismatch_names_the_difference(matcher, answer, difference):
    said = StringDescription()
    matcher.describe_mismatch(answer, said)
    assert not matcher.matches(answer)
    assert difference in str(said)


@pytest.mark.parametrize(
    ("matcher", "answer"),
    [
        (m.all_wait_for_a_barista([ChosenDrink("Latte")]), [COMPLETED]),
        (m.all_wait_for_a_barista([ChosenDrink("Latte")]), [CANCELLED]),
        (m.all_wait_for_a_barista([ChosenDrink("Latte")]), [CLAIMED]),
        (m.all_wait_for_their_drink(), [NUMBERED]),
        (m.all_wait_for_their_drink(), []),
        (m.are_numbered_without_gap_after(6), []),
    ],
    ids=["completed", "cancelled", "claimed", "drink chosen", "nobody waits", "nobody has a number"],
)
def test_what_only_looks_alike_does_not_match(matcher, answer):
    assert not matcher.matches(answer)


@pytest.mark.parametrize("matcher", [m.answers("here it is", 404), m.shows_order("nowhere")])
def test_task_token_in_an_answer_is_not_said(matcher):
    said = StringDescription()
    matcher.describe_mismatch(Answer(200, {"orderId": "2", "TaskToken": TOKEN}), said)
    assert TOKEN not in str(said)

"""What the matchers of `messages` say, word for word."""

from seen_at_the_cafe import ADA, BEN, CLEO, MADE, READY, event

from support.serverlesspresso.matchers import messages as m

# matcher, its expectation, what matches
EXPECTED = [
    (
        m.are_all_noticed(),
        "an alarm for each workflow that serves stopped orders, from its first failure on",
        [],
    ),
    (
        m.all_hear_of_it(),
        "a notification for everyone who was not let in that the shop cannot take the order",
        [[MADE]],
    ),
    (m.tells_that_nobody_makes_it(), "a notification that the order has no barista", [event(MADE.detail_type)]),
    (
        m.tells_that_nobody_makes_it(),
        "a notification that the order has no barista",
        [MADE, event(MADE.detail_type, baristaUserId="")],
    ),
    (
        m.all_are_told(MADE.detail_type, "it is made"),
        "a notification of each order that it is made",
        [[MADE]] * 2,
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
]

# matcher, what does not match, the message
OTHERWISE = [
    (m.are_all_noticed(), ["Stopped", "Ended"], "there is none for Stopped, Ended"),
    (m.all_hear_of_it(), [[MADE], []], "1 of 2 were not notified"),
    (m.all_are_told(MADE.detail_type, "it is made"), [[MADE, READY], [READY], []], "it was announced for 1 of 3"),
    (m.all_are_told(MADE.detail_type, "it is made"), [], "it was announced for 0 of 0"),
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
    (
        m.tells_that_nobody_makes_it(),
        [MADE],
        f'the last OrderManager.MakeOrder names "{BEN}"; the notifications are: OrderManager.MakeOrder',
    ),
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
]

# matcher, what must never be, what is said when it is
THERE = [
    (
        m.tells(READY.detail_type, "the order is ready"),
        [READY],
        "it was announced once; the notifications are: OrderManager.OrderCompleted",
    ),
]

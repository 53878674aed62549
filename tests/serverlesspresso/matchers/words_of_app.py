"""What the matchers of `app` say, word for word."""

from seen_at_the_cafe import ADA, TOKEN

from support.serverlesspresso.front_door import Answer
from support.serverlesspresso.matchers import app as m

# matcher, its expectation, what matches
EXPECTED = [
    (m.answers_in_words("no"), "the app to say “no”", Answer(400, {"message": "no"})),
    (
        m.shows_record("2", {"orderId": "2", "orderNumber": "7"}),
        "the app to show the order as it is",
        Answer(200, {"orders": [{"orderId": "1"}, {"orderId": "2", "orderNumber": 7}]}),
    ),
    (m.is_not_to_be_kept(), "an answer that browsers must not store", Answer(200, {}, "no-store")),
    (m.tells_as_little(), "the same refusal for everyone", ["No: no.", "No: no."]),
    (
        m.keeps_to_itself("NoTable"),
        "the app to keep to itself why a part of the shop has failed",
        Answer(500, {"message": "Something went wrong."}),
    ),
    (
        m.keeps_to_itself("NoTable"),
        "the app to keep to itself why a part of the shop has failed",
        Answer(502, {"message": "NoTable"}),
    ),
    (m.admits_only_invited_people(), "accounts that only the shop creates", False),
    (m.answers("sign in first", 401, 403), "the app to answer: sign in first", Answer(403, "")),
    (m.shows_order("2"), "the app to show the order", Answer(200, [{"SK": {"S": "2"}}])),
    (m.mentions(TOKEN, "a pass"), "an answer that shows a pass", Answer(200, {"TaskToken": TOKEN})),
]

# matcher, what does not match, the message
OTHERWISE = [
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
    (m.keeps_to_itself("NoTable"), Answer(500, "NoTable: T"), "the answer was 500 NoTable: T"),
    (m.admits_only_invited_people(), True, "any visitor can create one"),
    (m.answers("sign in first", 401), Answer(200, {"state": "CREATED"}), "the answer was 200 {'state': 'CREATED'}"),
    (m.answers("sign in first", 401), Answer(500, "x" * 300), f"the answer was 500 {'x' * 200}…"),
    (m.shows_order("2"), Answer(404, ""), "the answer was 404 "),
    (m.mentions(TOKEN, "a pass"), Answer(200, []), "it is not shown"),
]

# matcher, what must never be, what is said when it is
THERE = [
    (m.mentions(TOKEN, "a pass"), Answer(200, {"TaskToken": TOKEN}), "the answer shows a pass"),
]

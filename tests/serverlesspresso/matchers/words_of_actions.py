"""What the matchers of `actions` say, word for word."""

from seen_at_the_cafe import action

from support.serverlesspresso.matchers import actions as m

# matcher, its expectation, what matches
EXPECTED = [
    (m.is_answered(), "the café to answer", action("FAILED")),
    (m.is_answered(), "the café to answer", action("SUCCEEDED")),
    (m.is_refused(), "the café to refuse", action("FAILED")),
    (m.is_accepted(), "the café to do as it was asked", action("SUCCEEDED")),
    (
        m.exactly_one_is_accepted(),
        "the café to accept one and to refuse the other",
        [action("FAILED"), action("SUCCEEDED")],
    ),
]

# matcher, what does not match, the message
OTHERWISE = [
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
    (m.is_answered(), action("RUNNING"), "the café has not answered yet"),
]

# matcher, what must never be, what is said when it is
THERE = [
    (m.is_accepted(), action("SUCCEEDED"), "the café did as it was asked"),
]

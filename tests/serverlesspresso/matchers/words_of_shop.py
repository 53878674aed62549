"""What the matchers of `shop` say, word for word."""

from seen_at_the_cafe import MILK, TEA

from support.serverlesspresso.matchers import shop as m

# matcher, its expectation, what matches
EXPECTED = [
    (m.offers([TEA, MILK]), "a menu of Tea, Milk", [MILK, TEA]),
    (m.lasts(5), "5 minutes", 300),
]

# matcher, what does not match, the message
OTHERWISE = [
    (m.offers([TEA, MILK]), [MILK], "it lacks Tea / Milk: Whole / tea"),
    (m.offers([MILK]), [MILK, MILK], "a drink stands there twice"),
    (
        m.offers([TEA]),
        [TEA._replace(choices=" ")],
        'it lacks Tea / Milk: Whole / tea, and it has Tea / " " / tea instead',
    ),
    (m.lasts(5), 299, "it is 299 seconds"),
]

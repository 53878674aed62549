"""What the matchers of `shop` say, word for word."""

from seen_at_the_cafe import MILK, TEA

from support.serverlesspresso.matchers import shop as m

# matcher, its expectation, what matches
EXPECTED = [
    (m.offers([TEA, MILK]), "a menu of Tea, Milk", [MILK, TEA]),
    (m.lasts(5), "5 minutes", 300),
    (m.are_none("a note"), "“a note” to be passed on nowhere", []),
    (m.is_refused_opening(), "the opening of a shop without a menu to fail", "it could not be deployed"),
    (m.is_gone(), "the shop to be removed", True),
    (m.mention_no_order(), "the shop's records about a customer to mention no order that is over", []),
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
    (m.are_none("a note"), ["its record", "Announced"], "it is in its record, Announced"),
    (m.is_refused_opening(), "", "it was reported as done, so the shop has nothing to sell"),
    (m.is_gone(), False, "its removal has not ended: a part of it never said that it was done"),
    (m.mention_no_order(), ["order-1", "order-2"], "they still mention order-1, order-2"),
]

"""What a service prints when it gives up: a reason, not a stack trace."""

import pytest
from hamcrest import assert_that

from support.retail.matchers import states_a_reason


def test_a_sentence_that_names_what_is_missing_is_a_reason():
    assert_that("There is no topic orders: Unknown topic.", states_a_reason("orders"))


@pytest.mark.parametrize(
    "printed",
    [
        "There is no topic users.",
        'File "/app/main.py", line 7, in main | raise Missing("orders") | Missing: orders',
        "Error: orders | at Object.<anonymous> (/app/main.js:7:9)",
        "it left no message",
    ],
)
def test_anything_else_is_quoted(printed):
    with pytest.raises(AssertionError) as raised:
        assert_that(printed, states_a_reason("orders"))
    assert f"but: “{printed}”" in str(raised.value)

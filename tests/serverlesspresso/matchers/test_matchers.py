"""The matchers' messages, word for word: what was expected and what was received. Each subject has its tables."""

import pytest
import words_of_actions
import words_of_app
import words_of_many_orders
import words_of_messages
import words_of_orders
import words_of_shop
import words_of_workflows
from hamcrest.core.string_description import StringDescription
from seen_at_the_cafe import TOKEN

from support.serverlesspresso.front_door import Answer
from support.serverlesspresso.matchers.app import answers, shows_order

SUBJECTS = (
    words_of_orders,
    words_of_many_orders,
    words_of_actions,
    words_of_messages,
    words_of_workflows,
    words_of_app,
    words_of_shop,
)


def rows(table):
    return [
        pytest.param(*row, id=f"{subject.__name__.removeprefix('words_of_')} {number}")
        for subject in SUBJECTS
        for number, row in enumerate(getattr(subject, table, ()), 1)
    ]


def mismatch(matcher, seen):
    said = StringDescription()
    matcher.describe_mismatch(seen, said)
    return str(said)


@pytest.mark.parametrize(("matcher", "expectation", "seen"), rows("EXPECTED"))
def test_matcher_says_what_it_expects_and_matches_it(matcher, expectation, seen):
    assert (str(matcher), matcher.matches(seen)) == (expectation, True)


@pytest.mark.parametrize(("matcher", "seen", "words"), rows("OTHERWISE"))
def test_mismatch_says_what_is_there_instead(matcher, seen, words):
    assert (matcher.matches(seen), mismatch(matcher, seen)) == (False, words)


@pytest.mark.parametrize(("matcher", "seen", "words"), rows("THERE"))
def test_what_must_never_be_is_said_when_it_is(matcher, seen, words):
    said = StringDescription()
    matcher.describe_match(seen, said)
    assert str(said) == words


@pytest.mark.parametrize(("matcher", "seen", "difference"), rows("DIFFERENCES"))
def test_mismatch_names_the_difference(matcher, seen, difference):
    assert not matcher.matches(seen)
    assert difference in mismatch(matcher, seen)


@pytest.mark.parametrize(("matcher", "seen"), rows("ALIKE"))
def test_what_only_looks_alike_does_not_match(matcher, seen):
    assert not matcher.matches(seen)


@pytest.mark.parametrize("matcher", [answers("here it is", 404), shows_order("nowhere")])
def test_task_token_in_an_answer_is_not_said(matcher):
    assert TOKEN not in mismatch(matcher, Answer(200, {"orderId": "2", "TaskToken": TOKEN}))

"""The matchers that every system can use: what they accept, and their messages."""

from types import SimpleNamespace

import pytest
from hamcrest import assert_that

from acceptance.matchers import ended_with, is_more_than_one, is_one, is_there


def refusal(found, matcher):
    with pytest.raises(AssertionError) as refused:
        assert_that(found, matcher)
    return " ".join(str(refused.value).split())


def test_one_is_found_by_some_of_its_fields_in_a_record_and_in_an_event():
    assert_that([{"guest": "Ada", "status": "confirmed", "at": 1}], is_one("booking", guest="Ada", status="confirmed"))
    assert_that([SimpleNamespace(detail={"guest": "Ada"})], is_one("confirmation", guest="Ada"))
    assert_that([{"anything": 1}], is_one("booking"))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "Expected: one booking with guest 'Ada' but: there is none"),
        ([{"guest": "Ben"}], "but: there is one with guest 'Ben'"),
        ([{"guest": "Ada"}] * 2, "but: there is one with guest 'Ada'; one with guest 'Ada'"),
        ([{"guest": None}], "but: there is one with guest None"),
        ([{}], "but: there is one"),
        ([SimpleNamespace(detail="no object")], "but: there is one with content 'no object'"),
    ],
)
def test_what_is_there_instead_is_said_as_it_is_stored(found, said):
    assert said in refusal(found, is_one("booking", guest="Ada"))


def test_an_execution_that_ended_otherwise_is_said():
    done, failed = SimpleNamespace(status="SUCCEEDED", error=""), SimpleNamespace(status="FAILED", error="NoGuest")
    assert_that([failed], ended_with("NoGuest"))
    assert refusal([done], ended_with("NoGuest")).endswith("one is SUCCEEDED")
    assert refusal([failed, failed], ended_with("NoGuest")).endswith("FAILED with NoGuest; one is FAILED with NoGuest")
    assert refusal([], ended_with("NoGuest")).endswith("there is none")


def test_anything_and_several():
    assert_that([1], is_there("a message"))
    assert refusal([], is_there("a message")) == "Expected: a message but: there is none"
    assert_that([1, 2], is_more_than_one("message"))
    assert "but: there is one with content 1" in refusal([1], is_more_than_one("message"))

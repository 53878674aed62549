"""Checks on a value inside a message: each operator with each type, and what cannot be checked."""

from decimal import Decimal

import pytest
from hamcrest import assert_that
from hypothesis import given
from hypothesis import strategies as st

from acceptance.named_values import OPERATORS, has_no_value, has_value, read_value, words_of
from acceptance.trouble import Trouble

MESSAGE = {
    "PLANTYPE": "Free",
    "USERID": 12345,
    "PRICE": 99.99,
    "RETURNING": True,
    "NOTHING": None,
    "TAGS": ["new", 7, False],
    "record": {"value": {"PLANTYPE": "Premium"}, "items": [{"id": 1}, {"id": 2}]},
}


@pytest.mark.parametrize(
    ("path", "operator", "value"),
    [
        ("PLANTYPE", "equal to", "Free"),
        ("record.value.PLANTYPE", "equal to", "Premium"),
        ("record.items[1].id", "equal to", Decimal(2)),
        ("length(record.items)", "equal to", Decimal(2)),
        ("USERID", "equal to", Decimal(12345)),
        ("USERID", "equal to", Decimal("12345.0")),
        ("PRICE", "equal to", Decimal("99.99")),
        ("RETURNING", "equal to", True),
        ("PLANTYPE", "not equal to", "Premium"),
        ("USERID", "not equal to", Decimal(1)),
        ("RETURNING", "not equal to", False),
        ("PLANTYPE", "containing", "re"),
        ("TAGS", "containing", "new"),
        ("TAGS", "containing", Decimal(7)),
        ("TAGS", "containing", False),
        ("PLANTYPE", "matching", "F[a-z]+"),
        ("USERID", "at least", Decimal(12345)),
        ("PRICE", "at most", Decimal("99.99")),
    ],
)
def test_what_compares_so_matches(path, operator, value):
    assert has_value(path, operator, value).matches(MESSAGE)


@pytest.mark.parametrize(
    ("path", "operator", "value", "but"),
    [
        ("PLANTYPE", "equal to", "free", 'the text "Free"'),
        ("PLANTYPE", "equal to", "Fre", 'the text "Free"'),
        ("USERID", "equal to", "12345", "the number 12345"),
        ("USERID", "not equal to", "12345", "the number 12345"),  # of another type: it compares with nothing
        ("RETURNING", "equal to", Decimal(1), "true"),
        ("USERID", "equal to", True, "the number 12345"),
        ("PRICE", "equal to", Decimal("99.9900001"), "the number 99.99"),
        ("MISSING", "equal to", "Free", "missing"),
        ("MISSING", "not equal to", "Free", "missing"),
        ("NOTHING", "not equal to", "Free", "missing"),
        ("PLANTYPE", "not equal to", "Free", 'the text "Free"'),
        ("PLANTYPE", "containing", "rf", 'the text "Free"'),
        ("USERID", "containing", "1", "the number 12345"),
        ("TAGS", "containing", "ne", "the list ['new', 7, False]"),
        ("TAGS", "containing", Decimal(0), "the list ['new', 7, False]"),
        ("PLANTYPE", "matching", "F", 'the text "Free"'),
        ("USERID", "at least", Decimal(12346), "the number 12345"),
        ("PLANTYPE", "at least", Decimal(1), 'the text "Free"'),
        ("RETURNING", "at most", Decimal(1), "true"),
        ("PRICE", "at most", Decimal("99.98"), "the number 99.99"),
        ("record", "equal to", "Premium", "the object {'value'"),
    ],
)
def test_what_does_not_says_what_is_there(path, operator, value, but):
    with pytest.raises(AssertionError) as raised:
        assert_that(MESSAGE, has_value(path, operator, value))
    assert f'Expected: "{path}" {operator} {words_of(value)}' in str(raised.value)
    assert f"but: it is {but}" in str(raised.value)


def test_what_is_no_message_at_all_has_no_value():
    assert not has_value("PLANTYPE", "not equal to", "Free").matches(None)


@pytest.mark.parametrize(
    ("path", "operator", "value", "sentence"),
    [
        (".record.value", "equal to", "x", 'The path ".record.value" cannot be read'),
        (".record.value", "equal to", "x", "write it as jmespath has it, without the dot at its beginning"),
        ("a[", "equal to", "x", 'The path "a[" cannot be read'),
        ("PLANTYPE", "at least", "Free", '“at least” compares with a number, not with the text "Free"'),
        ("USERID", "matching", Decimal(1), "“matching” compares with a text, not with the number 1"),
        ("PLANTYPE", "matching", "[", "“[” is no regular expression"),
    ],
)
def test_what_cannot_be_judged_is_no_verdict(path, operator, value, sentence):
    with pytest.raises(Trouble) as raised:
        has_value(path, operator, value)
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('the text "Free"', "Free"),
        ('the text ""', ""),
        ('the text "say "hi""', 'say "hi"'),
        ("the number 500", Decimal(500)),
        ("the number -1.50", Decimal("-1.5")),
        ("true", True),
        ("false", False),
    ],
)
def test_a_value_is_read_with_its_type(text, value):
    read = read_value(text)
    assert read == value
    assert type(read) is type(value)


def test_what_is_not_there_can_be_required():
    assert has_no_value("MISSING").matches(MESSAGE)
    assert not has_no_value("PLANTYPE").matches(MESSAGE)


@given(st.one_of(st.text(), st.integers(), st.booleans()))
def test_a_value_equals_itself_and_is_never_both_equal_and_not(value):
    message = {"a": value}
    expected = Decimal(value) if type(value) is int else value
    assert has_value("a", "equal to", expected).matches(message)
    assert not has_value("a", "not equal to", expected).matches(message)


def test_each_operator_is_in_the_glossary(request):
    glossary = (request.config.rootpath / "features" / "glossary.md").read_text(encoding="utf-8")
    assert [operator for operator in OPERATORS if f"*{operator}*" not in glossary] == []

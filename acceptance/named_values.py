"""Checks on one value inside a message, named by a path: its type, and how it compares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import jmespath
from hamcrest import all_of
from hamcrest.core.matcher import Matcher
from jmespath.exceptions import JMESPathError

from acceptance.matchers import Says
from acceptance.trouble import Trouble

Value = str | Decimal | bool


def _contains(found: Any, expected: Value) -> bool:
    """A text contains a part of itself; a list contains a value equal to one of its own."""
    if isinstance(found, list):
        return any(_is_equal(_value(one), expected) for one in found)
    return isinstance(found, str) and isinstance(expected, str) and expected in found


def _is_equal(found: Any, expected: Value) -> bool:
    return type(found) is type(expected) and bool(found == expected)


@dataclass(frozen=True)
class _Operator:
    """How a value is compared: with which types of values, and whether one of another type is accepted."""

    holds: Callable[[Any, Any], bool]
    takes: tuple[type, ...] = (str, Decimal, bool)
    finds: tuple[type, ...] = ()


OPERATORS: Mapping[str, _Operator] = {
    "equal to": _Operator(_is_equal),
    "not equal to": _Operator(lambda found, expected: found != expected),
    "containing": _Operator(_contains, finds=(str, list)),
    "matching": _Operator(lambda found, expected: re.fullmatch(expected, found) is not None, takes=(str,)),
    "at least": _Operator(lambda found, expected: found >= expected, takes=(Decimal,)),
    "at most": _Operator(lambda found, expected: found <= expected, takes=(Decimal,)),
}


def has_value(path: str, operator: str, expected: Value) -> Says:
    """A message in which the value at a jmespath compares in this way with another one of the same type.

    A text "7" is not the number 7, and a missing value compares with nothing, not even by “not equal to”. Raises
    Trouble for a path, an operator or a value that cannot be used in a check.
    """
    search, chosen = _search(path), OPERATORS[operator]
    if not isinstance(expected, chosen.takes):
        raise Trouble(
            f"“{operator}” compares with {_kinds(chosen.takes)}, not with {words_of(expected)}: correct the step."
        )
    if operator == "matching":
        _check_expression(str(expected))
    kinds = chosen.finds or (type(expected),)

    def holds(message: Any) -> bool:
        found = search(message)
        return isinstance(found, kinds) and chosen.holds(found, expected)

    return Says(
        f'"{path}" {operator} {words_of(expected)}',
        holds,
        lambda message: f"it is {words_of(search(message))}",
        lambda _: is_wrong(path),
    )


def has_numbers(values: Mapping[str, int]) -> Matcher[Any]:
    """A message in which each of these paths leads to its number."""
    return all_of(*(has_value(path, "equal to", Decimal(value)) for path, value in values.items()))


def has_no_value(path: str) -> Says:
    """A message in which a jmespath leads to nothing."""
    search = _search(path)
    return Says(
        f'no "{path}"',
        lambda message: search(message) is None,
        lambda message: f"it is {words_of(search(message))}",
        lambda _: is_wrong(path),
    )


def is_wrong(path: str) -> str:
    """Return the cause of each failure of a value, whatever it should have been."""
    return f'"{path}" is wrong'


def words_of(value: Any) -> str:
    """Name a value with its type, as the steps do."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'the text "{value}"'
    if isinstance(value, Decimal):
        return f"the number {value}"
    return f"{'the list' if isinstance(value, list) else 'the object'} {value}"


def read_value(text: str) -> Value:
    """Read a value as steps write it: `the text "…"`, `the number …`, `true` or `false`."""
    if text in ("true", "false"):
        return text == "true"
    kind, _, value = text.removeprefix("the ").partition(" ")
    return value[1:-1] if kind == "text" else Decimal(value)


def _search(path: str) -> Callable[[Any], Any]:
    try:
        compiled = jmespath.compile(path)
    except JMESPathError as error:
        hint = ", without the dot at its beginning" if path.startswith(".") else ""
        reason = str(error).partition("\n")[0]
        raise Trouble(f'The path "{path}" cannot be read ({reason}): write it as jmespath has it{hint}.') from None
    return lambda message: _value(compiled.search(message))


def _value(found: Any) -> Any:
    """Compare numbers exactly: JSON has only one kind of them."""
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return Decimal(str(found)) if is_number else found


def _check_expression(expression: str) -> None:
    try:
        re.compile(expression)
    except re.error as error:
        raise Trouble(f"“{expression}” is no regular expression ({error}): correct the step.") from None


def _kinds(types: tuple[type, ...]) -> str:
    return " or ".join({str: "a text", Decimal: "a number", bool: "true or false"}[one] for one in types)

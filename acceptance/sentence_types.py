"""The types of the fields in sentences: `{guest:Name}` reads "Ada Lovelace". The runner registers them all.

They are in one place that behave reads before any file in steps/, so that each of these can use each of them,
in whichever order they are loaded.
"""

from collections.abc import Callable, Mapping
from typing import Any

from parse import with_pattern

from acceptance.named_values import OPERATORS, read_value

MILLISECONDS = {"millisecond": 1, "second": 1000, "minute": 60_000}
# A word of a name, with the signs that may join its parts: Jean-Luc, O'Brien. A full stop stands inside a name only:
# St. John.
_WORD = r"\w+(?:['’.-]\w+)*"
# Words after the first one do not begin with a small letter, otherwise the end of a name in a sentence would be
# unclear.
_FURTHER_WORD = rf"\.? (?![a-zß-öø-ÿ_]){_WORD}"
# Anything may stand in quotation marks.
_NAME = rf'"[^"]+"|{_WORD}(?:{_FURTHER_WORD})*'


def name(text: str) -> str:
    """Read a name: Ada, Ada Lovelace, "a name in quotation marks"."""
    return text[1:-1] if text.startswith('"') else text


def time(text: str) -> float:
    """Read "2 seconds" or "500 milliseconds"; the answer is in ms."""
    number, unit = text.split()
    return float(number) * MILLISECONDS[unit.removesuffix("s")]


# By name: the accepted text of such a field, how it is read, and its description in words.
_FIELDS: Mapping[str, tuple[str, Callable[[str], Any], str]] = {
    "Name": (
        _NAME,
        name,
        'a name (Ada, Ada Lovelace), or anything in quotation marks ("the 2nd floor")',
    ),
    # Without any of them, any text would be accepted.
    "Count": (r"[1-9]\d*", int, "a whole number from 1"),
    "Time": (
        r"\d+(?:\.\d+)? (?:millisecond|second|minute)s?",
        time,
        "a number and its unit: 500 milliseconds, 1.5 seconds, 2 minutes",
    ),
    "Operator": ("|".join(OPERATORS), str, ", ".join(OPERATORS)),
    "Value": (
        r'the text ".*"|the number -?\d+(?:\.\d+)?|true|false',
        read_value,
        'the text "…", the number …, true, or false',
    ),
}


def _type(pattern: str, read: Callable[[str], Any]) -> Callable[[str], Any]:
    def read_field(text: str) -> Any:
        return read(text)

    typed: Callable[[str], Any] = with_pattern(pattern)(read_field)
    return typed


TYPES = {kind: _type(pattern, read) for kind, (pattern, read, _) in _FIELDS.items()}
IN_WORDS: Mapping[str, str] = {kind: words for kind, (_, _, words) in _FIELDS.items()}

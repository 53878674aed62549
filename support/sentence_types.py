"""The types of the fields in sentences: `{drink:Name}` reads "Flat White". `environment.py` registers them all.

They are in one place that behave reads before any file in steps/, so that each of these can use each of them,
in whichever order they are loaded.
"""

from collections.abc import Callable, Mapping
from typing import Any

from parse import with_pattern

from support.named_values import OPERATORS, read_value

MILLISECONDS = {"millisecond": 1, "second": 1000, "minute": 60_000}
# A word of a name, with what may join its parts: Jean-Luc, O'Brien, St. John.
_WORD = r"\w+(?:['’.-]\w+)*\.?"
# The words after the first one begin with no small letter, or else nobody could tell where a name ends in a sentence.
_FURTHER_WORD = rf" (?![a-zß-öø-ÿ_]){_WORD}"


@with_pattern(rf'"[^"]+"|{_WORD}(?:{_FURTHER_WORD})*')
def name(text: str) -> str:
    """Read a name: Ada, Ada Lovelace, Flat White; or anything in quotation marks: "Café au lait"."""
    return text[1:-1] if text.startswith('"') else text


@with_pattern(r"\d+(?:\.\d+)? (?:millisecond|second|minute)s?")
def time(text: str) -> float:
    """Read "2 seconds" or "500 milliseconds"; the answer is in ms."""
    number, unit = text.split()
    return float(number) * MILLISECONDS[unit.removesuffix("s")]


@with_pattern("|".join(OPERATORS))
def operator(text: str) -> str:
    """Read how a value is compared."""
    return text


@with_pattern(r'the text ".*"|the number -?\d+(?:\.\d+)?|true|false')
def value(text: str) -> Any:
    """Read a value with its type."""
    return read_value(text)


TYPES: Mapping[str, Callable[[str], Any]] = {"Name": name, "Time": time, "Operator": operator, "Value": value}

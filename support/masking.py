"""Hides secrets in whatever is shown to people: messages, evidence, reports."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

NAMES = ("token", "password", "authorization", "secret")
MASK = "•••"
# A name that sounds like a secret within a text, and its value: in JSON (also quoted as a text within JSON),
# in DynamoDB's and in Python's notation, as name=value, as a header.
IN_TEXT = re.compile(
    rf"""([\w-]*(?:{"|".join(NAMES)})[\w-]*      # its name
          \\*["']?\s*[:=]\s*                      # what stands between
          (?:\[\s*|\{{\s*\\*["']S\\*["']\s*:\s*)? # a list or DynamoDB's type
          \\*["']?(?:(?:Bearer|Basic)\s+)?)       # its beginning
         [^\s"'\\,}}&•\[\{{]+                    # itself""",
    re.IGNORECASE | re.VERBOSE,
)


def masked(value: Any) -> Any:
    """Return the value with everything whose name sounds like a secret replaced by dots, at any depth and in texts."""
    if isinstance(value, str):
        return IN_TEXT.sub(rf"\1{MASK}", value)
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: MASK if _is_secret(key) else masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else masked(str(value))


def _is_secret(name: Any) -> bool:
    return any(part in str(name).lower() for part in NAMES)

"""Which values of secrets' names are masked, and which are not."""

import re
from typing import Any

from acceptance.masking.secret_names import Kind
from acceptance.masking.secret_values import looks_made

MASK = "•••"
_NOTHING = ("", "none", "null", "true", "false", "nil", "undefined", MASK)
_STATUS = re.compile(r"(?i)\d+\b|ok\b|yes\b|no\b|failed\b|passed\b|skipped\b|[-–—]+$")


def is_secret_itself(name: str) -> bool:
    """Return whether a secret's name is itself a secret: others have fewer digits."""
    return sum(map(str.isdigit, name)) >= 4


def is_secret_value(value: Any, kind: Kind) -> bool:
    """Return whether the value of this name is to be masked as a whole."""
    if kind is Kind.NONE or value is None or isinstance(value, bool):
        return False
    text = value.strip() if isinstance(value, str) else None
    if text is not None and text.lower() in _NOTHING[:-1]:
        return False
    if kind is Kind.STRONG:
        return True
    if kind is Kind.PLURAL:
        return not isinstance(value, int | float) and not (text is not None and re.fullmatch(r"[\d.,]{1,9}", text))
    if text is None:
        return kind is Kind.COOKIE
    if kind is Kind.COOKIE:
        return "=" in text or looks_made(text)
    if kind is Kind.PASS:
        return bool(text) and not _STATUS.match(text) and " " not in text
    return looks_made(text)

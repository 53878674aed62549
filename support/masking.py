"""Hides secrets in whatever is shown to people: messages, evidence, reports."""

import json
from collections.abc import Mapping
from typing import Any

SECRET_NAMES = ("token", "password", "authorization", "secret")
MASK = "•••"


def masked(value: Any) -> Any:
    """Return the value with everything whose name sounds like a secret replaced by dots, at any depth.

    A text that is itself a JSON object or list is looked into as well.
    """
    if isinstance(value, Mapping):
        return {key: MASK if _sounds_secret(key) else masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item) for item in value]
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        return _masked_text(value)
    return value


def _sounds_secret(name: Any) -> bool:
    return any(secret in str(name).lower() for secret in SECRET_NAMES)


def _masked_text(text: str) -> str:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return json.dumps(masked(content), ensure_ascii=False)

"""What a reader finds on the page of a failed scenario, with every secret masked."""

import json
from collections.abc import Mapping
from typing import Any

import allure

SECRET_NAMES = ("token", "password", "authorization", "secret")
MASK = "•••"


def masked(value: Any) -> Any:
    """Return the value with everything whose name sounds like a secret replaced by dots, at any depth."""
    if isinstance(value, Mapping):
        return {
            key: MASK if any(name in str(key).lower() for name in SECRET_NAMES) else masked(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(item) for item in value]
    return value


def attach(title: str, value: Any) -> None:
    """Attach a value to the page of the running scenario as indented JSON, masked."""
    text = json.dumps(masked(value), indent=2, ensure_ascii=False, default=str)
    allure.attach(text, name=title, attachment_type=allure.attachment_type.JSON)

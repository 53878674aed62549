"""What a reader finds on the page of a failed scenario, with every secret masked."""

import json
from typing import Any

import allure

from support.masking import masked


def attach(title: str, value: Any) -> None:
    """Attach a value to the page of the running scenario as indented JSON, masked."""
    text = json.dumps(masked(value), indent=2, ensure_ascii=False)
    allure.attach(text, name=title, attachment_type=allure.attachment_type.JSON)

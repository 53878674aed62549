"""Marks by which equal steps of several scenarios are recognised."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from acceptance.behave_adapter import definition_of


def marks_of(step: Any) -> Sequence[str]:
    """Return a mark that equal steps share: their words, and the place of the function that they call."""
    code = getattr(definition_of(step), "__code__", None)
    if code is None:
        return [step.name]
    return [step.name, f"{Path(code.co_filename).name}:{code.co_firstlineno}:{code.co_qualname}"]

"""How a deployment writes a number: as a number, as a text, as a time, or within a text such as user-7."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

NUMBER, TEXT, ISO, ID = "number", "text", "iso", "uuid"
WORDS = f"{NUMBER}, {TEXT}, {ISO} (a time of ISO 8601), {ID}, or a text with {{}} in place of the number"
# A text of more digits stands for no number that was sent.
LONGEST = 40


@dataclass(frozen=True)
class Form:
    """A form: how it `writes` a number, and what number it `reads` in a text, None where there is none."""

    writes: Callable[[int], Any]
    reads: Callable[[str], int | None]


def form_of(words: str) -> Form:
    """Return the form that these words describe."""
    if words == NUMBER:
        return Form(lambda number: number, _digits)
    if words == TEXT:
        return Form(str, _digits)
    if words == ISO:
        return Form(_time, _milliseconds)
    if words == ID:
        return Form(lambda number: str(UUID(int=number)), _of_uuid)
    before, _, after = words.partition("{}")
    return Form(words.replace("{}", "{0}").format, lambda text: _within(text, before, after))


def is_form(words: str) -> bool:
    """Whether words describe a form."""
    return words in (NUMBER, TEXT, ISO, ID) or words.count("{}") == 1 == words.count("{") == words.count("}")


def form_seen_in(value: Any) -> str:
    """Return the form of a value that was received, "" where none is certain."""
    if isinstance(value, int) and not isinstance(value, bool):
        return NUMBER
    if not isinstance(value, str):
        return ""
    if _digits(value) is not None:
        return TEXT
    if _of_uuid(value) is not None:
        return ID
    if _milliseconds(value) is not None:
        return ISO
    around = re.fullmatch(r"(\D+)\d+", value)  # such as user-7
    return f"{around[1]}{{}}" if around and is_form(f"{around[1]}{{}}") else ""


def _digits(text: str) -> int | None:
    return int(text) if re.fullmatch(rf"\d{{1,{LONGEST}}}", text, re.ASCII) else None


def _within(text: str, before: str, after: str) -> int | None:
    fits = len(text) > len(before) + len(after) and text.startswith(before) and text.endswith(after)
    return _digits(text[len(before) : len(text) - len(after)]) if fits else None


def _time(ms: int) -> str:
    moment = datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _milliseconds(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return round(moment.timestamp() * 1000) if moment.tzinfo else None


def _of_uuid(text: str) -> int | None:
    try:
        return UUID(text).int if len(text) == len(str(UUID(int=0))) else None
    except ValueError:
        return None

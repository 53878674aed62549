"""Finds the lines of a log that reveal a secret, some of which are source code that a stack trace quotes.

In code, `own_token = store(order, token)` names a variable and reveals nothing; `own_token = "AQD…"` reveals a value.
Everywhere else, as in the exception's message, `token = …` is the name of a secret with its value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from acceptance.masking.secret_names import kind_of
from acceptance.masking.structures import masked
from acceptance.masking.texts import spans_by_value
from acceptance.masking.values import is_secret_value

# A frame of Python's trace, and its margin: deeper lines below it are code (docs.python.org: traceback). Only of a
# module: what a parser or `eval` was given is data.
_FRAME = re.compile(r'(?P<margin>[\s|+-]*)File "[^"]+\.py[cw]?", line \d+')
# V8 names a file and its line, quotes the code, and points at a part of it, before the trace (nodejs.org: errors).
_PLACE = re.compile(r"(?:file://)?\S*/\S+\.[cm]?[jt]sx?:\d+\s*")
_POINTER = re.compile(r"\s*\^+\s*")
# A literal behind a name: `name = "…"`, `name="…"`, `"name": "…"`, `it["name"] = "…"`.
_WRITTEN = re.compile(
    r"(?P<name>[\w$.\-]+|[\"'][^\"']*[\"'])\]?\s*(?:=(?![=>])|:)\s*[bBuUrRfF]{0,2}"
    r"(?P<quote>[\"'`])(?P<value>(?:\\.|(?!(?P=quote)).)*)(?P=quote)"
)
# What is filled in later: `{token}`, `${token}`, `%s`, `%(token)s`, `:token`, `<token>`.
_FILLED_IN = re.compile(r"\$?\{[^{}]*\}|%(?:\(\w+\))?[a-z]|^:\w+$|<[\w ]+>")


def revealing(texts: Sequence[str]) -> Iterator[int]:
    """Yield the number of each text that reveals a secret, of texts that were logged one after another."""
    for number, (rest, code) in enumerate(_divided(texts)):
        if masked(rest) != rest or any(map(_reveals, code)):
            yield number


def _divided(texts: Sequence[str]) -> Iterator[tuple[Any, Sequence[str]]]:
    """Divide each text, which may be a line of a trace or JSON with a whole one, into the rest and quoted code."""
    lines = [(number, line) for number, text in enumerate(texts) for line in text.splitlines()]
    parts: list[tuple[list[str], list[str]]] = [([], []) for _ in texts]
    for (number, line), is_code in zip(lines, _are_code([line for _, line in lines]), strict=True):
        parts[number][is_code].append(line)
    for text, (rest, code) in zip(texts, parts, strict=True):
        structure = _structure(text)
        yield ("\n".join(rest), code) if structure is None else _divided_within(structure)


def _are_code(lines: Sequence[str]) -> Iterator[bool]:
    margin = ""
    for number, line in enumerate(lines):
        frame = _FRAME.match(line)
        below = not frame and bool(margin) and line.startswith(margin) and line[len(margin) :][:1].isspace()
        around = lines[max(0, number - 1)], lines[min(number + 1, len(lines) - 1)]
        yield below or bool(_PLACE.fullmatch(around[0]) and _POINTER.fullmatch(around[1]))
        margin = frame["margin"] if frame else margin if below else ""


def _structure(text: str) -> Any:
    try:
        structure = json.loads(text) if text.lstrip().startswith(("{", "[")) else None
    except (ValueError, RecursionError):
        return None
    return structure if isinstance(structure, dict | list) else None


def _divided_within(value: Any) -> tuple[Any, Sequence[str]]:
    """Divide the texts in a structure; those of one list belong together."""
    if isinstance(value, str):
        ((rest, code),) = _divided([value])
        return rest, code
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        divided = list(_divided(value))
    elif isinstance(value, dict | list):
        divided = [_divided_within(one) for one in (value.values() if isinstance(value, dict) else value)]
    else:
        return value, []
    rests, codes = [rest for rest, _ in divided], [line for _, code in divided for line in code]
    return dict(zip(value, rests, strict=True)) if isinstance(value, dict) else rests, codes


def _reveals(code: str) -> bool:
    """Whether a line of code holds a secret: by its shape, one that the run has met, or one behind its name."""
    written = ((kind_of(found["name"].strip("\"'")), found["value"]) for found in _WRITTEN.finditer(code))
    return bool(spans_by_value(_FILLED_IN.sub("", code))) or any(
        is_secret_value(value, kind) and not _is_name(value) and not _FILLED_IN.search(value) for kind, value in written
    )


def _is_name(value: str) -> bool:
    """Whether a literal is the name of a secret, such as that of a field."""
    return value.isidentifier() and bool(kind_of(value))

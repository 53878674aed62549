"""Spans of a text: the beginning and end of what is to be masked."""

import re
from collections.abc import Sequence

from acceptance.masking.values import MASK

Span = tuple[int, int]


def replaced(text: str, spans: Sequence[Span]) -> str:
    """Return a text with dots in place of each span."""
    parts, at = [], 0
    for begin, end in spans:
        parts += [text[at:begin], MASK]
        at = end
    return "".join([*parts, text[at:]])


def blanked(text: str, spans: Sequence[Span]) -> str:
    """Return a text of the same length without the parts that are masked already."""
    parts, at = [], 0
    for begin, end in spans:
        parts += [text[at:begin], MASK[0] * (end - begin)]
        at = end
    return "".join([*parts, text[at:]])


def merged(spans: list[Span]) -> list[Span]:
    """Return spans in order and without overlaps."""
    done: list[Span] = []
    for begin, end in sorted(spans):
        if begin == end:
            continue
        if done and begin <= done[-1][1]:
            done[-1] = (done[-1][0], max(end, done[-1][1]))
        else:
            done.append((begin, end))
    return done


def end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return the end of a match that begins here, or this position if there is none."""
    match = pattern.match(text, at)
    return match.end() if match else at

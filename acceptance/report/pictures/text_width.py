"""The width of a text, measured in the font that a picture names first, and where it is broken into lines.

`dejavu_sans_widths.json` has the advance widths of DejaVu Sans and DejaVu Sans Bold, from the tables `cmap` and `hmtx`
of the fonts: for each run of characters without a gap the first one's code point, and the width of each, in 1/2048 of
the size. Other fonts that readers have are narrower, and no font has to be installed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

_UNITS = 2048
# The width of the replacement for a character that the font lacks.
_UNKNOWN = 1229


def width_of(words: str, size: float = 12, *, bold: bool = False) -> float:
    """Return the maximum width of a text, in px."""
    widths = _widths("bold" if bold else "normal")
    return sum(widths.get(ord(character), _UNKNOWN) for character in words) * size / _UNITS


def wrapped(words: str, width: float, size: float) -> Sequence[str]:
    """Break a text into lines of at most `width`."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def _widths(weight: str) -> Mapping[int, int]:
    """Return the width of each character (its code point) of a weight."""
    table = json.loads(files(__package__).joinpath("dejavu_sans_widths.json").read_text(encoding="utf-8"))
    return {int(first) + place: width for first, run in table[weight].items() for place, width in enumerate(run)}

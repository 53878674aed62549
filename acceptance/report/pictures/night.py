"""The colours of pictures on a dark screen."""

import colorsys
from collections.abc import Iterable

# A dark page is not black, and its brightest ink not white. Below 1, `_LIFT` makes the middle lighter than inverting
# it would: a colour that stands out slightly on white must do so on dark.
_DARKEST, _BRIGHTEST, _LIFT = 0.04, 0.97, 0.85


def by_night(colour: str) -> str:
    """Return the replacement of a colour (`#rrggbb`) on a dark page: one of the same hue, as dark as this is light."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    inverted = _DARKEST + (_BRIGHTEST - _DARKEST) * (1 - lightness) ** _LIFT
    # The same saturation would turn cream, which is nearly white, into brown: what stays is how colourful it is.
    same = min(saturation, saturation * _room(lightness) / _room(inverted))
    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, inverted, same))


def _room(lightness: float) -> float:
    """Return how colourful a colour of this lightness can be: not at all if it is black or white."""
    return 1 - abs(2 * lightness - 1)


def night_sheet(fills: Iterable[str], strokes: Iterable[str]) -> str:
    """Return the style sheet that gives a picture of these colours those of the night, on a dark screen.

    A print is always light. The rules apply to pictures only, since one may lie inside a page.
    """
    rules = [
        f'svg.picture [style*="{what}: {colour}"] {{ {what}: {by_night(colour)} !important }}'
        for what, colours in (("fill", fills), ("stroke", strokes))
        for colour in sorted(set(colours))
    ]
    return f"@media screen and (prefers-color-scheme: dark) {{ {' '.join(rules)} }}"

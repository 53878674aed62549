"""A canvas to draw on, in px from its upper left corner, that becomes an SVG.

The SVG stands alone: it contains no font and refers to nothing, and says in words what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from acceptance.report.pictures.night import night_sheet

Point = tuple[float, float]
Anchor = Literal["left", "center", "right"]

# The first is the widest one that readers have, and the one that `text_width` measures: no text outgrows its place.
_FONTS = "'DejaVu Sans', system-ui, sans-serif"
# How far the handles of a curve are from its ends, for a quarter of a circle with a radius of 1.
_QUARTER = 0.5523
_ANCHORS: Mapping[Anchor, str] = {"left": "start", "center": "middle", "right": "end"}


@dataclass(frozen=True)
class Style:
    """How a shape is drawn. Those with a lower `layer` lie below."""

    fill: str = "none"
    stroke: str = "none"
    width: float = 0
    dash: tuple[float, ...] = ()
    layer: int = 1

    @property
    def css(self) -> str:
        """The style as CSS."""
        told = f"fill: {self.fill}"
        if self.stroke != "none":
            told += f"; stroke: {self.stroke}; stroke-width: {self.width:g}"
        return f"{told}; stroke-dasharray: {','.join(f'{one:g}' for one in self.dash)}" if self.dash else told


_SHEET = Style(fill="#fffdf9", stroke="#d8d0c4", width=1)


class Canvas:
    """Collects shapes and texts; `svg` draws them all. Shapes of one style become one path, and texts lie on top."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._paths: dict[Style, list[str]] = {}
        self._texts: list[Element] = []
        self._inks: set[str] = set()

    def shape(self, style: Style, points: Sequence[Point], *, closed: bool = True) -> None:
        """Draw a polygon, or a line of several pieces."""
        self._paths.setdefault(style, []).append(f"M{_points(*points)}{' Z' if closed else ''}")

    def box(self, style: Style, left: float, top: float, right: float, bottom: float) -> None:
        """Draw a rectangle."""
        self.shape(style, [(left, top), (right, top), (right, bottom), (left, bottom)])

    def dot(self, style: Style, centre: Point, radius: float) -> None:
        """Draw a circle."""
        (x, y), r, bend = centre, radius, radius * _QUARTER
        path = f"M{_points((x + r, y))}"
        for quarter in (
            ((x + r, y + bend), (x + bend, y + r), (x, y + r)),
            ((x - bend, y + r), (x - r, y + bend), (x - r, y)),
            ((x - r, y - bend), (x - bend, y - r), (x, y - r)),
            ((x + bend, y - r), (x + r, y - bend), (x + r, y)),
        ):
            path += f" C{_points(*quarter)}"
        self._paths.setdefault(style, []).append(f"{path} Z")

    def text(
        self,
        at: Point,
        words: str,
        colour: str,
        *,
        size: float = 12,
        bold: bool = False,
        anchor: Anchor = "left",
    ) -> None:
        """Write a text; `at` is on its base line."""
        weight = "font-weight: 700; " if bold else ""
        style = f"{weight}font-size: {size:g}px; text-anchor: {_ANCHORS[anchor]}; fill: {colour}"
        self._inks.add(colour)
        text = Element("text", style=style, x=_number(at[0]), y=_number(at[1]))
        text.text = words
        self._texts.append(text)

    def svg(self, height: float, title: str, description: str) -> str:
        """Draw everything, and say in words what it shows. On a dark screen the picture is dark."""
        root = Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {self.width:g} {height:g}",
                "width": f"{self.width:g}",
                "height": f"{height:g}",
                "class": "picture",
                "role": "img",
                "aria-label": title,
                "style": f"font-family: {_FONTS}",
            },
        )
        SubElement(root, "title").text = title
        SubElement(root, "desc").text = description
        drawn = [*self._paths, _SHEET]
        fills = {style.fill for style in drawn} | self._inks
        strokes = {style.stroke for style in drawn}
        SubElement(root, "style").text = night_sheet(fills - {"none"}, strokes - {"none"})
        edge = {"width": f"{self.width - 1:g}", "height": f"{height - 1:g}", "style": _SHEET.css}
        SubElement(root, "rect", {"x": "0.5", "y": "0.5", "rx": "10", **edge})
        for style in sorted(self._paths, key=lambda style: style.layer):
            SubElement(root, "path", d=" ".join(self._paths[style]), style=style.css)
        root.extend(self._texts)
        indent(root, "")
        return tostring(root, encoding="unicode")


def _points(*points: Point) -> str:
    return " ".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _number(px: float) -> str:
    return f"{round(px, 2):g}"

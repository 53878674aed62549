"""A sheet of paper to draw on, in px from its upper left corner, that becomes an SVG by way of matplotlib.

matplotlib is imported when the first thing is measured or drawn, since that takes a while. The SVG stands alone:
it names fonts that everybody has and carries none, it refers to nothing, and it tells in words what it shows.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from acceptance.report.pictures.label_placement import Anchor

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.path import Path

Point = tuple[float, float]

# matplotlib brings the first one, so that is measured. What else people have is narrower: no text outgrows its place.
_FONT, _FONTS = "DejaVu Sans", "'DejaVu Sans', system-ui, sans-serif"
_PAPER, _EDGE = "#fffdf9", "#d8d0c4"


@dataclass(frozen=True)
class Style:
    """How a shape is drawn. Those with a lower `layer` lie below."""

    fill: str = "none"
    stroke: str = "none"
    width: float = 0
    dash: tuple[float, ...] = ()
    layer: int = 1


@dataclass(frozen=True)
class _Text:
    at: Point
    words: str
    colour: str
    size: float
    bold: bool
    anchor: Anchor


class Sheet:
    """Takes in shapes and texts; `svg` draws them all. Shapes of one style become one path."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._paths: dict[Style, list[Path]] = {}
        self._texts: list[_Text] = []

    def shape(self, style: Style, points: Sequence[Point], *, closed: bool = True) -> None:
        """Draw a polygon, or a line of several pieces."""
        from matplotlib.path import Path

        points = [*points, points[0]] if closed else points
        self._paths.setdefault(style, []).append(Path(points, closed=closed))

    def box(self, style: Style, left: float, top: float, right: float, bottom: float) -> None:
        """Draw a rectangle."""
        self.shape(style, [(left, top), (right, top), (right, bottom), (left, bottom)])

    def dot(self, style: Style, centre: Point, radius: float) -> None:
        """Draw a circle."""
        from matplotlib.path import Path

        self._paths.setdefault(style, []).append(Path.circle(centre, radius))

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
        self._texts.append(_Text(at, words, colour, size, bold, anchor))

    def svg(self, height: float, title: str, description: str) -> str:
        """Draw everything, and tell in words what is to be seen."""
        import matplotlib
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        drawn = io.StringIO()
        with matplotlib.rc_context({"svg.fonttype": "none", "text.usetex": False}):
            figure = Figure(figsize=(self.width / 72, height / 72), dpi=72, frameon=False)
            FigureCanvasSVG(figure)
            self._draw(figure, height)
            figure.savefig(drawn, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        return _standing_alone(drawn.getvalue(), self.width, height, title, description)

    def _draw(self, figure: Figure, height: float) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path
        from matplotlib.text import Text
        from matplotlib.transforms import Affine2D

        upright = Affine2D().scale(1, -1).translate(0, height)
        for style, paths in sorted(self._paths.items(), key=lambda item: item[0].layer):
            figure.add_artist(
                PathPatch(
                    Path.make_compound_path(*paths),
                    transform=upright,
                    facecolor=style.fill,
                    edgecolor=style.stroke,
                    linewidth=style.width,
                    linestyle=(0, style.dash) if style.dash else "-",
                    zorder=style.layer,
                )
            )
        for text in self._texts:
            figure.add_artist(
                Text(
                    *text.at,
                    text.words,
                    transform=upright,
                    color=text.colour,
                    fontsize=text.size,
                    fontweight="bold" if text.bold else "normal",
                    fontfamily=_FONT,
                    horizontalalignment=text.anchor,
                    parse_math=False,
                    zorder=100,
                )
            )


def width_of(words: str, size: float = 12, *, bold: bool = False) -> float:
    """Return how wide a text is at most, in px."""
    return sum(_advance(character, bold) for character in words) * size


@lru_cache(maxsize=1000)
def _advance(character: str, bold: bool) -> float:
    """How far a character reaches, for a size of 1 px. Adding them up is far faster than to lay out a text."""
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.ft2font import LoadFlags

    font = get_font(findfont(FontProperties(family=_FONT, weight="bold" if bold else "normal")))
    font.set_size(100, 72)
    return float(font.load_char(ord(character), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / 100


def _standing_alone(drawn: str, width: float, height: float, title: str, description: str) -> str:
    """Replace matplotlib's head: no document type to fetch, px, a sheet of paper, and words for who cannot see it."""
    body = re.sub(r"\A.*?<svg\b[^>]*>", "", drawn, count=1, flags=re.DOTALL)
    # The font is named once, and what is upright need not be rotated by nothing.
    body = re.sub(rf"; font-family: '{_FONT}'| transform=\"rotate\(-0 [^\"]*\"", "", body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label={quoteattr(title)} style="font-family: {_FONTS}">\n'
        f"<title>{escape(title)}</title>\n<desc>{escape(description)}</desc>\n"
        f'<rect x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1:g}" rx="10" fill="{_PAPER}" '
        f'stroke="{_EDGE}"/>{body}'
    )

"""Pictures for the pages of the report: an item's way through a system, how long many items had to wait, and what other
pictures are made of.

Each is the text of an SVG that stands alone: it carries and fetches nothing, is legible on a light and on a dark page,
tells nothing by a colour only, and says in words what it shows.
"""

from acceptance.report.pictures.canvas import Canvas, Style
from acceptance.report.pictures.distribution import latencies
from acceptance.report.pictures.level_bars import level_bars
from acceptance.report.pictures.swimlanes import Lane, Mark
from acceptance.report.pictures.way import way_in_lanes, way_of
from acceptance.report.pictures.wording import Wording

__all__ = ["Canvas", "Lane", "Mark", "Style", "Wording", "latencies", "level_bars", "way_in_lanes", "way_of"]

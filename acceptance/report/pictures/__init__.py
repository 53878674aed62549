"""Pictures for the report's pages: an item's way through a system, the waiting times of many items, and their base.

Each is the text of an SVG that stands alone: it contains and fetches nothing, is legible on a light and on a dark page,
conveys nothing by colour only, and says in words what it shows.
"""

from acceptance.report.pictures.canvas import Canvas, Style
from acceptance.report.pictures.distribution import latencies
from acceptance.report.pictures.level_bars import level_bars
from acceptance.report.pictures.swimlanes import Lane, Mark
from acceptance.report.pictures.way import way_in_lanes, way_of
from acceptance.report.pictures.wording import Wording

__all__ = ["Canvas", "Lane", "Mark", "Style", "Wording", "latencies", "level_bars", "way_in_lanes", "way_of"]

"""The furniture of the pictures on the pages of the report: each system draws its own with it.

Each is the text of an SVG that stands alone: it carries and fetches nothing, is legible on a light and on a dark page,
tells nothing by a colour only, and says in words what it shows.
"""

from acceptance.report.pictures.distribution import latencies

__all__ = ["latencies"]

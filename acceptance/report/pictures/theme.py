"""The look of all pictures: their width, their colours, and the sign of each verdict."""

from __future__ import annotations

from acceptance.report.pictures.canvas import Style
from acceptance.service_levels.levels import Compliance

WIDTH, MARGIN = 760.0, 16.0
INK, QUIET, MET, MISSED, UNDECIDED = "#2b2320", "#665a52", "#17693d", "#a8201a", "#7a4b00"
SIGNS = {Compliance.MET: "✓", Compliance.MISSED: "✗", Compliance.INCONCLUSIVE: "?"}
COLOURS = {Compliance.MET: MET, Compliance.MISSED: MISSED, Compliance.INCONCLUSIVE: UNDECIDED}
STRIPE = Style(fill="#f4eee5", layer=1)
RULER = Style(stroke="#ded5c9", width=0.8, layer=2)
THREAD = Style(stroke="#8f8378", width=0.8, layer=3)
LIMIT = Style(stroke=INK, width=1.6, layer=7)

"""How all pictures look: their width, their colours, and the words for a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from acceptance.report.pictures.canvas import Style
from acceptance.service_levels.levels import Latency, Verdict, milliseconds

WIDTH, MARGIN = 760.0, 16.0
INK, QUIET, KEPT, MISSED, UNTOLD = "#2b2320", "#665a52", "#17693d", "#a8201a", "#7a4b00"
SIGNS = {Verdict.MET: "✓", Verdict.MISSED: "✗", Verdict.INCONCLUSIVE: "?"}
COLOURS = {Verdict.MET: KEPT, Verdict.MISSED: MISSED, Verdict.INCONCLUSIVE: UNTOLD}
STRIPE = Style(fill="#f4eee5", layer=1)
RULER = Style(stroke="#ded5c9", width=0.8, layer=2)
THREAD = Style(stroke="#8f8378", width=0.8, layer=3)
LIMIT = Style(stroke=INK, width=1.6, layer=7)


def middle(latency: Latency) -> float:
    """Return one figure (ms) for a latency."""
    return (latency.earliest + latency.latest) / 2


def figure(latency: Latency) -> str:
    """Write a latency as short as can be: `165 ms`, or `180–186 ms` where it is not known so exactly."""
    exact = milliseconds(middle(latency))
    return exact if latency.words == exact else f"{latency.earliest:,.0f}–{milliseconds(latency.latest)}"


def told(latency: Latency, budget: float) -> str:
    """Tell whether a promise was kept, and by how much it was missed."""
    verdict = latency.verdict(budget)
    if verdict is Verdict.MET:
        return "kept"
    if verdict is Verdict.INCONCLUSIVE:
        return "cannot be told"
    exact = figure(latency) == milliseconds(middle(latency))
    over = milliseconds((middle(latency) if exact else latency.earliest) - budget)
    return f"missed by {over}" if exact else f"missed by {over} or more"


def summary(verdicts: Sequence[Verdict]) -> tuple[str, str]:
    """Tell in a few words how several promises were kept, and give the colour for that."""
    worst = next(v for v in (Verdict.MISSED, Verdict.INCONCLUSIVE, Verdict.MET) if v in verdicts)
    count, total = verdicts.count(worst), len(verdicts)
    promises = f"promise{'s' if total > 1 else ''} of time"
    if worst is Verdict.MET:
        words = f"all {total} {promises} were kept" if total > 1 else f"the {promises} was kept"
    elif worst is Verdict.MISSED:
        words = f"{count} of {total} {promises} {'were' if count > 1 else 'was'} missed"
    else:
        words = f"{count} of {total} {promises} cannot be told"
    return f"{SIGNS[worst]} {words}", COLOURS[worst]

"""The cover as one HTML page, which makes no network requests and is read without a script."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

from markupsafe import Markup

from acceptance.report.cover import words as say
from acceptance.report.cover.summary import CauseShown, LevelShown, Summary, SystemShown
from acceptance.report.pages import rendered
from acceptance.report.specification.outcomes import WORDS
from acceptance.service_levels.levels import milliseconds

_HERE = Path(__file__).parent
_TONES: Mapping[str, str] = {"release": "good", "do not release": "bad"}
_TONES_OF_RULES: Mapping[str, str] = {"met": "good", "breached": "bad"}
# A larger picture would make the cover hard to send.
_LARGEST = 400_000
_WIDTH, _HEIGHT = 80, 18


def page(summary: Summary, results: Path, *, specification: str = "", allure: str = "") -> str:
    """Return the page, with pictures from `results`. `specification` and `allure` are the pages that it links to."""
    return rendered(
        _HERE / "page.html",
        summary=summary,
        tone=_TONES.get(summary.state, "open"),
        style=Markup((_HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own
        picture_of=lambda cause: _picture(cause, results),
        specification=specification,
        allure=allure,
        words=WORDS,
        missed=_is_missed,
        trend=_trend,
        has_trend=lambda system: any(one.trend for one in system.levels),
        say=say,
        milliseconds=milliseconds,
        tone_of=lambda rule: _TONES_OF_RULES.get(say.told_rule(rule), "open"),
    )


def _is_missed(system: SystemShown) -> bool:
    return any(one.level.compliance != "met" for one in system.levels)


def _picture(cause: CauseShown, results: Path) -> str:
    """Return a picture as a data address, "" if there is none. Within an image no script runs."""
    if not cause.picture:
        return ""
    try:
        svg = (results / Path(cause.picture).name).read_bytes()
    except OSError:
        return ""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}" if len(svg) < _LARGEST else ""


def _trend(one: LevelShown) -> Markup:
    """Draw a figure over the runs, with its limit dashed. A lost one is drawn at the top."""
    values = [*one.trend, one.level.latest_ms]
    if len(values) < 2:
        return Markup("")
    top = max(one.level.limit_ms * 1.5, 1)
    points = _points([min(value, top) for value in values], top)
    limit = _y(one.level.limit_ms, top)
    told = f"{len(values)} runs, from {milliseconds(values[0])} to {milliseconds(values[-1])}"
    return Markup(
        '<svg class="trend" viewBox="0 0 {width} {height}" role="img" aria-label="{told}"><title>{told}</title>'
        '<line x1="0" x2="{width}" y1="{limit}" y2="{limit}"/><polyline points="{points}"/></svg>'
    ).format(width=_WIDTH, height=_HEIGHT, told=told, limit=limit, points=points)


def _points(values: Sequence[float], top: float) -> str:
    step = _WIDTH / (len(values) - 1)
    return " ".join(f"{number * step:.1f},{_y(value, top)}" for number, value in enumerate(values))


def _y(value: float, top: float) -> str:
    return f"{_HEIGHT * (1 - value / top):.1f}"

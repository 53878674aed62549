"""Draws an order's flow: who did what, when, and how long their program took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from acceptance.report.pictures.canvas import Anchor, Canvas, Style
from acceptance.report.pictures.text_width import wrapped
from acceptance.report.pictures.theme import INK, MARGIN, MISSED, QUIET, RULER, STRIPE, WIDTH
from acceptance.terminal.console import BROKEN, LOGS_IN, REFUSED, STARTS, Activity

LEFT, TOP, BAR, ROW, LINE, SLIMMEST, TICKS = 200.0, 62.0, 14.0, 30.0, 15.0, 3.0, 5
RIGHT = WIDTH - MARGIN
STARTING = Style(fill="#dccbb8", layer=5)
LOGGING_IN = Style(fill="#b9975b", layer=5)
WORKING = Style(fill="#7a5236", layer=5)
NOT_LET = Style(fill="#f7e9c8", stroke="#7a4b00", width=1, dash=(3, 2), layer=6)
FAILED = Style(fill=MISSED, layer=6)


@dataclass(frozen=True)
class Stay:
    """One person's acts at one program."""

    person: str
    program: str
    spans: Sequence[Activity]


def way_through_people(title: str, stays: Sequence[Stay]) -> str:
    """Draw people's acts, one row for each, the first at the top. Returns an SVG. Needs at least one act."""
    stays = sorted((stay for stay in stays if stay.spans), key=lambda stay: stay.spans[0].began)
    began = stays[0].spans[0].began
    end = max(span.ended for stay in stays for span in stay.spans) - began or 1.0
    broken = sum(span.outcome == BROKEN for stay in stays for span in stay.spans)
    words = f"{len(stays)} at work for {end:.1f} s" + (f"; {broken} of what they did went wrong" if broken else "")
    canvas = Canvas(WIDTH)
    canvas.text((MARGIN, 28), title, INK, size=15, bold=True)
    canvas.text((MARGIN, 48), words, MISSED if broken else QUIET)
    told = [_told(stay) for stay in stays]
    lines = [wrapped(one, RIGHT - LEFT, 11) for one in told]
    bottom = TOP + sum(_height(one) for one in lines)
    for tick in range(TICKS + 1):
        x = LEFT + (RIGHT - LEFT) * tick / TICKS
        canvas.shape(RULER, [(x, TOP), (x, bottom)], closed=False)
        anchor: Anchor = "right" if tick == TICKS else "center"
        canvas.text((x, bottom + 16), f"{end * tick / TICKS:.1f} s", QUIET, size=11, anchor=anchor)
    y = TOP
    for number, (stay, several) in enumerate(zip(stays, lines, strict=True)):
        if number % 2 == 0:
            canvas.box(STRIPE, 1, y, WIDTH - 1, y + _height(several))
        canvas.text((MARGIN, y + 19), stay.person, INK, bold=True)
        canvas.text((MARGIN, y + 19 + LINE), stay.program, QUIET, size=11)
        for span in stay.spans:
            left = LEFT + (RIGHT - LEFT) * (span.began - began) / end
            right = max(left + SLIMMEST, LEFT + (RIGHT - LEFT) * (span.ended - began) / end)
            canvas.box(_style(span), left, y + (ROW - BAR) / 2, min(right, RIGHT), y + (ROW + BAR) / 2)
        for line, text in enumerate(several):
            canvas.text((LEFT, y + ROW + 8 + LINE * line), text, QUIET, size=11)
        y += _height(several)
    description = ". ".join(f"{stay.person} at {stay.program}: {one}" for stay, one in zip(stays, told, strict=True))
    return canvas.svg(bottom + 28, title, f"{words}. {description}")


def _height(lines: Sequence[str]) -> float:
    return ROW + LINE * len(lines) + 2


def _told(stay: Stay) -> str:
    """Describe a person's acts, and how long each took."""
    return " · ".join(f"{span.what} {_seconds(span)}{_how(span)}" for span in stay.spans)


def _seconds(span: Activity) -> str:
    return f"{span.seconds:.2f} s"


def _how(span: Activity) -> str:
    return f" ({span.outcome})" if span.outcome in (REFUSED, BROKEN) else ""


def _style(span: Activity) -> Style:
    outcomes = {REFUSED: NOT_LET, BROKEN: FAILED}
    return outcomes.get(span.outcome) or {STARTS: STARTING, LOGS_IN: LOGGING_IN}.get(span.what, WORKING)

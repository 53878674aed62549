"""The steps of an online order over time: when each was done, how long it waited, and when the function worked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from acceptance.aws.durable import COARSE_HISTORY, DurableExecution, Operation, stamp
from acceptance.report.pictures.canvas import Canvas, Style
from acceptance.report.pictures.theme import INK, MARGIN, MISSED, QUIET, RULER, STRIPE, WIDTH

LEFT, RIGHT, ROW, TOP, BAR, SLIMMEST = 200.0, 600.0, 30.0, 62.0, 14.0, 4.0
STEP, FAILED = Style(fill="#7a5236", layer=5), Style(fill=MISSED, layer=6)
WAIT = Style(fill="#f7e9c8", stroke="#b9975b", width=1, dash=(3, 2), layer=5)
WORK = Style(fill="#dccbb8", layer=5)
TICKS = 5


@dataclass(frozen=True)
class _Row:
    name: str
    style: Style
    parts: Sequence[tuple[float, float]]  # ms since the order was submitted
    words: str


def steps_over_time(seen: DurableExecution, wait: float) -> str:
    """Draw an execution's steps and waits as bars over time. `wait`: its planned wait, in s. Returns an SVG."""
    rows = [_work(seen), *(_row(operation, seen) for operation in seen.operations)]
    end = max((ended for row in rows for _, ended in row.parts), default=0.0)
    end = max(end, (seen.ended.ms if seen.ended else seen.started.ms) - seen.started.ms, 1.0)
    took = f"took {_seconds(end)}" if seen.is_over else "is not over"
    words = f"{seen.status.lower()}, {took}; it was to wait for {wait:g} s"
    canvas, title = Canvas(WIDTH), "The steps of the order over time"
    canvas.text((MARGIN, 28), title, INK, size=15, bold=True)
    canvas.text((MARGIN, 48), words, MISSED if seen.is_over and seen.status != "SUCCEEDED" else QUIET)
    bottom = TOP + ROW * len(rows)
    for number in range(TICKS + 1):
        x = LEFT + (RIGHT - LEFT) * number / TICKS
        canvas.shape(RULER, [(x, TOP), (x, bottom)], closed=False)
        canvas.text((x, bottom + 16), _seconds(end * number / TICKS), QUIET, size=11, anchor="center")
    for number, row in enumerate(rows):
        y = TOP + ROW * number
        if number % 2 == 0:
            canvas.box(STRIPE, 1, y, WIDTH - 1, y + ROW)
        canvas.text((MARGIN, y + 19), row.name, INK)
        for began, ended in row.parts:
            left = LEFT + (RIGHT - LEFT) * began / end
            right = max(left + SLIMMEST, LEFT + (RIGHT - LEFT) * ended / end)
            canvas.box(row.style, left, y + (ROW - BAR) / 2, right, y + (ROW + BAR) / 2)
        canvas.text((WIDTH - MARGIN, y + 19), row.words, QUIET, size=11, anchor="right")
    height = bottom + 28
    if any(operation.began.clock is COARSE_HISTORY for operation in seen.operations):
        note = "The history has whole seconds: each step is drawn as wide as the work that it was part of."
        canvas.text((MARGIN, height + 8), note, QUIET, size=11)
        height += 20
    told = "; ".join(f"{row.name}: {row.words}" for row in rows)
    return canvas.svg(height, title, f"{words}. {told}")


def _work(seen: DurableExecution) -> _Row:
    return _Row("the function works", WORK, _invocations(seen), f"{len(seen.invocations)} times")


def _row(operation: Operation, seen: DurableExecution) -> _Row:
    at, name = seen.started.ms, operation.name.replace("_", " ")
    began: float = operation.began.ms - at
    ended: float = (operation.ended or operation.began).latest - at
    works = _invocations(seen)
    if operation.kind != "Step":
        coarse = operation.began.clock is COARSE_HISTORY
        if coarse and operation.first < len(works):
            # It began while the function worked, and ended before it worked again.
            began = works[operation.first][1]
            ended = works[operation.last][0] if operation.first < operation.last < len(works) else max(began, ended)
        about = f"about {(ended - began) / 1000:.0f} s" if coarse else _seconds(ended - began)
        return _Row(name, WAIT, [(max(0, began), ended)], f"waits {about}" if operation.ended else "still waits")
    tried = f", tried {operation.attempts} times" if operation.attempts > 1 else ""
    style = FAILED if operation.outcome == "failed" else STEP
    parts = [(max(b, began), min(e, ended)) for b, e in works[operation.first : operation.last + 1]]
    return _Row(name, style, parts or [(max(0, began), ended)], (operation.outcome or "under way") + tried)


def _invocations(seen: DurableExecution) -> Sequence[tuple[float, float]]:
    at = seen.started.ms
    return [(stamp(one["StartTimestamp"]).ms - at, stamp(one["EndTimestamp"]).ms - at) for one in seen.invocations]


def _seconds(ms: float) -> str:
    return f"{ms / 1000:.1f} s"

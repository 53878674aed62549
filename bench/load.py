"""Load: the cost of an order for a worker and the account, the workers' lateness, and retail's maximum of page views.

Each figure comes from a run of `python -m load` here. Processor time is more meaningful than rates if others use
the machine as well. Takes some six minutes: `python -m bench.load` measures this only, and draws a picture of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acceptance.plurals import counted
from acceptance.report.pictures.canvas import Canvas, Style
from acceptance.report.pictures.theme import INK, LIMIT, MARGIN, QUIET, RULER, WIDTH
from acceptance.root import ROOT
from support.retail.parts import topics_of
from support.retail.settings import RetailSettings

sys.path.append(str(ROOT / "tests" / "helpers"))
from real_kafka import real_kafka

WORKERS = (1, 2, 4, 8)
SECONDS = 20
# What one worker may use of a processor before it is late.
SHARE = 0.6
VISITORS, STAGE_SECONDS, AT_MOST_SECONDS = 50, 8, 80
PARTITIONS = 4
PICTURE = ROOT / "reports" / "load-bench.svg"
RUN_SECONDS = 300


@dataclass(frozen=True)
class Row:
    """What a run with so many workers has cost, by its figures."""

    workers: int
    figures: Mapping[str, Any]

    @property
    def worker_ms(self) -> float:
        """Processor time of the workers for each order (ms)."""
        return float(self.figures["worker_ms_for_each"])

    @property
    def late_ms(self) -> float:
        """By how much later than intended 95 of 100 customers were let in, at most (ms): the error of a latency."""
        return float(self.figures["late_ms"]["p95"])


def main() -> None:
    """Measure, print the figures, and draw them."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [_told(row) for row in orders(Path(folder))]
        report(rows)
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(picture(rows), encoding="utf-8")
        print(f"    picture: {PICTURE.relative_to(ROOT)}")
        page_views(Path(folder))


def orders(folder: Path) -> Iterator[Row]:
    """Let a customer of the café come a second to one worker, to each of two, of four and of eight."""
    for workers in WORKERS:
        arguments = ("cafe", "-u", str(workers), "-t", f"{SECONDS}s", "--processes", str(workers))
        yield Row(workers, _run(folder / f"orders-{workers}", *arguments))


def _told(row: Row) -> Row:
    """Print what was found of a run."""
    found, workers = row.figures, counted(row.workers, "worker")
    served = f"{found['served']} of {found['came']} orders served"
    late = f"let in {found['late_ms']['p50']} ms late (half), {row.late_ms:.0f} ms (95 of 100)"
    limit = f"at its limit for {found['stood_still']:.0f} of {SECONDS} s"
    print(f"    {workers}: {served}, {row.worker_ms:.0f} ms of processor time each; {late}; {limit}", flush=True)
    return row


def report(rows: Sequence[Row]) -> None:
    """Print what an order costs, and where that ends."""
    first, account = rows[0].worker_ms, min(float(row.figures["account_ms_for_each"]) for row in rows)
    cores = os.cpu_count() or 1
    print(f"    cost of an order with {rows[-1].workers} workers: {rows[-1].worker_ms / first:.2f} times that with one")
    print(
        f"    one worker sustains {1000 * SHARE / first:.1f} orders a second at {SHARE:.0%} of a processor; the "
        f"account takes {account:.0f} ms for each, so {cores} processors end at {1000 * cores / account:.1f} a second"
    )


def page_views(folder: Path) -> None:
    """Send ever more page views through retail, by a broker that is no mock, until the first promise breaks."""
    with real_kafka(folder, dict.fromkeys(topics_of(RetailSettings()), PARTITIONS)) as address:
        found = _run(
            folder / "views",
            *("retail", "-u", str(VISITORS), "--find-limit", "--stage-seconds", str(STAGE_SECONDS)),
            *("-t", f"{AT_MOST_SECONDS}s", "--processes", "1", "-D", f"retail_bootstrap_servers={address}"),
        )
    if not found["came"]:
        raise SystemExit(found["verdicts"]["run"]["message"])
    limit = found["limit"]
    accounted = sum(found[end] for end in ("served", "lost", "not_checked"))
    print(
        f"    retail: {found['came']:,} page views, {accounted:,} of them accounted for, {found['lost']:,} lost; ",
        end="",
    )
    print(f"{found['worker_ms_for_each']:.2f} ms of the worker's processor time each")
    if limit:
        print(f"    {limit['met']:,} page views a second as promised; at {limit['missed']:,}: {limit['why']}")
    if found["worker_bytes_for_each"] is not None:
        print(f"    a worker grows by {found['worker_bytes_for_each'] / 10:,.0f} MB with 1,000,000 page views")


def picture(rows: Sequence[Row]) -> str:
    """Draw the cost of an order and the error of latencies, by how many workers there are."""
    canvas, title = Canvas(WIDTH), "What more workers cost"
    canvas.text((MARGIN, 30), title, INK, size=15, bold=True)
    charts = (
        ("Processor time of the workers for each order (ms)", [row.worker_ms for row in rows]),
        ("Customers were let in later than intended: 95 of 100 by this at most (ms)", [row.late_ms for row in rows]),
    )
    y, words = 44.0, []
    for name, values in charts:
        y = _chart(canvas, y, name, [row.workers for row in rows], values)
        words.append(
            f"{name}: " + ", ".join(f"{value:.0f} with {row.workers}" for row, value in zip(rows, values, strict=True))
        )
    return canvas.svg(y + MARGIN, title, ". ".join(words))


def _chart(canvas: Canvas, top: float, name: str, workers: Sequence[int], values: Sequence[float]) -> float:
    """Draw bars, one below the other, and return where they end."""
    canvas.text((MARGIN, top + 16), name, QUIET, size=12)
    left, right, most, y = MARGIN + 90, WIDTH - 80, max([*values, 1.0]), top + 26
    for number, value in zip(workers, values, strict=True):
        end = left + (right - left) * value / most
        canvas.text((MARGIN, y + 13), counted(number, "worker"), INK)
        canvas.box(Style(fill="#7a5236", layer=5), left, y, max(left + 1, end), y + 16)
        canvas.text((end + 8, y + 13), f"{value:,.0f}", INK)
        y += 22
    canvas.shape(LIMIT, [(left, top + 24), (left, y)], closed=False)
    canvas.shape(RULER, [(MARGIN, y + 8), (WIDTH - MARGIN, y + 8)], closed=False)
    return y + 14


def _run(folder: Path, *arguments: str) -> Mapping[str, Any]:
    command = [sys.executable, "-m", "load", *arguments, "--results", str(folder)]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=RUN_SECONDS
    )
    figures = folder / "figures.json"
    if not figures.exists():
        raise SystemExit(f"{' '.join(command)} has ended with status {done.returncode}.\n{done.stderr[-2000:]}")
    found: Mapping[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    main()

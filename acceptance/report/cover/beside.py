"""Writes the cover of a report, and the same figures as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from acceptance.masking import masked
from acceptance.report.cover.history import points_in
from acceptance.report.cover.markdown import markdown
from acceptance.report.cover.page import page
from acceptance.report.cover.summary import Rule, Summary, summary_of
from acceptance.report.render import ALLURE, FIGURES, TEXT, mark_of
from acceptance.report.results import results_in
from acceptance.report.specification.ids import PAGE as SPECIFICATION
from acceptance.whole_file import write_whole

COVER = "index.html"


def summary_beside(results: Path, history: Path, gate: Sequence[Rule] | None, *, linked: bool) -> Summary:
    """Return the figures of results. Only earlier runs of the history count; `linked`: Allure's page exists."""
    own = set(results_in(results, mark_of))
    earlier = [point for point in points_in(history) if not own.intersection(point.ids)]
    return summary_of(results, earlier, gate, ALLURE if linked else "")


def write_cover(summary: Summary, results: Path, output: Path) -> Path:
    """Write the cover into the folder of a report, and return its file."""
    specification = SPECIFICATION if (output / SPECIFICATION).exists() else ""
    allure = ALLURE if (output / ALLURE).exists() else ""
    html = page(summary, results, specification=specification, allure=allure)
    write_whole(output / COVER, html.encode("utf-8"))
    return output / COVER


def write_text(summary: Summary, folder: Path) -> str:
    """Write the text and the figures for machines into a folder, and return the text."""
    told = str(masked(markdown(summary)))
    write_whole(folder / TEXT, told.encode("utf-8"))
    figures = json.dumps(masked(as_plain(summary)), ensure_ascii=False, indent=2)
    write_whole(folder / FIGURES, f"{figures}\n".encode())
    return told


def as_plain(summary: Summary) -> dict[str, Any]:
    """Return the figures as docs/summary.schema.json describes them."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(summary), default=str))
    return {"version": 1, **plain}

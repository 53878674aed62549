"""Renders Allure's results to one HTML file that needs no server and makes no network requests.

The renderer is Allure 3, pinned in reports/package.json and its lock. Its page loads Google's tag
manager; that is removed, and a content security policy blocks any later addition of the kind.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from acceptance.report import packed_page
from acceptance.report.node import Node, RenderError, find
from acceptance.report.results import results_in
from acceptance.report.results_folder import lock
from acceptance.root import ROOT
from acceptance.whole_file import write_whole

__all__ = ["OUTPUT", "REPORTS", "RESULTS", "RenderError", "allure", "reason", "render", "silence", "trackers_in"]

REPORTS = ROOT / "reports"
RESULTS = REPORTS / "allure-results"
OUTPUT = REPORTS / "allure-report"
# In a report's folder, Allure's page; beside that folder, the cover as text and as JSON.
ALLURE, TEXT, FIGURES = "allure.html", "summary.md", "summary.json"

_TRACKERS = (
    "googletagmanager",
    "google-analytics",
    "gtag(",
    "/gtag/",
    "doubleclick.net",
    "mc.yandex",
    "cdn.segment",
    "sentry.io",
    "plausible.io",
    "hotjar",
)
_SCRIPT = re.compile(r"[ \t]*<script\b[^>]*>.*?</script>\n?", re.DOTALL)
_LOADED = re.compile(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=[\"']?((?:https?:)?//[^\"'\s>]+)")
_EMBEDDED = re.compile(r"data:text/(?:javascript|css)[^,]{0,40};base64,([A-Za-z0-9+/=]+)")
# The page may use its own contents and nothing else; `data:` and `blob:` are its own parts.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'unsafe-inline' 'unsafe-eval' data: blob:; form-action 'none'\">"
)
# The rearranged parts of Allure's page.
_STYLE, _SCRIPT_OF_OURS = (Path(__file__).with_name(f"allure_page.{kind}") for kind in ("css", "js"))

_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
_INSTALL_PATIENCE_S = 300.0
# `npm ci` notices an unresponsive registry only after many minutes; so it is tested before.
_PING = ("ping", "--fetch-retries=0")
PING_PATIENCE_S = 20.0
# For so long npm is not called again after a failure.
PAUSE_S = 60.0


def render(results: Path, output: Path) -> Path:
    """Render `results` to `output`, and return the path of the cover there, index.html.

    Allure's page and the specification lie beside it. Beside `output` lie the figures as text and as JSON, and the
    history that trends are drawn from, history.jsonl. Raises RenderError, with a sentence for people, if there is
    nothing to render or a tool fails.
    """
    # No first step of a run should wait for these.
    from acceptance.report.cover.beside import summary_beside, write_cover, write_text
    from acceptance.report.cover.summary import gate_in
    from acceptance.report.shards.shard import SHARD
    from acceptance.report.specification.beside import places_in, write_specification

    if output.is_symlink():
        raise RenderError(f"{output} is a symbolic link, and nothing is written through one. Remove it.")
    results, output = results.resolve(), output.resolve()
    history = output.parent / "history.jsonl"
    if not any(results.glob("*-result.json")):
        raise RenderError(f"There are no results in {results}. Run `python -m behave` first.")
    if history.is_symlink():  # Allure would follow it
        raise RenderError(f"{history} is a symbolic link, and nothing is written through one. Put a file in its place.")
    with tempfile.TemporaryDirectory(prefix="allure-") as folder:
        counts = not (results / SHARD.file).exists()  # of a divided run, only the merged one counts as a run
        if counts:
            _tidy(history, results)
        judged = Path(folder, "gate.json")
        page = _generate(results, Path(folder, "page"), history, judged, counts=counts)
        html = silence(page.read_text(encoding="utf-8"), places_in(results))
        summary = summary_beside(results, history, gate_in(judged), linked=True)
    left = trackers_in(html)
    if left:
        raise RenderError(
            f"The rendered page would call {', '.join(left)}, so it was not kept. "
            "Allure has changed: see acceptance/report/render.py, `silence`."
        )

    output.mkdir(parents=True, exist_ok=True)
    _write(output / ALLURE, packed_page.packed(html))
    write_specification(results, output)
    write_text(summary, output.parent)
    return write_cover(summary, results, output)


def allure(arguments: Sequence[str], cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Call Allure with our configuration and return its output; install it first if needed."""
    node = find()
    _install(node)
    cli, config = REPORTS / "node_modules" / "allure" / "cli.js", REPORTS / "allurerc.mjs"
    return node.run([*node.node, str(cli), *arguments, "--config", str(config)], cwd=cwd, variables=variables)


def silence(html: str, places: Mapping[str, str] | None = None) -> str:
    """Remove the trackers from a rendered page, forbid it to load anything, and arrange it for its readers.

    `places` are the scenarios' ids in the specification, by Allure's names of their results: the page links to them,
    and is linked by them.
    """

    def kept(script: re.Match[str]) -> str:
        # The report's own code is embedded and far longer; its content is data, not a tracker.
        text = script.group(0)
        tracks = len(text) < 5_000 and any(tracker in text for tracker in _TRACKERS)
        return "" if tracks else text

    html = _SCRIPT.sub(kept, html)
    style, script = (path.read_text(encoding="utf-8") for path in (_STYLE, _SCRIPT_OF_OURS))
    kept_places = f'<script type="application/json" id="places">{json.dumps(places or {})}</script>'
    ours = f"{_POLICY}\n<style>\n{style}</style>\n{kept_places}\n<script>\n{script}</script>"
    return re.sub(r"<meta charset=[^>]*>", lambda charset: f"{charset.group()}\n{ours}", html, count=1)


def trackers_in(html: str) -> list[str]:
    """Name what a page, packed or not, would load: known trackers, also in embedded code, and anything else."""
    embedded = [base64.b64decode(part).decode("utf-8", "replace") for part in _EMBEDDED.findall(html)]
    embedded += [part.decode("utf-8", "replace") for name, part in packed_page.parts(html).items() if name == "code"]
    known = {tracker for tracker in _TRACKERS for text in (html, *embedded) if tracker in text}
    return sorted(known | set(_LOADED.findall(html)))


def _install(node: Node) -> None:
    """Install the renderer, unless the locked version is installed. Two runs do not install at the same time."""
    if _is_installed():
        return
    held = lock(REPORTS, wait=True)
    try:
        if not _is_installed():
            _ask_npm(node, REPORTS / "node_modules" / ".could-not-install")
    finally:
        if held is not None and held >= 0:
            os.close(held)


def _is_installed() -> bool:
    named, installed = REPORTS / "package-lock.json", REPORTS / "node_modules" / ".package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= named.stat().st_mtime


def _ask_npm(node: Node, failure: Path) -> None:
    """Install the renderer from npm, unless that has just failed: `failure` remembers why."""
    if failure.exists() and 0 <= time.time() - failure.stat().st_mtime < PAUSE_S:
        raise RenderError(f"npm could not install Allure less than a minute ago {failure.read_text(encoding='utf-8')}")
    sys.stderr.write("Installing Allure from npm …\n")
    try:
        node.run([*node.npm, *_PING], cwd=REPORTS, patience_s=PING_PATIENCE_S)  # any answer will do
        done = node.run([*node.npm, *_INSTALL], cwd=REPORTS, patience_s=_INSTALL_PATIENCE_S)
        why = f"exit status {done.returncode}: {reason(done.stderr)}" if done.returncode != 0 else ""
    except RenderError as error:
        why = str(error)
    if why:
        what = "Check that the npm registry can be reached, and render later: python -m acceptance.report"
        why = f"({why.rstrip('.')}). {what}"
        with contextlib.suppress(OSError):
            failure.parent.mkdir(exist_ok=True)
            write_whole(failure, why.encode("utf-8"))
        raise RenderError(f"npm could not install Allure {why}")
    (REPORTS / "node_modules" / ".package-lock.json").touch()


def _tidy(history: Path, results: Path) -> None:
    """Remove truncated lines and these results from the history: a run counts once."""
    if not history.exists():
        return
    these = set(results_in(results, mark_of))
    lines = history.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    kept = [line for line in lines if (marks := _marks_in(line)) and not marks & these]
    if len(kept) < len(lines):
        _write(history, "".join(kept))


def _write(path: Path, text: str) -> Path:
    """Replace a file, or leave it unchanged on an error: a disk may be full."""
    write_whole(path, text.encode("utf-8"))
    return path


def mark_of(result: Mapping[str, Any]) -> str:
    """Return Allure's name of a result."""
    return hashlib.md5(result["uuid"].encode(), usedforsecurity=False).hexdigest()


def _marks_in(line: str) -> set[str]:
    """Return Allure's names of the results in a line of its history; none if the line cannot be read."""
    try:
        return {result["id"] for result in json.loads(line)["testResults"].values()}
    except (ValueError, LookupError, TypeError, AttributeError):
        return set()


def _generate(results: Path, folder: Path, history: Path, gate: Path, *, counts: bool) -> Path:
    """Let Allure create its page; reports/page-additions.mjs writes the quality gate's answer into a file.

    `counts`: the run becomes a line of the history.
    """
    arguments = ["generate", str(results), "--output", str(folder)]
    append = "yes" if counts else "no"
    done = allure(
        arguments, cwd=REPORTS, REPORT_HISTORY=str(history), REPORT_GATE=str(gate), REPORT_APPEND_HISTORY=append
    )
    page = folder / "index.html"
    if done.returncode != 0 or not page.exists():
        raise RenderError(
            f"Allure could not render the report (exit status {done.returncode}): "
            f"{reason(done.stderr or done.stdout)} "
            f"If it says that a module is missing, delete reports/node_modules."
        )
    return page


def reason(said: str) -> str:
    """Return the most informative line of a tool's complaint."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"error|ERR!|cannot|not found", line, re.IGNORECASE)]
    return ((errors or lines or ["it did not say why"])[0])[:300].rstrip(".") + "."

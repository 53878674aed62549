"""Renders Allure's results to one HTML file that needs no server and calls nobody.

The renderer is Allure 3, pinned in reports/package.json and its lock. Its page loads Google's tag
manager; that is removed, and a content security policy keeps out whatever might come after it.
"""

from __future__ import annotations

import base64
import re
import tempfile
from pathlib import Path

from support.report.node import Node, RenderError, find

__all__ = ["OUTPUT", "RESULTS", "RenderError", "render", "silence", "trackers_in"]

_REPORTS = Path(__file__).resolve().parents[2] / "reports"
RESULTS = _REPORTS / "allure-results"
OUTPUT = _REPORTS / "allure-report"

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
# The page may use what it carries and nothing else; `data:` and `blob:` are its own parts.
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'unsafe-inline' 'unsafe-eval' data: blob:; form-action 'none'\">"
)


def render(results: Path, output: Path) -> Path:
    """Render `results` to `output`/index.html and give its path.

    The history that trends are drawn from is kept beside `output`, in history.jsonl. Raises
    RenderError, with a sentence for people, if there is nothing to render or a tool fails.
    """
    results, output = results.resolve(), output.resolve()
    if not any(results.glob("*-result.json")):
        raise RenderError(f"There are no results in {results}. Run `python -m behave` first.")
    node = find()
    _install(node)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="allure-") as folder:
        page = _generate(node, results, Path(folder), output.parent / "history.jsonl")
        html = silence(page.read_text(encoding="utf-8"))
    left = trackers_in(html)
    if left:
        raise RenderError(
            f"The rendered page would call {', '.join(left)}, so it was not kept. "
            "Allure has changed: see support/report/render.py, `silence`."
        )
    kept = output / "index.html"
    kept.write_text(html, encoding="utf-8")
    return kept


def silence(html: str) -> str:
    """Take the trackers out of a rendered page, and forbid it to load anything from anywhere."""

    def kept(script: re.Match[str]) -> str:
        # The report's own code is embedded and far longer; what it says is data, not a tracker.
        text = script.group(0)
        tracks = len(text) < 5_000 and any(tracker in text for tracker in _TRACKERS)
        return "" if tracks else text

    html = _SCRIPT.sub(kept, html)
    return re.sub(r"(<meta charset=[^>]*>)", rf"\1\n    {_POLICY}", html, count=1)


def trackers_in(html: str) -> list[str]:
    """Name what a page would call: known trackers, also in embedded code, and anything it loads."""
    embedded = [base64.b64decode(part).decode("utf-8", "replace") for part in _EMBEDDED.findall(html)]
    known = {tracker for tracker in _TRACKERS for text in (html, *embedded) if tracker in text}
    return sorted(known | set(_LOADED.findall(html)))


def _install(node: Node) -> None:
    """Install the renderer, unless what the lock names is there already."""
    lock, installed = _REPORTS / "package-lock.json", _REPORTS / "node_modules" / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = node.run([*node.npm, *arguments], cwd=_REPORTS)
    if done.returncode != 0:
        raise RenderError(
            f"npm could not install Allure (exit status {done.returncode}): {_reason(done.stderr)} "
            "Check that the npm registry can be reached, and try again."
        )
    installed.touch()


def _generate(node: Node, results: Path, folder: Path, history: Path) -> Path:
    cli = _REPORTS / "node_modules" / "allure" / "cli.js"
    config = _REPORTS / "allurerc.mjs"
    arguments = ["generate", str(results), "--config", str(config), "--output", str(folder)]
    command = [*node.node, str(cli), *arguments]
    done = node.run(command, cwd=_REPORTS, REPORT_HISTORY=str(history))
    page = folder / "index.html"
    if done.returncode != 0 or not page.exists():
        raise RenderError(
            f"Allure could not render the report (exit status {done.returncode}): "
            f"{_reason(done.stderr or done.stdout)} "
            f"If it says that a module is missing, delete reports/node_modules."
        )
    return page


def _reason(said: str) -> str:
    """Pick the line that says most out of a tool's complaint."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"error|ERR!|cannot|not found", line, re.IGNORECASE)]
    return ((errors or lines or ["it did not say why"])[0])[:300].rstrip(".") + "."

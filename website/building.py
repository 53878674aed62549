"""Build the site: stage its pages, write the specification and the step catalogue, call Zensical, check the links."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml

from acceptance.report.specification.ids import PAGE
from acceptance.report.specification.page import page
from acceptance.report.specification.reading import folders_in, read
from acceptance.root import ROOT
from acceptance.step_catalogue.collecting import collect
from acceptance.step_catalogue.showing import as_markdown
from acceptance.system import FEATURES
from acceptance.trouble import Trouble
from website.links import problems_of
from website.staging import STEPS_PAGE, BrokenLink, stage

_BUILD = ROOT / "build" / "website"
_CONFIGURATION = Path(__file__).with_name("mkdocs.yml")
_DOCS = "docs/README.md"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class NotBuilt(Exception):
    """The site could not be built, for the reason in the message."""


def build(output: Path) -> Path:
    """Build the site in a folder, in place of an earlier one, and return its first page. Raises NotBuilt."""
    shutil.rmtree(_BUILD, ignore_errors=True)
    source, made = _BUILD / "source", _BUILD / "site"
    source.mkdir(parents=True)
    try:
        pages = stage(source)
        _write_features(ROOT / FEATURES, source)
    except (BrokenLink, Trouble) as trouble:
        raise NotBuilt(str(trouble)) from None
    configuration = yaml.safe_load(_CONFIGURATION.read_text(encoding="utf-8"))
    configuration |= {"docs_dir": "source", "site_dir": "site", "nav": navigation(pages, source)}
    (_BUILD / "mkdocs.yml").write_text(yaml.safe_dump(configuration, allow_unicode=True), encoding="utf-8")
    _run([sys.executable, "-m", "zensical", "build", "--clean", "--strict"], _BUILD)
    problems = problems_of(made)
    if problems:
        raise NotBuilt("\n".join(problems))
    shutil.rmtree(output, ignore_errors=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, output)
    return output / "index.html"


def navigation(pages: Sequence[str], source: Path) -> list[Any]:
    """Return the navigation: the documentation in the order of its own table of contents, then the rest."""
    listed = _listed(source)
    systems = [page for page in pages if page.startswith("docs/systems/")]
    words = [page for page in pages if page.startswith(f"{FEATURES}/")]
    decisions = [page for page in pages if page.startswith("docs/decisions/")]
    return [
        {"Start": "README.md"},
        {"Features": [{"Specification": PAGE}, STEPS_PAGE, *words]},
        {"Documentation": [page for page in listed if page not in (*systems, *decisions)]},
        {"Systems": systems},
        {"Decisions": decisions},
        {"Project": [page for page in pages if "/" not in page and page != "README.md"]},
    ]


def _listed(source: Path) -> list[str]:
    """Return the pages of the documentation, first those in its table of contents, in that order."""
    links = re.findall(r"\]\(([\w/-]+\.md)\)", (source / _DOCS).read_text(encoding="utf-8"))
    there = sorted(path.relative_to(source).as_posix() for path in (source / "docs").glob("*.md"))
    ordered = [_DOCS, *(f"docs/{link}" for link in links)]
    return [page for page in dict.fromkeys([*ordered, *there]) if (source / page).is_file()]


def _write_features(home: Path, source: Path) -> None:
    """Write the specification and the step catalogue. Raises NotBuilt where features or steps cannot be read."""
    config = SimpleNamespace(base_dir=str(home), lang=None, default_tags=None)
    specification, catalogue = read(folders_in(home), config), collect(home, config)
    if catalogue.problems:
        raise NotBuilt("\n".join(catalogue.problems))
    (source / PAGE).write_text(page(specification), encoding="utf-8")
    (source / STEPS_PAGE).write_text(as_markdown(catalogue), encoding="utf-8")


def _run(command: Sequence[str], where: Path) -> None:
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=where, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        said = _COLOURS.sub("", done.stderr + done.stdout).partition("Traceback")[0].strip()
        raise NotBuilt(said or f"{' '.join(command[2:])} ended with status {done.returncode}.")

"""Collect the site's sources: the pages of this repository at their paths, and the files they link to.

Links between pages stay unchanged. A link to a feature leads to the specification, a link to any other file to a copy
of it. A link to a folder becomes plain text, because the site has no folder pages.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from acceptance.report.specification.ids import PAGE, feature_id, system_id
from acceptance.root import ROOT
from acceptance.system import FEATURES

STEPS_PAGE = "steps.md"
FILES = "files"
# The entry pages; further pages are those that these link to.
_FIRST = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/README.md")
# A block of code, a link, or code in a line, whichever begins first: a link may have code in its words, and code may
# look like a link.
_LINK_OR_CODE = re.compile(
    r"^(?P<fence>```|~~~).*?^(?P=fence)[^\n]*$"
    r"|(?P<picture>!?)\[(?P<words>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<link>[^()\s]+)\)"
    r"|`[^`\n]*`",
    re.MULTILINE | re.DOTALL,
)
_ELSEWHERE = ("http:", "https:", "mailto:", "#")


class BrokenLink(Exception):
    """A page has a broken link; the message names both."""


def stage(into: Path, root: Path = ROOT) -> list[str]:
    """Copy the pages and the files they link to, and return the pages' paths. Raises BrokenLink."""
    waiting = [*(name for name in _FIRST if (root / name).is_file()), *_below(root, "docs"), *_below(root, FEATURES)]
    pages: dict[str, str] = {}
    while waiting:
        page = waiting.pop()
        if page in pages:
            continue
        staged = _Page(page, root)
        pages[page] = staged.rewritten()
        waiting += staged.pages
        for file in staged.files:
            _copy(root / file, into / _place_of(file))
    for page, text in pages.items():
        (into / page).parent.mkdir(parents=True, exist_ok=True)
        (into / page).write_text(text, encoding="utf-8")
    return sorted(pages)


def _below(root: Path, folder: str) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in (root / folder).rglob("*.md"))


def _place_of(file: str) -> str:
    """Return the path of a file on the site, without hidden folders, which web servers do not serve."""
    return file if file.startswith("docs/") else f"{FILES}/{file.lstrip('.')}"


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


class _Page:
    """A page whose links are adapted to the site. `pages` and `files` are its link targets."""

    def __init__(self, path: str, root: Path) -> None:
        self._path, self._root = path, root
        self.pages: list[str] = []
        self.files: list[str] = []

    def rewritten(self) -> str:
        """Return the page's text. Links in code are no links."""
        text = (self._root / self._path).read_text(encoding="utf-8")
        return _LINK_OR_CODE.sub(lambda found: self._link(found) if found["link"] else found.group(), text)

    def _link(self, found: re.Match[str]) -> str:
        picture, words, link = found["picture"], found["words"], found["link"]
        if link.startswith(_ELSEWHERE):
            return found.group()
        target, mark, place = link.partition("#")
        path = os.path.normpath(os.path.join(os.path.dirname(self._path), target))  # noqa: PTH118, PTH120 - no file yet
        if path.startswith("..") or not (self._root / path).exists():
            raise BrokenLink(f"{self._path}: “{words}” links to {target}, which is not there.")
        leads = self._leads_to(Path(path).as_posix())
        return f"{picture}[{words}]({self._relative(leads)}{mark}{place})" if leads else words

    def _leads_to(self, path: str) -> str:
        """Return the path on the site of a path in the repository, "" if it is not on the site."""
        if path.endswith(".md"):
            self.pages.append(path)
            return path
        if path == FEATURES:
            return PAGE
        if path.endswith(".feature"):
            return f"{PAGE}#{feature_id(path)}"
        if (self._root / path).is_dir():
            return f"{PAGE}#{system_id(path.rpartition('/')[2])}" if path.startswith(f"{FEATURES}/") else ""
        self.files.append(path)
        return _place_of(path)

    def _relative(self, path: str) -> str:
        file, mark, place = path.partition("#")
        return Path(os.path.relpath(file, os.path.dirname(self._path) or ".")).as_posix() + mark + place  # noqa: PTH120

"""Check a built site: every link has a target, and no page loads anything from other servers."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADS = {
    "img": "src",
    "script": "src",
    "iframe": "src",
    "link": "href",
    "source": "src",
    "audio": "src",
    "video": "src",
}
_POINTS_ONLY = ("canonical", "alternate", "next", "prev", "edit")  # kinds of <link> that load nothing
_STYLES = re.compile(r"(?:@import\s+|url\()[\"']?((?:https?:)?//[^\"')\s]+)")


class _Read(HTMLParser):
    """The ids, link targets and loaded resources of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a tag's id, link or resource."""
        told = {name: value or "" for name, value in attrs}
        self.ids.update(told[name] for name in ("id", "name") if name in told)
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        points_only = tag == "link" and set(told.get("rel", "").split()) & set(_POINTS_ONLY)
        if tag in _LOADS and _LOADS[tag] in told and not points_only:
            self.loads.append(told[_LOADS[tag]])


def problems_of(site: Path) -> list[str]:
    """Return a sentence for each broken link, and for each resource that a page loads from another server."""
    found = []
    for file in sorted(site.rglob("*.html")):
        name, page = file.relative_to(site).as_posix(), _read(file)
        if name == "404.html":  # its links begin at the root of a server that is not known
            continue
        found += [f"{name} links to {link}: {why}." for link in page.links if (why := _why_not(file, link, site))]
        found += [f"{name} loads {load}: {why}." for load in page.loads if (why := _why_not_loaded(file, load, site))]
    for file in sorted(site.rglob("*.css")):
        name = file.relative_to(site).as_posix()
        found += [f"{name} loads {load} from elsewhere." for load in _STYLES.findall(file.read_text(encoding="utf-8"))]
    return list(dict.fromkeys(found))


def _why_not_loaded(file: Path, load: str, site: Path) -> str:
    if load.startswith("data:"):
        return ""
    return "it is elsewhere" if _is_elsewhere(load) else _why_not(file, load, site)


def _is_elsewhere(link: str) -> bool:
    parts = urlsplit(link)
    return bool(parts.scheme or parts.netloc)


def _why_not(file: Path, link: str, site: Path) -> str:
    """Return why a link is broken, "" if it is not, or if it leaves the site."""
    if _is_elsewhere(link):
        return ""
    parts = urlsplit(link)
    target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    if target.is_dir():
        target /= "index.html"
    if not target.is_file() or not target.is_relative_to(site.resolve()):
        return "there is no such file"
    place = unquote(parts.fragment)
    if place and target.suffix == ".html" and place not in {*_read(target).ids, "__search"}:
        return "there is no such place on that page"
    return ""


@cache
def _read(file: Path) -> _Read:
    return _Read(file.read_text(encoding="utf-8"))

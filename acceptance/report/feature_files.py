"""Files that look like features and that behave ignores, since their names do not end with “.feature”."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from behave.i18n import languages

from acceptance.report.nearest import is_near, shown

# Suffixes added by editors, or no suffix; files with other suffixes were disabled on purpose (.bak, .off).
_WRITTEN = ("", ".txt", ".text", ".md", ".markdown", ".rst", ".gherkin", ".story", ".rtf", ".doc", ".docx", ".odt")
_FEATURE = re.compile(
    r"(?:\s*(?:[@#].*)?\n)*\s*(?:"
    + "|".join(re.escape(one) for words in languages.values() for one in words["feature"])
    + "):"
)
_BEGINNING = 4000


def not_read(folder: str, is_excluded: Callable[[str], bool]) -> Iterator[str]:
    """Report which files below a folder are features that behave does not read."""
    for place, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and not is_excluded(str(path)) and _is_feature_by_another_name(path):
                yield f"{shown(str(path))} would not be read: let its name end with “.feature”."


def _is_feature_by_another_name(path: Path) -> bool:
    ending = path.suffix
    if ending == ".feature" or ending.endswith("~"):
        return False
    if is_near(ending[1:].strip().lower(), "feature") or ending.lower() == ".features":
        return True
    if ending.lower() not in _WRITTEN:
        return False
    return ".feature" in path.name.lower() or _begins_with_feature(path)


def _begins_with_feature(path: Path) -> bool:
    try:
        beginning = path.read_bytes()[:_BEGINNING].decode("utf-8-sig", "replace")
    except OSError:
        return False
    return bool(_FEATURE.match(beginning.replace("\r\n", "\n")))

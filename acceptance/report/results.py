"""Reads the results that a run has written, a file for each scenario."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


def _left_out(path: Path, error: Exception) -> None:
    pass


def results_in(
    folder: Path,
    read: Callable[[Mapping[str, Any]], T],
    unreadable: Callable[[Path, Exception], object] = _left_out,
    without: Collection[str] = (),
) -> Iterator[T]:
    """Return what `read` returns for each result in a folder, in the order of file names, `without` some of them.

    Unreadable or unusable ones go to `unreadable`; by default they are left out, since the run's own
    check reports them.
    """
    for path in sorted(folder.glob("*-result.json")):
        if path.name in without:
            continue
        try:
            made = read(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            unreadable(path, error)
        else:
            yield made


def message_of(result: Mapping[str, Any]) -> str:
    """Return the reason for a result's verdict, "" if it gives none."""
    return str((result.get("statusDetails") or {}).get("message") or "")


def attachments_of(result: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return the attachments of a result and of its steps."""
    yield from result.get("attachments", ())
    for step in result.get("steps", ()):
        yield from attachments_of(step)


def is_picture(attachment: Mapping[str, Any]) -> bool:
    """Whether an attachment is a picture of ours."""
    return "svg" in str(attachment.get("type"))

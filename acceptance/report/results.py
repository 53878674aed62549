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
    """Give what `read` makes of each result in a folder, in the order of the files' names, `without` those of some.

    What cannot be read, or not be made anything of, goes to `unreadable`; it is left out by default, for the run's own
    check tells of it.
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
    """Return why a result is what it is, "" if it does not say."""
    return str((result.get("statusDetails") or {}).get("message") or "")


def attachments_of(result: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return what is attached to a result and to its steps."""
    yield from result.get("attachments", ())
    for step in result.get("steps", ()):
        yield from attachments_of(step)


def is_picture(attachment: Mapping[str, Any]) -> bool:
    """Whether something attached is a picture of ours."""
    return "svg" in str(attachment.get("type"))

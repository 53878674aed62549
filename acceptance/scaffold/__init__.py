"""Writes the folders of a small system: an event starts a workflow, which stores a record and notifies the bus.

The templates are kept here as a system called "bookings", each file with .txt at its end; its words are replaced.
"""

import keyword
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from acceptance.registry import known
from acceptance.trouble import Trouble

__all__ = ["new"]

HERE = Path(__file__).parent
NAME, ITEM = "bookings", "booking"
_NAMES = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def new(name: str, into: Path, item: str = "") -> Sequence[Path]:
    """Write a system of this name into a suite's folder, and return the files, relative to it.

    Raises Trouble, and writes nothing, when the name is not allowed or any of its files exists.
    """
    item = item or (name[:-1] if name.endswith("s") and len(name) > 1 else name)
    for word in (name, item):
        if not _NAMES.fullmatch(word) or keyword.iskeyword(word):
            raise Trouble(
                f"A system cannot be called “{word}”: a name has lower-case letters, digits and single "
                "underscores, and begins with a letter."
            )
    if name in known():
        raise Trouble(f"A system called “{name}” already exists. Choose another name.")
    texts = dict(_texts(name, item))
    there = [path for path in texts if (into / path).exists()]
    if there:
        raise Trouble(f"{there[0]} already exists, so nothing was written. Remove it, or choose another name.")
    for path, text in texts.items():
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        (into / path).write_text(text, encoding="utf-8")
    known.cache_clear()
    return list(texts)


def _texts(name: str, item: str) -> Iterator[tuple[Path, str]]:
    for file in sorted(HERE.rglob("*.txt")):
        path = file.relative_to(HERE).with_suffix("")
        yield Path(_renamed(str(path), name, item)), _renamed(file.read_text(encoding="utf-8"), name, item)


def _renamed(text: str, name: str, item: str) -> str:
    """Replace every form of both words: bookings, Bookings and BOOKINGS, booking and Booking."""

    def now(found: re.Match[str]) -> str:
        word = name if found[0].lower() == NAME else item
        return word.upper() if found[0].isupper() else _camel(word) if found[0][0].isupper() else word

    return re.sub(f"{ITEM}s?", now, text, flags=re.IGNORECASE)


def _camel(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_"))

"""What a step needs from the steps before it. Asking for something that none of them has left raises Trouble at once.

The system is not to blame for a Given that is missing, and no waiting brings it.
"""

import difflib
from collections.abc import Collection, Sequence
from typing import Any

from acceptance.trouble import Trouble


class Known(dict[str, Any]):
    """Values by a person's name. Asking for an unknown name raises Trouble."""

    def __init__(self, missing: str) -> None:
        """`missing` is the sentence about an unknown person, with {} for the name."""
        super().__init__()
        self._missing = missing

    def __missing__(self, name: str) -> Any:
        raise Trouble(self._missing.format(name))


class _Left:
    """An attribute that has no value before a step gives it one."""

    def __init__(self, missing: str) -> None:
        self._missing = missing

    def __get__(self, scene: object, _kind: type) -> Any:
        raise Trouble(self._missing)


def left(missing: str) -> Any:
    """Declare an attribute that a later step sets; reading it before raises `missing` as Trouble."""
    return _Left(missing)


def one_of(known: Collection[str], wanted: str, what: str) -> str:
    """Return what a sentence names if it is known. Otherwise raises Trouble, with the nearest or all known names."""
    if wanted in known:
        return wanted
    near = difflib.get_close_matches(wanted, known, n=1)
    hint = f"Did you mean “{near[0]}”?" if near else f"Known are: {', '.join(f'“{one}”' for one in known)}."
    raise Trouble(f"“{wanted}” is no {what}. {hint}")


def rows(table: Any, *columns: str) -> Sequence[Sequence[str]]:
    """Return these columns of a step's table, row by row. Raises Trouble if it has no such table."""
    there = list(table.headings) if table is not None else []
    missing = [column for column in columns if column not in there]
    if missing or not table.rows:
        found = f"one with {', '.join(there)}" if there else "none"
        raise Trouble(f"This step needs a table with rows and the columns {', '.join(columns)}, but it has {found}.")
    return [[row[column] for column in columns] for row in table]

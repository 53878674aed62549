"""What a run keeps beside its results, each value as JSON in its own file, so that a report can be created later."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


class Kept(Generic[T]):
    """A value of one kind, which is kept in one `file` of a results folder."""

    def __init__(self, file: str, kind: type[T], indent: int | None = None) -> None:
        self.file = file
        self._kind = kind
        self._indent = indent

    def as_json(self, value: T) -> bytes:
        """Return a value in its stored form."""
        return self._adapter.dump_json(value, indent=self._indent)

    def read(self, results: Path) -> T | None:
        """Return the stored value of a run; None if there is none, or it cannot be read any more."""
        try:
            return self._adapter.validate_json((results / self.file).read_bytes())
        except (OSError, ValidationError):
            return None

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self._kind)

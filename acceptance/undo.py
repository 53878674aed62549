"""Undoing what a run has done: every part gets its turn."""

from collections.abc import Callable, Iterable


def undo_all(steps: Iterable[Callable[[], object]]) -> None:
    """Take every step, whatever becomes of the others. The first error is raised at the end."""
    errors: list[Exception] = []
    for step in steps:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - it is raised below
            errors.append(error)
    if errors:
        raise errors[0]

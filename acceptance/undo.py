"""Undoing a run's changes: every part gets its turn."""

from collections.abc import Callable, Iterable


def undo_all(steps: Iterable[Callable[[], object]]) -> None:
    """Run every step, even after errors in others. The first error is raised at the end."""
    errors: list[Exception] = []
    for step in steps:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - it is raised below
            errors.append(error)
    if errors:
        raise errors[0]

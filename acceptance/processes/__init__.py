"""Processes that end with the run, however it ends."""

__all__ = [
    "child",
    "programs",
]

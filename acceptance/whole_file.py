"""Writes files that are there as a whole or not at all."""

from pathlib import Path


def write_whole(path: Path, body: bytes) -> None:
    """Write a file atomically: a reader finds it whole or not at all. A link in its place is replaced, not followed."""
    cut_off = path.with_name(f"{path.name}.tmp")
    try:
        cut_off.unlink(missing_ok=True)
        with cut_off.open("xb") as file:
            file.write(body)
        cut_off.replace(path)
    except OSError:
        cut_off.unlink(missing_ok=True)
        raise

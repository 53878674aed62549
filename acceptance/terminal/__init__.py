"""Programs at a terminal, operated by a dialogue that is data."""

__all__ = [
    "console",
    "dialogue",
    "dialogue_file",
    "transcripts",
    "workplace",
]

"""The repository's folder: the kit starts its own processes there, and finds the published policies."""

from pathlib import Path

ROOT = Path(__file__).absolute().parents[1]  # links are kept, so that a copy made of links has reports of its own

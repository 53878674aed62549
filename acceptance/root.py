"""Where the repository lies: the kit starts its own processes there, and finds the published policies."""

from pathlib import Path

ROOT = Path(__file__).absolute().parents[1]  # links stay, so that a copy made of links has reports of its own

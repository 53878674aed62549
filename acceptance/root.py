"""Where the repository lies: the kit starts its own processes there, and finds the published policies."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

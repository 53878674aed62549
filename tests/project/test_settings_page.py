"""The page of the settings says what the settings' classes say."""

from pathlib import Path

from acceptance.settings import PAGE
from acceptance.settings.__main__ import markdown

ROOT = Path(__file__).parents[2]


def test_page_is_as_it_is_made():
    written = (ROOT / PAGE).read_text(encoding="utf-8")
    assert written == markdown(), f"Run: python -m acceptance.settings --markdown > {PAGE}"

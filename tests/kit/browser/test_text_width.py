"""Texts in a browser are no wider than the pictures take them to be, so that none outgrows its place."""

import pytest

from acceptance.report.pictures.canvas import Canvas
from acceptance.report.pictures.text_width import width_of

TEXTS = (
    "✗ A drink reaches the baristas: 1,660 ms of 1 s, missed by 660 ms",
    "Ĝis revido, Зоя · “5 min 2.1 s” …",
    "WWW|iii",
)


@pytest.mark.parametrize("bold", [False, True], ids=["normal", "bold"])
@pytest.mark.parametrize("size", [10, 15])
def test_no_text_is_wider_than_was_measured(browser, size, bold):
    canvas = Canvas(760)
    for place, words in enumerate(TEXTS):
        canvas.text((16, 20 + 20 * place), words, "#2b2320", size=size, bold=bold)
    page = browser.new_page()
    try:
        page.set_content(canvas.svg(80, "Texts", "Texts"))
        shown = page.locator("text").evaluate_all("texts => texts.map(text => text.getComputedTextLength())")
    finally:
        page.close()

    measured = [width_of(words, size, bold=bold) for words in TEXTS]
    assert not [pair for pair in zip(shown, measured, strict=True) if pair[0] > pair[1] * 1.01]

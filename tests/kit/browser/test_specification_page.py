"""The specification in a browser: searched, explained by keyboard, with pictures, on a phone, in the dark, on paper."""

import pytest
from hotel import Hotel
from reader import DESKTOP, LEGIBLE, PHONE

from acceptance.report.specification.outcomes import outcomes_in
from acceptance.report.specification.page import page

RULE = "features/hotel/rooms.feature: A room has one guest at a time: "
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="760" height="80"><rect width="760" height="80"/></svg>'
TEXTS = ":is(.v, .d, .g, .w, .a, .m, .f, dd, dt, ol b, summary, th):visible"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The page of a hotel after a run, in which a scenario failed."""
    hotel = Hotel(tmp_path_factory.mktemp("hotel"))
    hotel.write("hotel/doors.feature", "Feature: Doors\n  Scenario: A door is lit\n    Then there is light\n")
    hotel.write("hotel/lights.feature", "Feature: Lights\n  Scenario: A light\n    Then it is on\n")
    message = "Expected: refused, " + "and a word without an end" * 9
    hotel.ended(f"{RULE}A taken room is refused", "failed", message=message, svg=("The way of Ada's room", PICTURE))
    file = hotel.folder / "specification.html"
    file.write_text(page(hotel.read(), outcomes_in(hotel.results)), encoding="utf-8")
    return file


@pytest.fixture
def opened(browser, written):
    """Open the page in a window, and check at the end that it made no requests and logged no errors."""
    contexts, odd = [], []

    def show(width=DESKTOP, **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, **options))
        shown = contexts[-1].new_page()
        shown.on("request", lambda request: odd.append(request.url))
        shown.on("console", lambda message: odd.append(message.text))
        shown.on("pageerror", lambda error: odd.append(str(error)))
        shown.goto(written.as_uri())
        return shown

    yield show
    for context in contexts:
        context.close()
    assert [one for one in odd if one != written.as_uri() and not one.startswith("blob:")] == []


def titles(shown):
    return [title.inner_text().partition("@")[0].strip() for title in shown.locator("article:visible h5").all()]


def test_a_search_finds_promises_by_words_verdict_and_kind(opened):
    shown = opened()
    assert len(titles(shown)) == 5
    shown.get_by_label("Search").fill("ROOM eve")
    assert [title[:12] for title in titles(shown)] == ["A taken room"]
    assert shown.locator("#found").inner_text() == "1 scenario"
    shown.get_by_label("Search").fill("")
    shown.get_by_label("Verdict").select_option(label="not part of this run")
    assert [title[:7] for title in titles(shown)] == ["A door ", "A light", "The hot", "A guest"]
    shown.get_by_label("Kind").select_option(label="@core")
    assert titles(shown) == []
    shown.get_by_role("button", name="Show everything").click()
    assert len(titles(shown)) == 5


def test_the_contents_show_where_something_was_found_and_first_what_is_called_so(opened):
    shown = opened()
    listed = shown.locator("nav li:visible")
    everything = listed.all_inner_texts()
    shown.get_by_label("Search").fill("light")
    assert [text.split()[0] for text in listed.all_inner_texts()] == ["Lights", "Doors"]
    shown.get_by_label("Search").fill("nowhere")
    assert listed.count() == 0
    shown.get_by_role("button", name="Show everything").click()
    assert listed.all_inner_texts() == everything


def test_a_link_to_what_a_search_has_left_out_shows_it(opened):
    shown = opened()
    shown.get_by_label("Search").fill("hotel opens")
    place = shown.locator("article", has_text="A taken room").get_attribute("id")
    shown.evaluate("place => { location.hash = place; }", place)
    shown.locator(f"article[id='{place}']:visible").wait_for()


def test_a_word_is_explained_by_keyboard_and_the_explanation_goes_away(opened):
    shown = opened()
    word = shown.locator("article .w", has_text="is refused").first
    word.focus()
    tip = shown.get_by_role("tooltip")
    assert tip.inner_text() == "The hotel has said no."
    assert word.get_attribute("aria-describedby") == "tip"
    shown.keyboard.press("Escape")
    assert not tip.is_visible()
    word.hover()
    assert tip.is_visible()


def test_a_picture_is_drawn_when_it_is_opened(opened):
    shown = opened()
    shown.get_by_text("The way of Ada's room").click()
    drawn = shown.locator("details.p img")
    drawn.wait_for()
    assert drawn.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 760


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read_in_any_light_and_on_a_phone(opened, width, scheme):
    shown = opened(width, color_scheme=scheme)
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    seen = shown.locator(TEXTS).evaluate_all(f"texts => texts.map({LEGIBLE})")
    assert len(seen) > 20
    assert [one for one in seen if one["contrast"] < 4.5] == []


def test_without_a_script_all_promises_are_there(opened):
    shown = opened(java_script_enabled=False)
    assert len(titles(shown)) == 5
    assert not shown.locator("form").is_visible()
    assert "Search and pictures need JavaScript" in shown.locator("noscript").inner_text()


def test_paper_has_promises_and_words_but_no_search(opened):
    shown = opened()
    shown.emulate_media(media="print")
    assert len(titles(shown)) == 5
    assert shown.get_by_text("The hotel has said no.").is_visible()
    assert not shown.locator("form").is_visible()

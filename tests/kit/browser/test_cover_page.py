"""The cover in a browser: it is read on a phone and on a desk, in the light and in the dark, without a script."""

import pytest
from reader import DESKTOP, PHONE


@pytest.fixture
def shown(browser, report):
    pages = []

    def show(width, scheme):
        page = browser.new_page(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=False
        )
        pages.append(page)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(report.with_name("index.html").as_uri())
        return page, asked

    yield show
    for page in pages:
        page.close()


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_answer_comes_first_and_nothing_is_wider_than_the_screen(shown, width, scheme):
    page, asked = shown(width, scheme)
    assert page.locator("h1").inner_text() == "Do not release: 1 cause, 1 failed, 1 could not be checked"
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    body = page.locator("body").bounding_box()
    boxes = [one.bounding_box() for one in page.locator("header, summary, table").all() if one.is_visible()]
    assert [box for box in boxes if box["x"] + box["width"] > body["x"] + body["width"] + 1] == []


def test_a_cause_leads_to_its_scenarios_in_allures_page(shown):
    page, _ = shown(PHONE, "light")
    page.locator(".causes summary").first.click()
    page.locator(".causes a[href^='allure.html#']").first.wait_for()

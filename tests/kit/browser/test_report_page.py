"""The rendered report in a browser: it is readable, and makes no network requests."""

import pytest
from reader import DESKTOP, PHONE

RULE = "Only what is on the menu can be ordered"
TREE = [
    ("Corner cafe", "Completing an order", "The customer is notified that the drink is ready", "failed"),
    ("Corner cafe", "Ordering a drink", RULE, "A drink that is on the menu is made", "passed"),
    ("Corner cafe", "Ordering a drink", RULE, "A large drink is on the menu", "passed"),
    ("Corner cafe", "Ordering a drink", RULE, "A small drink is on the menu", "passed"),
    ("Corner cafe", "Ordering a drink", RULE, "The way of an order can be seen", "passed"),
    ("Night cafe", "Ordering a drink", RULE, "A drink that is on the menu is made", "broken"),
]
DRAWN = "The way of an order can be seen"
READY = "The customer is notified that the drink is ready"
REASON = 'Expected: a completed order\n     but: it has the unknown state "COMPLETE"'

windows = pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


@windows
@schemes
def test_the_tree_and_the_reason_of_a_failure_can_be_read(read, report, width, scheme):
    reader = read(report, width=width, scheme=scheme)
    assert reader.tree() == TREE
    assert reader.page.locator("html").get_attribute("data-theme") == scheme
    assert reader.is_readable("tree-leaf-title")
    reader.open(READY)
    assert reader.reason() == REASON
    assert reader.is_readable("test-result-error-message")


@windows
@schemes
def test_the_picture_of_a_scenario_is_shown(read, report, width, scheme):
    reader = read(report, width=width, scheme=scheme)
    reader.open(DRAWN)
    reader.unfold("Then the way of her order is drawn", "The way of Ada's order")
    assert reader.pictures() == [True]


def test_whoever_looks_at_everything_calls_nobody_and_sees_no_error_and_every_picture(read, report):
    reader = read(report)
    reader.look_around()
    assert (reader.left, reader.complaints, reader.blanks) == ([], [], [])


@windows
def test_the_picture_of_what_failed_comes_first_and_is_open(read, report, width):
    reader = read(report, width=width)
    reader.open(READY)
    assert reader.reason() == REASON
    reader.page.locator("[data-testid=image-attachment-content]").first.wait_for()
    assert reader.pictures() == [True]
    assert reader.order() == ["error", "picture", "steps", "labels"]
    reader.close_picture()
    assert reader.order() == ["error", "steps", "labels"], "a picture that is closed stays closed"


@windows
def test_a_scenario_that_failed_and_its_promise_in_the_specification_lead_to_each_other(browser, report, width):
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(report.with_name("specification.html").as_uri())
    promise = page.locator("article", has_text=READY)
    place = promise.get_attribute("id")
    promise.get_by_role("link", name="What happened").click()
    for _ in range(2):
        page.get_by_test_id("test-result-info-title").filter(has_text=READY).wait_for()
        page.get_by_role("link", name="In the specification").click()
        page.wait_for_url(f"**/specification.html#{place}")
        page.go_back()
    page.evaluate("place => { location.hash = place; }", place)
    page.get_by_test_id("test-result-info-title").filter(has_text=READY).wait_for()
    page.close()


@windows
def test_a_report_with_failures_opens_at_its_top(browser, report, width):
    page = browser.new_page(viewport={"width": width, "height": 300})
    page.goto(report.as_uri())
    page.get_by_test_id("tree-leaf").first.wait_for()
    assert page.evaluate("[...document.querySelectorAll('*')].filter(one => one.scrollTop > 0).length") == 0
    page.close()


def test_a_browser_that_is_too_old_says_so(browser, report):
    page = browser.new_page()
    page.add_init_script("delete globalThis.DecompressionStream")
    page.goto(report.as_uri())
    page.get_by_text("This browser is too old to open the report").wait_for()
    page.close()


@pytest.mark.trust("page")
@pytest.mark.cloud
def test_the_report_of_a_broken_cafe_says_what_is_broken(read, cafe_report, fault):
    report, ran = cafe_report
    assert report.exists(), ran.output
    reader = read(report)
    tree = reader.tree()
    assert {leaf[:2] for leaf in tree} == {("Serverlesspresso", "Ordering a drink")}
    assert sorted(leaf[-2:] for leaf in tree) == sorted((one.name, one.verdict) for one in ran.scenarios)
    assert {leaf[-1] for leaf in tree} == {"passed", "failed"}
    reader.open(fault.scenario)
    assert all(words in reader.reason() for words in fault.words)
    assert reader.is_readable("test-result-error-message")
    reader.look_around()
    assert (reader.left, reader.complaints, reader.blanks) == ([], [], [])
    assert set(reader.shown) == {one.name for one in ran.scenarios}, "each order's way through the café"


@pytest.mark.trust("page")
class TestWhatIsWrongIsSeen:
    """The same looks at what is not as it should be: a test that cannot fail shows nothing."""

    def test_a_scenario_that_is_missing(self, read, spoiled):
        assert read(spoiled).tree() == [leaf for leaf in TREE if "A small drink is on the menu" not in leaf]

    def test_a_picture_that_is_none(self, read, spoiled):
        reader = read(spoiled)
        reader.open(DRAWN)
        reader.unfold("Then the way of her order is drawn", "The way of Ada's order")
        assert reader.pictures() == [False]

    def test_a_picture_that_is_none_among_everything(self, read, spoiled):
        reader = read(spoiled)
        reader.look_around()
        assert sorted(reader.blanks) == [READY, DRAWN]

    def test_a_failure_without_a_reason(self, read, spoiled):
        reader = read(spoiled)
        reader.open(READY)
        assert reader.reason() == ""
        assert not reader.is_readable("test-result-error-message")

    @pytest.mark.parametrize(
        "style",
        ["display: none", "opacity: 0.2", "color: transparent", "color: #bbb", "position: fixed; left: 380px"],
    )
    def test_a_reason_that_cannot_be_read(self, read, report, style):
        reader = read(report, width=PHONE)
        reader.open(READY)
        sheet = reader.page.add_style_tag(content=f"[data-testid=test-result-error-message] {{ {style} !important }}")
        assert not reader.is_readable("test-result-error-message")
        sheet.evaluate("sheet => sheet.remove()")
        assert reader.is_readable("test-result-error-message")

    def test_the_tag_manager_of_the_page_as_allure_renders_it(self, read, unsilenced):
        assert any("googletagmanager.com" in url for url in read(unsilenced).left)

    @pytest.mark.parametrize(
        "spy",
        [
            '<img src="https://elsewhere.example/pixel.gif">',
            "<script>fetch('https://elsewhere.example', {mode: 'no-cors'}).catch(() => {})</script>",
            "<script>navigator.sendBeacon('https://elsewhere.example/told')</script>",
            "<script>new WebSocket('wss://elsewhere.example')</script>",
            '<link rel="stylesheet" href="beside.css">',
        ],
        ids=["picture", "fetch", "beacon", "socket", "file beside it"],
    )
    @pytest.mark.parametrize("guarded", [True, False], ids=["with the policy", "without"])
    def test_a_page_that_calls_somebody(self, read, page_with, spy, guarded):
        reader = read(page_with(spy, guarded))
        assert reader.complaints if guarded else reader.left

    @pytest.mark.parametrize("mistake", ["console.error('no')", "throw new Error('no')"])
    def test_a_page_with_a_mistake_in_it(self, read, page_with, mistake):
        reader = read(page_with(f"<script>{mistake}</script>", guarded=True))
        assert reader.complaints == ["no"]

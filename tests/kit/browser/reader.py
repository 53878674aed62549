"""Somebody who reads a report in a browser: what they see, and what the page does behind their back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

DESKTOP, PHONE = 1280, 390
_MOST = 500
_ENOUGH = 4.5  # the contrast that the web's guidelines (WCAG 2) ask of text

_FOLDED = "div:has(> [data-testid=tree-section]):not(:has(> [data-testid=tree-content])) > [data-testid=tree-section]"
_CLOSED = "[data-testid=test-result-attachment]:not(:has(> :nth-child(2))) > * > button"
_LEAVES = """leaves => leaves.map(leaf => {
  const path = [leaf.querySelector("[data-testid=tree-leaf-title]").innerText];
  for (let around = leaf.parentElement; around; around = around.parentElement) {
    const title = around.querySelector(":scope > [data-testid=tree-section] [data-testid=tree-section-title]");
    if (title) path.unshift(title.innerText);
  }
  const status = leaf.querySelector("[data-testid^=tree-leaf-status-]").dataset.testid;
  return [...path, status.replace("tree-leaf-status-", "")];
})"""
# A picture, or what Allure puts in its place once it has found that it is none.
_PICTURE = "[data-testid=image-attachment-content] :is(img, svg), [class*=attachment-error]"
_SIZE = """async picture => {
  if (!picture.matches("img, svg")) return [0];
  if (picture.complete === false) await new Promise(done => { picture.onload = picture.onerror = done; });
  const { width, height } = picture.getBoundingClientRect();
  return [picture.naturalWidth ?? width, width, height];
}"""
LEGIBLE = """text => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const paint = (colour, opacity = 1) => {
    canvas.globalAlpha = opacity;
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return brightness([...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3));
  };
  const brightness = rgb => rgb
    .map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, which) => sum + part * [0.2126, 0.7152, 0.0722][which], 0);
  const around = [];
  for (let element = text; element; element = element.parentElement) around.unshift(getComputedStyle(element));
  const ground = ["white", ...around.map(style => style.backgroundColor)].map(colour => paint(colour)).at(-1);
  const ink = paint(getComputedStyle(text).color, around.reduce((opacity, style) => opacity * style.opacity, 1));
  const contrast = (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
  const { left, right } = text.getBoundingClientRect();
  return { contrast, inside: left >= 0 && right <= innerWidth };
}"""


@dataclass
class Reader:
    """An open report.

    `left` names what it asked of anybody else, `complaints` what the browser complained of, `blanks` whose
    pictures show nothing.
    """

    page: Page
    left: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    blanks: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def tree(self) -> list[tuple[str, ...]]:
        """Unfold the tree and read it: for each scenario its epic, feature, rule, name and verdict, sorted."""
        leaves = self.page.get_by_test_id("tree-leaf")
        leaves.first.wait_for()
        self._click_all(_FOLDED)
        return sorted(tuple(leaf) for leaf in leaves.evaluate_all(_LEAVES))

    def open(self, scenario: str) -> None:
        """Open a scenario by its name in the tree."""
        self.home()
        self.tree()
        self.page.get_by_test_id("tree-leaf").filter(has_text=scenario).first.click()
        self.page.get_by_test_id("test-result-info-title").filter(has_text=scenario).wait_for()

    def unfold(self, step: str, attachment: str) -> None:
        """Open what a step of the open scenario has kept, by the arrows: a name is hard to hit on a phone."""
        self.page.get_by_test_id("test-result-step-header").filter(has_text=step).click()
        kept = self.page.get_by_test_id("test-result-attachment-header").filter(has_text=attachment)
        kept.locator("svg").first.click()

    def home(self) -> None:
        """Go to the tree."""
        self._go("")

    def reason(self) -> str:
        """What the open scenario says of why it failed; empty if it does not."""
        message = self.page.get_by_test_id("test-result-error-message")
        return message.first.inner_text() if message.count() else ""

    def is_readable(self, test_id: str) -> bool:
        """Whether all that has this id is shown, inside the window, in a colour that stands out."""
        texts = self.page.get_by_test_id(test_id).all()
        seen = [text.evaluate(LEGIBLE) for text in texts if text.is_visible()]
        return len(seen) == len(texts) > 0 and all(one["inside"] and one["contrast"] >= _ENOUGH for one in seen)

    def pictures(self) -> list[bool]:
        """For each picture that the open scenario has kept, and that is open: whether it is really shown."""
        kept = self.page.get_by_test_id("test-result-attachment").filter(has_text="image/")
        return [min(picture.locator(_PICTURE).first.evaluate(_SIZE)) > 0 for picture in kept.all()]

    def order(self) -> list[str]:
        """What stands on the open scenario's page, from the top down."""
        places = {
            "error": "[data-testid=test-result-error]",
            "picture": "[data-testid=image-attachment-content]",
            "steps": "[data-testid=test-result-step]",
            "labels": "[data-testid=metadata-item]",
        }
        found = {what: self.page.locator(place).first for what, place in places.items()}
        tops = {what: box["y"] for what, one in found.items() if one.count() and (box := one.bounding_box())}
        return sorted(tops, key=lambda what: tops[what])

    def close_picture(self) -> None:
        """Fold the open scenario's first picture away."""
        self.page.locator("[data-testid=test-result-attachment].first button").first.click()
        self.page.locator("[data-testid=image-attachment-content]").first.wait_for(state="detached")

    def look_around(self) -> None:
        """Open everything: each tab, each scenario with its attachments, the charts, the timeline."""
        self.home()
        self._click_each("[data-testid^=nav-tab-]")
        self.home()
        for number in range(len(self.tree())):
            self.page.get_by_test_id("tree-leaf").nth(number).click()
            self._click_each("[data-testid^=test-result-tab-]")
            self.page.get_by_test_id("test-result-tab-attachments").click()
            self._click_all(_CLOSED)
            scenario = self.page.get_by_test_id("test-result-info-title").inner_text()
            for shown in self.pictures():
                (self.shown if shown else self.blanks).append(scenario)
            self.home()
            self.tree()
        for place in ("charts", "timeline"):
            self._go(place)

    def _go(self, place: str) -> None:
        """Go to a place of the report, and let the browser draw it."""
        self.page.evaluate("place => { location.hash = place; }", place)
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def _click_all(self, selector: str) -> None:
        """Click the first of these until there is none, for what is clicked is no longer one of them."""
        there = self.page.locator(selector)
        for _ in range(_MOST):
            if not there.count():
                return
            there.first.click()
        raise AssertionError(f"a click changes nothing: {selector}")

    def _click_each(self, selector: str) -> None:
        for thing in self.page.locator(selector).all():
            thing.click()


@contextmanager
def reading(browser: Browser, report: Path, width: int = DESKTOP, scheme: str = "light") -> Iterator[Reader]:
    """Open a report in a window of this width, by somebody who likes it `light` or `dark`.

    The network is there, so that a page that wants something of it can be seen asking; it is refused.
    """
    address = report.as_uri()
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    context.set_default_timeout(120_000)  # two cores may have other things to do than to draw a page
    reader = Reader(context.new_page())

    def asked(request: Request) -> None:
        if _leaves(request.url, address):
            reader.left.append(request.url)

    def complained(message: ConsoleMessage) -> None:
        if message.type == "error":
            reader.complaints.append(message.text)

    context.route(lambda url: _leaves(url, address), lambda route: route.abort())
    reader.page.on("request", asked)
    reader.page.on("websocket", lambda socket: reader.left.append(socket.url))
    reader.page.on("console", complained)
    reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    try:
        reader.page.goto(address)
        yield reader
    finally:
        context.close()


def _leaves(url: str, address: str) -> bool:
    """Whether a request is for anything but the report's own file and what stands in it."""
    return url.partition("#")[0] != address and not url.startswith(("data:", "blob:"))

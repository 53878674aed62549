"""What a rendered page carries: Allure puts its data into the page, each part as JSON under a name."""

import json

from acceptance.report import packed_page


def parts(page):
    """Give the data in a page by name, e.g. `widgets/metrics.json`."""
    carried = packed_page.parts(page.read_text(encoding="utf-8"))
    return {name: json.loads(text) for name, text in carried.items() if name.endswith(".json")}


def results(page):
    """Give the results in a page by their scenario's name."""
    told = parts(page)
    return {part["name"]: part for name, part in told.items() if name.startswith("data/test-results/")}

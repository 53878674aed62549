"""What a rendered page carries: Allure puts its data into the page, each part as JSON under a name."""

import json

from acceptance.report import packed_page
from acceptance.report.render import ALLURE


def parts(cover):
    """Give the data in Allure's page, beside a cover, by name, e.g. `widgets/metrics.json`."""
    carried = packed_page.parts(cover.with_name(ALLURE).read_text(encoding="utf-8"))
    return {name: json.loads(text) for name, text in carried.items() if name.endswith(".json")}


def results(cover):
    """Give the results in Allure's page by their scenario's name."""
    told = parts(cover)
    return {part["name"]: part for name, part in told.items() if name.startswith("data/test-results/")}

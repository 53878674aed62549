"""What a rendered page carries: Allure puts its data into the page, each part as JSON under a name."""

import base64
import json
import re


def parts(page):
    """Give the data in a page by name, e.g. `widgets/metrics.json`."""
    found = re.findall(r'd\("([^"]+\.json)","([^"]+)"\)', page.read_text(encoding="utf-8"))
    return {name: json.loads(base64.b64decode(text)) for name, text in found}


def results(page):
    """Give the results in a page by their scenario's name."""
    told = parts(page)
    return {part["name"]: part for name, part in told.items() if name.startswith("data/test-results/")}

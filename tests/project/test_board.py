"""The Grafana dashboard for a watch is complete. The telemetry tests check that its metrics exist."""

import json
import re
from itertools import combinations

from places import ROOT

TEXT = (ROOT / "docs" / "grafana-watch.json").read_text("utf-8")
BOARD = json.loads(TEXT)
PANELS = BOARD["panels"]
COLUMNS = 24  # of Grafana's grid


def cells(panel):
    place = panel["gridPos"]
    return {
        (x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])
    }


def test_it_can_be_imported_anywhere():
    assert (BOARD["id"], bool(BOARD["title"]), BOARD["schemaVersion"] >= 36) == (None, True, True)
    inputs = {one["name"]: one["pluginId"] for one in BOARD["__inputs"]}
    assert set(re.findall(r"\$\{(DS_\w+)\}", TEXT)) == set(inputs)
    used = [
        source for panel in PANELS for source in (panel["datasource"], *(t["datasource"] for t in panel["targets"]))
    ]
    assert all(inputs[source["uid"].strip("${}")] == source["type"] for source in used)
    required = {(one["type"], one["id"]) for one in BOARD["__requires"]}
    assert required >= {("panel", panel["type"]) for panel in PANELS} | {("datasource", one) for one in inputs.values()}


def test_its_panels_have_a_place_each():
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    assert all(x < COLUMNS for panel in PANELS for x, _ in cells(panel))
    assert not [(a["title"], b["title"]) for a, b in combinations(PANELS, 2) if cells(a) & cells(b)]
    assert all(panel["title"] and panel["description"] for panel in PANELS)


def test_its_variables_are_known():
    known = {one["name"] for one in BOARD["templating"]["list"]} | {"__range", "__interval"}
    queries = " ".join(target.get("expr") or target["query"] for panel in PANELS for target in panel["targets"])
    assert set(re.findall(r"\$(\w+)", queries)) <= known

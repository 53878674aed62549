"""The editor's settings know every field of the sentences in steps/."""

import json
from types import SimpleNamespace

from places import FEATURES, ROOT

from acceptance.behave_adapter import sentences
from acceptance.step_catalogue.collecting import collect
from acceptance.step_catalogue.command import GLOBS
from acceptance.step_catalogue.showing import editor_settings

HOW = "write them anew: .venv/bin/python -m acceptance steps --vscode > .vscode/settings.json"


def test_the_settings_in_the_repository_are_those_of_the_sentences():
    sentences().clear()
    try:
        catalogue = collect(FEATURES, SimpleNamespace(base_dir=str(FEATURES), lang=None, default_tags=None))
    finally:
        sentences().clear()
    assert catalogue.problems == []
    due = json.loads(editor_settings(catalogue, GLOBS))
    kept = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))
    assert {name: kept.get(name) for name in due} == due, HOW


def test_the_globs_find_what_behave_reads():
    assert {*FEATURES.rglob("*.feature")} == {*ROOT.glob(*GLOBS["features"])}
    assert {*(ROOT / "steps").rglob("*.py")} == {*ROOT.glob(*GLOBS["glue"])}

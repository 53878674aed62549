"""A run keeps what the features of its systems say, beside its results."""

import json
import re
from types import SimpleNamespace

import pytest

from acceptance.report.render import ALLURE, mark_of
from acceptance.report.specification import beside
from acceptance.report.specification.beside import keep_specification, places_in, write_specification
from acceptance.report.specification.contents import SPECIFICATION
from acceptance.report.specification.ids import scenario_id


@pytest.fixture
def run(hotel, monkeypatch):
    """A run of this many feature files that writes into the hotel's results; `earlier` as in a rerun from a list."""
    monkeypatch.setattr(beside, "system_of", lambda file: file.split("/features/")[1].partition("/")[0])
    folder = SimpleNamespace(put=lambda name, body: (hotel.results / name).write_bytes(body))

    def made(*files, earlier=()):
        selected = {file: SimpleNamespace(filename=str(hotel.home / file)) for file in files}
        config = SimpleNamespace(base_dir=str(hotel.folder), lang=None, default_tags=None)
        return SimpleNamespace(folder=folder, results=hotel.results, selected=selected, config=config, earlier=earlier)

    return made


def paths(hotel):
    return {
        system.name: [feature.path for feature in system.features]
        for system in SPECIFICATION.read(hotel.results).systems
    }


def test_all_features_of_its_systems_are_kept_also_those_that_do_not_run(run, hotel):
    hotel.write("hotel/doors.feature", "Feature: Doors\n  Scenario: One\n    Then it is\n")
    hotel.write("trains/night.feature", "Feature: Trains\n  Scenario: One\n    Then it is\n")
    keep_specification(run("hotel/rooms.feature"))
    assert paths(hotel) == {"hotel": ["features/hotel/doors.feature", "features/hotel/rooms.feature"]}


def test_a_rerun_of_some_scenarios_keeps_the_other_systems(run, hotel):
    hotel.write("trains/night.feature", "Feature: Trains\n  Scenario: One\n    Then it is\n")
    keep_specification(run("hotel/rooms.feature", "trains/night.feature"))
    keep_specification(run("trains/night.feature", earlier=["a-result.json"]))
    assert list(paths(hotel)) == ["hotel", "trains"]
    keep_specification(run("trains/night.feature"))
    assert list(paths(hotel)) == ["trains"]


REFUSED = "features/hotel/rooms.feature: A room has one guest at a time: A taken room is refused"
CANCELS = (
    "features/hotel/rooms.feature: A room has one guest at a time: A guest who cancels frees the room | leaves=cancels"
)


def test_what_did_not_pass_leads_to_its_page_in_allure_by_the_name_that_it_has_here(run, hotel):
    keep_specification(run("hotel/rooms.feature"))
    hotel.ended(REFUSED, "failed", message="no")
    hotel.ended(CANCELS, "broken", message="no")
    output = hotel.folder / "page"
    output.mkdir()
    write_specification(hotel.results, output)
    assert ALLURE not in (output / "specification.html").read_text(encoding="utf-8")
    (output / ALLURE).touch()
    write_specification(hotel.results, output)
    html = (output / "specification.html").read_text(encoding="utf-8")
    assert re.findall(rf'href="{ALLURE}#([^"]+)"', html) == [scenario_id(REFUSED), scenario_id(CANCELS)]
    assert all(f'id="{scenario_id(key)}"' in html for key in (REFUSED, CANCELS))


def test_each_result_has_the_place_of_its_scenario_the_last_one_last(run, hotel):
    assert places_in(hotel.results) == {}
    keep_specification(run("hotel/rooms.feature"))
    hotel.ended(REFUSED, "passed", stop=2)
    hotel.ended(REFUSED, "failed", stop=1)
    hotel.ended("Outside any scenario: after_all", "broken")
    first, last = (
        mark_of(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(hotel.results.glob("*-result.json"), reverse=True)[1:]
    )
    places = places_in(hotel.results)
    assert list(places) == [first, last]
    assert len(set(places.values())) == 1


def test_a_run_that_selected_nothing_or_writes_nothing_keeps_nothing(run, hotel):
    keep_specification(run())
    without = run("hotel/rooms.feature")
    without.folder = None
    keep_specification(without)
    assert SPECIFICATION.read(hotel.results) is None
